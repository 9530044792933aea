#pragma once
#include <string>
#include <vector>

#include "jobmedic/classify.hpp"

namespace jobmedic::cli {

struct BulkOptions {
  int jobs = 0;                    ///< how many failures at once; 0: this is no bulk run
  bool each = false;               ///< the sub-folders of the arguments are the failures
  std::vector<std::string> paths;  ///< folders or files; "-": one a line of standard input
};

/// One JSON line for each failure, in the order of the paths: its classification with "path", or "path" and "error"
/// where it could not be read, which stops nothing. Memory does not grow with their number.
/// Throws Error (io): the lines could not be written, standard input could not be read.
void classify_in_bulk(const Classifier& classifier, const BulkOptions& options);

}  // namespace jobmedic::cli
