#include "collect/find.hpp"

#include <fmt/format.h>
#include <glob.h>

#include <algorithm>
#include <array>
#include <map>

#include "collect/rotation.hpp"
#include "core/glob.hpp"
#include "core/text.hpp"
#include "jobmedic/error.hpp"

namespace jobmedic::collect {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, std::string_view problem) {
  throw Error(Status::io, fmt::format("{}: {}", path.string(), problem));
}

bool is_regular(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

// What a scheduler answers about a job lies in a document, too: "describe-jobs.json".
bool may_be_answer(const std::string& name) {
  constexpr std::array answers{"*describe*.json", "*status*.json", "*events*.json"};
  return std::any_of(answers.begin(), answers.end(), [&](const char* glob) { return glob_matches(glob, name); });
}

// Documents, checksums and programs lie beside logs.
bool may_be_log(const fs::path& path) {
  if (may_be_answer(path.filename().string())) return is_regular(path);
  constexpr std::array others{".json", ".crc", ".jar", ".py", ".class"};
  return is_regular(path) && std::find(others.begin(), others.end(), path.extension()) == others.end();
}

// Folders that say which process wrote the nameless stdout and stderr in them.
std::string process_of(std::string_view folder) {
  const auto digits = [](std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
  };
  if (digits(folder)) return fmt::format("executor-{}", folder);
  if (folder.starts_with("driver-")) return "driver";
  const std::size_t last = folder.rfind('_');
  if (!folder.starts_with("container_") || !digits(folder.substr(last + 1))) return "";
  const std::string_view number = folder.substr(last + 1);
  return fmt::format("container-{}", number.substr(std::min(number.find_first_not_of('0'), number.size() - 1)));
}

struct Part {
  fs::path path;
  PartName name;
};

}  // namespace

std::string log_name(const fs::path& file) {
  const std::string name = parse_part_name(file.filename().string()).log;
  if (name != "stdout" && name != "stderr" && name != "syslog") return valid_utf8(name);
  const std::string process = process_of(file.parent_path().filename().string());
  return process.empty() ? name : process + (name == "syslog" ? ".log" : "." + name);
}

std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> paths;
  std::error_code code;
  for (fs::directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code)) {
    if (!entry->path().filename().string().starts_with('.')) paths.push_back(entry->path());
  }
  if (code) fail(folder, code.message());
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::vector<LogFile> group_parts(const std::vector<fs::path>& files) {
  std::map<fs::path, std::size_t> known;  // by the path the newest part has or would have
  std::vector<std::vector<Part>> logs;
  for (const fs::path& file : files) {
    PartName name = parse_part_name(file.filename().string());
    const auto at = known.emplace(file.parent_path() / name.log, logs.size());
    if (at.second) logs.emplace_back();
    logs[at.first->second].push_back({file, std::move(name)});
  }
  std::vector<LogFile> found;
  for (std::vector<Part>& parts : logs) {
    std::stable_sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) { return is_older(a.name, b.name); });
    LogFile log{log_name(parts.front().path), {}};
    for (Part& part : parts) log.parts.push_back(std::move(part.path));
    found.push_back(std::move(log));
  }
  return found;
}

std::vector<LogFile> logs_of_file(const fs::path& file) {
  std::error_code code;
  const fs::file_status status = fs::status(file, code);
  if (!fs::exists(status)) fail(file, code ? code.message() : "No such file or directory");
  return {{log_name(file), {file}}};
}

std::vector<LogFile> log_with_parts(const fs::path& file) {
  std::error_code ignored;
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  if ((fs::exists(file, ignored) && !is_regular(file)) || !fs::is_directory(folder, ignored)) return logs_of_file(file);
  const std::string log = parse_part_name(file.filename().string()).log;
  std::vector<fs::path> parts;
  for (const fs::path& entry : entries(folder)) {
    if (is_regular(entry) && parse_part_name(entry.filename().string()).log == log) {
      parts.push_back(file.has_parent_path() ? entry : entry.filename());
    }
  }
  if (parts.empty()) return logs_of_file(file);
  return group_parts(parts);
}

std::vector<LogFile> logs_of_folder(const fs::path& folder) {
  if (auto rolled = rolled_event_log(folder); !rolled.empty()) return rolled;
  if (is_work_directory(folder)) return logs_of_work_directory(folder);
  std::vector<fs::path> files;
  std::vector<LogFile> logs;
  for (const fs::path& entry : entries(folder)) {
    std::error_code ignored;
    if (may_be_log(entry)) files.push_back(entry);
    if (fs::is_directory(entry, ignored)) {
      for (LogFile& log : rolled_event_log(entry)) logs.push_back(std::move(log));
    }
  }
  for (LogFile& log : group_parts(files)) logs.push_back(std::move(log));
  if (logs.empty()) fail(folder, "no logs in this folder");
  std::stable_sort(logs.begin(), logs.end(), [](const LogFile& a, const LogFile& b) { return a.name < b.name; });
  return logs;
}

std::vector<LogFile> logs_of_glob(const std::string& pattern) {
  struct Matches : glob_t {
    Matches() : glob_t{} {}
    Matches(const Matches&) = delete;
    Matches& operator=(const Matches&) = delete;
    ~Matches() { ::globfree(this); }
  } matches;
  const int code = ::glob(pattern.c_str(), 0, nullptr, &matches);
  if (code == GLOB_NOSPACE) throw std::bad_alloc();
  if (code != 0) fail(pattern, code == GLOB_NOMATCH ? "nothing matches" : "a folder cannot be read");
  std::vector<fs::path> files;
  std::vector<LogFile> logs;
  for (std::size_t i = 0; i < matches.gl_pathc; ++i) {
    const fs::path path = matches.gl_pathv[i];
    std::error_code ignored;
    if (is_regular(path)) files.push_back(path);  // a pipe or a device would never end
    if (!fs::is_directory(path, ignored)) continue;
    for (LogFile& log : logs_of_folder(path)) logs.push_back(std::move(log));
  }
  for (LogFile& log : group_parts(files)) logs.push_back(std::move(log));
  if (logs.empty()) fail(pattern, "no file matches");
  return logs;
}

}  // namespace jobmedic::collect
