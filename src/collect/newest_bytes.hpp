#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

// A limit keeps what is newest: the end says why a job failed.
namespace jobmedic::collect {

/// Which part of a log's files a limit leaves.
struct Newest {
  std::vector<std::filesystem::path> parts;  ///< oldest first
  std::uint64_t skip = 0;                    ///< bytes of the first of them, decompressed
  std::uint64_t left_out = 0;                ///< all that is not read; of unopened parts their size on disk
};
/// Parts whose size cannot be told without reading them are read for it once; one that is no regular file is taken
/// whole. `check`: called now and then, may throw.
Newest newest_of(const std::vector<std::filesystem::path>& parts, std::uint64_t limit,
                 const std::function<void()>& check);

/// What comes through a pipe: it is passed on as it comes, but for the last part of `limit`, which is kept for the
/// newest bytes. Holds 16 MiB at most.
class HeadAndTail {
 public:
  using Pass = std::function<void(std::string_view piece)>;
  /// `gap`: called between the two where something is left out. `limit` 0: all is passed on.
  HeadAndTail(std::uint64_t limit, Pass pass, std::function<void()> gap);
  void feed(std::string_view piece);
  void end();
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }

 private:
  Pass pass_;
  std::function<void()> gap_;
  bool limited_;
  std::uint64_t tail_limit_;
  std::uint64_t head_room_;
  std::string tail_;
  std::uint64_t left_out_ = 0;
};

/// Where a cut text's first whole line begins; 0 where that is far off.
std::size_t first_whole_line(std::string_view text);

}  // namespace jobmedic::collect
