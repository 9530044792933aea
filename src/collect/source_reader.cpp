#include "collect/source_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "collect/byte_stream.hpp"
#include "collect/command.hpp"
#include "collect/decompress.hpp"
#include "collect/find.hpp"
#include "collect/newest_bytes.hpp"
#include "collect/template.hpp"
#include "jobmedic/error.hpp"

namespace jobmedic::collect {
namespace {

using Clock = std::chrono::steady_clock;
using Kind = LogSource::Kind;

constexpr double command_timeout_s = 120;
constexpr std::uint64_t command_limit_bytes = std::uint64_t{1} << 30U;
constexpr std::size_t piece_size = std::size_t{256} << 10U;

Clock::time_point deadline_of(const LogSource& source) {
  constexpr double forever = 1e8;
  double seconds = source.timeout_s;
  if (seconds <= 0) seconds = source.kind == Kind::command ? command_timeout_s : forever;
  return Clock::now() +
         std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(std::min(seconds, forever)));
}

std::vector<LogFile> find(const LogSource& source, const Attempt* attempt) {
  if (!source.files.empty()) return source.files;
  if (source.kind == Kind::glob) return logs_of_glob(fill_glob(source.path, attempt));
  const std::filesystem::path path = fill_path(source.path, attempt);
  if (source.kind == Kind::work_directory) return logs_of_work_directory(path);
  std::error_code ignored;
  if (!std::filesystem::is_directory(path, ignored)) {
    return source.kind == Kind::event_log ? logs_of_file(path) : log_with_parts(path);
  }
  if (source.kind == Kind::file) return logs_of_folder(path);
  auto rolled = rolled_event_log(path);
  if (rolled.empty()) throw Error(Status::io, path.string() + ": holds no rolled event log (events_1_*, ...)");
  return rolled;
}

class SourceReader {
 public:
  SourceReader(const LogSource& source, const Attempt* attempt, Names& names, const Collector::Sink& sink)
      : source_(source), attempt_(attempt), names_(names), sink_(sink), deadline_(deadline_of(source)) {
    result_.report.name = source.name;
  }

  SourceResult run() {
    if (source_.kind == Kind::command) {
      read_command();
    } else {
      for (const LogFile& log : logs()) read_log(log);
    }
    SourceReport& report = result_.report;
    report.status = report.skipped_bytes > 0 ? "capped" : "read";
    if (problems_ > 0) report.status = report.bytes > 0 ? "damaged" : "failed";
    if (problems_ > 1) report.error += fmt::format(" (and {} more problems)", problems_ - 1);
    return std::move(result_);
  }

 private:
  void problem(std::string_view what, const std::string& detail = "{}") {
    if (problems_++ > 0) return;
    result_.report.error = what;
    result_.error_detail = detail;
  }

  std::vector<LogFile> logs() {
    try {
      return find(source_, attempt_);
    } catch (const Error& error) {
      problem(error.what(), error.detail());
      return {};
    }
  }

  [[nodiscard]] LogRouter router(const std::string& found_name) const {
    const std::string& log = source_.log;
    LogRouter::Target target{log.empty() ? found_name : log, log.empty() ? event_log_name : log,
                             source_.kind == Kind::event_log};
    return {std::move(target), names_, sink_};
  }

  void check_time() const {
    if (Clock::now() < deadline_ || source_.kind == Kind::command) return;  // a command sees to it itself
    throw Error(Status::io, fmt::format("stopped after {:.3g} s, its time limit", source_.timeout_s));
  }

