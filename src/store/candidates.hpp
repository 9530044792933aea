#pragma once
#include <compare>
#include <cstdint>
#include <string>

#include "jobmedic/store.hpp"

/// Which of the patches that match an attempt counts more.
namespace jobmedic {

/// Where a patch stands among others, from the lowest to the one that counts most.
struct Precedence {
  std::int64_t priority = 0;
  std::size_t scope_size = 0;
  std::int64_t created_ms = 0;  // as times, not as text: "...:00Z" and "...:00.500Z" do not sort by their bytes
  std::string id;
  auto operator<=>(const Precedence&) const = default;
};
Precedence precedence_of(const StoredPatch& patch);

}  // namespace jobmedic
