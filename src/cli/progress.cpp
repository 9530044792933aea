#include "cli/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "cli/output.hpp"
#include "core/text.hpp"

namespace jobmedic::cli {

Progress::Progress() : visible_(error_is_terminal()) {}

Progress::~Progress() {
  if (!shown_.empty()) std::fputs("\r\x1b[K", stderr);
}

void Progress::show(double done, std::string_view what) {
  if (!visible_) return;
  constexpr int width = 30;
  const double share = std::clamp(done, 0.0, 1.0);
  const auto full = static_cast<std::size_t>(share * width);
  std::string line = fmt::format("\r\x1b[K[{:-<{}}] {:3.0f} %  {}", std::string(full, '#'), width, share * 100,
                                 one_line(what).substr(0, 40));
  if (line == shown_) return;
  std::fputs(line.c_str(), stderr);
  shown_ = std::move(line);
}

}  // namespace jobmedic::cli
