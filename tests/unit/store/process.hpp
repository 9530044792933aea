#pragma once
#include <sys/types.h>

#include <string>
#include <vector>

/// Another process: this stage's helper with these arguments, its output on a pipe.
class Process {
 public:
  explicit Process(const std::vector<std::string>& arguments);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  /// The next line it writes; empty at the end.
  std::string line();
  [[nodiscard]] bool has_output() const;  ///< line() would not wait for its beginning
  void kill();                            ///< SIGKILL, and waits
  void close_input();                     ///< what a waiting helper waits for
  std::string rest_of_output();
  int exit_code();  ///< waits; -1 where a signal ended it

 private:
  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  int status_ = 0;
};

/// Runs it to its end: what it wrote.
std::string run_process(const std::vector<std::string>& arguments);
