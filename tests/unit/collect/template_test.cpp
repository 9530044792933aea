#include "collect/template.hpp"

#include <catch2/catch.hpp>

#include "jobmedic/error.hpp"

using namespace jobmedic;
using namespace jobmedic::collect;

namespace {

Attempt attempt_of(const std::string& label) {
  Attempt attempt;
  attempt.job = "nightly";
  attempt.run = "2026-11-21";
  attempt.attempt = 3;
  attempt.engine = "spark";
  attempt.labels = {{"id", label}, {"run", "the label"}};
  return attempt;
}

template <typename Fill>
std::string refused(Fill fill, std::string_view text, const Attempt& attempt) {
  try {
    return "accepted: " + fill(text, &attempt);
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("placeholders are filled in from the attempt") {
  const Attempt attempt = attempt_of("application_1");
  CHECK(fill_argument("{job}/{run}/{attempt}/{engine}/{id}/{labels.id}/{labels.run}", &attempt) ==
        "nightly/2026-11-21/3/spark/application_1/application_1/the label");
  CHECK(fill_argument("{{print $1}}", nullptr) == "{print $1}");
}

TEST_CASE("what the attempt lacks is said by name") {
  const Attempt attempt = attempt_of("");
  CHECK_THAT(refused(fill_argument, "{id}", attempt), Catch::Contains("no label \"id\""));
  CHECK_THAT(refused(fill_argument, "{pod}", attempt), Catch::Contains("no label \"pod\""));
  CHECK_THROWS_WITH(fill_argument("{job}", nullptr), Catch::Contains("{job} is filled in from an attempt"));
}

TEST_CASE("a value cannot become an option, whatever it holds; in the midst of an argument it is only text") {
  CHECK_THAT(refused(fill_argument, "{id}", attempt_of("--config=/etc/x")), Catch::Contains("begins with '-'"));
  CHECK_THAT(refused(fill_argument, "{id}{run}", attempt_of("-")), Catch::Contains("begins with '-'"));
  const Attempt hostile = attempt_of("a b; rm -rf / $(id) `id` 'x' \"y\" *");
  CHECK(fill_argument("{id}", &hostile) == hostile.labels.at("id"));
  const Attempt dash = attempt_of("-x");
  CHECK(fill_argument("--pod={id}", &dash) == "--pod=-x");
  CHECK_THAT(refused(fill_argument, "{id}", attempt_of("a\nb")), Catch::Contains("control character"));
}

TEST_CASE("a value in a path cannot climb, and in a glob matches only itself") {
  CHECK_THAT(refused(fill_path, "/logs/{id}/x", attempt_of("..")), Catch::Contains("leave the folder"));
  CHECK_THAT(refused(fill_path, "../{id}/x", attempt_of("a/../../b")), Catch::Contains("leave the folder"));
  const Attempt dots = attempt_of("a..b");
  CHECK(fill_path("../{id}", &dots) == "../a..b");
  const Attempt star = attempt_of("*[a]?");
  CHECK(fill_glob("/logs/{id}/*.log", &star) == "/logs/\\*\\[a\\]\\?/*.log");
}

TEST_CASE("a malformed template is refused") {
  for (const char* text : {"{", "}", "a{b", "{}", "{a{b}}"}) CHECK_THROWS_AS(check_template(text), Error);
  for (const char* text : {"", "{{}}", "{a}{b}", "a{{b}}c"}) CHECK_NOTHROW(check_template(text));
}