  void read_log(const LogFile& log) {
    const std::size_t problems_before = problems_;
    LogRouter to = router(log.name);
    Newest newest = newest_parts(log);
    result_.report.skipped_bytes += newest.left_out;
    for (const std::filesystem::path& part : newest.parts) {
      const auto where = [&](std::string_view what) {
        return what.starts_with(part.string()) ? std::string(what) : fmt::format("{}: {}", part.string(), what);
      };
      std::error_code ignored;
      const bool pipe = !std::filesystem::is_regular_file(part, ignored);
      const Stretch stretch{std::exchange(newest.skip, 0), pipe ? source_.limit_bytes : 0};
      if (!pump([&] { return decompressed(open_file(part)); }, stretch, to, where)) to.gap();
    }
    finish(to, problems_ > problems_before);
  }

  Newest newest_parts(const LogFile& log) {
    if (source_.limit_bytes == 0) return {log.parts, 0, 0};
    try {
      return newest_of(log.parts, source_.limit_bytes, [this] { check_time(); });
    } catch (const Error& error) {
      problem(fmt::format("{}: {}", log.name, error.what()));
      return {};
    }
  }

  void read_command() {
    LogRouter to = router(source_.name + ".log");
    const Stretch stretch{0, source_.limit_bytes > 0 ? source_.limit_bytes : command_limit_bytes};
    const auto open = [&] {
      std::vector<std::string> argv;
      for (const std::string& argument : source_.command) argv.push_back(fill_argument(argument, attempt_));
      return decompressed(run_command(argv, deadline_));
    };
    pump(open, stretch, to, [](std::string_view what) { return std::string(what); });
    finish(to, problems_ > 0);
  }

  struct Stretch {
    std::uint64_t skip = 0;   // bytes at the beginning
    std::uint64_t limit = 0;  // of what comes through a pipe
  };

  // Pulls from a stream and pushes into the log; false: it ended before its end. Only what the stream throws is a
  // problem of the source.
  template <typename Open, typename Where>
  bool pump(const Open& open, Stretch stretch, LogRouter& to, const Where& where) {
    std::unique_ptr<ByteStream> stream;
    bool whole = false;
    const auto next = [&]() -> std::string_view {
      try {
        check_time();
        if (!stream) stream = open();
        const std::size_t count = stream->read(buffer_);
        whole = count == 0;
        return {buffer_.data(), count};
      } catch (const Error& error) {
        problem(where(error.what()), error.detail());
        return {};
      }
    };
    HeadAndTail through(
        stretch.limit, [&](std::string_view piece) { to.feed(piece); }, [&] { to.gap(); });
    bool cut = stretch.skip > 0;
    for (std::string_view piece = next(); !piece.empty() && !to.refused(); piece = next()) {
      const std::size_t skipped = std::min<std::uint64_t>(stretch.skip, piece.size());
      stretch.skip -= skipped;
      piece.remove_prefix(skipped);
      if (!piece.empty() && std::exchange(cut, false)) piece.remove_prefix(first_whole_line(piece));
      if (!piece.empty()) through.feed(piece);
    }
    through.end();
    result_.report.skipped_bytes += through.left_out();
    if (to.refused()) problem(where("is no Spark event log"));
    return whole;
  }

  void finish(LogRouter& to, bool troubled) {
    if (to.refused() || (troubled && to.bytes() == 0)) return;
    to.end();
    result_.report.bytes += to.bytes();
    result_.report.logs.push_back(to.name());
    if (!to.events()) return;
    if (const std::string what = to.events()->problem(); !what.empty()) problem(what);
    result_.facts = to.events()->facts();
    for (const std::string& note : to.events()->notes()) {
      result_.notes.push_back(fmt::format("{}: {}", to.name(), note));
    }
  }

  const LogSource& source_;
  const Attempt* attempt_;
  Names& names_;
  const Collector::Sink& sink_;
  Clock::time_point deadline_;
  std::vector<char> buffer_ = std::vector<char>(piece_size);
  SourceResult result_;
  std::size_t problems_ = 0;  // only the first is told
};

}  // namespace

SourceResult read_source(const LogSource& source, const Attempt* attempt, Names& names, const Collector::Sink& sink) {
  return SourceReader(source, attempt, names, sink).run();
}

}  // namespace jobmedic::collect
