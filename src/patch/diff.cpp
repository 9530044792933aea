#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

#include "jobmedic/patch.hpp"
#include "json/reader.hpp"
#include "json/value.hpp"
#include "patch/limits.hpp"

namespace jobmedic {
namespace {

using json::Array;
using json::Object;
using json::Value;

Value operation(const char* kind, const std::string& path) {
  return json::object({{"op", kind}, {"path", path}});
}

Value operation(const char* kind, const std::string& path, const Value& value) {
  return json::object({{"op", kind}, {"path", path}, {"value", value}});
}

// Where a member stands. Mostly it is the next one, so that no index has to be built.
class MemberFinder {
 public:
  explicit MemberFinder(const Object& members) : members_(members) {}

  // members.size() where there is none.
  std::size_t find(const std::string& name) {
    if (next_ < members_.size() && members_[next_].first == name) return next_++;
    if (index_.empty()) {
      for (std::size_t i = 0; i < members_.size(); ++i) index_.emplace(members_[i].first, i);
    }
    const auto found = index_.find(name);
    if (found == index_.end()) return members_.size();
    next_ = found->second + 1;
    return found->second;
  }

 private:
  const Object& members_;
  std::size_t next_ = 0;
  std::unordered_map<std::string_view, std::size_t> index_;
};

// Fewest insertions, deletions and substitutions between two runs of elements (Wagner and Fischer 1974).
class EditTable {
 public:
  EditTable(const Value* from, std::size_t from_size, const Value* to, std::size_t to_size)
      : from_(from), to_(to), columns_(to_size + 1), costs_((from_size + 1) * columns_) {
    for (std::size_t j = 0; j <= to_size; ++j) cost(0, j) = static_cast<std::uint32_t>(j);
    for (std::size_t i = 1; i <= from_size; ++i) {
      cost(i, 0) = static_cast<std::uint32_t>(i);
      for (std::size_t j = 1; j <= to_size; ++j) {
        cost(i, j) =
            same(i, j) ? cost(i - 1, j - 1) : 1 + std::min({cost(i - 1, j - 1), cost(i - 1, j), cost(i, j - 1)});
      }
    }
  }

  enum class Step { keep, substitute, remove, insert };
  // The last step of a shortest edit of the first `i` elements into the first `j`.
  [[nodiscard]] Step step(std::size_t i, std::size_t j) const {
    if (i == 0) return Step::insert;
    if (j == 0) return Step::remove;
    if (same(i, j)) return Step::keep;
    const std::uint32_t before = cost(i, j) - 1;
    if (cost(i - 1, j - 1) == before) return Step::substitute;
    return cost(i - 1, j) == before ? Step::remove : Step::insert;
  }

 private:
  [[nodiscard]] bool same(std::size_t i, std::size_t j) const { return from_[i - 1] == to_[j - 1]; }
  std::uint32_t& cost(std::size_t i, std::size_t j) { return costs_[i * columns_ + j]; }
  [[nodiscard]] std::uint32_t cost(std::size_t i, std::size_t j) const { return costs_[i * columns_ + j]; }

  const Value* from_;
  const Value* to_;
  std::size_t columns_;
  std::vector<std::uint32_t> costs_;
};

// Above this many cells an edit table is not worth its memory: elements are then paired by position.
constexpr std::size_t max_cells = 1'000'000;

// Collects operations. `steps` is what a path costs to walk, to keep the whole within apply_patch()'s limits.
class Comparison {
 public:
  void compare(const Value& from, const Value& to, const std::string& path, std::size_t steps) {
    const auto* from_object = from.as<Object>();
    const auto* to_object = to.as<Object>();
    if (from_object != nullptr && to_object != nullptr) return compare_objects(*from_object, *to_object, path, steps);
    const auto* from_array = from.as<Array>();
    const auto* to_array = to.as<Array>();
    if (from_array != nullptr && to_array != nullptr) return compare_arrays(*from_array, *to_array, path, steps);
    if (!(from == to)) emit(operation("replace", path, to), steps);
  }

