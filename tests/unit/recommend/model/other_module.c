/* A module of jobmedic as another version would have built it; CMakeLists.txt says how it differs. */
#include <stdlib.h>

#include "recommend/model/network.h"

#define EXPORT __attribute__((visibility("default")))

#ifdef OTHER_NUMBER
#undef JOBMEDIC_TORCH_ABI
#define JOBMEDIC_TORCH_ABI OTHER_NUMBER
#endif
#ifdef OTHER_SIZE
typedef struct larger_training {
  jobmedic_torch_training known;
  float more;
} larger_training;
#define jobmedic_torch_training larger_training
#endif

#ifndef SAYS_NOTHING
EXPORT extern const jobmedic_torch_interface jobmedic_torch_built_with;
const jobmedic_torch_interface jobmedic_torch_built_with = JOBMEDIC_TORCH_INTERFACE;
#endif

EXPORT int32_t jobmedic_torch_fill_api(jobmedic_torch_api* api, jobmedic_torch_error* error);
int32_t jobmedic_torch_fill_api(jobmedic_torch_api* api, jobmedic_torch_error* error) {
  (void)api;
  (void)error;
  abort(); /* a host that calls it reads structs it does not know */
}
