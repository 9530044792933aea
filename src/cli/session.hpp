#pragma once
#include <CLI/CLI.hpp>
#include <functional>
#include <string>

/// What the commands share: how they are declared, and which of the two forms their answer takes.
namespace jobmedic::cli {

class Session {
 public:
  /// A command below `parent`, with --format and an example in its help.
  CLI::App* command(CLI::App& parent, const std::string& name, const std::string& description,
                    const std::string& example);
  /// A name that only groups commands: "config get".
  static CLI::App* group(CLI::App& parent, const std::string& name, const std::string& description);
  /// What `command` does, once the whole line has been understood.
  void on(CLI::App* command, std::function<void()> action);

  /// Prints `document` (--format json) or what `page` makes of it.
  void answer(const std::string& document, const std::function<std::string()>& page) const;
  /// For documents that are their own page: one line, or indented for people.
  void answer(const std::string& document) const;

  /// What the tool ends with where the call worked but its answer is bad news: 1.
  void set_exit_code(int code) { exit_code_ = code; }

  [[nodiscard]] int run() const {
    action_();
    return exit_code_;
  }

 private:
  std::string format_ = "page";
  std::function<void()> action_;
  int exit_code_ = 0;
};

void add_classify_command(CLI::App& app, Session& session);
void add_config_command(CLI::App& app, Session& session);
void add_config_patch_commands(CLI::App& config, Session& session);  // in the group that add_config_command makes
void add_config_audit_commands(CLI::App& config, Session& session);
void add_history_command(CLI::App& app, Session& session);
void add_metrics_command(CLI::App& app, Session& session);
void add_models_command(CLI::App& app, Session& session);
void add_optimize_command(CLI::App& app, Session& session);
void add_outcome_command(CLI::App& app, Session& session);
void add_patch_command(CLI::App& app, Session& session);
void add_recommend_command(CLI::App& app, Session& session);
void add_record_command(CLI::App& app, Session& session);
void add_remediate_command(CLI::App& app, Session& session);
void add_replay_command(CLI::App& app, Session& session);
void add_report_command(CLI::App& app, Session& session);
void add_rightsize_command(CLI::App& app, Session& session);
void add_rules_command(CLI::App& app, Session& session);
void add_rules_test_command(CLI::App& rules, Session& session);  // in the group that add_rules_command makes
void add_rules_learn_commands(CLI::App& app, Session& session);  // after those who make the group "rules"
void add_train_command(CLI::App& app, Session& session);

}  // namespace jobmedic::cli
