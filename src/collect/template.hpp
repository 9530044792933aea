#pragma once
#include <string>
#include <string_view>

#include "jobmedic/attempt.hpp"

// Placeholders of a collector document: {job}, {run}, {attempt}, {engine}, {labels.NAME}, and {NAME} for short.
namespace jobmedic::collect {

/// Throws Error (invalid_argument): an unclosed brace, an empty name.
void check_template(std::string_view text);
bool has_placeholder(std::string_view text);

/// One argument of a command. Throws Error (invalid_argument): the attempt lacks a value, or a value would make the
/// argument an option or holds a control character.
std::string fill_argument(std::string_view text, const Attempt* attempt);
/// A path. No value may climb ("..").
std::string fill_path(std::string_view text, const Attempt* attempt);
/// A glob. Values match only themselves.
std::string fill_glob(std::string_view text, const Attempt* attempt);

}  // namespace jobmedic::collect
