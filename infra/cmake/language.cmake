# The language, the warnings, the sanitizers, and where programs are put.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
# Optimised with line tables: small enough to ship, enough for perf and a core.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")

option(SONICMATCH_WARNINGS_AS_ERRORS "Warnings are errors (CI sets it)" OFF)
option(SONICMATCH_FUZZ "The libFuzzer targets of tests/fuzz, with clang" OFF)
set(SONICMATCH_SANITIZE "" CACHE STRING "Sanitizers for every target, e.g. address,undefined")

add_library(sonicmatch_flags INTERFACE)
target_compile_options(sonicmatch_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  -Wno-sign-conversion -Wnon-virtual-dtor -Woverloaded-virtual)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # False alarms of GCC 12 about std::string's operator+ (GCC bugs 105329, 105651).
  target_compile_options(sonicmatch_flags INTERFACE -Wno-restrict -Wno-array-bounds
    -Wno-stringop-overflow)
endif()
if(SONICMATCH_WARNINGS_AS_ERRORS)
  target_compile_options(sonicmatch_flags INTERFACE -Werror)
endif()
target_include_directories(sonicmatch_flags INTERFACE ${CMAKE_SOURCE_DIR})

if(SONICMATCH_SANITIZE)
  add_compile_options(-fsanitize=${SONICMATCH_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  if(SONICMATCH_SANITIZE MATCHES undefined)
    # What tests/support/ubsan.supp names can only be passed over where UBSan may go on;
    # tests/run makes every other finding of that kind end the program too.
    add_compile_options(-fsanitize-recover=null)
  endif()
  if(SONICMATCH_SANITIZE MATCHES thread AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-tsan) # it knows no fences, with which Asio begins a handler
  endif()
  add_link_options(-fsanitize=${SONICMATCH_SANITIZE})
endif()
