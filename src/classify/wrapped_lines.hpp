#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

// Some tools print what a process prints within lines of their own. The rules know the lines that the process printed.
//   Airflow's operators  [2024-03-01, 02:12:57 UTC] {spark_submit.py:485} INFO - 24/03/01 02:31:54 ERROR ...
//   Docker Compose       spark-master_1  | 24/03/01 02:31:54 ERROR ...
namespace jobmedic::classify {

enum class Wrapper : std::uint8_t { none, airflow, compose };

constexpr std::size_t head_size = 1024;  ///< bytes at a log's beginning that tell whether lines of it may be wrapped
Wrapper wrapper_of(std::string_view head);

constexpr std::size_t longest_wrapper = 160;
/// How many bytes at the line's beginning wrap what a process printed; 0: none. No more than longest_wrapper of it are
/// looked at.
std::size_t wrapper_size(Wrapper wrapper, std::string_view line);

}  // namespace jobmedic::classify
