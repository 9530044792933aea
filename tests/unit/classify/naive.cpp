#include "naive.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "core/glob.hpp"

namespace naive {
namespace {

constexpr std::size_t limit = 65536;

struct Code {
  explicit Code(const jobmedic::Rule& rule) {
    std::uint32_t options = PCRE2_MULTILINE | PCRE2_NEVER_UTF | PCRE2_USE_OFFSET_LIMIT;
    for (const char flag : rule.flags) {
      options |= flag == 'i' ? PCRE2_CASELESS : flag == 's' ? PCRE2_DOTALL : PCRE2_EXTENDED;
    }
    int error = 0;
    PCRE2_SIZE offset = 0;
    code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(rule.regex.data()), rule.regex.size(), options, &error, &offset,
                         nullptr);
    if (code == nullptr) throw std::invalid_argument(rule.regex);
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    data = pcre2_match_data_create_from_pattern(code, nullptr);
    context = pcre2_match_context_create(nullptr);
  }
  Code(const Code&) = delete;
  Code& operator=(const Code&) = delete;
  ~Code() {
    pcre2_match_context_free(context);
    pcre2_match_data_free(data);
    pcre2_code_free(code);
  }
  // Where the leftmost match begins that starts at or after `first`, if not behind `last`; what \K left out is no part.
  std::optional<std::size_t> match(std::string_view text, std::size_t first, std::size_t last, std::uint32_t options) {
    pcre2_set_offset_limit(context, last);
    const char* bytes = text.empty() ? "" : text.data();
    const int count =
        pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(bytes), text.size(), first, options, data, context);
    if (count < 0) return std::nullopt;
    return pcre2_get_ovector_pointer(data)[0];
  }
  pcre2_code* code = nullptr;
  pcre2_match_data* data = nullptr;
  pcre2_match_context* context = nullptr;
};

// The log without the '\r' that are no part of a line, and where each byte was.
struct Text {
  explicit Text(std::string_view log) {
    for (std::size_t i = 0; i < log.size(); ++i) {
      if (log[i] == '\r' && (i + 1 == log.size() || log[i + 1] == '\n')) continue;
      bytes += log[i];
      offsets.push_back(i);
    }
    // A match at the place of a removed '\r' counts from the '\r'.
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (bytes[i] == '\n' && offsets[i] > 0 && log[offsets[i] - 1] == '\r') --offsets[i];
    }
    offsets.push_back(log.ends_with('\r') ? log.size() - 1 : log.size());
  }
  std::string bytes;
  std::vector<std::size_t> offsets;
};

struct Found {
  std::size_t row = 0;    // where it begins
  std::size_t line = 0;   // of the match
  std::size_t begin = 0;  // of the match
};

// The match in the first row, or the last, that begins at `from` or later.
std::optional<Found> search(Code& code, const jobmedic::Rule& rule, std::string_view text, std::size_t from,
                            bool wants_last) {
  std::optional<Found> known;
  const bool sees_log = rule.regex.starts_with("(?#sees log)");
  std::vector<std::pair<std::size_t, std::size_t>> spans;  // of each line
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    spans.emplace_back(begin, end);
    begin = end + 1;
  }
  for (std::size_t line = 0; line < spans.size(); ++line) {
    const auto [line_begin, line_end] = spans[line];
    const std::size_t window_end =
        spans[std::min(line + static_cast<std::size_t>(rule.lines), spans.size()) - 1].second;
    for (std::size_t row = line_begin;; row += limit / 2) {
      const bool counts = row >= from;
      const bool last_row = line_end - row <= limit;
      const std::size_t end = std::min(window_end, row + limit);
      std::uint32_t options = 0;
      if (row != line_begin) options |= PCRE2_NOTBOL;
      if (end < text.size() && text[end] != '\n') options |= PCRE2_NOTEOL;
      const std::size_t last = last_row ? line_end - row : limit / 2 - 1;
      // What stands in a frame sees the line break before its line.
      const std::size_t before = sees_log && row == line_begin && row > 0 ? 1 : 0;
      const std::size_t seen = row - before;
      const auto begin =
          counts ? code.match(text.substr(seen, end - seen), before, last + before, options) : std::nullopt;
      if (begin) {
        const auto skipped = text.substr(line_begin, seen + *begin - line_begin);
        const auto lines = static_cast<std::size_t>(std::count(skipped.begin(), skipped.end(), '\n'));
        known = Found{row, line + lines, seen + *begin};
        if (!wants_last) return known;
      }
      if (last_row) break;
    }
  }
  return known;
}

