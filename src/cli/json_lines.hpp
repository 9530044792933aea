#pragma once
#include <functional>
#include <string>
#include <string_view>

namespace jobmedic::cli {

/// A file of one JSON document a line, read in pieces as often as asked. What comes through a pipe is kept, since it
/// comes once.
class JsonLines {
 public:
  explicit JsonLines(std::string path);
  /// Each line that is not blank; an Error that `visit` throws is told with its place: "history.jsonl:812: ...".
  void each(const std::function<void(std::string_view line)>& visit) const;

 private:
  std::string path_;
  std::string kept_;
  bool in_pieces_;
};

}  // namespace jobmedic::cli
