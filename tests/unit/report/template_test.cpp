#include "report/template.hpp"

#include <catch2/catch.hpp>

#include "scratch.hpp"

using namespace jobmedic;
using reported::escape_html;
using reported::render;

TEST_CASE("names are looked up from the inside out") {
  const auto view =
      json::parse(R"({"a":"1","list":[{"b":"2"},{"b":"3","a":"4"}],"words":["x","y"],"none":[],"no":false})");
  CHECK(render("{{#list}}{{a}}{{b}} {{/list}}", view) == "12 43 ");
  CHECK(render("{{#words}}<{{.}}>{{/words}}", view) == "<x><y>");
  CHECK(render("{{^none}}nothing{{/none}}{{#none}}something{{/none}}{{! hm }}", view) == "nothing");
  CHECK(render("{{#no}}yes{{/no}}{{^no}}no{{/no}}", view) == "no");
}

TEST_CASE("sections of one name may stand in each other") {
  const auto view = json::parse(R"({"s":[{"s":["a","b"]},{"s":["c"]}]})");
  CHECK(render("{{#s}}({{#s}}{{.}}{{/s}}){{/s}}", view) == "(ab)(c)");
}

TEST_CASE("what is inserted cannot leave its place, in text or in a quoted attribute") {
  CHECK(escape_html(R"(<script>"'&)") == "&lt;script&gt;&quot;&#39;&amp;");
  CHECK(escape_html(std::string("a\0b\nc\x7F", 6)) == "a b c ");
  CHECK(escape_html("\xFF\xC0x") == "\xEF\xBF\xBD\xEF\xBF\xBDx");
  CHECK(escape_html("a\u202Eb\u2066c\u200Fd\u2028e\u061Cf") == "a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\uFFFDf");
  CHECK(escape_html("\u00E9 \u4E2D \U0001F600 \u2014") == "\u00E9 \u4E2D \U0001F600 \u2014");
  CHECK(render("{{x}}", json::parse(R"({"x":"{{x}} {{#x}}"})")) == "{{x}} {{#x}}");
}

TEST_CASE("a template that names what is not there is refused") {
  const auto refusal = [](const char* page) {
    return message_of([&] { return render(page, json::parse("{\"a\":{}}")); });
  };
  CHECK(refusal("{{b}}") == "page template: the view has no {{b}}");
  CHECK(refusal("{{#a}}") == "page template: no end of section {{a}}");
  CHECK(refusal("{{/a}}") == "page template: unexpected {{a}}");
  CHECK(refusal("{{a}}") == "page template: neither text nor number: {{a}}");
}
