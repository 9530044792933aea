#pragma once
#include <cstddef>
#include <string_view>

// Airflow prints what a process of its operators prints within lines of its own log: "[2024-03-01, 02:12:57 UTC]
// {spark_submit.py:485} INFO - 24/03/01 02:31:54 ERROR ...". The rules know the lines that the process printed.
namespace jobmedic::classify {

constexpr std::size_t head_size = 1024;  ///< bytes at a log's beginning that tell whether lines of it may be wrapped
bool is_airflow_log(std::string_view head);

constexpr std::size_t longest_wrapper = 160;
/// How many bytes at the line's beginning wrap what a process printed; 0: none. No more than longest_wrapper of it are
/// looked at.
std::size_t wrapper_size(std::string_view line);

}  // namespace jobmedic::classify
