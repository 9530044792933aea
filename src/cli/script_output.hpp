#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <string_view>

#include "jobmedic/engine.hpp"

/// Answers for scripts: --format env, which a shell evaluates, and spark-conf, which spark-submit reads. Whatever a
/// job, a rule or a setting is called, nothing in them is run and no line is added.
namespace jobmedic::cli {

/// Lets a command of Session's take these formats, too.
void add_script_formats(CLI::App* command);
/// Which was asked for.
std::string format_of(const CLI::App* command);

/// POSIX shell: JOBMEDIC_RESTART=1, JOBMEDIC_RULE='...' and so on for a jobmedic.remediation/1. Every variable is there
/// each time, empty where it does not apply, so that a loop that evaluates the next answer keeps nothing of the last.
std::string remediation_assignments(std::string_view remediation);
/// JOBMEDIC_APPLIED (patch ids), JOBMEDIC_CONFIG (the JSON object), and JOBMEDIC_CONFIG_SPARK_EXECUTOR_MEMORY and the
/// like for each setting; for none of those whose names differ only in case or punctuation.
std::string config_assignments(const ConfigAnswer& answer);
/// A Java properties file, in ASCII: for spark-submit --properties-file.
std::string spark_properties(const ConfigAnswer& answer);

}  // namespace jobmedic::cli
