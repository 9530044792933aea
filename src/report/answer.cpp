#include "report/answer.hpp"

#include "jobmedic/error.hpp"
#include "jobmedic/patch.hpp"
#include "json/value.hpp"

namespace jobmedic::reported {
namespace {

// A row may have been written by anyone: what has the wrong type counts as absent.
template <typename T>
T member_or(const json::Value* value, std::string_view name, T fallback) {
  const json::Value* found = value == nullptr ? nullptr : value->find(name);
  const T* typed = found == nullptr ? nullptr : found->as<T>();
  return typed == nullptr ? fallback : *typed;
}

std::optional<double> probability(const json::Value* recommendation, const char* which) {
  const json::Value* prediction = recommendation == nullptr ? nullptr : recommendation->find(which);
  const json::Value* value = prediction == nullptr ? nullptr : prediction->find("failure_probability");
  if (value == nullptr || !value->is_number()) return std::nullopt;
  const auto* real = value->as<double>();
  const auto* integer = value->as<std::int64_t>();
  const double p = real != nullptr ? *real : integer != nullptr ? static_cast<double>(*integer) : -1;
  return p >= 0 && p <= 1 ? std::optional(p) : std::nullopt;
}

std::string decision_of(const Answer& answer, const std::string& recommended) {
  if (!answer.restart) return "do_not_retry";
  return recommended == "retry_with_patch" && !answer.quarantined ? recommended : "retry_unchanged";
}

// The first token of a JSON Pointer: configurations are flat.
std::string member_of(std::string_view pointer) {
  if (!pointer.empty()) pointer.remove_prefix(1);
  pointer = pointer.substr(0, pointer.find('/'));
  std::string name;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    const bool escaped = pointer[i] == '~' && i + 1 < pointer.size();
    name += !escaped ? pointer[i] : pointer[++i] == '1' ? '/' : '~';
  }
  return name;
}

bool equal(const json::Value* a, const json::Value* b) {
  return a == nullptr || b == nullptr ? a == b : *a == *b;
}

}  // namespace

std::optional<Answer> read_answer(std::string_view remediation) {
  json::Value document;
  try {
    document = json::parse(remediation);
  } catch (const Error&) {
    return std::nullopt;
  }
  if (document.find("retry") == nullptr || document.find("stopped") != nullptr) return std::nullopt;
  const json::Value* recommendation = document.find("recommendation");
  const json::Value* would = document.find("would");
  Answer answer;
  answer.acts = member_or<std::string>(&document, "mode", "act") == "act";
  answer.restart = member_or<bool>(would != nullptr ? would : document.find("retry"), "restart", false);
  answer.quarantined = member_or<bool>(&document, "quarantined", false);
  answer.method = member_or<std::string>(recommendation, "method", "verdict");
  answer.model = member_or<std::string>(recommendation, "model", "");
  answer.predicted = probability(recommendation, "predicted");
  answer.unchanged = probability(recommendation, "unchanged");
  answer.decision = decision_of(answer, member_or<std::string>(recommendation, "decision", ""));
  const json::Value* patch = recommendation == nullptr ? nullptr : recommendation->find("patch");
  if (answer.decision == "retry_with_patch" && patch != nullptr) answer.patch = json::write(*patch);
  return answer;
}

bool ran_with(const std::string& patch, const Attempt& failed, const Attempt& retry) {
  if (patch.empty()) return false;
  try {
    const json::Value wanted = json::parse(apply_patch(failed.config, patch));
    const json::Value had = json::parse(retry.config);
    const json::Value operations = json::parse(patch);
    const auto* list = operations.as<json::Array>();
    if (list == nullptr || list->empty()) return false;
    for (const json::Value& operation : *list) {
      const std::string name = member_of(member_or<std::string>(&operation, "path", ""));
      if (!equal(wanted.find(name), had.find(name))) return false;
    }
    return true;
  } catch (const Error&) {  // it does not fit what is on record
    return false;
  }
}

bool same_configuration(const Attempt& a, const Attempt& b) {
  return a.config == b.config || json::parse(a.config) == json::parse(b.config);
}

}  // namespace jobmedic::reported
