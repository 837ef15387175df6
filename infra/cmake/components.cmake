# sonicmatch_component(NAME SOURCES a.cpp ... LINKS target ...)
# One static library for one folder, with the project's flags and precompiled header.
function(sonicmatch_component name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC sonicmatch_flags CAF::core ${arg_LINKS}
    PRIVATE sonicmatch_pch)
endfunction()
