// Which lines of a failed attempt's logs tell why. A stack trace belongs to the line it follows: under a WARN or INFO
// line it was caught. Of a trace the last "Caused by" is the cause; what stands above it only carried it.
#include <algorithm>
#include <array>
#include <deque>
#include <map>

#include "classify/templates/log_line.hpp"
#include "classify/templates/shape.hpp"
#include "core/file.hpp"
#include "core/text.hpp"
#include "jobmedic/templates.hpp"

namespace jobmedic {
namespace {

using namespace classify;

constexpr std::size_t longest_example = 500;
constexpr std::size_t most_kept = 1000;  // different telling lines; the lightest go first
constexpr std::size_t most_logs = 1000;  // what further ones say is read, but not how they end
constexpr std::size_t last_lines = 3;

namespace weight {
constexpr double innermost_cause = 100;
constexpr double exception = 90;      // that nothing caused
constexpr double in_fatal_line = 80;  // named in the text of a FATAL or ERROR line
constexpr double carrier = 60;        // of a cause told below it
constexpr double fatal = 55;
constexpr double error = 50;
constexpr double caught = 25;  // under a WARN or INFO line
constexpr double last_line = 10;
constexpr double last_info_line = 5;
constexpr double wrapper_share = 0.7;  // of a class that only carries others
}  // namespace weight

struct Candidate {
  TellingLine line;
  std::uint64_t first = 0;  // the number of the line among all
};

// What is known of a log so far.
struct LogState {
  std::string partial;        // a line that has not ended
  Level level = Level::none;  // of the line that what follows belongs to
  std::string pending;        // the key of the last exception of the trace being read
  bool traceback = false;     // Python: the next line that is not indented is the exception
  bool carried = false;       // Python: an exception follows that another one caused
  bool ending = false;        // the process ends its work
  std::deque<std::string> last;
};

}  // namespace

struct FailureMiner::Impl {
  explicit Impl(SecretMask mask) : secrets(std::move(mask)) {}

  // The single place where what is kept of a log passes through.
  [[nodiscard]] std::string kept(std::string_view line) const {
    return valid_utf8(secrets.mask(line), longest_example);
  }

  LogState* state_of(std::string_view name) {
    const auto known = logs.find(name);
    if (known != logs.end()) return &known->second;
    return logs.size() >= most_logs ? &logs["..."] : &logs[std::string(name)];
  }

  void feed(std::string_view name, std::string_view data) {
    LogState& log = *state_of(name);
    while (!data.empty()) {
      const std::size_t end = data.find('\n');
      const std::string_view piece = data.substr(0, end);
      data.remove_prefix(std::min(piece.size() + 1, data.size()));
      if (end == std::string_view::npos || !log.partial.empty()) {
        log.partial += piece.substr(0, longest_line - std::min(log.partial.size(), longest_line));
        if (end == std::string_view::npos) return;
        read_line(name, log, log.partial);
        log.partial.clear();
      } else {
        read_line(name, log, piece.substr(0, longest_line));
      }
    }
  }

  void read_line(std::string_view name, LogState& log, std::string_view line) {
    ++lines;
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (line.empty() || is_stack_frame(line)) return;
    remember_last(log, line);
    log.ending = log.ending || begins_shutdown(line);
    if (read_python(name, log, line)) return;
    const NamedException named = exception_in(line);
    if (named.leads) return note_exception(name, log, line, named);
    log.level = level_of(line);  // none: a line that continues the one above, or of a program that writes no levels
    log.pending.clear();
    if (log.level != Level::error && log.level != Level::fatal) return;
    const double value = log.level == Level::fatal ? weight::fatal : weight::error;
    note(name, log, line, named, named.name.empty() ? value : weight::in_fatal_line);
  }

  // Python's traceback: frames are indented, the exception is the first line that is not.
  bool read_python(std::string_view name, LogState& log, std::string_view line) {
    if (line.find("Traceback (most recent call last)") != std::string_view::npos) {
      log.traceback = true;
      log.level = level_of(line) == Level::none ? log.level : level_of(line);
      return true;
    }
    if (line.starts_with("The above exception was the direct cause") ||
        line.starts_with("During handling of the above exception")) {
      log.carried = true;
      return true;
    }
    if (!log.traceback) return false;
    if (line.front() == ' ' || line.front() == '\t') return true;
    log.traceback = false;
    NamedException named = exception_in(line);
    if (named.name.empty())
      named.name = line.substr(0, line.find_first_of(": "));  // KeyboardInterrupt, a class of one's own
    named.at = named.leads ? named.at : 0;
    const double value = log.carried ? weight::carrier : caught(log) ? weight::caught : weight::exception;
    log.pending = note(name, log, line, named, value);
    log.carried = false;
    return true;
  }

