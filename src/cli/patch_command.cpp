// jobmedic patch: JSON Patch on files (apply, diff), and the patches a store keeps (put, list). A password in a patch
// is kept, since config get has to apply it, but not shown.
#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/page.hpp"
#include "cli/session.hpp"
#include "core/text.hpp"
#include "jobmedic/patch.hpp"
#include "json/value.hpp"

namespace jobmedic::cli {
namespace {

struct Files {
  std::string first;
  std::string second;
};

struct StoreOptions {
  std::string store;
  std::string file;
};

void add_apply(CLI::App& patch, Session& session) {
  const auto files = std::make_shared<Files>();
  CLI::App* apply = session.command(patch, "apply", "Apply a JSON Patch (RFC 6902): all of it or nothing.",
                                    "jobmedic patch apply spark.json raise-memory.json > patched.json");
  apply->add_option("document", files->first, "the JSON document; - is standard input")
      ->required()
      ->type_name("DOCUMENT");
  apply->add_option("patch", files->second, "the operations")->required()->type_name("PATCH");
  session.on(apply, [files, &session] {
    const std::string document = read_json(files->first);
    session.answer(apply_patch(document, read_text(files->second)));
  });
}

void add_diff(CLI::App& patch, Session& session) {
  const auto files = std::make_shared<Files>();
  CLI::App* diff = session.command(patch, "diff", "The JSON Patch that turns one document into another.",
                                   "jobmedic patch diff before.json after.json");
  diff->add_option("from", files->first, "the document before; - is standard input")->required()->type_name("FROM");
  diff->add_option("to", files->second, "the document after")->required()->type_name("TO");
  session.on(diff, [files, &session] {
    const std::string from = read_json(files->first);
    session.answer(jobmedic::diff(from, read_json(files->second)));
  });
}

void add_put(CLI::App& patch, Session& session) {
  const auto options = std::make_shared<StoreOptions>();
  CLI::App* put = session.command(patch, "put", "Save a patch with its scope; config get then applies it.",
                                  "jobmedic patch put more-memory.json --store sqlite:jobmedic.db");
  put->add_option("file", options->file, "the patch with its scope (jobmedic.patch/1)")->required()->type_name("FILE");
  add_store(put, options->store);
  session.on(put, [options, &session] {
    const StoredPatch given = read_as(options->file, [](const std::string& text) { return StoredPatch::parse(text); });
    const StoredPatch saved = Store::open(options->store)->put_patch(given);
    session.answer(SecretMask().mask_json(saved.to_json()),
                   [&] { return fmt::format("saved as patch {}\n", saved.id); });
  });
}

std::string scope_words(const Scope& scope) {
  std::vector<std::string> parts;
  if (scope.job) parts.push_back("job " + *scope.job);
  if (scope.engine) parts.push_back("engine " + *scope.engine);
  for (const auto& [name, value] : scope.labels) parts.push_back(fmt::format("{} {}", name, value));
  return parts.empty() ? "every job" : join(parts, ", ");
}

std::string page_of(const std::vector<StoredPatch>& patches) {
  Page page;
  if (patches.empty()) return page.line("no patches").str();
  for (const StoredPatch& patch : patches) {
    page.line(patch.id, Tone::strong);
    if (!patch.damage.empty()) {
      page.field("damaged", patch.damage);
      continue;
    }
    page.field("for", scope_words(patch.scope));
    page.field("patch", SecretMask().mask_json(patch.patch));
    page.field("made", fmt::format("{} by {}", patch.created_at, patch.source.empty() ? "hand" : patch.source));
    if (!patch.expires_at.empty()) page.field("expires", patch.expires_at);
    if (patch.uses_left) page.field("uses left", std::to_string(*patch.uses_left));
    if (!patch.note.empty()) page.field("note", patch.note);
  }
  return page.str();
}

void add_list(CLI::App& patch, Session& session) {
  const auto store = std::make_shared<std::string>();
  CLI::App* list =
      session.command(patch, "list", "The patches in a store.", "jobmedic patch list --store sqlite:jobmedic.db");
  add_store(list, *store);
  session.on(list, [store, &session] {
    const std::vector<StoredPatch> patches = existing_store(*store, true)->patches();
    json::Array documents;
    for (const StoredPatch& one : patches) {
      documents.push_back(json::parse(SecretMask().mask_json(one.to_json())));
    }
    const json::Value document = json::object({{"schema", "jobmedic.patches/1"}, {"patches", std::move(documents)}});
    session.answer(json::write(document), [&] { return page_of(patches); });
  });
}

}  // namespace

void add_patch_command(CLI::App& app, Session& session) {
  CLI::App* patch = Session::group(app, "patch", "JSON Patch on files, and the patches that a store keeps.");
  add_apply(*patch, session);
  add_diff(*patch, session);
  add_put(*patch, session);
  add_list(*patch, session);
}

}  // namespace jobmedic::cli
