#pragma once
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>

/// Real data beside the project: JOBMEDIC_TEST_DATA, by default ../shared/data from the project's root (where tests
/// run).
inline std::filesystem::path test_data(const std::string& name) {
  const char* folder = std::getenv("JOBMEDIC_TEST_DATA");
  return std::filesystem::path(folder != nullptr ? folder : "../shared/data") / name;
}

/// Skips the rest of a test, and says so, where that data is not on this machine.
#define REQUIRE_TEST_DATA(name)                                                             \
  do {                                                                                      \
    if (!std::filesystem::exists(test_data(name))) {                                        \
      std::cerr << "skipped: no " << test_data(name).string() << " (JOBMEDIC_TEST_DATA)\n"; \
      SUCCEED("skipped");                                                                   \
      return;                                                                               \
    }                                                                                       \
  } while (false)
