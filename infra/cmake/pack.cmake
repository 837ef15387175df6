# sonicmatch_pack(TARGET FUNCTION a::b::name FILES file ...)
# Puts files of any kind into TARGET, compressed with gzip, readable through
#     std::span<const sonicmatch::http::packed_file> a::b::name();
# in order of name (http/packed_file.hpp). A changed file is packed again by the next
# build. The compiler never sees the bytes: the assembler includes them as they are.
if(NOT CMAKE_SCRIPT_MODE_FILE)
  find_program(GZIP_PROGRAM gzip REQUIRED)
  set(SONICMATCH_PACK_SCRIPT ${CMAKE_CURRENT_LIST_FILE})
  function(sonicmatch_pack target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "FUNCTION" "FILES")
    string(REPLACE "::" "_" name ${arg_FUNCTION})
    set(source ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
    list(TRANSFORM arg_FILES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ REGEX "^[^/]")
    add_custom_command(OUTPUT ${source} VERBATIM
      COMMAND ${CMAKE_COMMAND} -DOUTPUT=${source} -DNAME=${name} -DFUNCTION=${arg_FUNCTION}
        -DGZIP=${GZIP_PROGRAM} "-DFILES=${arg_FILES}" -P ${SONICMATCH_PACK_SCRIPT}
      DEPENDS ${arg_FILES} ${SONICMATCH_PACK_SCRIPT}
      COMMENT "Packing the files of ${arg_FUNCTION}")
    target_sources(${target} PRIVATE ${source})
  endfunction()
  return()
endif()

# From here on: the script that compresses the files and writes the source.
string(REGEX MATCH "^(.*)::([^:]+)$" _ ${FUNCTION})
set(namespace ${CMAKE_MATCH_1})
set(function ${CMAKE_MATCH_2})
set(symbols "")
set(entries "")
set(number 0)
list(SORT FILES COMPARE FILE_BASENAME)
foreach(file IN LISTS FILES)
  set(symbol ${NAME}_${number})
  set(packed ${OUTPUT}.${number}.gz)
  # Without name and time, so that the same bytes make the same program.
  execute_process(COMMAND ${GZIP} -9 --no-name --stdout ${file} OUTPUT_FILE ${packed}
    COMMAND_ERROR_IS_FATAL ANY)
  file(SIZE ${file} size)
  file(SHA256 ${file} hash)
  get_filename_component(name ${file} NAME)
  string(APPEND symbols "asm(\".pushsection .rodata\\n\"
    \"${symbol}_begin: .incbin \\\"${packed}\\\"\\n\"
    \"${symbol}_end: .popsection\\n\");
extern \"C\" [[gnu::visibility(\"hidden\")]] const char ${symbol}_begin[];
extern \"C\" [[gnu::visibility(\"hidden\")]] const char ${symbol}_end[];
")
  string(APPEND entries "    {\"${name}\", {${symbol}_begin, ${symbol}_end}, ${size}, \"${hash}\"},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUTPUT} "// Made by infra/cmake/pack.cmake.
#include \"http/packed_file.hpp\"

#include <array>
#include <span>

${symbols}
namespace ${namespace} {

std::span<const sonicmatch::http::packed_file> ${function}();

std::span<const sonicmatch::http::packed_file> ${function}() {
  static const std::array<sonicmatch::http::packed_file, ${number}> all{{
${entries}  }};
  return all;
}

} // namespace ${namespace}
")