  [[nodiscard]] bool applicable() const { return operations_.size() <= max_operations && steps_ <= max_steps; }
  [[nodiscard]] Array take() { return std::move(operations_); }

 private:
  void emit(Value operation, std::size_t steps) {
    operations_.push_back(std::move(operation));
    steps_ += steps;
  }

  // Member by member, never as a whole: such a patch still fits when other members have changed meanwhile.
  void compare_objects(const Object& from, const Object& to, const std::string& path, std::size_t steps) {
    steps += from.size() + to.size();
    MemberFinder in_to(to);
    std::vector<bool> known(to.size());
    for (const auto& [name, value] : from) {
      const std::size_t at = in_to.find(name);
      if (at == to.size()) {
        emit(operation("remove", inside(path, name)), steps);
      } else {
        compare(value, to[at].second, inside(path, name), steps);
        known[at] = true;
      }
    }
    for (std::size_t i = 0; i < to.size(); ++i) {
      if (!known[i]) emit(operation("add", inside(path, to[i].first), to[i].second), steps);
    }
  }

  // The edit script, unless to write the new array down is shorter.
  void compare_arrays(const Array& from, const Array& to, const std::string& path, std::size_t steps) {
    const std::size_t count_before = operations_.size();
    const std::size_t steps_before = steps_;
    edit(from, to, path, steps + from.size() + to.size());
    if (operations_.size() == count_before) return;
    Value whole = operation("replace", path, to);
    const std::size_t whole_size = json::write(whole).size();
    std::size_t edit_size = 0;
    for (std::size_t i = count_before; i < operations_.size() && edit_size <= whole_size; ++i) {
      edit_size += json::write(operations_[i]).size() + 1;
    }
    if (edit_size <= whole_size) return;
    operations_.resize(count_before);
    steps_ = steps_before;
    emit(std::move(whole), steps);
  }

  // From the last element to the first: each operation leaves the indices before it as they were.
  void edit(const Array& from, const Array& to, const std::string& path, std::size_t steps) {
    const std::size_t shorter = std::min(from.size(), to.size());
    std::size_t head = 0;
    while (head < shorter && from[head] == to[head]) ++head;
    std::size_t tail = 0;
    while (tail < shorter - head && from[from.size() - 1 - tail] == to[to.size() - 1 - tail]) ++tail;

    std::size_t i = from.size() - head - tail;
    std::size_t j = to.size() - head - tail;
    const bool by_position = (i + 1) * (j + 1) > max_cells;
    const EditTable table(from.data() + head, by_position ? 0 : i, to.data() + head, by_position ? 0 : j);
    using Step = EditTable::Step;
    while (i > 0 || j > 0) {
      const Step step = !by_position ? table.step(i, j)
                        : i > j      ? Step::remove
                        : i < j      ? Step::insert
                                     : Step::substitute;
      const std::size_t at = head + i - (step == Step::insert ? 0 : 1);
      const std::string place = inside(path, std::to_string(at));
      if (step == Step::insert) emit(operation("add", place, to[head + j - 1]), steps);
      if (step == Step::remove) emit(operation("remove", place), steps);
      if (step == Step::substitute) compare(from[at], to[head + j - 1], place, steps);
      if (step != Step::insert) --i;
      if (step != Step::remove) --j;
    }
  }

  static std::string inside(const std::string& path, std::string_view token) {
    return path + '/' + json::escape_pointer_token(token);
  }

  Array operations_;
  std::size_t steps_ = 0;
};

}  // namespace

std::string diff(std::string_view from, std::string_view to) {
  const Value before = json::parse_named("from", from);
  const Value after = json::parse_named("to", to);
  Comparison comparison;
  comparison.compare(before, after, "", 0);
  if (comparison.applicable()) return json::write(comparison.take());
  return json::write(Array{operation("replace", "", after)});
}

}  // namespace jobmedic
