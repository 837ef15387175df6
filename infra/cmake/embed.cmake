# sonicmatch_embed(TARGET FUNCTION a::b::name FILES file ...)
# Puts text files into TARGET, readable through
#     const std::vector<std::pair<std::string_view, std::string_view>>& a::b::name();
# which gives each file's name without its folder, and its text, in order of name.
# A changed file is embedded again by the next build. Text only: no file may hold
# the closing mark )embedded".
if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(SONICMATCH_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})
  function(sonicmatch_embed target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "FUNCTION" "FILES")
    string(REPLACE "::" "_" name ${arg_FUNCTION})
    set(source ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
    list(TRANSFORM arg_FILES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ REGEX "^[^/]")
    add_custom_command(OUTPUT ${source} VERBATIM
      COMMAND ${CMAKE_COMMAND} -DOUTPUT=${source} -DFUNCTION=${arg_FUNCTION} "-DFILES=${arg_FILES}"
        -P ${SONICMATCH_EMBED_SCRIPT}
      DEPENDS ${arg_FILES} ${SONICMATCH_EMBED_SCRIPT}
      COMMENT "Embedding the files of ${arg_FUNCTION}")
    target_sources(${target} PRIVATE ${source})
  endfunction()
  return()
endif()

# From here on: the script that writes the source.
string(REGEX MATCH "^(.*)::([^:]+)$" _ ${FUNCTION})
set(namespace ${CMAKE_MATCH_1})
set(function ${CMAKE_MATCH_2})
set(entries "")
list(SORT FILES)
foreach(file IN LISTS FILES)
  file(READ ${file} text)
  get_filename_component(name ${file} NAME)
  string(APPEND entries "    {\"${name}\", R\"embedded(${text})embedded\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Made by infra/cmake/embed.cmake.
#include <string_view>
#include <utility>
#include <vector>

namespace ${namespace} {

const std::vector<std::pair<std::string_view, std::string_view>>& ${function}();

const std::vector<std::pair<std::string_view, std::string_view>>& ${function}() {
  static const std::vector<std::pair<std::string_view, std::string_view>> all{
${entries}  };
  return all;
}

} // namespace ${namespace}
")
