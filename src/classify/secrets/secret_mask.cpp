#include <algorithm>
#include <optional>

#include "classify/secrets/finder.hpp"
#include "jobmedic/secrets.hpp"

namespace jobmedic {
namespace {

constexpr int most_passes = 8;  // two do, but for nonsense

}  // namespace

struct SecretMask::Impl {
  explicit Impl(secrets::Patterns all) : finder(std::move(all)) {}
  secrets::Finder finder;
};

SecretMask::SecretMask() {
  static const auto shipped = std::make_shared<const Impl>(secrets::shipped_patterns());
  impl_ = shipped;
}

SecretMask SecretMask::none() {
  return SecretMask(nullptr);
}

SecretMask SecretMask::with(std::string_view json, std::string_view file) const {
  secrets::Patterns patterns = impl_ ? impl_->finder.patterns() : secrets::Patterns();
  patterns.append(secrets::parse_patterns(json, file));
  return SecretMask(std::make_shared<const Impl>(std::move(patterns)));
}

std::vector<SecretSpan> SecretMask::find(std::string_view text) const {
  return impl_ ? impl_->finder.find(text) : std::vector<SecretSpan>();
}

std::string SecretMask::mask(std::string_view text) const {
  std::vector<SecretSpan> spans = find(text);
  std::string masked = masked_part(text, 0, text.size(), spans);
  // Where a secret went, its surroundings have come together and may read anew.
  for (int pass = 1; pass < most_passes && !spans.empty(); ++pass) {
    spans = find(masked);
    if (!spans.empty()) masked = masked_part(masked, 0, masked.size(), spans);
  }
  return masked;
}

std::string SecretMask::mask_setting(std::string_view name, std::string_view value) const {
  if (impl_ && impl_->finder.names_secret(name, value)) return std::string(secret_mask);
  return mask(value);
}

std::string masked_part(std::string_view text, std::size_t begin, std::size_t end,
                        const std::vector<SecretSpan>& spans) {
  std::string masked;
  for (const SecretSpan& span : spans) {
    if (span.end <= begin) continue;
    if (span.begin >= end) break;
    if (span.begin > begin) masked += text.substr(begin, span.begin - begin);
    masked += secret_mask;
    begin = span.end;
  }
  if (begin < end) masked += text.substr(begin, end - begin);
  return masked;
}

}  // namespace jobmedic
