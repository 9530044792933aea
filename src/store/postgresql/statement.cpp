#include "store/postgresql/statement.hpp"

#include <libpq-fe.h>

#include <bit>

#include "store/postgresql/connection.hpp"

namespace jobmedic::postgresql {
namespace {

std::string big_endian(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(bits >> static_cast<unsigned>(shift));
  return bytes;
}

}  // namespace

void ClearResult::operator()(pg_result* result) const noexcept {
  PQclear(result);
}

Statement::Value& Statement::value(int index) {
  const auto place = static_cast<std::size_t>(index);
  if (values_.size() < place) values_.resize(place);
  return values_[place - 1] = {};
}

void Statement::bind(int index, std::int64_t number) {
  value(index).copy = big_endian(number);
}

void Statement::bind(int index, std::string_view text) {
  value(index).copy = text;
}

void Statement::bind(int index, sql::Blob blob) {
  value(index).borrowed = blob.bytes;
}

void Statement::bind_null(int index) {
  value(index).null = true;
}

void Statement::execute() {
  std::vector<const char*> bytes;
  std::vector<int> sizes;
  for (const Value& value : values_) {
    const std::string_view given = value.borrowed.value_or(value.copy);
    // A null pointer would be NULL, and an empty view may carry one.
    bytes.push_back(value.null ? nullptr : given.data() == nullptr ? "" : given.data());
    sizes.push_back(static_cast<int>(given.size()));
  }
  result_ = connection_.execute(name_, bytes, sizes);
}

bool Statement::step() {
  if (!result_) execute();
  return ++row_ < PQntuples(result_.get());
}

bool Statement::null(int column) const {
  return PQgetisnull(result_.get(), row_, column) != 0;
}

std::int64_t Statement::integer(int column) const {
  const auto* bytes = reinterpret_cast<const unsigned char*>(PQgetvalue(result_.get(), row_, column));
  const int size = PQgetlength(result_.get(), row_, column);
  std::uint64_t bits = size > 0 && bytes[0] >= 0x80 ? ~std::uint64_t{0} : 0;  // int2 and int4 keep their sign
  for (int i = 0; i < size; ++i) bits = bits << 8U | bytes[i];
  return std::bit_cast<std::int64_t>(bits);
}

std::string Statement::text(int column) const {
  return {PQgetvalue(result_.get(), row_, column), static_cast<std::size_t>(PQgetlength(result_.get(), row_, column))};
}

void Statement::reset() noexcept {
  values_.clear();
  result_.reset();
  row_ = -1;
}

std::string numbered(std::string_view sql) {
  std::string result;
  int count = 0;
  for (const char c : sql) {
    if (c == '?') {
      result += '$' + std::to_string(++count);
    } else {
      result += c;
    }
  }
  return result;
}

}  // namespace jobmedic::postgresql
