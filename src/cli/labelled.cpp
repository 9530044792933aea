#include "cli/labelled.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/arguments.hpp"
#include "cli/json_lines.hpp"
#include "core/text.hpp"
#include "json/reader.hpp"

namespace jobmedic::cli {
namespace {

namespace fs = std::filesystem;
constexpr const char* label_name = "meta.json";

LabelledCase read_label(const std::string& text, std::string name) {
  const json::Value value = json::parse(text);
  const json::Reader in(value);
  LabelledCase labelled;
  labelled.category = in.at("category").string();
  const auto known = categories();
  if (labelled.category != "none" && std::find(known.begin(), known.end(), labelled.category) == known.end()) {
    in.at("category").expected("a category or \"none\"");
  }
  if (in.find("restartable") && labelled.category != "none") labelled.restartable = in.at("restartable").boolean();
  labelled.attempt.job = name;
  if (const auto config = in.find("config")) labelled.attempt.config = json::write(config->value());
  if (const auto code = in.find("exit_code")) {
    labelled.attempt.outcome.emplace();
    labelled.attempt.outcome->exit_code = code->integer();  // but not whether it succeeded: the logs are to tell
  }
  labelled.text = in.string_or("text", "");
  labelled.name = std::move(name);
  return labelled;
}

LabelledCase read_folder(const fs::path& folder) {
  const std::string name = valid_utf8(folder.filename().string());
  LabelledCase labelled =
      read_as((folder / label_name).string(), [&](const std::string& text) { return read_label(text, name); });
  labelled.text.clear();
  labelled.logs = logs_at(folder.string());
  return labelled;
}

void read_lines(const fs::path& file, std::vector<LabelledCase>& cases) {
  const std::string stem = valid_utf8(file.stem().string());
  std::size_t number = 0;
  JsonLines(file.string()).each([&](std::string_view line) {
    cases.push_back(read_label(std::string(line), fmt::format("{} {}", stem, ++number)));
  });
}

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code code;
  for (fs::directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code)) {
    entries.push_back(entry->path());
  }
  if (code) throw Error(Status::io, fmt::format("{}: {}", folder.string(), code.message()));
  std::sort(entries.begin(), entries.end());
  return entries;
}

}  // namespace

std::vector<LabelledCase> find_labelled(const std::string& argument) {
  const fs::path path(argument);
  std::error_code ignored;
  std::vector<LabelledCase> cases;
  if (!fs::is_directory(path, ignored)) {
    read_lines(path, cases);
  } else if (fs::exists(path / label_name, ignored)) {
    cases.push_back(read_folder(path));
  } else {
    for (const fs::path& entry : entries_of(path)) {
      if (fs::is_directory(entry, ignored)) {
        cases.push_back(read_folder(entry));
      } else if (entry.extension() == ".jsonl") {
        read_lines(entry, cases);
      }
    }
  }
  if (!cases.empty()) return cases;
  throw Error(Status::io, fmt::format("{}: nothing labelled here: expected folders of logs with a {}, or a *.jsonl",
                                      argument, label_name));
}

Classification verdict_on(const Classifier& classifier, const LabelledCase& labelled) {
  if (labelled.logs) return read_logs(classifier.scan(&labelled.attempt), *labelled.logs, &labelled.attempt);
  const Log excerpt{"", labelled.text};
  return classifier.classify(std::span(&excerpt, 1), &labelled.attempt);
}

}  // namespace jobmedic::cli
