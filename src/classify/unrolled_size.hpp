#pragma once
#include <cstddef>
#include <string_view>

namespace jobmedic::classify {

/// About how many characters and classes a regex holds once each of its counted repeats is written out: what libhs may
/// have to build an automaton of. A rough look at PCRE's ordinary syntax, never an error; saturates.
std::size_t unrolled_size(std::string_view regex);

}  // namespace jobmedic::classify
