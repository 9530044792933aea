// Input: what to do with the rest. 'u': it is a store's URL; 'p': a patch document; 'k': a kind of scope; anything
// else: bytes written over a store's file, at the offset in the first three. Whatever is read then is data or an Error.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "jobmedic/error.hpp"
#include "jobmedic/store.hpp"
#include "store/scope.hpp"

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

// A small store with a row in every table, closed.
const std::string& store_file() {
  static const std::string bytes = [] {
    const auto path = folder() / "whole.db";
    {
      const auto store = Store::open("sqlite:" + path.string());
      for (int i = 0; i < 20; ++i) store->record(sample(i));
      StoredPatch patch;
      patch.scope.job = "j";
      store->save_remediation(sample(1), patch, [](const std::string&) { return std::string("{}"); });
      ModelVersion model;
      model.version = "1";
      store->put_model(model, std::string(5000, 'w'));
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
  try_it([&] { static_cast<void>(store->patches()); });
  try_it([&] { static_cast<void>(store->patches_matching(sample(1))); });
  try_it([&] {
    for (const Change& change : store->changes(10)) static_cast<void>(change.to_json());
  });
  try_it([&] { static_cast<void>(store->automation()); });
  try_it([&] { static_cast<void>(store->remediation("j", "", 1)); });
  try_it([&] { static_cast<void>(store->serving_model()); });
  try_it([&] { static_cast<void>(store->promotions()); });
  try_it([&] { store->record(sample(3)); });
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  StoreOptions existing;
  existing.create = false;
  switch (data[0]) {
    case 'u':
      try_it([&] { Store::open(rest, existing); });
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
