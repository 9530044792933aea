// Input: what to do with the rest. 'u': it is a store's URL, which is opened, or only parsed where it names a server;
// 'p': a patch document; 'k': a kind of scope; 'o': a byte of options, then two attempts with a zero byte between them,
// whose outcomes are recorded; anything else: bytes written over a store's file, at the offset in the first three.
// Whatever is read then is data or an Error.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "jobmedic/error.hpp"
#include "jobmedic/store.hpp"
#include "json/value.hpp"
#include "store/postgresql/url.hpp"
#include "store/scope.hpp"
#ifdef JOBMEDIC_LIBPQ
#include <libpq-fe.h>

#include "store/postgresql/location.hpp"
#endif

using namespace jobmedic;

namespace {

template <typename Call>
void try_it(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    if (error.status() == Status::internal) std::abort();
  }
}

const std::filesystem::path& folder() {
  static const std::filesystem::path path = [] {
    std::string name = (std::filesystem::temp_directory_path() / "jobmedic-fuzz-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    return std::filesystem::path(name);
  }();
  return path;
}

Attempt sample(int number) {
  Attempt attempt;
  attempt.job = "j";
  attempt.attempt = number;
  attempt.engine = "spark";
  attempt.plan = std::string(static_cast<std::size_t>(number) * 300, 'x');
  return attempt;
}

Attempt failed(int number) {
  Attempt attempt = sample(number);
  attempt.outcome.emplace().category = "memory";
  return attempt;
}

StoredPatch recommended(const std::string& job) {
  StoredPatch patch;
  patch.scope.job = job;
  patch.source = "recommendation";
  patch.expires_at = "2036-11-22T00:00:00Z";
  return patch;
}

// A small store with a row in every table, closed.
const std::string& store_file() {
  static const std::string bytes = [] {
    const auto path = folder() / "whole.db";
    {
      const auto store = Store::open("sqlite:" + path.string());
      for (int i = 0; i < 20; ++i) store->record(sample(i));
      store->save_remediation(
          failed(1), recommended("j"), [](const std::string&) { return std::string("{}"); },
          {{"java.io.IOException: full", "java.io.IOException: full", "java.io.IOException", "driver.stderr", 50, 2}});
      store->record_outcome(failed(2));
      store->put_patch(recommended("j"));
      store->stop_automation(true);
      store->stop_automation(false);
      ModelVersion model;
      model.version = "1";
      store->put_model(model, std::string(5000, 'w'), std::vector<std::string>{"fold"});
      store->promote({"1", "", "promoted", "", ""});
    }
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }();
  return bytes;
}

void read_all(const std::string& url) {
  std::unique_ptr<Store> store;
  try_it([&] { store = Store::open(url); });
  if (!store) return;
  try_it([&] { store->each_attempt([](const Attempt&) {}); });
  try_it([&] { static_cast<void>(store->last_attempt("j")); });
  try_it([&] { static_cast<void>(store->patches_for(sample(1), "2026-11-22T00:00:00Z")); });
  try_it([&] { store->each_job([](std::span<const Attempt>) {}); });
  try_it([&] { store->each_unclassified([](const UnclassifiedFailure&) {}); });
  try_it([&] { store->each_remediation([](const std::string&) {}); });
  try_it([&] { static_cast<void>(store->patches()); });
  try_it([&] { static_cast<void>(store->patches_used(sample(2))); });
  try_it([&] { static_cast<void>(store->job_record(sample(3), "2026-11-22T00:00:00Z")); });
  try_it([&] { static_cast<void>(store->patches_matching(sample(1))); });
  try_it([&] {
    for (const Change& change : store->changes(10)) static_cast<void>(change.to_json());
  });
  try_it([&] { static_cast<void>(store->automation()); });
  try_it([&] { static_cast<void>(store->remediation("j", "", 1)); });
  try_it([&] { static_cast<void>(store->serving_model()); });
  try_it([&] { static_cast<void>(store->fold_models("1")); });
  try_it([&] { static_cast<void>(store->promotions()); });
  try_it([&] { store->record(sample(3)); });
  try_it([&] { static_cast<void>(store->record_outcome(failed(4)).to_json()); });
  try_it([&] {
    OutcomeOptions options;
    options.correct = true;
    options.author.reason = "it was another job's";
    Attempt corrected = failed(2);
    corrected.outcome->succeeded = true;
    static_cast<void>(store->record_outcome(corrected, options).to_json());
  });
  try_it([&] { static_cast<void>(store->roll_back(0)); });
}

void read_damaged(std::string_view input) {
  if (input.size() < 4) return;
  std::string bytes = store_file();
  std::size_t at = 0;
  for (const char c : input.substr(0, 3)) at = at * 256 + static_cast<unsigned char>(c);
  at %= bytes.size();
  bytes.replace(at, std::min(input.size() - 3, bytes.size() - at), input.substr(3));
  const auto path = folder() / "damaged.db";
  std::ofstream(path, std::ios::binary) << bytes;
  read_all("sqlite:" + path.string());
  std::filesystem::remove(path);
  for (const char* beside : {"-wal", "-shm"}) std::filesystem::remove(path.string() + beside);
}

void read_patch(std::string_view input) {
  const StoredPatch patch = StoredPatch::parse(input);
  if (StoredPatch::parse(patch.to_json()).to_json() != patch.to_json()) std::abort();
  if (parse_kind(write_kind(kind_of(patch.scope))) != kind_of(patch.scope)) std::abort();
}

// Nothing is asked of a server. What is not refused has no password, by libpq's own reading.
void read_url(const std::string& url) {
  if (!postgresql::is_url(url)) {
    StoreOptions existing;
    existing.create = false;
    Store::open(url, existing);
    return;
  }
  postgresql::refuse_password(url);
#ifdef JOBMEDIC_LIBPQ
  const postgresql::Location location(url, {});
  PQconninfoOption* options = PQconninfoParse(location.url.c_str(), nullptr);
  for (const PQconninfoOption* option = options; option->keyword != nullptr; ++option) {
    if (std::string_view(option->keyword).find("password") != std::string_view::npos && option->val != nullptr) {
      std::abort();
    }
  }
  PQconninfoFree(options);
#endif
}

std::string_view take(std::string_view& input) {
  const std::string_view first = input.substr(0, input.find('\0'));
  input.remove_prefix(std::min(first.size() + 1, input.size()));
  return first;
}

Store& outcomes() {
  static const std::unique_ptr<Store> store = Store::open("sqlite:" + (folder() / "outcomes.db").string());
  return *store;
}

// The two are of one try of a job of its own, for which there is a patch.
void record_outcomes(std::string_view input) {
  static int jobs = 0;
  if (input.empty()) return;
  const unsigned flags = static_cast<unsigned char>(input.front());
  input.remove_prefix(1);
  Attempt first = Attempt::parse(take(input));
  Attempt second = Attempt::parse(take(input));
  OutcomeOptions options;
  options.correct = (flags & 1U) != 0;
  if ((flags & 2U) != 0) options.author.reason = "it was another job's";
  if ((flags & 4U) != 0) options.loop.mode = "shadow";
  if ((flags & 8U) != 0) options.loop.retire_failed = false;
  options.loop.keep_successful_days = (flags & 16U) != 0 ? 0 : 30;
  first.job = second.job = "job " + std::to_string(++jobs);
  second.run = first.run;
  second.attempt = first.attempt;
  outcomes().put_patch(recommended(first.job));
  const RecordedOutcome recorded = outcomes().record_outcome(first, options);
  static_cast<void>(json::parse(recorded.to_json()));
  const RecordedOutcome again = outcomes().record_outcome(first, options);
  if (again.what != "known" || again.attempt.to_json() != recorded.attempt.to_json()) std::abort();
  bool refused = false;
  try {
    static_cast<void>(json::parse(outcomes().record_outcome(second, options).to_json()));
  } catch (const Error&) {
    refused = true;
  }
  const auto kept = outcomes().attempt(first.job, first.run, first.attempt);
  if (refused && kept->to_json() != recorded.attempt.to_json()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'u':
      try_it([&] { read_url(std::string(rest)); });
      break;
    case 'o':
      try_it([&] { record_outcomes(rest); });
      break;
    case 'p':
      try_it([&] { read_patch(rest); });
      break;
    case 'k':
      try_it([&] { static_cast<void>(ScopeKeys(sample(1)).find(parse_kind(rest))); });
      break;
    default:
      read_damaged(rest);
  }
  return 0;
}
