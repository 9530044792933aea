#include "jobmedic/classify.hpp"

namespace jobmedic {
namespace {

void mask(Evidence& evidence, const SecretMask& secrets) {
  evidence.text = secrets.mask(evidence.text);
  for (auto& [name, text] : evidence.captures) text = secrets.mask_setting(name, text);
}

}  // namespace

Classification masked(Classification verdict, const SecretMask& secrets) {
  if (verdict.evidence) mask(*verdict.evidence, secrets);
  for (RuleMatch& match : verdict.other_matches) mask(match.evidence, secrets);
  for (std::string& note : verdict.notes) note = secrets.mask(note);
  return verdict;
}

}  // namespace jobmedic
