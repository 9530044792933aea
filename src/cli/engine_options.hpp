#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "cli/secret_options.hpp"
#include "jobmedic/engine.hpp"

namespace jobmedic::cli {

/// The options of commands that need the whole engine.
struct EngineOptions {
  std::string store;
  std::vector<std::string> rules;
  bool shipped_rules = true;
  std::string space;
  std::string policy;
  std::string loop;  // a file
  std::string mode;  // empty: the file's
  bool trace = false;
  std::string model;
  int deadline_ms = 0;  // 0: the policy's own
  bool libtorch = false;
  SecretOptions secrets;
};

void add_engine_options(CLI::App* command, EngineOptions& options);
Engine open_engine(const EngineOptions& options);

}  // namespace jobmedic::cli
