#pragma once
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "jobmedic/suggest.hpp"

// One candidate rule from one template.
namespace jobmedic::classify {

/// The template as a regex: literals escaped, at most three parameters as bounded wildcards. None where too little of
/// it is literal to tell it from other lines.
std::optional<std::string> regex_of(std::string_view text);

/// A name from the exception and the first words that mean something, not among `taken`; takes it.
std::string name_of(std::string_view text, std::string_view exception, std::set<std::string>& taken);

/// Category, fault, restartable, advice and why by the family that the exception or its message belongs to
/// (families.json), else a choice that a person has to make.
void propose_category(Suggestion& suggestion, std::string_view exception);

}  // namespace jobmedic::classify
