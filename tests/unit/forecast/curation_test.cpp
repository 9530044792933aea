#include <catch2/catch.hpp>
#include <fstream>
#include <map>

#include "../temporary_folder.hpp"
#include "core/file.hpp"
#include "forecast/csv.hpp"
#include "jobmedic/error.hpp"
#include "jobmedic/forecast.hpp"
#include "json/value.hpp"
#include "test_data.hpp"

using namespace jobmedic;
using namespace jobmedic::forecast;

namespace {

const std::string header = "row_id,source,seen,device_type,sdk_version,app_budget_mb,hdr_flag,video_buffer_kb,vendor\n";

class Lakes {
 public:
  std::filesystem::path write(const std::string& name, const std::string& text) {
    const std::filesystem::path path = folder_.path() / name;
    std::ofstream(path) << text;
    return path;
  }
  Curation of(const std::string& rows, const std::string& secondary = "", const std::string& keys = "") {
    CurationInput input;
    input.raw = write("raw.csv", header + rows);
    if (!secondary.empty()) input.secondary = write("secondary.csv", secondary);
    if (!keys.empty()) input.keys = write("keys.csv", keys);
    return curate(input);
  }

 private:
  TemporaryFolder folder_;
};

std::int64_t number(const json::Value& value, std::initializer_list<const char*> path) {
  const json::Value* at = &value;
  for (const char* name : path) at = at->find(name);
  return *at->as<std::int64_t>();
}

const std::string curated_header = "device_type,sdk_version,app_budget_mb,hdr_flag,video_buffer_kb,vendor\n";

}  // namespace

TEST_CASE("keys are compared in one form, whatever their case, spaces and third zero") {
  const Curation curation = Lakes().of(
      "1,field,,DT01,6.2,36,True,10,A\n2,field,, dt01,6.2,36,True,10,A\n3,field,,DT01 , 6.2.0,36,True,10,A\n"
      "4,field,,DT01,6.0,40,True,10,A\n");
  CHECK(curation.table == curated_header + "DT01,6.0,40,True,10,A\nDT01,6.2,36,True,10,A\n");
  const json::Value report = json::parse(curation.report);
  CHECK(number(report, {"rows", "device_types_normalised"}) == 2);
  CHECK(number(report, {"rows", "sdk_versions_normalised"}) == 1);
}

TEST_CASE("contradictory rows are settled by majority, and duplicates have one vote") {
  const Curation curation = Lakes().of(
      "1,field,,DT01,6.2,36,True,10,A\n2,field,,DT01,6.2,36,True,10,A\n3,field,,DT01,6.2,48,True,10,A\n"
      "3,field,,DT01,6.2,48,True,10,A\n3,field,,dt01,6.2,48,True,10,A\n");
  CHECK(curation.table == curated_header + "DT01,6.2,36,True,10,A\n");
  CHECK(number(json::parse(curation.report), {"rows", "duplicates"}) == 2);
  CHECK(number(json::parse(curation.report), {"decisions", "app_budget_mb", "majority"}) == 1);
}

TEST_CASE("a row with a placeholder is a test row and has no vote") {
  const Curation curation = Lakes().of(
      "1,lab,,DT01,6.2,9999,True,10,A\n2,qa,,DT01,6.2,48,True,10,TEST\n3,qa,,DT01,6.2,48,True,-1,B\n"
      "4,field,,DT01,6.2,36,True,10,A\n5,qa,,DT99,6.2,TEST,TEST,TEST,TEST\n6,field,,,,,,,\n");
  CHECK(curation.table == curated_header + "DT01,6.2,36,True,10,A\n");
  const json::Value report = json::parse(curation.report);
  CHECK(number(report, {"rows", "test_rows"}) == 4);
  CHECK(number(report, {"rows", "without_key"}) == 1);
  CHECK(report.find("devices_with_test_rows_only")->as<json::Array>()->size() == 1);
}

