#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "collect/byte_stream.hpp"

namespace jobmedic::collect {

/// What a command prints to standard output. It runs without a shell, in a process group of its own, with the caller's
/// environment and an empty standard input. Its end is the end of the stream; whatever it left running is killed then,
/// at the deadline, and when the stream is destroyed.
/// Throws Error (io): it cannot be started; from read(): it failed (its exit code and what it said on standard error),
/// or the deadline passed. What came before was good.
std::unique_ptr<ByteStream> run_command(const std::vector<std::string>& argv,
                                        std::chrono::steady_clock::time_point deadline);

}  // namespace jobmedic::collect
