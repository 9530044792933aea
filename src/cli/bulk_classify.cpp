#include "cli/bulk_classify.hpp"

#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

#include "cli/bulk_folder.hpp"
#include "cli/bulk_paths.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "core/text.hpp"
#include "jobmedic/error.hpp"
#include "json/value.hpp"

namespace jobmedic::cli {
namespace {

std::string line_of(BulkFolder& folder, const BulkPaths::Item& item) {
  const std::string path = json::write(valid_utf8(item.path));
  std::string error = item.error;
  if (error.empty()) {
    try {
      return fmt::format("{{\"path\":{},{}\n", path, folder.classify(item.path).to_json().substr(1));
    } catch (const Error& failure) {
      error = mask_secrets(failure.what());
    }
  }
  return fmt::format("{{\"path\":{},\"error\":{}}}\n", path, json::write(error));
}

// Hands out paths and takes lines. A line waits here for those before it; who is too far ahead waits himself.
class Bulk {
 public:
  Bulk(const Classifier& classifier, const BulkOptions& options)
      : classifier_(classifier),
        paths_(options.paths, options.each),
        lines_(static_cast<std::size_t>(options.jobs) * lines_per_thread) {}

  void run(int threads) {
    running_ = threads;
    std::vector<std::jthread> workers;
    workers.reserve(static_cast<std::size_t>(threads));
    for (int i = 0; i < threads; ++i) workers.emplace_back([this] { work(); });
    show_progress();
    workers.clear();
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  static constexpr std::size_t lines_per_thread = 64;

  void work() noexcept {
    try {
      BulkFolder folder(classifier_);
      while (const auto job = take()) give(job->number, line_of(folder, job->item));
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      changed_.notify_all();
    }
    const std::lock_guard lock(mutex_);
    if (--running_ == 0) all_done_.notify_all();
  }

  struct Job {
    std::size_t number;
    BulkPaths::Item item;
  };
  std::optional<Job> take() {
    const std::lock_guard lock(input_mutex_);  // standard input may take its time: results are written meanwhile
    if (failed()) return std::nullopt;
    auto item = paths_.next();
    if (!item) return std::nullopt;
    return Job{taken_++, *std::move(item)};
  }

  void give(std::size_t number, std::string line) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return failure_ || number < written_ + lines_.size(); });
    if (failure_) return;
    lines_[number % lines_.size()] = std::move(line);
    if (writing_ || number != written_) return;
    writing_ = true;
    while (!lines_[written_ % lines_.size()].empty()) {
      std::string ready;
      for (std::string* next = &lines_[written_ % lines_.size()]; !next->empty();
           next = &lines_[written_ % lines_.size()]) {
        ready += *next;
        next->clear();
        ++written_;
      }
      lock.unlock();
      print(ready);
      lock.lock();
    }
    writing_ = false;
    changed_.notify_all();
  }

  bool failed() {
    const std::lock_guard lock(mutex_);
    return failure_ != nullptr;
  }

  void show_progress() {
    Progress progress;
    const auto total = paths_.total();
    const auto started = std::chrono::steady_clock::now();
    std::unique_lock lock(mutex_);
    while (!all_done_.wait_for(lock, std::chrono::milliseconds(200), [&] { return running_ == 0; })) {
      const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - started;
      const auto done = static_cast<double>(written_);
      progress.show(total ? done / static_cast<double>(*total) : 0,
                    fmt::format("{} failures, {:.0f} a second", written_, done / elapsed.count()));
    }
  }

  const Classifier& classifier_;
  std::mutex input_mutex_;  // guards the next two
  BulkPaths paths_;
  std::size_t taken_ = 0;
  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::condition_variable all_done_;
  std::vector<std::string> lines_;  // a ring: the line of failure n is at n modulo its size; empty: not there yet
  std::size_t written_ = 0;
  bool writing_ = false;
  int running_ = 0;  // threads
  std::exception_ptr failure_;
};

}  // namespace

void classify_in_bulk(const Classifier& classifier, const BulkOptions& options) {
  Bulk(classifier, options).run(options.jobs);
}

}  // namespace jobmedic::cli
