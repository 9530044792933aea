#include "classify/regex.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/format.h>
#include <pcre2.h>
#include <pthread.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <new>

namespace jobmedic::classify {
namespace {

// About a millisecond of backtracking per place where a match may begin; an ordinary regex needs far less.
constexpr std::uint32_t match_limit = 250'000;
constexpr std::uint32_t depth_limit = 100'000;
constexpr std::uint32_t heap_limit_kib = 20'000;
constexpr std::size_t stack_start = std::size_t{32} * 1024;
constexpr std::size_t stack_limit = std::size_t{1024} * 1024;
constexpr std::size_t longest_pattern = std::size_t{64} * 1024;

std::string error_text(int code) {
  std::array<PCRE2_UCHAR, 256> text{};
  pcre2_get_error_message(code, text.data(), text.size());
  return reinterpret_cast<const char*>(text.data());
}

PCRE2_SPTR bytes(std::string_view text) {
  return reinterpret_cast<PCRE2_SPTR>(text.data() == nullptr ? "" : text.data());
}

template <typename T>
T* not_null(T* pointer) {
  if (pointer == nullptr) throw std::bad_alloc();
  return pointer;
}

// PCRE2 has one lock for all memory of machine code. Held by another thread at fork(), it would stay locked in the
// child; so whoever allocates or frees such memory holds this one too, and fork() waits for it.
std::mutex machine_code;
[[maybe_unused]] const int kept_free_in_forks =
    ::pthread_atfork([] { machine_code.lock(); }, [] { machine_code.unlock(); }, [] { machine_code.unlock(); });

struct FreeCompileContext {
  void operator()(pcre2_compile_context* context) const noexcept { pcre2_compile_context_free(context); }
};

std::uint32_t compile_options(std::string_view flags) {
  std::uint32_t options = PCRE2_MULTILINE | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP | PCRE2_USE_OFFSET_LIMIT;
  if (flags.find('i') != std::string_view::npos) options |= PCRE2_CASELESS;
  if (flags.find('s') != std::string_view::npos) options |= PCRE2_DOTALL;
  if (flags.find('x') != std::string_view::npos) options |= PCRE2_EXTENDED;
  return options;
}

}  // namespace

std::string regex_version() {
  std::array<char, 64> text{};
  pcre2_config(PCRE2_CONFIG_VERSION, text.data());
  return text.data();
}

void RegexWorkspace::Free::operator()(pcre2_match_data* data) const noexcept {
  pcre2_match_data_free(data);
}
void RegexWorkspace::Free::operator()(pcre2_match_context* context) const noexcept {
  pcre2_match_context_free(context);
}
void RegexWorkspace::Free::operator()(pcre2_jit_stack* stack) const noexcept {
  pcre2_jit_stack_free(stack);
}
void Regex::Free::operator()(pcre2_code* code) const noexcept {
  const std::lock_guard lock(machine_code);
  pcre2_code_free(code);
}

RegexWorkspace::RegexWorkspace()
    : stack_(pcre2_jit_stack_create(stack_start, stack_limit, nullptr)),
      context_(not_null(pcre2_match_context_create(nullptr))) {
  pcre2_set_match_limit(context_.get(), match_limit);
  pcre2_set_depth_limit(context_.get(), depth_limit);
  pcre2_set_heap_limit(context_.get(), heap_limit_kib);
  if (stack_) pcre2_jit_stack_assign(context_.get(), nullptr, stack_.get());
}

pcre2_match_data* RegexWorkspace::data_for(std::uint32_t groups) {
  if (!data_ || groups > groups_) {
    data_.reset(not_null(pcre2_match_data_create(groups + 1, nullptr)));
    groups_ = groups;
  }
  return data_.get();
}

void RegexWorkspace::count_steps(std::uint64_t& steps) {
  const auto count = [](pcre2_callout_block*, void* counter) {
    ++*static_cast<std::uint64_t*>(counter);
    return 0;
  };
  pcre2_set_callout(context_.get(), count, &steps);
}

Regex::Regex(std::string_view pattern, std::string_view flags, bool fast)
    : Regex(pattern, compile_options(flags), fast) {}

Regex Regex::measured(std::string_view pattern, std::string_view flags) {
  return {pattern, compile_options(flags) | PCRE2_AUTO_CALLOUT | PCRE2_NO_START_OPTIMIZE, false};
}

bool Regex::may_be_empty() const {
  std::uint32_t may = 0;
  pcre2_pattern_info(code_.get(), PCRE2_INFO_MATCHEMPTY, &may);
  return may != 0;
}

Regex::Regex(std::string_view pattern, std::uint32_t options, bool fast) : sees_log_(pattern.starts_with(sees_log)) {
  const std::unique_ptr<pcre2_compile_context, FreeCompileContext> context(
      not_null(pcre2_compile_context_create(nullptr)));
  pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF);
  pcre2_set_max_pattern_length(context.get(), longest_pattern);
  int error = 0;
  PCRE2_SIZE offset = 0;
  code_.reset(pcre2_compile(bytes(pattern), pattern.size(), options, &error, &offset, context.get()));
  if (!code_) throw RegexError(offset + 1, error_text(error));
  pcre2_pattern_info(code_.get(), PCRE2_INFO_CAPTURECOUNT, &groups_);
  if (!fast) return;
  const std::lock_guard lock(machine_code);
  pcre2_jit_compile(code_.get(), PCRE2_JIT_COMPLETE);  // without it the interpreter serves
}

