#pragma once
#include <cstdint>
#include <memory>
#include <string_view>

#include "collect/byte_stream.hpp"

// gzip (RFC 1952) and zstd (RFC 8878) by their first bytes, never by a file's name.
namespace jobmedic::collect {

/// Beyond `free_bytes` a stream may expand `expansion`-fold and no further: more is a compression bomb. Ordinary logs
/// shrink 5 to 30-fold, the most repetitive ones some hundredfold.
constexpr std::uint64_t free_bytes = std::uint64_t{256} << 20U;
constexpr std::uint64_t expansion = 1000;

enum class Compression { none, gzip, zstd, unsupported };

/// `head`: the first bytes of a file, 16 where it has as many.
Compression compression_of(std::string_view head);

/// What `source` holds, decompressed where it is compressed: all members of a gzip file, all frames of a zstd one.
/// Throws Error (io) from read() after the last good byte: truncated, corrupt, a bomb. Formats that are known but not
/// read (xz, bzip2, lz4, snappy, zip) are refused here.
std::unique_ptr<ByteStream> decompressed(std::unique_ptr<ByteStream> source);

}  // namespace jobmedic::collect
