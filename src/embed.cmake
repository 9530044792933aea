# jobmedic_embed(TARGET NAME FILE...): compiles data files into TARGET as
#   std::span<const EmbeddedFile> jobmedic::embedded::NAME();   (src/core/embedded.hpp)
function(jobmedic_embed target name)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded_${name}.cpp)
  set(files ${ARGN})
  list(TRANSFORM files PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DNAME=${name} "-DFILES=${files}" -P ${PROJECT_SOURCE_DIR}/src/embed_files.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/src/embed_files.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
