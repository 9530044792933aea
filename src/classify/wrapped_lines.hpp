#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

// What brings a log here often prints it within lines of its own. The rules know the lines that the process printed.
//   airflow            [2024-03-01, 02:12:57 UTC] {spark_submit.py:485} INFO - 24/03/01 02:31:54 ERROR ...
//   container_runtime  2024-03-01T02:31:54.123456789Z stderr F 24/03/01 02:31:54 ERROR ...   files of containerd, CRI-O
//   kubectl            [pod/etl-driver/spark-driver] 24/03/01 02:31:54 ERROR ...             logs --prefix
//   syslog             Mar 01 02:31:54 node-7 run-etl[4711]: 24/03/01 02:31:54 ERROR ...     journalctl and files
//   ray                (load_table pid=4711, ip=10.0.0.7) Traceback (most recent call last):
//   ranks              [rank0]: Traceback (most recent call last):                           torchrun, mpirun
//   tasks              0: Traceback (most recent call last):                                 srun --label
//   stern              etl-driver-5d9f spark-driver 24/03/01 02:31:54 ERROR ...              and "POD: " of argo logs
//   compose            spark-master_1  | 24/03/01 02:31:54 ERROR ...                         Docker Compose
//   gitlab             2024-03-01T02:31:54.123456Z 01E Traceback (most recent call last):    GitLab's runner
//   timestamps         2024-03-01T02:31:54.1234567Z Traceback (most recent call last):       docker, kubectl, CI
//   services
namespace jobmedic::classify {

/// Where a log could be of several, the first it is.
enum class Wrapper : std::uint8_t {
  none,
  airflow,
  container_runtime,
  kubectl,
  syslog,
  ray,
  ranks,
  tasks,
  stern,
  compose,
  gitlab,
  timestamps
};

constexpr std::size_t head_size = 1024;  ///< bytes at a log's beginning that tell whether lines of it may be wrapped
Wrapper wrapper_of(std::string_view head);

constexpr std::size_t longest_wrapper = 160;
/// How many bytes at the line's beginning wrap what a process printed; 0: none. No more than longest_wrapper of it are
/// looked at.
std::size_t wrapper_size(Wrapper wrapper, std::string_view line);

}  // namespace jobmedic::classify
