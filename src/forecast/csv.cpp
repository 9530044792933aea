#include "forecast/csv.hpp"

#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "collect/decompress.hpp"
#include "jobmedic/error.hpp"

namespace jobmedic::forecast {
namespace {

constexpr std::size_t piece = std::size_t{64} << 10U;
constexpr std::size_t longest_row = std::size_t{1} << 20U;

}  // namespace

CsvReader::CsvReader(const std::filesystem::path& path)
    : name_(path.string()), stream_(collect::decompressed(collect::open_file(path))) {
  open();
}

CsvReader::CsvReader(std::string name, std::string_view text)
    : name_(std::move(name)), stream_(collect::open_memory(text)) {
  open();
}

void CsvReader::open() {
  buffer_.resize(piece);
  if (!read_row(header_)) fail("is empty: a header with the names of its columns was expected");
}

int CsvReader::get() {
  if (place_ == filled_) {
    filled_ = stream_->read({buffer_.data(), buffer_.size()});
    place_ = 0;
    if (filled_ == 0) return -1;
  }
  return static_cast<unsigned char>(buffer_[place_++]);
}

bool CsvReader::read_row(std::vector<std::string>& into) {
  std::size_t fields = 0, size = 0;
  bool quoted = false, any = false, was_quoted = false;
  const auto field = [&]() -> std::string& { return into[fields - 1]; };
  const auto begin_field = [&] {
    if (++fields > into.size()) into.emplace_back();
    field().clear();
    was_quoted = false;
  };
  row_line_ = line_;
  begin_field();
  for (int c = get();; c = get()) {
    if (++size > longest_row) fail("a row is longer than 1 MiB");
    if (c < 0) {
      if (quoted) fail("a quoted field does not end");
      if (!any) return false;
      break;
    }
    if (c == '\n') ++line_;
    if (quoted) {
      if (c != '"') {
        field() += static_cast<char>(c);
        continue;
      }
      quoted = false;
      was_quoted = true;
      continue;
    }
    if (c == '"') {  // a quote after a quoted part is a quote itself
      if (was_quoted) field() += '"';
      quoted = true;
      any = true;
    } else if (c == ',') {
      begin_field();
      any = true;
    } else if (c == '\n') {
      if (any) break;  // else an empty line
      row_line_ = line_;
    } else if (c != '\r') {
      field() += static_cast<char>(c);
      any = true;
    }
  }
  into.resize(fields);
  return true;
}

std::optional<std::size_t> CsvReader::find(std::string_view column) const {
  for (std::size_t i = 0; i < header_.size(); ++i) {
    if (header_[i] == column) return i;
  }
  return std::nullopt;
}

std::size_t CsvReader::at(std::string_view column) const {
  const auto found = find(column);
  if (!found) throw Error(Status::parse, fmt::format("{}: it has no column \"{}\"", name_, column));
  return *found;
}

bool CsvReader::next() {
  if (!read_row(row_)) return false;
  if (row_.size() != header_.size()) {
    fail(fmt::format("{} fields, where the header has {}", row_.size(), header_.size()));
  }
  return true;
}

double CsvReader::number(std::size_t column) const {
  const std::string& text = row_[column];
  if (text.empty()) return std::numeric_limits<double>::quiet_NaN();
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) {
    fail(fmt::format(R"(column "{}": expected a number, found "{}")", header_[column], text.substr(0, 40)));
  }
  return value;
}

void CsvReader::fail(const std::string& problem) const {
  throw Error(Status::parse, fmt::format("{}:{}: {}", name_, row_line_, problem),
              fmt::format(R"({{"line": {}}})", row_line_));
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of("\",\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace jobmedic::forecast
