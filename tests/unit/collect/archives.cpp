#include "archives.hpp"

#include <zlib.h>
#include <zstd.h>

#include <memory>
#include <stdexcept>

std::string gzip_of(std::string_view bytes) {
  z_stream state{};
  if (deflateInit2(&state, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
  std::string out(deflateBound(&state, bytes.size()) + 64, '\0');
  std::string in(bytes);
  state.next_in = reinterpret_cast<Bytef*>(in.data());
  state.avail_in = static_cast<uInt>(in.size());
  state.next_out = reinterpret_cast<Bytef*>(out.data());
  state.avail_out = static_cast<uInt>(out.size());
  const int code = deflate(&state, Z_FINISH);
  out.resize(state.total_out);
  deflateEnd(&state);
  if (code != Z_STREAM_END) throw std::runtime_error("deflate");
  return out;
}

std::string zstd_of(std::string_view bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> state(ZSTD_createCCtx(), ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(state.get(), ZSTD_c_checksumFlag, 1);  // as the zstd tool does
  const std::size_t size = ZSTD_compress2(state.get(), out.data(), out.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(size) != 0U) throw std::runtime_error(ZSTD_getErrorName(size));
  out.resize(size);
  return out;
}