  static bool caught(const LogState& log) { return log.level == Level::warning || log.level == Level::low; }

  void note_exception(std::string_view name, LogState& log, std::string_view line, const NamedException& named) {
    if (named.uncaught) log.level = Level::none;
    const bool cause = named.caused && !log.pending.empty();
    if (cause) demote(log.pending);
    const double value = caught(log) ? weight::caught : cause ? weight::innermost_cause : weight::exception;
    log.pending = note(name, log, line, named, value);
  }

  // What was taken for the cause carried another one.
  void demote(const std::string& key) {
    const auto found = kept_lines.find(key);
    if (found == kept_lines.end()) return;
    TellingLine& told = found->second.line;
    told.weight = std::min(told.weight, weight::carrier * (only_wraps(told.exception) ? weight::wrapper_share : 1));
  }

  void remember_last(LogState& log, std::string_view line) {
    const bool words =
        std::any_of(line.begin(), line.end(), [](unsigned char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; });
    if (!words) return;
    log.last.emplace_back(line);  // whole: masked before it is cut
    if (log.last.size() > last_lines) log.last.pop_front();
  }

  std::string note(std::string_view name, const LogState& log, std::string_view line, const NamedException& named,
                   double value) {
    if (only_wraps(named.name)) value *= weight::wrapper_share;
    if (log.ending) value = std::min(value, weight::caught);
    const std::string text = kept(line.substr(named.at));
    std::string key(reader.read(text));
    const auto [at, fresh] = kept_lines.try_emplace(key);
    TellingLine& told = at->second.line;
    if (fresh) {
      told.example = text;
      told.exception = valid_utf8(named.name, longest_example);
      told.log = valid_utf8(name, longest_example);
      at->second.first = lines;
      told.weight = value;
    }
    told.weight = std::max(told.weight, value);
    ++told.count;
    if (kept_lines.size() > most_kept) drop_lightest();
    return key;
  }

  void drop_lightest() {
    std::vector<std::map<std::string, Candidate>::iterator> order;
    for (auto it = kept_lines.begin(); it != kept_lines.end(); ++it) order.push_back(it);
    std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return before(a->second, b->second); });
    for (std::size_t i = most_kept / 2; i < order.size(); ++i) kept_lines.erase(order[i]);
  }

  static bool before(const Candidate& a, const Candidate& b) {
    if (a.line.weight != b.line.weight) return a.line.weight > b.line.weight;
    if (a.line.count != b.line.count) return a.line.count > b.line.count;
    return a.first < b.first;
  }

  SecretMask secrets;
  std::map<std::string, LogState, std::less<>> logs;
  std::map<std::string, Candidate> kept_lines;  // by shape
  ShapeReader reader;
  std::uint64_t lines = 0;
};

FailureMiner::FailureMiner(SecretMask secrets) : impl_(std::make_unique<Impl>(std::move(secrets))) {}
FailureMiner::FailureMiner(FailureMiner&&) noexcept = default;
FailureMiner& FailureMiner::operator=(FailureMiner&&) noexcept = default;
FailureMiner::~FailureMiner() = default;

void FailureMiner::feed(std::string_view name, std::string_view data) {
  impl_->feed(name, data);
}

void FailureMiner::feed_file(std::string_view name, const std::filesystem::path& path) {
  read_pieces(path, [&](std::string_view piece) { feed(name, piece); });
}

std::vector<TellingLine> FailureMiner::result(std::size_t most) const {
  Impl end = *impl_;  // the logs may go on afterwards
  for (auto& [name, log] : end.logs) {
    if (!log.partial.empty()) end.read_line(name, log, log.partial);
    for (const std::string& line : log.last) {
      end.note(name, {}, line, {}, level_of(line) == Level::low ? weight::last_info_line : weight::last_line);
    }
  }
  std::vector<Candidate> order;
  for (auto& [key, candidate] : end.kept_lines) {
    candidate.line.text = shown(key);
    order.push_back(std::move(candidate));
  }
  std::sort(order.begin(), order.end(), Impl::before);
  std::vector<TellingLine> lines;
  for (std::size_t i = 0; i < std::min(most, order.size()); ++i) lines.push_back(std::move(order[i].line));
  return lines;
}

}  // namespace jobmedic