std::pair<std::string_view, std::size_t> Regex::subject_of(const Window& window, RegexWorkspace& workspace) const {
  if (!sees_log_ || window.begins_log || !window.begins_line) return {window.text, 0};
  if (window.preceded) return {{window.text.data() - 1, window.text.size() + 1}, 1};
  workspace.copy_.assign(1, '\n').append(window.text);
  return {workspace.copy_, 1};
}

RegexMatch Regex::match(const Window& window, RegexWorkspace& workspace) const {
  pcre2_match_data* const data = workspace.data_for(groups_);
  const auto [subject, shift] = subject_of(window, workspace);
  workspace.shift_ = shift;
  pcre2_set_offset_limit(workspace.context_.get(), window.last_begin + shift);
  std::uint32_t options = 0;
  if (!window.begins_line) options |= PCRE2_NOTBOL;
  if (!window.ends_line) options |= PCRE2_NOTEOL;
  const int code =
      pcre2_match(code_.get(), bytes(subject), subject.size(), shift, options, data, workspace.context_.get());
  if (code == PCRE2_ERROR_NOMATCH) return {};
  if (code == PCRE2_ERROR_NOMEMORY) throw std::bad_alloc();
  if (code < 0) return {RegexMatch::Kind::gave_up, 0, 0, 0};
  const PCRE2_SIZE* const offsets = pcre2_get_ovector_pointer(data);
  return {RegexMatch::Kind::match, pcre2_get_startchar(data) - shift, offsets[0] - shift, offsets[1] - shift};
}

std::map<std::string, std::string> Regex::captures(const Shown& shown, RegexWorkspace& workspace) const {
  std::uint32_t count = 0;
  std::uint32_t entry_size = 0;
  PCRE2_SPTR table = nullptr;
  pcre2_pattern_info(code_.get(), PCRE2_INFO_NAMECOUNT, &count);
  pcre2_pattern_info(code_.get(), PCRE2_INFO_NAMEENTRYSIZE, &entry_size);
  pcre2_pattern_info(code_.get(), PCRE2_INFO_NAMETABLE, &table);
  const PCRE2_SIZE* const offsets = pcre2_get_ovector_pointer(workspace.data_.get());
  const std::size_t shift = workspace.shift_;
  std::map<std::string, std::string> named;
  for (std::uint32_t i = 0; i < count; ++i, table += entry_size) {
    const std::size_t group = static_cast<std::size_t>(table[0]) << 8U | table[1];
    const std::size_t begin = offsets[2 * group];
    const std::size_t end = offsets[2 * group + 1];
    if (begin == PCRE2_UNSET || end < begin) continue;
    named.emplace(reinterpret_cast<const char*>(table + 2), shown(std::max(begin, shift) - shift, end - shift));
  }
  return named;
}

std::optional<Regex::Group> Regex::group(const char* name, RegexWorkspace& workspace) const {
  const int number = pcre2_substring_number_from_name(code_.get(), reinterpret_cast<PCRE2_SPTR>(name));
  if (number < 0) return std::nullopt;
  const PCRE2_SIZE* const offsets = pcre2_get_ovector_pointer(workspace.data_.get()) + std::ptrdiff_t{2} * number;
  if (offsets[0] == PCRE2_UNSET || offsets[1] < offsets[0]) return std::nullopt;
  return Group{std::max(offsets[0], workspace.shift_) - workspace.shift_, offsets[1] - workspace.shift_};
}

}  // namespace jobmedic::classify
