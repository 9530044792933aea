// jobmedic metrics: what a store knows, for Prometheus.
#include "cli/arguments.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "core/file.hpp"
#include "jobmedic/metrics.hpp"

namespace jobmedic::cli {
namespace {

struct Options {
  std::string store;
  std::string textfile;
  std::vector<std::string> rules;
};

void write_metrics(const Options& options) {
  const std::string text = store_metrics(*existing_store(options.store, true), read_rules(options.rules));
  if (options.textfile.empty()) {
    print(text);
  } else {
    constexpr unsigned for_everyone = 0644;  // the node exporter is another user
    write_file_atomically(options.textfile, text, for_everyone);
  }
}

}  // namespace

void add_metrics_command(CLI::App& app, Session& session) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "metrics", "What a store knows as figures for Prometheus: failures, decisions, patches, the model in service.");
  add_store(command, options->store);
  add_rules(command, options->rules);
  command
      ->add_option("--textfile", options->textfile,
                   "write them here, whole or not at all: for the node exporter's textfile collector (*.prom)")
      ->type_name("FILE.prom");
  command->footer(
      "\nExample:\n  jobmedic metrics --store sqlite:jobmedic.db --textfile "
      "/var/lib/prometheus/node-exporter/jobmedic.prom");
  session.on(command, [options] { write_metrics(*options); });
}

}  // namespace jobmedic::cli
