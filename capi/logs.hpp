#pragma once
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "jobmedic.h"
#include "jobmedic/engine.hpp"

namespace jobmedic::capi {

/// The logs of one call: an array of jobmedic_log, checked. Borrows their bytes.
class Logs {
 public:
  /// Throws Error: invalid_argument.
  Logs(const jobmedic_log* logs, std::size_t count, std::size_t stride);

  /// In one block where all are bytes; in pieces where some are files, since those may be larger than memory.
  [[nodiscard]] Classification classify(const Engine& engine, const Attempt* attempt) const;
  /// The whole chain.
  [[nodiscard]] std::string remediate(Engine& engine, const Attempt& failed) const;

 private:
  struct Source {
    std::string name;
    std::string_view data;
    std::filesystem::path path;  // empty: `data` it is
  };
  [[nodiscard]] bool all_bytes() const;
  [[nodiscard]] std::vector<Log> blocks() const;
  [[nodiscard]] std::vector<TellingLine> telling_lines(const SecretMask& secrets) const;
  [[nodiscard]] Classification classify_in_pieces(const Engine& engine, const Attempt* attempt) const;
  [[nodiscard]] Classification feed(Scan& scan) const;

  std::vector<Source> sources_;
};

}  // namespace jobmedic::capi
