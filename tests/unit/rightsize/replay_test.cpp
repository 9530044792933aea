#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "core/file.hpp"
#include "jobmedic/error.hpp"
#include "jobmedic/rightsize_replay.hpp"
#include "json/reader.hpp"
#include "rightsize/replay/trace.hpp"
#include "test_data.hpp"

using namespace jobmedic;
using namespace jobmedic::sizing;

TEST_CASE("tasks are drawn as numpy and scikit-learn draw them") {
  CHECK(drawn(10, 10, 42) == std::vector<std::size_t>{8, 1, 5, 0, 7, 2, 9, 4, 3, 6});
  const Split parts = split(39, 1996);
  CHECK(parts.online.size() == 28);
  CHECK(parts.history.size() == 11);
}

TEST_CASE("a trace is read by its columns, quoted or not, and what the protocol leaves out is left out") {
  std::string csv = "process,\"rchar\",rss,peak_rss,memory,realtime\n";
  for (int i = 0; i < 40; ++i) csv += "\"A, \"\"quoted\"\"\",100,10,10,40,5\nB,100,-,10,40,5\n";
  for (int i = 0; i < 40; ++i) csv += i == 3 ? "C,1,1,1,1,0\n" : "C,1,1,1,1,9\r\n";
  csv += "cut off,1";
  const Workflow workflow = read_trace("w", csv);
  REQUIRE(workflow.processes.size() == 1);
  CHECK(workflow.processes[0].name == "A, \"quoted\"");
  CHECK(workflow.processes[0].tasks.size() == 40);
  CHECK(workflow.left_out == 2);
  CHECK_THROWS_AS(read_trace("w", "process,rss\n"), Error);
  CHECK_THROWS_AS(replay_rightsizing({{"w", "process,rchar,rss,peak_rss,memory,realtime\n"}}), Error);
}

TEST_CASE("on recorded workflows the published baselines come out as published, and ours within its bounds") {
  REQUIRE_TEST_DATA("nfcore-memory-traces");
  const auto folder = test_data("nfcore-memory-traces");
  struct Row {
    double gbh;
    std::int64_t failures;
  };
  using Rows = std::map<std::string, Row>;
  const std::map<std::string, Rows> published{// by the code of the Sizey paper, seed 1996
                                              {"methylseq",
                                               {{"presets", {22596, 0}},
                                                {"witt_percentile", {4372, 35}},
                                                {"witt_lr_all", {2718, 23}},
                                                {"witt_lr_under", {989, 146}},
                                                {"tovar", {4081, 58}}}},
                                              {"rnaseq",
                                               {{"presets", {1239, 0}},
                                                {"witt_percentile", {129, 49}},
                                                {"witt_lr_all", {81, 51}},
                                                {"witt_lr_under", {58, 82}},
                                                {"tovar", {195, 55}}}},
                                              {"chipseq",
                                               {{"presets", {261, 0}},
                                                {"witt_percentile", {95, 114}},
                                                {"witt_lr_all", {106, 232}},
                                                {"witt_lr_under", {136, 337}},
                                                {"tovar", {211, 102}}}}};
  std::vector<Trace> traces;
  for (const auto& [name, rows] : published) traces.push_back({name, read_file(folder / ("trace_" + name + ".csv"))});
  const json::Value document = json::parse(replay_rightsizing(traces, {{1996, 1997, 1998, 1999, 2000}, {}}));
  const json::Reader in(document);
  for (const json::Reader& replay : in.at("replays").items()) {
    if (replay.at("seed").integer() != 1996) continue;
    const Rows& expected = published.at(replay.at("workflow").string());
    for (const json::Reader& method : replay.at("methods").items()) {
      const std::string& name = method.at("method").string();
      INFO(replay.at("workflow").string() << ", " << name);
      if (!expected.contains(name)) continue;
      CHECK(std::abs(method.at("wastage_gbh").number() - expected.at(name).gbh) <= 0.5);
      CHECK(method.at("failures").integer() == expected.at(name).failures);
    }
  }
  const json::Reader summary = in.at("summary");
  for (const json::Reader& workflow : summary.at("failures").items()) {
    INFO(workflow.at("workflow").string());
    CHECK(workflow.at("jobmedic").integer() <= workflow.at("witt_lr_all").integer());
  }
  CHECK(summary.at("of_best_baseline").number() <= 0.35);
  CHECK(summary.at("of_best_baseline_of_the_workflow_median").number() <= 0.9);
}
