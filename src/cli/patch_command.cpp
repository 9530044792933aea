// jobmedic patch: JSON Patch and merge patch on files.
#include "cli/arguments.hpp"
#include "cli/session.hpp"
#include "jobmedic/patch.hpp"

namespace jobmedic::cli {
namespace {

struct Files {
  std::string first;
  std::string second;
  bool merge = false;
};

void add_apply(CLI::App& patch, Session& session) {
  const auto files = std::make_shared<Files>();
  CLI::App* apply = session.command(patch, "apply", "Apply a JSON Patch (RFC 6902): all of it or nothing.",
                                    "jobmedic patch apply spark.json raise-memory.json > patched.json");
  apply->add_option("document", files->first, "the JSON document; - is standard input")
      ->required()
      ->type_name("DOCUMENT");
  apply->add_option("patch", files->second, "the operations")->required()->type_name("PATCH");
  apply->add_flag("--merge", files->merge, "PATCH is a merge patch (RFC 7396): members to set, null to remove");
  session.on(apply, [files, &session] {
    const std::string document = read_json(files->first);
    const std::string patch_text = read_text(files->second);
    session.answer(files->merge ? apply_merge_patch(document, patch_text) : apply_patch(document, patch_text));
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

}  // namespace

void add_patch_command(CLI::App& app, Session& session) {
  CLI::App* patch = Session::group(app, "patch", "JSON Patch on files; \"jobmedic config\" keeps patches for jobs.");
  add_apply(*patch, session);
  add_diff(*patch, session);
}

}  // namespace jobmedic::cli
