#pragma once
#include <chrono>
#include <string>
#include <string_view>

namespace jobmedic::sql {

/// Throws Error (store): "store URL: problem". `detail`: a JSON object.
[[noreturn]] void fail(std::string_view url, std::string_view problem,
                       std::string_view detail = R"({"code":0,"kind":"other"})");

/// "5 s": how long a writer waits.
std::string in_words(std::chrono::milliseconds time);

}  // namespace jobmedic::sql
