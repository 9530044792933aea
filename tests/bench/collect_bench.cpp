// Where a log lies: in memory, in a file, compressed; and many small ones in folders, as a scheduler keeps them.
#include <benchmark/benchmark.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <cstdlib>
#include <filesystem>
#include <vector>

#include "core/file.hpp"
#include "jobmedic/collect.hpp"

namespace {

using namespace jobmedic;
namespace fs = std::filesystem;

// Six systems at work, again and again, until there are 64 MB.
std::string ordinary() {
  const char* folder = std::getenv("JOBMEDIC_TEST_DATA");
  const fs::path root = fs::path(folder != nullptr ? folder : "../shared/data") / "loghub";
  std::string once;
  for (const char* system : {"HDFS", "Hadoop", "Linux", "OpenStack", "Spark", "Zookeeper"}) {
    const fs::path log = root / system / (std::string(system) + "_2k.log");
    if (fs::exists(log)) once += read_file(log);
  }
  std::string text;
  while (!once.empty() && text.size() < (std::size_t{64} << 20U)) text += once;
  return text;
}

std::string gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  std::string copy = text;
  stream.next_in = reinterpret_cast<Bytef*>(copy.data());
  stream.avail_in = static_cast<uInt>(copy.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string zstd(const std::string& text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
  return packed;
}

// The log in each form, each in a folder of its own, since in one they would be parts of one log; for as long as the
// benchmarks run.
class Forms {
 public:
  Forms() {
    if (text.empty()) return;
    for (const fs::path& path : {plain(), gzipped(), zstandard()}) fs::create_directories(path.parent_path());
    write_file_atomically(plain(), text);
    write_file_atomically(gzipped(), gzip(text));
    write_file_atomically(zstandard(), zstd(text));
  }
  Forms(const Forms&) = delete;
  Forms& operator=(const Forms&) = delete;
  ~Forms() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  [[nodiscard]] fs::path plain() const { return folder_ / "plain/driver.stderr"; }
  [[nodiscard]] fs::path gzipped() const { return folder_ / "gzip/driver.stderr.gz"; }
  [[nodiscard]] fs::path zstandard() const { return folder_ / "zstd/driver.stderr.zst"; }

  std::string text = ordinary();

 private:
  fs::path folder_ = fs::temp_directory_path() / ("jobmedic-bench-" + std::to_string(::getpid()));
};

const Forms& forms() {
  static const Forms made;
  return made;
}

const Classifier& classifier() {
  static const Classifier made(RuleSet::shipped());
  return made;
}

bool skip(benchmark::State& state) {
  if (!forms().text.empty()) return false;
  state.SkipWithError("no loghub under JOBMEDIC_TEST_DATA");
  return true;
}

void count(benchmark::State& state) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * forms().text.size()));
}

void from_memory(benchmark::State& state) {
  if (skip(state)) return;
  const Log log{"driver.stderr", forms().text};
  for (auto _ : state) benchmark::DoNotOptimize(classifier().classify(std::span(&log, 1)));
  count(state);
}

void from_file(benchmark::State& state, const fs::path& path) {
  if (skip(state)) return;
  LogSource source;
  source.name = "log";
  source.path = path;
  const Collector collector({source});
  for (auto _ : state) benchmark::DoNotOptimize(classify(collector, classifier().scan(), nullptr));
  count(state);
}

void only_read(benchmark::State& state) {
  if (skip(state)) return;
  for (auto _ : state) {
    std::size_t size = 0;
    read_pieces(forms().plain(), [&](std::string_view piece) { size += piece.size(); });
    benchmark::DoNotOptimize(size);
  }
  count(state);
}

void only_unpack(benchmark::State& state) {
  if (skip(state)) return;
  std::vector<char> piece(std::size_t{256} << 10U);
  for (auto _ : state) {
    gzFile file = gzopen(forms().gzipped().c_str(), "rb");
    while (gzread(file, piece.data(), static_cast<unsigned>(piece.size())) > 0) benchmark::DoNotOptimize(piece.data());
    gzclose(file);
  }
  count(state);
}

[[maybe_unused]] const bool registered = [] {
  const std::string claim = "classify 64 MB of ordinary logs/";
  const auto add = [&](const char* who, auto run) {
    benchmark::RegisterBenchmark((claim + who).c_str(), run)->Unit(benchmark::kMillisecond);
  };
  add("jobmedic", from_memory);
  add("jobmedic, from a file", [](benchmark::State& state) { from_file(state, forms().plain()); });
  add("jobmedic, from gzip", [](benchmark::State& state) { from_file(state, forms().gzipped()); });
  add("jobmedic, from zstd", [](benchmark::State& state) { from_file(state, forms().zstandard()); });
  add("limit: reading the file", only_read);
  add("limit: unpacking the gzip", only_unpack);
  return true;
}();

}  // namespace
