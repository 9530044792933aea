#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Text for people. Colour only on a terminal, and not where NO_COLOR is set.
namespace jobmedic::cli {

enum class Tone { plain, strong, dim, good, bad, changed };

class Page {
 public:
  Page();
  /// Words from logs and configurations are made harmless: no control character reaches the terminal.
  Page& text(std::string_view words, Tone tone = Tone::plain);
  Page& end_line();
  Page& line(std::string_view words, Tone tone = Tone::plain) { return text(words, tone).end_line(); }
  /// Indented lines of at most 100 columns, broken between words and after semicolons.
  Page& paragraph(std::string_view words);
  /// "  Label      words": labels share a column.
  Page& field(std::string_view label, std::string_view words);
  /// Cells in columns as wide as their widest; the first column is left-aligned, the others as asked.
  Page& table(const std::vector<std::vector<std::string>>& rows, bool right_aligned);

  [[nodiscard]] const std::string& str() const { return text_; }

 private:
  std::string text_;
  bool colour_;
};

/// "97 %", "0.4 %"
std::string percent(double share);
/// "$2.10", "$0.00043": two digits that say something.
std::string dollars(double usd);
/// "4 ms", "1.2 s", "10 min"
std::string seconds(double s);

}  // namespace jobmedic::cli
