#include "cli/session.hpp"

#include "cli/output.hpp"
#include "json/value.hpp"

namespace jobmedic::cli {

CLI::App* Session::command(CLI::App& parent, const std::string& name, const std::string& description,
                           const std::string& example) {
  CLI::App* command = parent.add_subcommand(name, description);
  command->add_option("--format", format_, "page: for people; json: the document on one line")
      ->check(CLI::IsMember({"page", "json"}))
      ->capture_default_str();
  command->footer("\nExample:\n  " + example);
  return command;
}

CLI::App* Session::group(CLI::App& parent, const std::string& name, const std::string& description) {
  CLI::App* group = parent.add_subcommand(name, description);
  group->require_subcommand(1);
  return group;
}

void Session::on(CLI::App* command, std::function<void()> action) {
  command->callback([this, action = std::move(action)] { action_ = action; });
}

void Session::answer(const std::string& document, const std::function<std::string()>& page) const {
  print(format_ == "json" ? document + "\n" : page());
}

void Session::answer(const std::string& document) const {
  answer(document, [&] { return json::write(json::parse(document), 2) + "\n"; });
}

}  // namespace jobmedic::cli
