#pragma once
#include <cstdint>
#include <string_view>

// What one line of a log is by its form, whichever system wrote it.
namespace jobmedic::classify {

enum class Level : std::uint8_t { none, low, warning, error, fatal };

/// Of a line that begins with a time, a level, a logger in any order: the first of the usual words near its start.
Level level_of(std::string_view line);

struct NamedException {
  std::string_view name;  ///< "java.io.IOException", "ValueError"; empty: none
  std::size_t at = 0;     ///< where it stands in the line
  bool leads = false;     ///< the line is about it: nothing but "Caused by:", "Exception in thread ..." stands before
  bool caused = false;    ///< "Caused by: ...", or Py4J's ": ...": the exception above only carried it
  bool uncaught = false;  ///< "Exception in thread ..."
};

/// The exception named last in the line, with a message or at its end: of wrapped ones the innermost.
NamedException exception_in(std::string_view line);

/// "\tat a.b.C(C.java:1)", "  File \"x.py\", line 2", "... 12 more".
bool is_stack_frame(std::string_view line);

/// From here on a process ends its work: what fails now is no cause.
bool begins_shutdown(std::string_view line);

/// An exception that only carries another: SparkException, Py4JJavaError, RuntimeException.
bool only_wraps(std::string_view exception);

}  // namespace jobmedic::classify
