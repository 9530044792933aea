#pragma once
#include <filesystem>

namespace jobmedic::bench {

/// Prints how fast the best of the recorded settings of real Spark jobs is found, beside the searches that were
/// recorded with them and beside chance.
void print_recorded(const std::filesystem::path& data, int seeds);

}  // namespace jobmedic::bench
