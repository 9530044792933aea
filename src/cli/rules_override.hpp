#pragma once
#include <string>

namespace jobmedic::cli {

/// What was done, as the document jobmedic.correction/1 and in words.
struct Override {
  std::string document;
  std::string words;
};

/// Says in the rule file whether `rule` is restartable: in its own text where the file holds the rule, else in a copy
/// of the shipped one, which keeps its place in the order. `evidence` (JSON; may be empty) is kept beside it as
/// "correction". Throws Error: invalid_argument (no such rule, says so already), rules, io.
Override override_restartable(const std::string& rule, bool restartable, const std::string& file,
                              const std::string& evidence);

}  // namespace jobmedic::cli
