#pragma once
#include <array>
#include <string>

#include "jobmedic/store.hpp"

namespace jobmedic::postgresql {

/// Where a store is and how it was asked for; every connection to it is opened from this.
struct Location {
  std::string url;  ///< without a password
  StoreOptions options;

  /// Throws Error (invalid_argument) where libpq does not understand it.
  Location(std::string_view url, const StoreOptions& options);

  /// For PQconnectStartParams and PQpingParams, with expand_dbname; what the URL says counts more than what is here.
  struct Parameters {
    std::array<const char*, 8> keywords{};
    std::array<const char*, 8> values{};
  };
  [[nodiscard]] Parameters parameters() const;

 private:
  std::string seconds_;
};

}  // namespace jobmedic::postgresql
