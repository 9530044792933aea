#pragma once
#include <string>
#include <vector>

#include "jobmedic/classify.hpp"

namespace jobmedic::cli {

/// Classifies one failure after another with what it keeps between them. One thread at a time.
class BulkFolder {
 public:
  explicit BulkFolder(const Classifier& classifier) : classifier_(classifier) {}

  /// The verdict on the logs at `path`: a folder of logs, or one log. In a folder attempt.json is the attempt
  /// (jobmedic.attempt/1); else the exit code in meta.json, where there is one, is known.
  /// Throws Error: io, and what Attempt::parse throws.
  Classification classify(const std::string& path);

 private:
  struct Part {
    std::string name;
    std::size_t begin;
    std::size_t end;
  };
  bool read_whole(int folder, const std::vector<std::string>& names);
  bool read_part(int folder, const std::string& name);
  Classification classify_parts(const Attempt* attempt) const;

  const Classifier& classifier_;
  std::string bytes_;  // of all parts of a failure
  std::size_t used_ = 0;
  std::vector<Part> parts_;
};

}  // namespace jobmedic::cli
