#include "classify/database.hpp"

#include <hs.h>

#include <limits>
#include <new>

#include "classify/filter_expression.hpp"
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

unsigned flags_of(const Rule& rule, Filter filter) {
  // Never HS_FLAG_SINGLEMATCH: PCRE2 may still reject the first hit.
  unsigned flags = HS_FLAG_MULTILINE;
  if (rule.flags.find('i') != std::string::npos) flags |= HS_FLAG_CASELESS;
  if (rule.flags.find('s') != std::string::npos) flags |= HS_FLAG_DOTALL;
  if (filter == Filter::approximate) flags |= HS_FLAG_PREFILTER;
  return flags;
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

// What the rules' regexes are turned into, as hs_compile_multi wants it: parallel arrays without the Filter::none.
struct Expressions {
  std::vector<const char*> texts;
  std::vector<unsigned> flags;
  std::vector<unsigned> ids;
};

Expressions collect(std::span<const Rule> rules, const std::vector<std::string>& texts,
                    const std::vector<Filter>& filters) {
  Expressions expressions;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (filters[i] == Filter::none) continue;
    expressions.texts.push_back(texts[i].c_str());
    expressions.flags.push_back(flags_of(rules[i], filters[i]));
    expressions.ids.push_back(static_cast<unsigned>(i));
  }
  return expressions;
}

struct Callback {
  Database::Visit visit;
  void* context;
};

int on_hit(unsigned rule, unsigned long long, unsigned long long end, unsigned, void* context) {
  const auto* callback = static_cast<const Callback*>(context);
  return callback->visit(callback->context, rule, static_cast<std::size_t>(end)) ? 0 : 1;
}

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

Database Database::compile(std::span<const Rule> rules) {
  Database database;
  std::vector<std::string> texts(rules.size());
  for (std::size_t i = 0; i < rules.size(); ++i) {
    auto text = rules[i].regex.empty() ? std::nullopt : filter_expression(rules[i].regex, rules[i].flags);
    Filter filter = text && scanner_cpu() ? Filter::exact : Filter::none;
    if (text) texts[i] = std::move(*text);
    while (filter != Filter::none && !understands(texts[i], flags_of(rules[i], filter))) filter = weaker(filter);
    database.filters_.push_back(filter);
  }
  while (true) {
    const Expressions expressions = collect(rules, texts, database.filters_);
    if (expressions.ids.empty()) return database;
    hs_database_t* automaton = nullptr;
    hs_compile_error_t* error = nullptr;
    const hs_error_t code =
        hs_compile_multi(expressions.texts.data(), expressions.flags.data(), expressions.ids.data(),
                         static_cast<unsigned>(expressions.ids.size()), HS_MODE_BLOCK, nullptr, &automaton, &error);
    const CompileError owned(error);
    if (code == HS_SUCCESS) {
      database.automaton_.reset(automaton);
      return database;
    }
    if (code != HS_COMPILER_ERROR) fail("compile the rules", code);
    if (error->expression < 0) {  // all of them together are too much
      database.filters_.assign(rules.size(), Filter::none);
      return database;
    }
    // Too large; even to weaken it may take libhs minutes.
    database.filters_[expressions.ids[static_cast<std::size_t>(error->expression)]] = Filter::none;
  }
}

std::optional<Database> Database::deserialize(std::string_view bytes, std::size_t rule_count) {
  if (bytes.size() < rule_count) return std::nullopt;
  Database database;
  bool filtered = false;
  for (const char c : bytes.substr(0, rule_count)) {
    if (c < 0 || c > static_cast<char>(Filter::none)) return std::nullopt;
    database.filters_.push_back(static_cast<Filter>(c));
    filtered = filtered || database.filters_.back() != Filter::none;
  }
  const std::string_view automaton_bytes = bytes.substr(rule_count);
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
  for (const Filter filter : filters_) bytes += static_cast<char>(filter);
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

void Database::scan(std::string_view text, const Scratch& scratch, Visit visit, void* context) const {
  if (!automaton_ || text.empty()) return;
  if (text.size() > std::numeric_limits<unsigned>::max()) throw Error(Status::internal, "a block above 4 GiB");
  Callback callback{visit, context};
  const hs_error_t code =
      hs_scan(automaton_.get(), text.data(), static_cast<unsigned>(text.size()), 0, scratch.get(), on_hit, &callback);
  if (code != HS_SUCCESS && code != HS_SCAN_TERMINATED) fail("scan", code);
}

}  // namespace jobmedic::classify
