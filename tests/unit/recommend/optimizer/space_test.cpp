#include "jobmedic/space.hpp"

#include <catch2/catch.hpp>
#include <functional>
#include <limits>

#include "core/file.hpp"
#include "jobmedic/error.hpp"
#include "json/reader.hpp"

using namespace jobmedic;

namespace {

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

const Space& example() {
  static const Space space = Space::parse(R"({"schema": "jobmedic.space/1", "parameters": [
      {"name": "memory", "type": "integer", "min": 512, "max": 65536, "scale": "log", "step": 64, "unit": "MiB"},
      {"name": "cores", "type": "integer", "min": 1, "max": 8},
      {"name": "fraction", "type": "real", "min": 0.3, "max": 0.8, "step": 0.05},
      {"name": "codec", "type": "categorical", "values": ["lz4", "zstd"]},
      {"name": "timeout", "type": "integer", "min": 10, "max": 600, "unit": "s"},
      {"name": "result", "type": "integer", "min": 64, "max": 4096, "unit": "MiB", "bare_unit": "B"},
      {"name": "ratio", "type": "real", "min": 0, "max": 1}],
    "constraints": [{"name": "fits", "sum": [{"parameter": "memory"}, {"coefficient": 2, "parameter": "memory",
      "times": "ratio"}], "limit": 8192}]})");
  return space;
}

}  // namespace

TEST_CASE("a contradictory space is refused with the place and the reason") {
  const json::Value cases = json::parse(read_file("tests/data/optimizer/bad_spaces.json"));
  for (const auto& bad : json::Reader(cases).items()) {
    json::Value space;
    if (const auto whole = bad.find("space")) {
      space = whole->value();
    } else {
      space = json::object({{"schema", "jobmedic.space/1"}, {"parameters", bad.at("parameters").value()}});
      if (const auto constraints = bad.find("constraints")) {
        space.as<json::Object>()->emplace_back("constraints", constraints->value());
      }
    }
    CHECK(message_of([&] { Space::parse(json::write(space)); }) == bad.at("message").string());
  }
}

TEST_CASE("text that is no space at all is an error, never a crash") {
  for (const char* text : {"", "null", "[]", "7", "{", "\"space\"", "{\"schema\": 1}",
                           R"({"schema": "jobmedic.space/1", "parameters": {}})",
                           R"({"schema": "jobmedic.space/1", "parameters": [null]})",
                           R"({"schema": "jobmedic.space/1", "parameters": [[]], "constraints": 1})"}) {
    CHECK_THROWS_AS(Space::parse(text), Error);
  }
  std::string many = R"({"schema": "jobmedic.space/1", "parameters": [)";
  for (int i = 0; i <= 1000; ++i) {
    many += R"({"name": "p)" + std::to_string(i) + R"(", "type": "real", "min": 0, "max": 1},)";
  }
  many.back() = ']';
  CHECK(message_of([&] { Space::parse(many + "}"); }) == "/parameters: has 1001 entries, more than 1000");
}

TEST_CASE("a space built in code is checked as a parsed one") {
  Space space = example();
  space.parameters[1].max = std::numeric_limits<double>::quiet_NaN();
  CHECK(message_of([&] { space.check(); }) == "/parameters/1/max: nan is beyond 9007199254740992");
}

TEST_CASE("values snap to the nearest step within the bounds") {
  const Space& space = example();
  CHECK(space.snap(0, 1000) == 1024);
  CHECK(space.snap(0, -5) == 512);
  CHECK(space.snap(0, 1e9) == 65536);
  CHECK(space.snap(2, 0.46) == 0.45);  // not 0.3 + 3 * 0.05 = 0.44999999999999996
  CHECK(space.snap(2, 2) == 0.8);
  CHECK(space.snap(3, 0.7) == 1);
  CHECK(space.snap(6, 0.123456789) == 0.123456789);

  Parameter tiny;  // steps below what nine decimals hold
  tiny.max = 1e-9;
  tiny.step = 1e-11;
  Parameter wide;
  wide.max = 1e9;
  wide.step = 0.1;
  Space decimal;
  decimal.parameters = {tiny, wide};
  CHECK(decimal.snap(0, 7.04e-11) == 7e-11);  // not 7 * 1e-11 = 6.999999999999999e-11
  CHECK(decimal.snap(1, 987654321.3) == 987654321.3);
  CHECK(decimal.snap(1, 0.34) == 0.3);

  Space uneven;
  Parameter by_four;
  by_four.type = ParameterType::integer;
  by_four.min = 1;
  by_four.max = 10;
  by_four.step = 4;
  uneven.parameters.push_back(by_four);
  CHECK(uneven.snap(0, 10) == 9);
}

TEST_CASE("a point is feasible within bounds, on steps and under every limit") {
  const Space& space = example();
  const Point good{1024, 4, 0.45, 1, 60, 1024, 0.5};
  CHECK(space.feasible(good));
  const auto with = [&](std::size_t i, double value) {
    Point point = good;
    point[i] = value;
    return space.feasible(point);
  };
  CHECK_FALSE(with(0, 1000));  // between steps
  CHECK_FALSE(with(0, 128));   // below min
  CHECK_FALSE(with(1, 2.5));   // no integer
  CHECK_FALSE(with(3, 2));     // no such category
  CHECK_FALSE(with(6, std::numeric_limits<double>::quiet_NaN()));
  CHECK(with(0, 4096));  // 4096 + 2 * 4096 * 0.5 == 8192
  CHECK_FALSE(with(0, 4160));
  CHECK_FALSE(space.feasible({1024}));
}

