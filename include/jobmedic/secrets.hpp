#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "jobmedic/attempt.hpp"

/// Keys, tokens and passwords are masked before anything is returned or stored: the document jobmedic.secrets/1.
///
/// Masked is what jobmedic says and keeps: evidence and captures, reasons, remediations, the attempts in a store with
/// their configuration, labels and plan, messages to the log. Never masked is what has to work: the configuration that
/// get_config() and apply_patch() hand back is the caller's own with the patches applied, and a patch is stored as it
/// was given. Names that identify (job, run, engine, labels' names) stay as they are. A model is trained on what the
/// store kept and asked about the masked attempt, so both see the same words.
namespace jobmedic {

/// What a secret is replaced by: never longer or shorter, so that it tells nothing about the secret.
constexpr std::string_view secret_mask = "****";

/// Bytes of a text that are a secret.
struct SecretSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view what;  ///< the pattern's name; lives as long as a mask with that pattern
  bool operator==(const SecretSpan&) const = default;
};

/// Finds secrets by the name they are assigned to ("settings": password=..., "spark.ssl.keyPassword": "...") and by
/// their own shape ("shapes": AKIA..., a private key). A cheap value; immutable: any number of threads may use it at
/// once. Linear in the text, also where the text is hostile. mask(mask(x)) == mask(x).
class SecretMask {
 public:
  /// The shipped patterns (src/classify/secrets/secrets.json).
  SecretMask();
  /// Masks nothing.
  static SecretMask none();
  /// These patterns and those of `json` (jobmedic.secrets/1). `file` names the text in messages.
  /// Throws Error: parse, schema, rules (a bad regex, with its column).
  [[nodiscard]] SecretMask with(std::string_view json, std::string_view file = "secrets") const;

  /// In ascending order, disjoint.
  [[nodiscard]] std::vector<SecretSpan> find(std::string_view text) const;
  /// "password=hunter2" to "password=****". Need not be UTF-8.
  [[nodiscard]] std::string mask(std::string_view text) const;
  /// The value of a setting: masked whole where the name says that it is a secret, else as text.
  [[nodiscard]] std::string mask_setting(std::string_view name, std::string_view value) const;
  /// Every text in a JSON document, knowing the name of the member it belongs to. Throws Error (parse).
  [[nodiscard]] std::string mask_json(std::string_view json) const;
  /// Labels, configuration, plan and the document it was parsed from.
  [[nodiscard]] Attempt mask(const Attempt& attempt) const;

  [[nodiscard]] bool masks_anything() const noexcept { return impl_ != nullptr; }
  struct Impl;  // public for src/classify/secrets only

 private:
  explicit SecretMask(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;  // null: nothing is masked
};

/// The text with `spans` (ascending, disjoint) masked, from byte `begin` to `end`: a span that lies across a border is
/// masked whole, so that no cut shows half a secret.
std::string masked_part(std::string_view text, std::size_t begin, std::size_t end,
                        const std::vector<SecretSpan>& spans);

/// By the shipped patterns.
inline std::string mask_secrets(std::string_view text) {
  return SecretMask().mask(text);
}

}  // namespace jobmedic
