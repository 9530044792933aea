#include "cli/json_lines.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "cli/arguments.hpp"
#include "core/file.hpp"

namespace jobmedic::cli {
namespace {

constexpr std::size_t longest_line = std::size_t{64} << 20U;

// Cuts pieces into lines; a line may lie across many pieces.
class Splitter {
 public:
  Splitter(const std::string& name, const std::function<void(std::string_view)>& visit) : name_(name), visit_(visit) {}

  void feed(std::string_view piece) {
    for (std::size_t end = piece.find('\n'); end != std::string_view::npos; end = piece.find('\n')) {
      begun_ += piece.substr(0, end);
      piece.remove_prefix(end + 1);
      finish_line();
    }
    begun_ += piece;
    if (begun_.size() > longest_line) fail("the line is longer than 64 MiB");
  }
  void finish_line() {
    ++number_;
    if (begun_.find_first_not_of(" \t\r") != std::string::npos) visit_line();
    begun_.clear();
  }

 private:
  void visit_line() {
    try {
      visit_(begun_);
    } catch (const Error& error) {
      throw Error(error.status(), fmt::format("{}:{}: {}", name_, number_, error.what()), error.detail());
    }
  }
  [[noreturn]] void fail(std::string_view why) const {
    throw Error(Status::parse, fmt::format("{}:{}: {}", name_, number_ + 1, why));
  }

  const std::string& name_;
  const std::function<void(std::string_view)>& visit_;
  std::string begun_;
  std::size_t number_ = 0;
};

}  // namespace

JsonLines::JsonLines(std::string path) : path_(std::move(path)) {
  std::error_code ignored;
  in_pieces_ = path_ != "-" && std::filesystem::is_regular_file(path_, ignored);
  if (!in_pieces_) kept_ = read_text(path_);
  if (path_ == "-") path_ = "standard input";
}

void JsonLines::each(const std::function<void(std::string_view)>& visit) const {
  Splitter lines(path_, visit);
  if (in_pieces_) {
    read_pieces(path_, [&](std::string_view piece) { lines.feed(piece); });
  } else {
    lines.feed(kept_);
  }
  lines.finish_line();
}

}  // namespace jobmedic::cli
