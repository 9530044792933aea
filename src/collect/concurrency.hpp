#pragma once
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jobmedic::collect {

/// How many tasks an executor ran at once at most. Constant memory an executor: of intervals long over, only the count
/// that they came to is kept. Tasks come in about the order in which they ended.
class Concurrency {
 public:
  /// A task held its place from `began` to `ended`; one that ended as another began was not beside it.
  void add(std::string_view executor, double began, double ended);
  /// Over all executors; 0: no task.
  [[nodiscard]] double peak() const;

 private:
  struct Executor {
    std::vector<std::pair<double, double>> recent;
    double peak = 0;
  };
  std::map<std::string, Executor, std::less<>> executors_;
};

}  // namespace jobmedic::collect
