// Where rules come from: files, folders, the pack inside the library; and how sets are joined.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <system_error>

#include "classify/cache_folder.hpp"
#include "classify/regex.hpp"
#include "classify/rule_document.hpp"
#include "classify/rule_error.hpp"
#include "core/embedded.hpp"
#include "core/file.hpp"
#include "core/hash.hpp"
#include "jobmedic/rules.hpp"
#include "json/reader.hpp"

namespace jobmedic {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view manifest_name = "manifest.json";
constexpr std::string_view frames_name = "frames.json";

// {"files": ["spark.json", ...]}: plain names, so that a manifest reads nothing outside its folder.
std::vector<std::string> read_manifest(std::string_view text, std::string_view file) {
  try {
    const json::Value value = json::parse(text);
    const json::Reader files = json::Reader(value).at("files");
    for (const json::Reader& item : files.items()) {
      const std::string& name = item.string();
      if (name.empty() || name == ".." || name.find('/') != std::string::npos) {
        item.expected("the name of a file beside the manifest");
      }
    }
    return files.strings();
  } catch (const Error& error) {
    throw error.within(file);
  }
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  if (const fs::path manifest = folder / manifest_name; fs::exists(manifest)) {
    for (const std::string& name : read_manifest(read_file(manifest), manifest.string()))
      files.push_back(folder / name);
    return files;
  }
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() == ".json") files.push_back(entry->path());
  }
  if (error) {
    throw Error(Status::io, fmt::format("{}: {}", folder.string(), error.message()),
                json::write(json::object({{"path", folder.string()}, {"errno", error.value()}})));
  }
  std::sort(files.begin(), files.end());
  if (files.empty()) throw Error(Status::rules, folder.string() + ": no *.json in this folder");
  return files;
}

std::string_view embedded_text(std::string_view name) {
  for (const EmbeddedFile& file : embedded::rules()) {
    if (file.name == name) return file.text;
  }
  throw Error(Status::internal, fmt::format("the shipped rules have no file {}", name));
}

// The same lines with another meaning: not a rule of its own, but what a person says of a shipped one.
bool corrects(Rule user, const Rule& shipped) {
  user.summary = shipped.summary;
  user.category = shipped.category;
  user.fault = shipped.fault;
  user.restartable = shipped.restartable;
  user.advice = shipped.advice;
  user.retry = shipped.retry;
  user.matches = shipped.matches;
  user.ignores = shipped.ignores;
  user.file = shipped.file;
  user.number = shipped.number;
  user.shipped = shipped.shipped;
  return user == shipped;
}

// Under which the cache remembers that the regexes of these texts are sound.
std::string name_of_checked(const std::vector<classify::RuleText>& texts) {
  std::string all = "regexes checked 2 " + classify::regex_version();
  for (const auto& [file, text] : texts) all.append(fmt::format("\n{}\n", text.size())).append(text);
  return hash128_hex(all);
}

}  // namespace

std::vector<classify::RuleText> classify::rule_texts(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) return {{path.string(), read_file(path)}};
  std::vector<RuleText> texts;
  for (const fs::path& file : files_in(path)) texts.push_back({file.string(), read_file(file)});
  return texts;
}

std::vector<classify::RuleText> classify::shipped_rule_texts() {
  std::vector<RuleText> texts;
  for (const std::string& name : read_manifest(embedded_text(manifest_name), manifest_name)) {
    texts.push_back({name, std::string(embedded_text(name))});
  }
  return texts;
}

RuleSet RuleSet::load(const fs::path& path, const RuleCache& cache) {
  const auto texts = classify::rule_texts(path);
  const classify::CacheFolder folder(cache);
  const std::string name = name_of_checked(texts);
  const bool checked = folder.read(name).has_value();
  RuleSet set;
  for (const auto& [file, text] : texts) {
    RuleSet part;
    part.rules_ = classify::parse_rules(text, file, !checked);
    set.append(std::move(part));
  }
  if (!checked) folder.write(name, "");
  return set;
}

const classify::Frames& classify::shipped_frames() {
  static const Frames frames = read_frames(json::Reader(json::parse(embedded_text(frames_name))), false);
  return frames;
}

RuleSet RuleSet::shipped() {
  RuleSet set;
  for (const auto& [file, text] : classify::shipped_rule_texts()) {
    std::vector<Rule> part = classify::parse_rules(text, file, false);  // no name is taken twice: rule_pack_test
    set.rules_.insert(set.rules_.end(), std::make_move_iterator(part.begin()), std::make_move_iterator(part.end()));
  }
  for (Rule& rule : set.rules_) rule.shipped = true;
  return set;
}

void RuleSet::append(RuleSet later) {
  if (rules_.empty()) {
    rules_ = std::move(later.rules_);
    return;
  }
  std::map<std::string_view, const Rule*> taken;
  for (const Rule& rule : rules_) taken.emplace(rule.name, &rule);
  std::set<std::string> replaced;
  std::vector<Rule> joined;
  for (Rule& rule : later.rules_) {
    const auto same = taken.find(rule.name);
    if (same == taken.end()) {
      joined.push_back(std::move(rule));
    } else if (!same->second->shipped && rule.shipped) {
      if (!corrects(*same->second, rule)) continue;
      replaced.insert(rule.name);
      joined.push_back(*same->second);
    } else if (same->second->shipped && !rule.shipped) {
      replaced.insert(rule.name);
      joined.push_back(std::move(rule));
    } else {
      throw classify::rule_error(rule, fmt::format("name: is taken by a rule of {}", same->second->file));
    }
  }
  std::erase_if(rules_, [&](const Rule& rule) { return replaced.contains(rule.name); });
  rules_.insert(rules_.end(), std::make_move_iterator(joined.begin()), std::make_move_iterator(joined.end()));
}

}  // namespace jobmedic
