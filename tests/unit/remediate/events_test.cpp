// What an engine tells of its work, with fields.
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <thread>

#include "engines.hpp"
#include "jobmedic/event.hpp"

using namespace jobmedic;

namespace {

constexpr const char* heap = "java.lang.OutOfMemoryError: Java heap space\n";

// Keeps what it is told, as documents.
struct Listener {
  explicit Listener(Engine& engine, int level = 2) {
    engine.set_events([this](const Event& event) { documents.push_back(event.to_json()); }, level);
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const std::string& document : documents) result.push_back(member(document, "event"));
    return result;
  }
  std::vector<std::string> documents;
};

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("an event is a document with time, level, name, message and fields") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  Listener listener(engine);
  engine.reload();
  REQUIRE(listener.names() == Words{"\"rules_reloaded\""});
  const std::string& document = listener.documents[0];
  CHECK(member(document, "schema") == "\"jobmedic.event/1\"");
  CHECK(member(document, "level") == "\"info\"");
  CHECK(member(document, "rules") == "\"5\"");
  CHECK(member(document, "message").find("5 rules are in force") != std::string::npos);
  CHECK(member(document, "at").size() >= 22);
}

TEST_CASE("the steps of an answer are told to those who want them") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  Listener brief(engine);
  remediate(engine, failed_attempt("j"), heap);
  CHECK(brief.documents.empty());
  Listener all(engine, 3);
  remediate(engine, failed_attempt("k"), heap);
  CHECK(all.names() == Words{"\"classify\"", "\"recommend\"", "\"save\"", "\"decide\""});
  CHECK(member(all.documents[0], "job") == "\"k\"");
  CHECK(member(all.documents[0], "attempt") == "\"1\"");
  engine.set_events({});
  remediate(engine, failed_attempt("l"), heap);
  CHECK(all.documents.size() == 4);
}

TEST_CASE("a patch that cannot be applied, the kill switch and a deadline are told") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  StoredPatch patch;
  patch.scope.job = "j";
  patch.patch = R"([{"op":"replace","path":"/spark.driver.memory","value":"6g"}])";
  engine.put_patch(patch);
  Listener listener(engine);
  static_cast<void>(engine.get_config(failed_attempt("j")));
  engine.stop_automation(true, {"ana", "a release goes wrong"});
  static_cast<void>(engine.get_config(failed_attempt("j")));
  REQUIRE(listener.names() == Words{"\"patch_skipped\"", "\"automation_stopped\"", "\"automation_stopped\""});
  CHECK(member(listener.documents[0], "patch") == "\"p-00000001\"");
  CHECK(member(listener.documents[0], "job") == "\"j\"");
  CHECK(member(listener.documents[0], "reason").size() > 10);
  CHECK(member(listener.documents[1], "reason") == "\"a release goes wrong\"");
}

TEST_CASE("secrets are masked in messages and fields") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  Listener listener(engine);
  engine.stop_automation(true, {"ana", "password=hunter2"});
  engine.tell({1, "test", "token=9f86d081884c7d65", {{"api_key", "9f86d081884c7d65"}, {"job", "j"}}});
  REQUIRE(listener.documents.size() == 2);
  CHECK(listener.documents[0].find("hunter2") == std::string::npos);
  CHECK(listener.documents[1].find("9f86d081") == std::string::npos);
  CHECK(member(listener.documents[1], "job") == "\"j\"");
}

TEST_CASE("a listener may use the engine, and be replaced while it is told") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  int told = 0;
  engine.set_events([&](const Event&) {
    ++told;
    engine.set_events({});
    static_cast<void>(engine.metrics());
  });
  engine.reload();
  engine.reload();
  CHECK(told == 1);
}

TEST_CASE("a store that cannot be read is told, and the answer does not wait for it") {
  const Scratch scratch;
  Engine engine(engine_config(scratch.url()));
  remediate(engine, failed_attempt("j"), heap);
  scratch.sql("UPDATE attempts SET document = " + scratch.bytes("7B"));
  Listener listener(engine);
  CHECK(member(remediate(engine, failed_attempt("j", 2), heap), "retry", "restart") == "true");
  REQUIRE_FALSE(listener.documents.empty());
  CHECK(listener.names()[0] == "\"store_failed\"");
  CHECK(engine.metrics().find("jobmedic_store_errors_total{kind=\"other\"} 1\n") != std::string::npos);
}
