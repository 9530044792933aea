// jobmedic rules suggest, accept, correct, review: rules learned from history, with a person's nod.
#include "cli/rules_learn_commands.hpp"

#include "core/text.hpp"

namespace jobmedic::cli {

std::string few(const std::vector<std::string>& names) {
  constexpr std::size_t most = 5;
  if (names.size() <= most) return join(names, ", ");
  return join({names.begin(), names.begin() + most}, ", ") + ", ...";
}

void add_rules_learn_commands(CLI::App& app, Session& session) {
  // The group may be there already, for commands that look at rules.
  const auto found = app.get_subcommands([](CLI::App* command) { return command->get_name() == "rules"; });
  CLI::App* group = found.empty() ? Session::group(app, "rules", "The rules: which there are, and how good they are.")
                                  : found.front();
  add_rules_suggest(*group, session);
  add_rules_accept(*group, session);
  add_rules_review(*group, session);
  add_rules_correct(*group, session);
}

}  // namespace jobmedic::cli
