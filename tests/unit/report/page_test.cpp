#include <catch2/catch.hpp>

#include "history.hpp"
#include "json/value.hpp"
#include "report/words.hpp"

using namespace jobmedic;

namespace {

std::size_t times(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("an empty store gives a page that says what to do") {
  const History history;
  const Report report = history.report();
  const std::string page = report.to_html();
  CHECK(page.find("jobmedic history import") != std::string::npos);
  CHECK(page.find("class=\"card\"") == std::string::npos);
  CHECK(json::parse(report.to_json()).find("attempts")->as<std::int64_t>() != nullptr);
}

TEST_CASE("names from the store are shown as text, wherever they stand") {
  const std::string hostile = "</title></style></bdi><script>alert(1)</script><img src=x onerror=alert(2)>\"'&\u202E";
  const History history;
  history.failed({.job = hostile, .rule = hostile, .category = hostile});
  history.answered(hostile, "r", 1, {.more = R"("quarantined":true,)"});
  history.failed({.job = hostile, .run = "unknown", .rule = "", .category = ""});
  history.store->keep_telling(attempt_of(hostile, 1, "unknown"), {{"", hostile, "", "driver.stderr", 90, 1}});
  history.store->stop_automation(true, {hostile, hostile});
  ReportOptions options;
  options.title = hostile;
  const Report report = history.report(options);
  const std::string page = report.to_html();
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("<img") == std::string::npos);
  CHECK(page.find("\u202E") == std::string::npos);
  CHECK(times(page, "</title>") ==
        1 + times(page, "<svg class=\"chart") + times(page, "<svg class=\"spark") + times(page, "<g><title>"));
  CHECK(times(page, "</style>") == 1);
  CHECK(times(page, "&lt;script&gt;alert(1)&lt;/script&gt;") > 5);
  const json::Value document = json::parse(report.to_json());
  CHECK(*document.find("title")->as<std::string>() == hostile);
}

TEST_CASE("a name of any length and any bytes breaks neither page nor document") {
  const History history;
  std::string name = "nul" + std::string(1, '\0') + "bytes\xFF\xFE";
  name += std::string(10'000, 'x');
  Report report = history.report();
  report.attempts = 1;
  report.expensive_jobs.push_back({name, 1, 1, 1, 1, name, name});
  report.automation.decisions[name] = 1;
  const std::string page = report.to_html();
  CHECK(page.find('\0') == std::string::npos);
  CHECK(page.find(std::string(500, 'x')) == std::string::npos);
  CHECK_NOTHROW(json::parse(report.to_json()));  // as every JSON of this library: valid UTF-8 only
}

TEST_CASE("the page loads nothing, and says so to the browser") {
  const History history;
  history.failed({});
  const std::string page = history.report().to_html();
  CHECK(page.find("content=\"default-src 'none'; style-src 'unsafe-inline'\"") != std::string::npos);
  for (const char* address : {"http:", "https:", "src=", "href=", "url(", "@import"}) {
    CHECK(page.find(address) == std::string::npos);
  }
}

TEST_CASE("too few cases are told as they are, not as a percentage") {
  using namespace reported;
  CHECK(share_words({3, 4, 4, 0.3, 0.95}) == "3 of 4");
  CHECK(share_words({60, 100, 20, 0.5, 0.7}) == "60\u00A0% (50 to 70\u00A0%)");
  CHECK(share_ground({3, 4, 1, 0.3, 0.95}) == "3 of 4, 1 job: too few to tell");
}

TEST_CASE("money, counts and names are fit to be read") {
  using namespace reported;
  CHECK(dollars(1234567.8) == "$1,234,568");
  CHECK(dollars(-12.345) == "\u2212$12.35");
  CHECK(dollars(0.000043) == "$0.000043");
  CHECK(dollars(0) == "$0.00");
  CHECK(number(1234567) == "1,234,567");
  CHECK(count_of(1, "try", "tries") == "1 try");
  CHECK(count_of(1000, "job") == "1,000 jobs");
  CHECK(cut("a\u00E9\u00E9b", 3) == "a\u00E9\u00E9\u2026");
  CHECK(category_words("memory_config") == "memory config");
}
