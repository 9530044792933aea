#include "cli/arguments.hpp"

#include "core/file.hpp"
#include "json/value.hpp"

namespace jobmedic::cli {

std::string read_text(const std::string& path) {
  return read_file(path == "-" ? "/dev/stdin" : path);
}

Attempt read_attempt(const std::string& path) {
  return read_as(path, [](const std::string& text) { return Attempt::parse(text); });
}

std::string read_json(const std::string& path) {
  return read_as(path, [](const std::string& text) {
    static_cast<void>(json::parse(text));
    return text;
  });
}

Space read_space(const std::string& path, const std::string& engine) {
  if (path.empty()) return Space::shipped(engine);
  return read_as(path, [](const std::string& text) { return Space::parse(text); });
}

RuleSet read_rules(const std::vector<std::string>& paths, bool shipped) {
  RuleSet rules;
  for (const std::string& path : paths) rules.append(RuleSet::load(path));
  if (shipped) rules.append(RuleSet::shipped());
  return rules;
}

void add_store(CLI::App* command, std::string& url) {
  command
      ->add_option("--store", url,
                   "where history, patches and models are kept: sqlite:PATH or postgresql://[USER@]HOST/DATABASE (a "
                   "password in PGPASSWORD or ~/.pgpass)")
      ->required()
      ->type_name("URL");
}

CLI::Option* add_optional_store(CLI::App* command, std::string& url, const std::string& words) {
  return command->add_option("--store", url, words + ": sqlite:PATH or postgresql://[USER@]HOST/DATABASE")
      ->type_name("URL");
}

void add_author(CLI::App* command, Author& author) {
  command->add_option("--by", author.by, "who does this, for the audit trail (default: user@host)")->type_name("NAME");
  command->add_option("--reason", author.reason, "why, for the audit trail")->type_name("TEXT");
}

void add_rules(CLI::App* command, std::vector<std::string>& paths) {
  command->add_option("--rules", paths, "your own rules, tried before the shipped ones: a file or a folder; repeatable")
      ->type_name("PATH")
      ->allow_extra_args(false);
}

std::unique_ptr<Store> existing_store(const std::string& url, bool read_only) {
  StoreOptions options;
  options.create = false;
  options.read_only = read_only;
  return Store::open(url, options);
}

}  // namespace jobmedic::cli
