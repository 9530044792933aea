#include "classify/database.hpp"

#include <hs.h>

#include <algorithm>
#include <limits>
#include <map>
#include <new>
#include <numeric>

#include "classify/filter_expression.hpp"
#include "classify/frames.hpp"
#include "jobmedic/error.hpp"

namespace jobmedic::classify {
namespace {

struct FreeCompileError {
  void operator()(hs_compile_error_t* error) const noexcept { hs_free_compile_error(error); }
};
using CompileError = std::unique_ptr<hs_compile_error_t, FreeCompileError>;

[[noreturn]] void fail(const char* what, hs_error_t code) {
  if (code == HS_NOMEM) throw std::bad_alloc();
  throw Error(Status::internal, std::string("the scanner failed to ") + what + " (" + std::to_string(code) + ")");
}

unsigned flags_of(const std::string& flags, Filter filter) {
  // Never HS_FLAG_SINGLEMATCH: PCRE2 may still reject the first hit.
  unsigned bits = HS_FLAG_MULTILINE;
  if (flags.find('i') != std::string::npos) bits |= HS_FLAG_CASELESS;
  if (flags.find('s') != std::string::npos) bits |= HS_FLAG_DOTALL;
  if (filter == Filter::approximate) bits |= HS_FLAG_PREFILTER;
  return bits;
}

bool understands(const std::string& expression, unsigned flags) {
  hs_expr_info_t* info = nullptr;
  hs_compile_error_t* error = nullptr;
  const hs_error_t code = hs_expression_info(expression.c_str(), flags, &info, &error);
  const CompileError owned(error);
  const std::unique_ptr<hs_expr_info_t, decltype(&std::free)> owned_info(info, &std::free);
  return code == HS_SUCCESS;
}

Filter weaker(Filter filter) {
  return filter == Filter::exact ? Filter::approximate : Filter::none;
}

// Where all its literals are of three bytes or more, Hyperscan looks at each second byte of a text only. With many
// literals that costs more false alarms than it saves; a pair of bytes that no UTF-8 holds has it look at each.
constexpr const char* sentinel = "\\xC0\\xC1";
constexpr unsigned sentinel_id = std::numeric_limits<unsigned>::max();
constexpr std::size_t many_expressions = 200;

// What one or more patterns are looked for by.
struct Expression {
  std::string text;
  std::string flags;
  Filter filter = Filter::exact;
};

// As hs_compile_multi wants them: parallel arrays without the Filter::none.
struct Arrays {
  std::vector<const char*> texts;
  std::vector<unsigned> flags;
  std::vector<unsigned> ids;
};

Arrays collect(const std::vector<Expression>& expressions) {
  Arrays arrays;
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    if (expressions[i].filter == Filter::none) continue;
    arrays.texts.push_back(expressions[i].text.c_str());
    arrays.flags.push_back(flags_of(expressions[i].flags, expressions[i].filter));
    arrays.ids.push_back(static_cast<unsigned>(i));
  }
  if (arrays.ids.size() >= many_expressions) {
    arrays.texts.push_back(sentinel);
    arrays.flags.push_back(0);
    arrays.ids.push_back(sentinel_id);
  }
  return arrays;
}

// All expressions in one automaton; those that turn out too large are left to PCRE2. Empty: none is left.
hs_database_t* compile_all(std::vector<Expression>& expressions) {
  while (true) {
    const Arrays arrays = collect(expressions);
    if (arrays.ids.empty()) return nullptr;
    hs_database_t* automaton = nullptr;
    hs_compile_error_t* error = nullptr;
    const hs_error_t code =
        hs_compile_multi(arrays.texts.data(), arrays.flags.data(), arrays.ids.data(),
                         static_cast<unsigned>(arrays.ids.size()), HS_MODE_BLOCK, nullptr, &automaton, &error);
    const CompileError owned(error);
    if (code == HS_SUCCESS) return automaton;
    if (code != HS_COMPILER_ERROR) fail("compile the rules", code);
    const unsigned refused =
        error->expression < 0 ? sentinel_id : arrays.ids[static_cast<std::size_t>(error->expression)];
    if (refused == sentinel_id) {  // all of them together are too much
      for (Expression& expression : expressions) expression.filter = Filter::none;
      return nullptr;
    }
    // Too large; even to weaken it may take libhs minutes.
    expressions[refused].filter = Filter::none;
  }
}

int on_place(unsigned expression, unsigned long long, unsigned long long end, unsigned, void* context) {
  if (expression == sentinel_id) return 0;
  try {
    static_cast<std::vector<Place>*>(context)->push_back({expression, static_cast<std::uint32_t>(end)});
    return 0;
  } catch (const std::bad_alloc&) {  // must not cross Hyperscan's frames
    return 1;
  }
}

void append_number(std::string& bytes, std::uint32_t number) {
  for (int i = 0; i < 4; ++i) bytes += static_cast<char>(number >> (8 * i) & 0xFFU);
}
std::uint32_t read_number(std::string_view bytes) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number |= std::uint32_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return number;
}
constexpr std::size_t entry_size = 5;  // a pattern's filter and expression, as serialized

}  // namespace

void FreeScratch::operator()(hs_scratch* scratch) const noexcept {
  hs_free_scratch(scratch);
}
void Database::Free::operator()(hs_database* database) const noexcept {
  hs_free_database(database);
}

std::string scanner_version() {
  const std::string text = hs_version();
  return text.substr(0, text.find(' '));
}

