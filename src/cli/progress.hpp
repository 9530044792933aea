#pragma once
#include <string>
#include <string_view>

namespace jobmedic::cli {

/// A bar on standard error while something takes long; nothing where that is no terminal. Gone when done.
class Progress {
 public:
  Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();
  /// `done`: 0 to 1.
  void show(double done, std::string_view what);

 private:
  bool visible_;
  std::string shown_;
};

}  // namespace jobmedic::cli
