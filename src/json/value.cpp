#include "json/value.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace jobmedic::json {
namespace {

// An integer and a double are equal where the double is that integer exactly; converting the integer would round it.
template <typename Integer>
bool same_number(Integer integer, double real) {
  constexpr double two_to_63 = 9223372036854775808.0;
  if (std::trunc(real) != real) return false;
  if constexpr (std::is_signed_v<Integer>) {
    return real >= -two_to_63 && real < two_to_63 && static_cast<Integer>(real) == integer;
  } else {
    return real >= 0 && real < 2 * two_to_63 && static_cast<Integer>(real) == integer;
  }
}

bool same_object(const Object& a, const Object& b) {
  if (a.size() != b.size()) return false;
  if (std::equal(a.begin(), a.end(), b.begin())) return true;
  std::vector<const Member*> sorted;
  sorted.reserve(b.size());
  for (const Member& member : b) sorted.push_back(&member);
  const auto by_name = [](const Member* x, const Member* y) { return x->first < y->first; };
  std::sort(sorted.begin(), sorted.end(), by_name);
  return std::all_of(a.begin(), a.end(), [&](const Member& member) {
    const auto found = std::lower_bound(sorted.begin(), sorted.end(), &member, by_name);
    return found != sorted.end() && (*found)->first == member.first && (*found)->second == member.second;
  });
}

}  // namespace

Value::Value(std::uint64_t u) {
  if (u <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    data_ = static_cast<std::int64_t>(u);
  } else {
    data_ = u;
  }
}

const Value* Value::find(std::string_view name) const {
  const auto* members = as<Object>();
  if (members == nullptr) return nullptr;
  const auto found = std::find_if(members->begin(), members->end(), [&](const Member& m) { return m.first == name; });
  return found == members->end() ? nullptr : &found->second;
}

Value* Value::find(std::string_view name) {
  return const_cast<Value*>(std::as_const(*this).find(name));
}

bool operator==(const Value& a, const Value& b) {
  if (a.data_.index() == b.data_.index()) {
    if (const auto* object = a.as<Object>()) return same_object(*object, *b.as<Object>());
    return a.data_ == b.data_;
  }
  if (const auto* real = b.as<double>()) {
    if (const auto* i = a.as<std::int64_t>()) return same_number(*i, *real);
    if (const auto* u = a.as<std::uint64_t>()) return same_number(*u, *real);
    return false;
  }
  return a.as<double>() != nullptr && b.is_number() && b == a;
}

Value object(std::initializer_list<std::pair<const char*, Value>> members) {
  Object result;
  result.reserve(members.size());
  for (const auto& [name, value] : members) result.emplace_back(name, value);
  return result;
}

}  // namespace jobmedic::json
