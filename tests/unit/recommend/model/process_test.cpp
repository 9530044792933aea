// libtorch in a process: loaded once and on request, never beside another one, never across fork().
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

namespace {

// The lines that the probe prints.
std::vector<std::string> probe(const std::string& steps) {
  const std::string command = std::string(JOBMEDIC_MODEL_PROBE) + " " + steps;
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::vector<std::string> lines;
  char line[4096];
  while (std::fgets(line, sizeof line, pipe) != nullptr) {
    lines.emplace_back(line);
    lines.back().pop_back();
  }
  REQUIRE(pclose(pipe) == 0);
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("without libtorch the built-in forward pass serves") {
  CHECK(probe("predict") == Lines{"builtin answers"});
}

TEST_CASE("a module that is not there is reported with the places tried") {
  const Lines lines = probe("load-from /nowhere/libjobmedic_torch.so predict");
  CHECK(lines == Lines{"no libjobmedic_torch.so at /nowhere/libjobmedic_torch.so", "builtin answers"});
}

TEST_CASE("a file that is no module is reported") {
  const Lines lines = probe("load-from CMakeLists.txt predict");
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].find("CMakeLists.txt") != std::string::npos);
  CHECK(lines[1] == "builtin answers");
}

TEST_CASE("a module of another version is refused before it is called, and the built-in forward pass serves") {
  for (const std::string name : {"silent", "renumbered", "resized"}) {
    const std::string module = std::string(JOBMEDIC_OTHER_MODULES) + "/lib" + name + "_module.so";
    CHECK(probe("load-from " + module + " predict") ==
          Lines{module + " is no module of this version of jobmedic: build or install the two together",
                "builtin answers"});
  }
}

#ifdef JOBMEDIC_LIBTORCH_CPU
TEST_CASE("once loaded, libtorch serves, and a second load changes nothing") {
  CHECK(probe("predict load predict load") == Lines{"builtin answers", "loaded", "libtorch answers", "loaded"});
}

TEST_CASE("loading libtorch leaves no thread behind") {
  CHECK(probe("load predict threads").back() == "1");
}

TEST_CASE("in a child forked after libtorch was loaded the built-in forward pass serves") {
  const Lines lines = probe("load predict fork predict");
  REQUIRE(lines.size() == 5);
  CHECK(lines[2] == "builtin answers");
  CHECK(lines[3] == "libtorch was loaded before this process was forked; the built-in pass serves here");
  CHECK(lines[4] == "libtorch answers");
}

TEST_CASE("where another libtorch is mapped, ours stays out and the built-in forward pass serves") {
  const std::filesystem::path folder = std::filesystem::path(JOBMEDIC_MODEL_PROBE).parent_path() / "other_libtorch";
  std::filesystem::create_directories(folder);
  const std::filesystem::path other = folder / "libtorch_cpu.so";
  std::filesystem::copy_file(JOBMEDIC_LIBTORCH_CPU, other, std::filesystem::copy_options::overwrite_existing);
  const Lines lines = probe("dlopen " + other.string() + " load predict");
  std::filesystem::remove_all(folder);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == "opened");
  CHECK(lines[1] == "another libtorch is loaded in this process (" + other.string() + "), and two crash each other");
  CHECK(lines[2] == "builtin answers");
}
#endif