TEST_CASE("a tie goes to what the type's other SDK versions have, else to the smaller number") {
  const Curation curation = Lakes().of(
      "1,field,,DT01,6.2,48,True,10,A\n2,field,,DT01,6.2,36,True,10,A\n3,field,,DT01,6.0,48,True,10,A\n"
      "4,field,,DT02,6.2,100,True,10,A\n5,field,,DT02,6.2,36,True,10,A\n");
  CHECK(curation.table == curated_header + "DT01,6.0,48,True,10,A\nDT01,6.2,48,True,10,A\nDT02,6.2,36,True,10,A\n");
  const json::Value report = json::parse(curation.report);
  CHECK(number(report, {"decisions", "app_budget_mb", "tie_by_type"}) == 1);
  CHECK(number(report, {"decisions", "app_budget_mb", "tie_by_smaller"}) == 1);
}

TEST_CASE("a missing value becomes what the policy says: false, the secondary source, the type's, or stays empty") {
  const Curation curation =
      Lakes().of("1,field,,DT01,6.2,36,,,A\n2,field,,DT01,6.0,,True,11,A\n3,field,,DT02,6.0,40,,,\n",
                 "device_type,sdk_version,video_buffer_kb\ndt01,6.2.0,5160\n");
  CHECK(curation.table == curated_header + "DT01,6.0,36,True,11,A\nDT01,6.2,36,False,5160,A\nDT02,6.0,40,False,,\n");
  const json::Value report = json::parse(curation.report);
  CHECK(number(report, {"decisions", "app_budget_mb", "reference"}) == 1);
  CHECK(number(report, {"decisions", "video_buffer_kb", "secondary"}) == 1);
  CHECK(number(report, {"decisions", "video_buffer_kb", "indicator"}) == 1);
  CHECK(number(report, {"decisions", "vendor", "indicator"}) == 1);
}

TEST_CASE("only the devices asked for are curated, and one without rows takes its type's values") {
  const Curation curation =
      Lakes().of("1,field,,DT01,6.2,36,True,10,A\n2,field,,DT02,6.2,40,True,10,A\n3,field,,DT03,6.2,44,True,10,A\n", "",
                 "device_type,sdk_version\nDT01,7.0\nDT02,6.2\nDT02,6.2\nDT77,1.0\n");
  CHECK(curation.table == curated_header + "DT01,7.0,36,False,10,\nDT02,6.2,40,True,10,A\n");
  CHECK(number(json::parse(curation.report), {"rows", "not_wanted"}) == 1);
}

TEST_CASE("a device without rows takes the values of the next older SDK version of its type, else of the next newer") {
  const std::string rows =
      "1,field,,DT01,5.1,64,True,10,A\n2,field,,DT01,6.2,68,True,10,A\n3,field,,DT01,7.0,68,True,10,A\n";
  const std::string key = "device_type,sdk_version\nDT01,";
  CHECK(Lakes().of(rows, "", key + "6.0\n").table == curated_header + "DT01,6.0,64,False,10,\n");
  CHECK(Lakes().of(rows, "", key + "10.0\n").table == curated_header + "DT01,10.0,68,False,10,\n");
  CHECK(Lakes().of(rows, "", key + "4.4\n").table == curated_header + "DT01,4.4,64,False,10,\n");
}

TEST_CASE("every row of the lake is counted exactly once, and every device once per characteristic") {
  REQUIRE_TEST_DATA("oom-kills");
  CurationInput input;
  input.raw = test_data("oom-kills/device_characteristics_raw.csv");
  input.secondary = test_data("oom-kills/device_buffers_secondary.csv");
  const json::Value report = json::parse(curate(input).report);
  std::int64_t rows = 0;
  for (const char* what : {"without_key", "not_wanted", "duplicates", "test_rows", "counted"}) {
    rows += number(report, {"rows", what});
  }
  CHECK(rows == 1640);
  CHECK(number(report, {"rows", "read"}) == 1640);
  for (const auto& [name, decisions] : *report.find("decisions")->as<json::Object>()) {
    std::int64_t devices = 0;
    for (const auto& [rule, count] : *decisions.as<json::Object>()) devices += *count.as<std::int64_t>();
    CHECK(devices == number(report, {"devices"}));
  }
}

