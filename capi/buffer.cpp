#include "buffer.hpp"

#include <memory>

const char* jobmedic_buffer_data(const jobmedic_buffer* buffer) {
  return buffer == nullptr ? "" : buffer->text.c_str();
}

size_t jobmedic_buffer_size(const jobmedic_buffer* buffer) {
  return buffer == nullptr ? 0 : buffer->text.size();
}

void jobmedic_buffer_free(jobmedic_buffer* buffer) {
  const std::unique_ptr<jobmedic_buffer> owned(buffer);
}
