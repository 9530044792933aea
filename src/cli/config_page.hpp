#pragma once
#include <string>
#include <vector>

#include "jobmedic/changes.hpp"
#include "jobmedic/engine.hpp"
#include "jobmedic/stored_patch.hpp"

/// What the ConfigService keeps, for people. Passwords in patches are kept, since they have to be applied, but not
/// shown.
namespace jobmedic::cli {

/// The kill switch in words, where it is on.
std::string automation_line(const Automation& automation);
/// One patch of a list.
std::string patch_entry(const StoredPatch& patch);
/// One patch and its changes, the newest first.
std::string patch_page(const StoredPatch& patch, const std::vector<Change>& changes);
std::string changes_page(const std::vector<Change>& changes);
std::string explanation_page(const Attempt& attempt, const ConfigExplanation& explanation);

}  // namespace jobmedic::cli
