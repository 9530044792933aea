#include "store/postgresql/url.hpp"

#include <cctype>
#include <string>

#include "jobmedic/error.hpp"

namespace jobmedic::postgresql {
namespace {

std::string decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto hex = [&](std::size_t at) {
      return at < text.size() && std::isxdigit(static_cast<unsigned char>(text[at])) != 0;
    };
    if (text[i] == '%' && hex(i + 1) && hex(i + 2)) {
      result += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

// The last '@', wherever it is: a password may hold any character, and one that is written wrongly is one, too.
bool in_user(std::string_view rest) {
  const std::size_t at = rest.rfind('@');
  return at != std::string_view::npos && rest.find(':') < at;
}

bool in_parameters(std::string_view rest) {
  for (std::size_t mark = rest.find('?'); mark != std::string_view::npos; mark = rest.find('&', mark + 1)) {
    const std::string_view parameter = rest.substr(mark + 1);
    if (decoded(parameter.substr(0, parameter.find_first_of("=&"))).find("password") != std::string::npos) return true;
  }
  return false;
}

}  // namespace

bool is_url(std::string_view url) {
  return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

void refuse_password(std::string_view url) {
  const std::string_view rest = url.substr(url.find("//") + 2);
  if (!in_user(rest) && !in_parameters(rest)) return;
  throw Error(Status::invalid_argument,
              "store: a password does not belong in the URL, where everyone sees it: write "
              "postgresql://USER@HOST/DATABASE and give it in PGPASSWORD or a password file (PGPASSFILE, ~/.pgpass)");
}

}  // namespace jobmedic::postgresql
