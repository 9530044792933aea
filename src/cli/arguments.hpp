#pragma once
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "jobmedic/attempt.hpp"
#include "jobmedic/classify.hpp"
#include "jobmedic/error.hpp"
#include "jobmedic/rules.hpp"
#include "jobmedic/space.hpp"
#include "jobmedic/store.hpp"

/// Arguments that several commands take, and the files they name. "-" is standard input.
namespace jobmedic::cli {

std::string read_text(const std::string& path);

/// `parse` over the file's text; what is wrong in it is told with the file's name: "attempt.json: /job: is missing".
template <typename Parse>
auto read_as(const std::string& path, Parse parse) {
  const std::string text = read_text(path);
  try {
    return parse(text);
  } catch (const Error& error) {
    throw error.within(path == "-" ? "standard input" : path);
  }
}

Attempt read_attempt(const std::string& path);
/// The text of a file that holds JSON.
std::string read_json(const std::string& path);
/// The file, or without one the space shipped for `engine`.
Space read_space(const std::string& path, const std::string& engine);
/// The users' rules in the order given, then, unless they shall stand alone, the shipped pack.
RuleSet read_rules(const std::vector<std::string>& paths, bool shipped = true);

void add_store(CLI::App* command, std::string& url);
/// The same where a command can do without; `words`: what for.
CLI::Option* add_optional_store(CLI::App* command, std::string& url, const std::string& words);
/// --by and --reason, for the audit trail.
void add_author(CLI::App* command, Author& author);
void add_rules(CLI::App* command, std::vector<std::string>& paths);

/// A store that has to exist already: a mistyped path must not pass for an empty one.
std::unique_ptr<Store> existing_store(const std::string& url, bool read_only = false);

}  // namespace jobmedic::cli
