#include <jobmedic.h>
#include <stdio.h>
#include <string.h>

int main(void) {
  const char* document = "{\"a\":1}";
  const char* patch = "[{\"op\":\"replace\",\"path\":\"/a\",\"value\":2}]";
  jobmedic_buffer* out = NULL;
  if (jobmedic_abi_version() != JOBMEDIC_ABI_VERSION) return 1;
  if (jobmedic_apply_patch(document, strlen(document), patch, strlen(patch), &out, NULL) != JOBMEDIC_OK) return 1;
  printf("%s %s\n", jobmedic_version(), jobmedic_buffer_data(out));
  const int differs = strcmp(jobmedic_buffer_data(out), "{\"a\":2}");
  jobmedic_buffer_free(out);
  return differs != 0;
}
