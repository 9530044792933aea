#pragma once
#include <string_view>

/// The three standard streams. Nothing is lost in silence: a write that fails is an Error (io).
namespace jobmedic::cli {

/// A stream that the caller closed would lend its number to the next file opened, and printing would write into that
/// file. Call first. Also lets writes to a closed pipe fail instead of killing the process.
void secure_standard_streams();

/// To standard output, at once and whole.
void print(std::string_view text);
/// "jobmedic: message" on standard error; failing to say so cannot be told to anyone.
void print_error(std::string_view message) noexcept;

bool output_is_terminal();
bool error_is_terminal();

}  // namespace jobmedic::cli