bool reads(const jobmedic::Rule& rule, const jobmedic::Log& log) {
  return log.name.empty() || jobmedic::glob_matches(rule.log, log.name);
}

}  // namespace

std::optional<Match> first_match(const jobmedic::Rule& rule, std::span<const jobmedic::Log> logs,
                                 std::span<const std::size_t> begins) {
  Code code(rule);
  for (std::size_t i = 0; i < logs.size(); ++i) {
    if (!reads(rule, logs[i])) continue;
    const std::string_view log = logs[i].data;
    const std::size_t from = begins.empty() ? 0 : begins[i];
    if (log.find('\r') == std::string_view::npos) {
      if (const auto found = search(code, rule, log, from, false)) return Match{i, found->line + 1, found->begin};
      continue;
    }
    const Text text(log);
    if (const auto found = search(code, rule, text.bytes, from, false)) {
      return Match{i, found->line + 1, text.offsets[found->begin]};
    }
  }
  return std::nullopt;
}

namespace {

// Where the third of the last lines begins that are not empty.
std::size_t last_words(std::string_view text) {
  std::size_t begin = text.size();
  for (int lines = 0; lines < 3 && begin > 0;) {
    const std::size_t end = begin - (text[begin - 1] == '\n' ? 1 : 0);
    begin = end == 0 ? 0 : text.rfind('\n', end - 1) + 1;  // npos + 1 is 0
    if (text.substr(begin, end - begin).find_first_not_of(" \t") != std::string_view::npos) ++lines;
  }
  return begin;
}

}  // namespace

std::vector<std::size_t> where_jobs_went_on(const jobmedic::classify::RunnableRules& rules,
                                            std::span<const jobmedic::Log> logs) {
  std::vector<std::size_t> begins(logs.size());
  std::vector<jobmedic::classify::Sign> signs = rules.signs.went_on;
  signs.insert(signs.end(), rules.signs.ended_well.begin(), rules.signs.ended_well.end());
  for (std::size_t n = 0; n < signs.size(); ++n) {
    const jobmedic::classify::Sign& it = signs[n];
    const bool at_end = n >= rules.signs.went_on.size();
    jobmedic::Rule rule;
    rule.log = it.log;
    rule.regex = "(?#sees log)(?:" + std::string(rules.frames[it.frame]) + ")";
    rule.lines = 64;
    Code code(rule);
    for (std::size_t i = 0; i < logs.size(); ++i) {
      if (!reads(rule, logs[i])) continue;
      const Text text(logs[i].data);
      const auto found = search(code, rule, text.bytes, at_end ? last_words(text.bytes) : 0, true);
      if (!found) continue;
      const std::size_t left_out = text.bytes.substr(found->row, found->begin - found->row).rfind('\n');
      begins[i] = std::max(begins[i], left_out == std::string::npos ? found->row : found->row + left_out + 1);
    }
  }
  return begins;
}

std::vector<jobmedic::Rule> plain_rules(const jobmedic::classify::RunnableRules& rules) {
  std::vector<jobmedic::Rule> plain;
  for (std::size_t i = 0; i < rules.rules.size(); ++i) {
    jobmedic::Rule& rule = plain.emplace_back(*rules.rules[i].rule);
    rule.log = rules.rules[i].log;
    rule.regex = rules.regex(i);
    rule.within.clear();
    rule.frames = {};
  }
  return plain;
}

}  // namespace naive
