# sonicmatch_replace_text(OUTPUT file INPUT file FROM text TO text)
# Makes OUTPUT from INPUT with FROM replaced, which must be there exactly once: a newer
# INPUT that no longer has it fails the build instead of going unnoticed.
if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(SONICMATCH_REPLACE_SCRIPT ${CMAKE_CURRENT_LIST_FILE})
  function(sonicmatch_replace_text)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "OUTPUT;INPUT;FROM;TO" "")
    add_custom_command(OUTPUT ${arg_OUTPUT} VERBATIM
      COMMAND ${CMAKE_COMMAND} -DOUTPUT=${arg_OUTPUT} -DINPUT=${arg_INPUT} -DFROM=${arg_FROM} -DTO=${arg_TO}
        -P ${SONICMATCH_REPLACE_SCRIPT}
      DEPENDS ${arg_INPUT} ${SONICMATCH_REPLACE_SCRIPT}
      COMMENT "Mending ${arg_OUTPUT}")
  endfunction()
  return()
endif()

file(READ ${INPUT} text)
string(FIND "${text}" "${FROM}" first)
string(FIND "${text}" "${FROM}" last REVERSE)
if(first EQUAL -1 OR NOT first EQUAL last)
  message(FATAL_ERROR "${INPUT} does not have exactly one ${FROM}")
endif()
string(REPLACE "${FROM}" "${TO}" text "${text}")
file(WRITE ${OUTPUT} "${text}")
