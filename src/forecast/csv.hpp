#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collect/byte_stream.hpp"

/// CSV (RFC 4180) with a header, row by row and with constant memory; gzip and zstd are decompressed.
namespace jobmedic::forecast {

class CsvReader {
 public:
  /// Throws Error: io; parse where there is no header.
  explicit CsvReader(const std::filesystem::path& path);
  /// The same over text in memory, borrowed; `name` is told in errors.
  CsvReader(std::string name, std::string_view text);

  [[nodiscard]] const std::vector<std::string>& header() const { return header_; }
  [[nodiscard]] std::optional<std::size_t> find(std::string_view column) const;
  /// Throws Error (parse) where there is no such column.
  [[nodiscard]] std::size_t at(std::string_view column) const;

  /// The next row into row(); false at the end. Throws Error (parse) with the line of a row of another width.
  bool next();
  [[nodiscard]] const std::vector<std::string>& row() const { return row_; }
  /// NaN where the field is empty. Throws Error (parse) where it is no number.
  [[nodiscard]] double number(std::size_t column) const;
  [[noreturn]] void fail(const std::string& problem) const;

 private:
  void open();
  bool read_row(std::vector<std::string>& into);
  int get();

  std::string name_;
  std::unique_ptr<collect::ByteStream> stream_;
  std::string buffer_;
  std::size_t place_ = 0, filled_ = 0;
  std::uint64_t line_ = 1, row_line_ = 1;
  std::vector<std::string> header_;
  std::vector<std::string> row_;
};

/// A field as CSV writes it: quoted where it has to be.
std::string csv_field(std::string_view text);

}  // namespace jobmedic::forecast
