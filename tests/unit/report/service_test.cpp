#include "report/service.hpp"

#include <catch2/catch.hpp>

#include "history.hpp"

using namespace jobmedic;
using reported::without_password;

TEST_CASE("no password of a store's URL is told") {
  CHECK(without_password("sqlite:/var/lib/job@medic:1.db") == "sqlite:/var/lib/job@medic:1.db");
  CHECK(without_password("postgresql://ada:hunter2@db:5432/jobs") == "postgresql://ada@db:5432/jobs");
  CHECK(without_password("postgresql://ada:p@ss:w@db/jobs") == "postgresql://ada@db/jobs");
  CHECK(without_password("postgresql://ada@db/jobs") == "postgresql://ada@db/jobs");
  CHECK(without_password("postgresql://db:5432/a@b:c") == "postgresql://db:5432/a@b:c");
  CHECK(without_password("postgresql://db/jobs?user=ada&password=hunter2").find("hunter2") == std::string::npos);
}

TEST_CASE("models come in the order they were in service, with how their predictions did") {
  const History history;
  for (const char* version : {"m1", "m2"}) {
    ModelVersion model;
    model.version = version;
    model.report = R"({"held_out":{"log_loss":0.25}})";
    history.store->put_model(model, "weights");
  }
  history.store->promote({"m1", "2026-11-01T00:00:00Z", "trained", "ada", ""});
  history.store->promote({"m2", "2026-11-10T00:00:00Z", "forced", "bob", "why not"});
  history.failed({});
  history.answered();
  history.succeeded({.number = 2, .config = R"({"memory":"2g"})"});
  const auto models = history.report().models;
  REQUIRE(models.size() == 2);
  CHECK(models[0].version == "m1");
  CHECK(models[0].to == "2026-11-10T00:00:00Z");
  CHECK(models[0].log_loss == 0.25);
  CHECK(models[0].failed.of == 1);
  CHECK(models[0].predicted == Approx(0.1));
  CHECK(models[1].kind == "forced");
  CHECK(models[1].to.empty());
  CHECK(models[1].failed.of == 0);
}

TEST_CASE("patches are counted as they stand when the report is made") {
  const History history;
  StoredPatch patch;
  patch.patch = R"([{"op":"add","path":"/x","value":1}])";
  history.store->put_patch(patch);
  patch.expires_at = "2026-11-30T00:00:00Z";
  history.store->put_patch(patch);
  patch.scope.job = "nightly";
  const std::string id = history.store->put_patch(patch).id;
  history.store->enable_patch(id, false, {"ada", "too much"});
  history.store->stop_automation(true, {"bob", "audit"});
  const AutomationState state = history.report().automation;
  CHECK(state.patches == 3);
  CHECK(state.patches_in_force == 1);
  CHECK(state.patches_disabled == 1);
  REQUIRE(state.disabled.size() == 1);
  CHECK(state.disabled[0].job == "nightly");
  CHECK(state.disabled[0].by == "ada");
  CHECK(state.disabled[0].reason == "too much");
  CHECK(state.automation.stopped);
  CHECK(state.automation.by == "bob");
}