std::optional<std::string> scanner_cpu() {
  if (hs_valid_platform() != HS_SUCCESS) return std::nullopt;
  hs_platform_info_t platform{};
  if (hs_populate_platform(&platform) != HS_SUCCESS) return std::nullopt;
  if ((platform.cpu_features & HS_CPU_FEATURES_AVX512) != 0) return "AVX512";
  if ((platform.cpu_features & HS_CPU_FEATURES_AVX2) != 0) return "AVX2";
  return "baseline";
}

Database Database::compile(std::span<const Pattern> patterns) {
  Database database;
  std::vector<Expression> expressions;
  std::map<std::pair<std::string, std::string>, std::uint32_t> known;
  const bool can_scan = scanner_cpu().has_value();
  for (const Pattern& pattern : patterns) {
    auto text = pattern.regex.empty()
                    ? std::nullopt
                    : filter_expression(framed_regex(pattern.frame, "", pattern.regex, pattern.flags), pattern.flags);
    if (!text || !can_scan) text.emplace();  // looked for by nothing
    const auto [entry, is_new] = known.emplace(std::pair(std::move(*text), std::string(pattern.flags)),
                                               static_cast<std::uint32_t>(expressions.size()));
    database.expression_of_.push_back(entry->second);
    if (!is_new) continue;
    Expression& expression = expressions.emplace_back(Expression{entry->first.first, entry->first.second});
    if (expression.text.empty()) expression.filter = Filter::none;
    while (expression.filter != Filter::none &&
           !understands(expression.text, flags_of(expression.flags, expression.filter))) {
      expression.filter = weaker(expression.filter);
    }
  }
  database.automaton_.reset(compile_all(expressions));
  for (const std::uint32_t expression : database.expression_of_) {
    database.filters_.push_back(expressions[expression].filter);
  }
  database.index_members();
  return database;
}

void Database::index_members() {
  std::uint32_t expressions = 0;
  for (const std::uint32_t expression : expression_of_) expressions = std::max(expressions, expression + 1);
  first_member_.assign(std::size_t{expressions} + 1, 0);
  for (const std::uint32_t expression : expression_of_) ++first_member_[expression + 1];
  std::partial_sum(first_member_.begin(), first_member_.end(), first_member_.begin());
  members_.resize(expression_of_.size());
  std::vector<std::uint32_t> next(first_member_);
  for (std::uint32_t pattern = 0; pattern < expression_of_.size(); ++pattern) {
    members_[next[expression_of_[pattern]]++] = pattern;
  }
}

std::optional<Database> Database::deserialize(std::string_view bytes, std::size_t pattern_count) {
  if (bytes.size() / entry_size < pattern_count) return std::nullopt;
  Database database;
  bool filtered = false;
  for (std::size_t i = 0; i < pattern_count; ++i) {
    const std::string_view entry = bytes.substr(i * entry_size, entry_size);
    const auto filter = static_cast<Filter>(entry[0]);
    const std::uint32_t expression = read_number(entry.substr(1));
    if (filter > Filter::none || expression >= pattern_count) return std::nullopt;
    database.filters_.push_back(filter);
    database.expression_of_.push_back(expression);
    filtered = filtered || filter != Filter::none;
  }
  database.index_members();
  const std::string_view automaton_bytes = bytes.substr(pattern_count * entry_size);
  if (automaton_bytes.empty()) return filtered ? std::nullopt : std::optional(std::move(database));
  hs_database_t* automaton = nullptr;
  if (hs_deserialize_database(automaton_bytes.data(), automaton_bytes.size(), &automaton) != HS_SUCCESS) {
    return std::nullopt;
  }
  database.automaton_.reset(automaton);
  return database;
}

std::string Database::serialize() const {
  std::string bytes;
  for (std::size_t i = 0; i < filters_.size(); ++i) {
    bytes += static_cast<char>(filters_[i]);
    append_number(bytes, expression_of_[i]);
  }
  if (!automaton_) return bytes;
  char* automaton = nullptr;
  std::size_t size = 0;
  const hs_error_t code = hs_serialize_database(automaton_.get(), &automaton, &size);
  if (code != HS_SUCCESS) fail("save the compiled rules", code);
  const std::unique_ptr<char, decltype(&std::free)> owned(automaton, &std::free);
  return bytes.append(automaton, size);
}

Scratch Database::make_scratch() const {
  if (!automaton_) return {};
  hs_scratch_t* scratch = nullptr;
  const hs_error_t code = hs_alloc_scratch(automaton_.get(), &scratch);
  if (code != HS_SUCCESS) fail("allocate its scratch space", code);
  return Scratch(scratch);
}

Scratch Database::clone(const Scratch& scratch) {
  if (!scratch) return {};
  hs_scratch_t* copy = nullptr;
  const hs_error_t code = hs_clone_scratch(scratch.get(), &copy);
  if (code != HS_SUCCESS) fail("clone its scratch space", code);
  return Scratch(copy);
}

void Database::scan(std::string_view text, const Scratch& scratch, std::vector<Place>& places) const {
  if (!automaton_ || text.empty()) return;
  if (text.size() > std::numeric_limits<std::uint32_t>::max()) throw Error(Status::internal, "a block above 4 GiB");
  const hs_error_t code =
      hs_scan(automaton_.get(), text.data(), static_cast<unsigned>(text.size()), 0, scratch.get(), on_place, &places);
  if (code == HS_SCAN_TERMINATED) throw std::bad_alloc();
  if (code != HS_SUCCESS) fail("scan", code);
}

}  // namespace jobmedic::classify
