#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jobmedic/secrets.hpp"

/// Log templates: lines that differ only in their parameters are one, "Lost executor <*> on <*>". One pass, no regex,
/// no settings per system.
///
/// After Drain (P. He, J. Zhu, Z. Zheng, M. R. Lyu: "Drain: An Online Log Parsing Approach with Fixed Depth Tree", ICWS
/// 2017): lines are masked, grouped by their number of tokens and joined to the most similar group. Different here:
/// - What looks like a parameter (numbers, identifiers with digits, paths, URLs, dates, quoted names, quantities with
///   their unit) is masked first, in any run of them at once, so that a list of three and one of five are the same
///   line.
/// - A line that was seen before, but for its parameters, is found by one hash; only new shapes are compared.
/// - A place where a group holds a few words is no parameter but several templates ("VM Started", "VM Stopped"); one
///   with more, or with a masked one, is a parameter (after IPLoM, Makanju et al., KDD 2009).
namespace jobmedic {

struct TemplateOptions {
  std::size_t most_shapes = 20'000;  ///< distinct masked lines remembered; beyond it the longest unseen are forgotten
  double similarity = 0.7;           ///< share of equal tokens from which a line joins a group, 0..1
  std::size_t few_values = 4;        ///< so many words at one place are as many templates; more are a parameter
};

struct LogTemplate {
  std::string text;                   ///< tokens with one space between, parameters as "<*>"; valid UTF-8
  std::uint64_t count = 0;            ///< lines
  std::string example;                ///< the first such line, valid UTF-8, at most 500 bytes
  std::vector<std::uint64_t> shapes;  ///< what add() returned for these lines
};

/// Belongs to one thread at a time. The same lines in the same order give the same templates.
/// Only the first 4 KiB and 64 tokens of a line are looked at; any bytes are a line. Memory is bounded by the options.
class TemplateMiner {
 public:
  /// Throws Error (invalid_argument): no shapes, a similarity outside 0..1.
  explicit TemplateMiner(const TemplateOptions& options = {});
  TemplateMiner(TemplateMiner&&) noexcept;
  TemplateMiner& operator=(TemplateMiner&&) noexcept;
  ~TemplateMiner();

  /// Returns the shape of the line: equal for lines that differ only in what is masked. Never used twice.
  std::uint64_t add(std::string_view line);
  /// Of the shapes remembered, most lines first, then the earliest.
  [[nodiscard]] std::vector<LogTemplate> templates() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A line of a failed attempt's logs that may tell the cause.
struct TellingLine {
  std::string text;         ///< its template, from the innermost exception named in it
  std::string example;      ///< as it was logged, cut likewise; valid UTF-8, at most 500 bytes
  std::string exception;    ///< the class of that exception; empty: the line names none
  std::string log;          ///< where it stood first
  double weight = 0;        ///< 0..100: how much such a line tells; what innermost causes weigh, chatter does not
  std::uint64_t count = 0;  ///< lines of this template in the attempt's logs

  static TellingLine parse(std::string_view json);
  [[nodiscard]] std::string to_json() const;
};

/// A failed attempt that no rule knew, with what its logs said themselves.
struct UnclassifiedFailure {
  std::string job;
  std::string run;
  std::int64_t attempt = 1;
  std::optional<double> cost_usd;  ///< as last recorded
  std::vector<TellingLine> lines;  ///< the most telling first, at most 8
};

/// What the logs of one failed attempt say by themselves, for a failure that no rule knows: the innermost "Caused by",
/// exceptions, ERROR and FATAL lines, how each log ends. Belongs to one thread at a time. Any split of the same bytes
/// gives the same lines. Memory is bounded; a line of any length costs 4 KiB. Secrets are masked in what it tells.
class FailureMiner {
 public:
  explicit FailureMiner(SecretMask secrets = {});
  FailureMiner(FailureMiner&&) noexcept;
  FailureMiner& operator=(FailureMiner&&) noexcept;
  ~FailureMiner();

  /// More bytes of the log `name`.
  void feed(std::string_view name, std::string_view data);
  /// Throws Error (io).
  void feed_file(std::string_view name, const std::filesystem::path& path);
  /// The most telling first; at equal weight the one logged more often, then the earlier.
  [[nodiscard]] std::vector<TellingLine> result(std::size_t most = 5) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The line with its parameters as "<*>", as one line alone tells them. Valid UTF-8.
std::string masked_line(std::string_view line);

}  // namespace jobmedic