TEST_CASE("of the recorded lake at least 98 % of the known characteristics are recovered") {
  REQUIRE_TEST_DATA("oom-kills");
  CurationInput input;
  input.raw = test_data("oom-kills/device_characteristics_raw.csv");
  input.secondary = test_data("oom-kills/device_buffers_secondary.csv");
  input.truth = test_data("oom-kills/device_characteristics_truth.csv");
  const json::Value report = json::parse(curate(input).report);
  const json::Value& truth = *report.find("truth");
  CHECK(number(truth, {"compared"}) == 455);
  const std::size_t differences = truth.find("differences")->as<json::Array>()->size();
  INFO(json::write(*truth.find("differences")));
  CHECK(number(truth, {"equal"}) + static_cast<std::int64_t>(differences) == 455);
  CHECK(number(truth, {"equal"}) >= 446);
}

namespace {

// The rows of a CSV, by the device type in its one form; each with the header.
std::map<std::string, std::string> by_type(const std::string& text) {
  const std::string head = text.substr(0, text.find('\n') + 1);
  CsvReader csv("lake", text);
  const std::size_t type = csv.at("device_type");
  std::map<std::string, std::string> parts;
  while (csv.next()) {
    std::string& part = parts[normalised({csv.row()[type], ""}).type];
    if (part.empty()) part = head;
    for (std::size_t i = 0; i < csv.row().size(); ++i) part += (i == 0 ? "" : ",") + csv_field(csv.row()[i]);
    part += '\n';
  }
  return parts;
}

}  // namespace

TEST_CASE("a lake that is curated in parts by device type gives the table and the report of the whole") {
  REQUIRE_TEST_DATA("oom-kills");
  CurationTexts whole;
  whole.raw = read_file(test_data("oom-kills/device_characteristics_raw.csv"));
  whole.secondary = read_file(test_data("oom-kills/device_buffers_secondary.csv"));
  if (GENERATE(false, true)) whole.keys = read_file(test_data("oom-kills/sessions.csv"));
  if (GENERATE(false, true)) whole.truth = read_file(test_data("oom-kills/device_characteristics_truth.csv"));
  const Curation expected = curate(whole);
  std::vector<Curation> parts;
  for (const auto& [type, rows] : by_type(whole.raw)) {
    CurationTexts part = whole;
    part.raw = rows;
    parts.insert(parts.begin(), curate(part));  // in any order
  }
  CHECK(parts.size() > 20);
  const Curation merged = merge(parts, whole.truth);
  CHECK(merged.table == expected.table);
  CHECK(merged.report == expected.report);
}

TEST_CASE("texts are curated as files are, and parts that share a device type or differ in columns are refused") {
  const std::string rows = "1,field,,DT01,6.2,36,True,10,A\n2,field,,DT02,6.2,48,True,10,A\n";
  const Curation of_files = Lakes().of(rows), of_text = curate(CurationTexts{header + rows, "", "", "", ""});
  CHECK(of_text.table == of_files.table);
  CHECK(of_text.report == of_files.report);
  CHECK_THROWS_WITH(merge({of_text, of_text}), Catch::Contains("device type \"DT01\" is in two parts"));
  const Curation other = curate(CurationTexts{"device_type,sdk_version,vendor\nDT09,6.2,B\n", "", "", "", ""});
  CHECK_THROWS_WITH(merge({of_text, other}), Catch::Contains("different columns"));
  CHECK_THROWS_WITH(merge({}), Catch::Contains("one part at least"));
  CHECK_THROWS_AS(merge({{"x", "{}"}}), Error);
  CHECK_THROWS_AS(curate(CurationTexts{}), Error);
}

TEST_CASE("CSV that is none is refused with its line") {
  const auto reading = [](const std::string& text) {
    CsvReader csv("x.csv", text);
    while (csv.next()) static_cast<void>(csv.number(0));
  };
  CHECK_THROWS_WITH(reading("a,b\n1,2\n3\n"), "x.csv:3: 1 fields, where the header has 2");
  CHECK_THROWS_WITH(reading("a,b\n1,2\nx,3\n"), "x.csv:3: column \"a\": expected a number, found \"x\"");
  CHECK_THROWS_WITH(reading("a,b\n\"1,2\n"), "x.csv:2: a quoted field does not end");
  CHECK_THROWS_WITH(reading(""), Catch::Contains("is empty"));
  CsvReader csv("x.csv", "a,b\r\n\r\n\"1\"\"x\n,\",2\r\n");
  REQUIRE(csv.next());
  CHECK(csv.row() == std::vector<std::string>{"1\"x\n,", "2"});
  CHECK_FALSE(csv.next());
}
