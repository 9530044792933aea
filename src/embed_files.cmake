# Run by jobmedic_embed() at build time. A string literal may be too long for a compiler, so files are byte arrays.
set(arrays "")
set(entries "")
set(index 0)
foreach(file ${FILES})
  get_filename_component(base ${file} NAME)
  file(READ ${file} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(APPEND arrays "constexpr unsigned char file_${index}[] = {${bytes}0};\n")
  string(APPEND entries "  {\"${base}\", view(file_${index}, sizeof file_${index} - 1)},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${OUTPUT} "#include \"core/embedded.hpp\"
namespace jobmedic::embedded {
namespace {
${arrays}std::string_view view(const unsigned char* bytes, std::size_t size) { return {reinterpret_cast<const char*>(bytes), size}; }
}  // namespace
std::span<const EmbeddedFile> ${NAME}() {
  static const EmbeddedFile files[] = {
${entries}  };
  return files;
}
}  // namespace jobmedic::embedded
")
