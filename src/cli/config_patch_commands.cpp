// jobmedic config put, show, disable, enable: one patch that a store keeps.
#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/config_page.hpp"
#include "cli/session.hpp"
#include "json/value.hpp"

namespace jobmedic::cli {
namespace {

struct Options {
  std::string store;
  std::string file;
  std::string space;
  std::string id;
  Author author;
};

std::string masked(const StoredPatch& patch) {
  return SecretMask().mask_json(patch.to_json());
}

void put(const Options& options, const Session& session) {
  const StoredPatch given = read_as(options.file, [](const std::string& text) { return StoredPatch::parse(text); });
  json::Object config{{"store", options.store}, {"shipped_rules", false}};
  if (!options.space.empty()) config.emplace_back("space", options.space);
  Engine engine(json::write(config));
  Author author = options.author;
  if (author.reason.empty()) author.reason = given.note;
  const StoredPatch saved = read_as(options.file, [&](const std::string&) { return engine.put_patch(given, author); });
  session.answer(masked(saved), [&] { return fmt::format("saved as patch {}\n", saved.id); });
}

void show(const Options& options, const Session& session) {
  constexpr std::size_t most = 20;
  const auto store = existing_store(options.store, true);
  const auto patch = store->patch(options.id);
  if (!patch) {
    throw Error(Status::invalid_argument, fmt::format("{} has no patch \"{}\": jobmedic config list shows them, "
                                                      "jobmedic config history also those that are gone",
                                                      options.store, options.id));
  }
  session.answer(masked(*patch), [&] { return patch_page(*patch, store->changes(most, patch->id)); });
}

void enable(const Options& options, bool enabled, const Session& session) {
  const StoredPatch patch = existing_store(options.store)->enable_patch(options.id, enabled, options.author);
  session.answer(masked(patch), [&] {
    return fmt::format("patch {} is {}\n", patch.id, enabled ? "in force again" : "disabled: it is kept, not applied");
  });
}

void add_id_command(CLI::App& config, Session& session, const char* name, const char* description, bool writes,
                    const std::function<void(const Options&)>& action) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = session.command(config, name, description,
                                      fmt::format("jobmedic config {} p-00000001 --store sqlite:jobmedic.db{}", name,
                                                  writes ? " --reason \"the input is small again\"" : ""));
  command->add_option("id", options->id, "which patch")->required()->type_name("ID");
  add_store(command, options->store);
  if (writes) add_author(command, options->author);
  session.on(command, [options, action] { action(*options); });
}

}  // namespace

void add_config_patch_commands(CLI::App& config, Session& session) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = session.command(
      config, "put", "Save a patch with its scope; config get then applies it.",
      "jobmedic config put more-memory.json --store sqlite:jobmedic.db --reason \"month end\"\n\n"
      "with, in more-memory.json:\n"
      "  {\"schema\": \"jobmedic.patch/1\", \"scope\": {\"job\": \"nightly\", \"engine\": \"spark\"},\n"
      "   \"patch\": [{\"op\": \"add\", \"path\": \"/spark.executor.memory\", \"value\": \"6g\"}],\n"
      "   \"expires_at\": \"2026-12-01T00:00:00Z\", \"uses_left\": 3, \"priority\": 0, \"layer\": false}");
  command->add_option("file", options->file, "the patch with its scope (jobmedic.patch/1)")
      ->required()
      ->type_name("FILE");
  add_store(command, options->store);
  command->add_option("--space", options->space, "what may be changed (default: the engine's own)")->type_name("FILE");
  add_author(command, options->author);
  session.on(command, [options, &session] { put(*options, session); });

  add_id_command(config, session, "show", "One patch and its changes.", false,
                 [&session](const Options& o) { show(o, session); });
  add_id_command(config, session, "disable", "Keep a patch, but apply it no more.", true,
                 [&session](const Options& o) { enable(o, false, session); });
  add_id_command(config, session, "enable", "Put a disabled patch in force again.", true,
                 [&session](const Options& o) { enable(o, true, session); });
}

}  // namespace jobmedic::cli
