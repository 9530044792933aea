// JSON documents and attempts, where the name of a member tells what its value is.
#include "jobmedic/secrets.hpp"
#include "json/value.hpp"

namespace jobmedic {
namespace {

class Masker {
 public:
  explicit Masker(const SecretMask& mask) : mask_(mask) {}

  // `name`: what the value is assigned to; empty: to nothing.
  void run(json::Value& value, std::string_view name) {
    if (auto* text = value.as<std::string>()) {
      *text = name.empty() ? mask_.mask(*text) : mask_.mask_setting(name, *text);
    } else if (auto* items = value.as<json::Array>()) {
      run_items(*items, name);
    } else if (auto* members = value.as<json::Object>()) {
      run_members(*members);
    } else if (value.is_number() && !name.empty()) {
      std::string text = json::write(value);
      if (mask_.mask_setting(name, text) != text) value = secret_mask;
    }
  }

 private:
  // An item after "--password", or after "spark.ssl.keyPassword" in a pair, belongs to it.
  void run_items(json::Array& items, std::string_view name) {
    std::string before;
    for (json::Value& item : items) {
      const auto* text = item.as<std::string>();
      const std::string next = text == nullptr ? "" : *text;
      const bool belongs = name.empty() && (before.starts_with('-') || items.size() == 2);
      run(item, belongs ? before : name);
      before = next;
    }
  }

  // {"name": "DB_PASSWORD", "value": "..."} is what Kubernetes, Hadoop and many a tool write for an assignment, with
  // "path" it is an operation of a JSON Patch.
  void run_members(json::Object& members) {
    std::string named;
    for (const auto& [name, value] : members) {
      const auto* text = value.as<std::string>();
      if (text == nullptr) continue;
      if (name == "name" || name == "key" || name == "Name" || name == "Key") named = *text;
      if (name == "path") named = text->substr(text->rfind('/') + 1);
    }
    for (auto& [name, value] : members) run(value, name == "value" || name == "Value" ? named : name);
  }

  const SecretMask& mask_;
};

json::Value masked(const SecretMask& mask, std::string_view text) {
  json::Value value = json::parse(text);
  Masker(mask).run(value, "");
  return value;
}

}  // namespace

std::string SecretMask::mask_json(std::string_view json) const {
  return impl_ ? json::write(masked(*this, json)) : std::string(json);
}

Attempt SecretMask::mask(const Attempt& attempt) const {
  if (!impl_) return attempt;
  Attempt safe = attempt;
  for (auto& [name, label] : safe.labels) label = mask_setting(name, label);
  safe.config = mask_json(attempt.config);
  safe.plan = mask(attempt.plan);
  if (!attempt.document.empty()) safe.document = mask_json(attempt.document);
  return safe;
}

}  // namespace jobmedic
