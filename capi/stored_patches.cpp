#include <limits>

#include "engine.hpp"
#include "guard.hpp"
#include "json/reader.hpp"

using namespace jobmedic;
using namespace jobmedic::capi;

namespace {

struct Question {
  std::size_t limit = 100;
  std::string patch;
};

Question parse_question(std::string_view text) {
  const json::Value document = json::parse(text);
  const json::Reader in(document);
  Question question;
  if (const auto limit = in.find("limit")) {
    question.limit = static_cast<std::size_t>(limit->integer_in(0, std::numeric_limits<std::int64_t>::max()));
  }
  question.patch = in.string_or("patch", "");
  return question;
}

}  // namespace

jobmedic_status jobmedic_put_patch(jobmedic_engine* engine, const char* patch, size_t patch_size, const char* author,
                                   size_t author_size, jobmedic_buffer** out, jobmedic_error** error) {
  return answer(out, error, [&] {
    Engine& here = use("engine", engine).engine;
    const std::string_view json = text("patch", patch, patch_size);
    const StoredPatch given = parse_as("patch", [&] { return StoredPatch::parse(json); });
    return here.secrets().mask_json(here.put_patch(given, capi::author("author", author, author_size)).to_json());
  });
}

jobmedic_status jobmedic_changes(jobmedic_engine* engine, const char* options, size_t options_size,
                                 jobmedic_buffer** out, jobmedic_error** error) {
  return answer(out, error, [&] {
    const Engine& here = use("engine", engine).engine;
    const std::string_view json = capi::options("options", options, options_size);
    const Question question = parse_as("options", [&] { return parse_question(json); });
    return changes_document(here.changes(question.limit, question.patch));
  });
}

jobmedic_status jobmedic_stop_automation(jobmedic_engine* engine, int32_t stop, const char* author, size_t author_size,
                                         jobmedic_buffer** out, jobmedic_error** error) {
  return answer(out, error, [&] {
    Engine& here = use("engine", engine).engine;
    return here.stop_automation(stop != 0, capi::author("author", author, author_size)).document();
  });
}
