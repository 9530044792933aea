#pragma once
#include <string_view>

/// What is known of a postgresql:// URL without libpq.
namespace jobmedic::postgresql {

/// One of libpq's forms: "postgresql://..." or "postgres://...".
bool is_url(std::string_view url);

/// Throws Error (invalid_argument), and does not repeat the URL, where it may hold a password: it would be seen in
/// process lists, logs and error messages.
void refuse_password(std::string_view url);

}  // namespace jobmedic::postgresql
