// The many ways to write one device key.
#include <algorithm>

#include "jobmedic/forecast.hpp"

namespace jobmedic::forecast {
namespace {

std::string trimmed(const std::string& text) {
  constexpr const char* blanks = " \t\r\n\v\f";
  const auto begin = text.find_first_not_of(blanks);
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

}  // namespace

DeviceKey normalised(DeviceKey key) {
  key.type = trimmed(key.type);
  key.sdk = trimmed(key.sdk);
  for (char& c : key.type) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  if (std::count(key.sdk.begin(), key.sdk.end(), '.') == 2 && key.sdk.ends_with(".0")) {
    key.sdk.resize(key.sdk.size() - 2);
  }
  return key;
}

}  // namespace jobmedic::forecast
