// engine_process CONFIG get ATTEMPT | remediate JOB COUNT | unanswered JOB | promote VERSION VERSION COUNT
// The other process of the engine's tests.
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "jobmedic/engine.hpp"
#include "jobmedic/error.hpp"
#include "json/value.hpp"

using namespace jobmedic;

namespace {

void say(const std::string& text) {
  std::fputs((text + "\n").c_str(), stdout);
  std::fflush(stdout);
}

std::string remediate(Engine& engine, const std::string& job, int run) {
  Attempt failed;
  failed.job = job;
  failed.run = std::to_string(run);
  failed.engine = "spark";
  failed.config = R"({"spark.executor.memory":"2g"})";
  const Log logs[] = {{"driver.stderr", "java.lang.OutOfMemoryError: Java heap space\n"}};
  return engine.remediate(failed, logs);
}

// One version, the other, and again, a line for each.
void promote(const std::string& config, const std::string& one, const std::string& two, int count) {
  const json::Value document = json::parse(config);
  const auto store = Store::open(*document.find("store")->as<std::string>());
  for (int i = 0; i < 2 * count; ++i) {
    store->promote({i % 2 == 0 ? one : two, "", "promoted", "another process", ""});
    say(store->serving_version());
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

}  // namespace

int main(int count, char** values) {
  const std::vector<std::string> arguments(values + 1, values + count);
  try {
    if (arguments.at(1) == "promote") {
      promote(arguments.at(0), arguments.at(2), arguments.at(3), std::stoi(arguments.at(4)));
      return 0;
    }
    Engine engine(arguments.at(0));
    if (arguments.at(1) == "get") say(engine.get_config(Attempt::parse(arguments.at(2))).to_json());
    if (arguments.at(1) == "remediate") {
      for (int run = 1; run <= std::stoi(arguments.at(3)); ++run) say(remediate(engine, arguments.at(2), run));
    }
    if (arguments.at(1) == "unanswered") {  // saves, and dies before it could tell
      say("ready");
      remediate(engine, arguments.at(2), 1);
      while (std::getchar() != EOF) continue;
    }
    return 0;
  } catch (const Error& error) {
    say(std::string("error: ") + error.what());
    return 1;
  }
}