TEST_CASE("a value is written as the engine takes it") {
  const Space& space = example();
  CHECK(space.format(0, 2048) == "2048m");
  CHECK(space.format(1, 4) == "4");
  CHECK(space.format(2, 0.45) == "0.45");
  CHECK(space.format(3, 1) == "zstd");
  CHECK(space.format(4, 90) == "90s");
  CHECK(message_of([&] { (void)space.format(3, 2); }) == "codec: 2 is no value of it");
  CHECK(message_of([&] { (void)space.format(1, 1e300); }).find("cores: ") == 0);
}

TEST_CASE("sizes and CPUs are read and written as Kubernetes does") {
  const Space pod = Space::shipped("kubernetes");
  const std::size_t memory = 0;
  const std::size_t cpu = 2;
  REQUIRE(pod.parameters[cpu].name == "resources.limits.cpu");
  CHECK(pod.format(memory, 2048) == "2048Mi");
  CHECK(pod.format(cpu, 1500) == "1500m");
  for (const auto& [text, mib] : {std::pair("512Mi", 512.0),
                                  {"2Gi", 2048.0},
                                  {"1.5Gi", 1536.0},
                                  {"1073741824", 1024.0},
                                  {"64e6", 64e6 / 0x1p20},
                                  {"128M", 128e6 / 0x1p20},
                                  {"1073741824000m", 1024.0},
                                  {"1Ti", 0x1p20},
                                  {" 1G ", 1e9 / 0x1p20},
                                  {"0", 0.0}}) {
    INFO(text);
    CHECK(pod.parse_value(memory, text) == Approx(mib));
  }
  CHECK(pod.parse_value(cpu, "0.5") == 500);
  CHECK(pod.parse_value(cpu, "2") == 2000);
  CHECK(pod.parse_value(cpu, "250m") == 250);
  for (const char* bad :
       {"", "Mi", "-1Gi", "1 Gi", "1gi", "1GB", "1Mib", "nan", "inf", "1e400", "0x10", "1Ei1", "9999999Ei"}) {
    INFO(bad);
    CHECK_THROWS_AS(pod.parse_value(memory, bad), Error);
  }
}

TEST_CASE("a value is read as the engine reads it") {
  const Space& space = example();
  CHECK(space.parse_value(0, "2g") == 2048);
  CHECK(space.parse_value(0, "2048m") == 2048);
  CHECK(space.parse_value(0, "2048") == 2048);
  CHECK(space.parse_value(0, " 2GB ") == 2048);
  CHECK(space.parse_value(0, "512k") == 0.5);
  CHECK(space.parse_value(0, "1048576b") == 1);
  CHECK(space.parse_value(0, "1t") == 1024 * 1024);
  CHECK(space.parse_value(5, "0") == 0);  // no limit: outside the bounds, yet a value
  CHECK(space.parse_value(5, "1073741824") == 1024);
  CHECK(space.parse_value(1, "16") == 16);
  CHECK(space.parse_value(2, "0.6") == 0.6);
  CHECK(space.parse_value(3, "zstd") == 1);
  CHECK(space.parse_value(4, "2min") == 120);
  CHECK(space.parse_value(4, "500ms") == 0.5);
}

TEST_CASE("what is no value is refused with the parameter's name") {
  const Space& space = example();
  const auto refused = [&](std::size_t parameter, std::string text) {
    return message_of([&] { (void)space.parse_value(parameter, text); });
  };
  CHECK(refused(0, "lots") == R"(memory: expected a size such as "1536m" or "4g", found "lots")");
  for (const char* text : {"", " ", "1.5g", "-1g", "4x", "g", "4 g", "9999999999999999999", "999999999999p", "0x10"}) {
    CHECK(refused(0, text).find("memory: expected a size") == 0);
  }
  CHECK(refused(1, "four") == R"(cores: expected an integer, found "four")");
  CHECK(refused(1, "1.5") == R"(cores: expected an integer, found "1.5")");
  CHECK(refused(1, "1e300") == R"(cores: expected an integer, found "1e300")");
  CHECK(refused(2, "nan") == R"(fraction: expected a number, found "nan")");
  CHECK(refused(2, "0.6f") == R"(fraction: expected a number, found "0.6f")");
  CHECK(refused(3, "gzip") == R"(codec: expected one of its values, found "gzip")");
  CHECK(refused(0, std::string(1000, '9')).size() < 150);
}

TEST_CASE("a point is written with bare numbers and category names") {
  CHECK(example().to_json({2048, 4, 0.45, 1, 60, 1024, 0.5}) ==
        R"({"memory":2048,"cores":4,"fraction":0.45,"codec":"zstd","timeout":60,"result":1024,"ratio":0.5})");
  CHECK_THROWS_AS(example().to_json({1}), Error);
}

TEST_CASE("the shipped engines are sound and an unknown one is told which there are") {
  const Space spark = Space::shipped("spark");
  CHECK(spark.parameters.front().name == "spark.executor.memory");
  for (std::size_t i = 0; i < spark.parameters.size(); ++i) {
    const double value = spark.snap(i, spark.parameters[i].max);
    CHECK(spark.parse_value(i, spark.format(i, value)) == value);
  }
  CHECK(message_of([] { Space::shipped("flink"); }).find(R"(no space is shipped for engine "flink"; there are: )") ==
        0);
}
