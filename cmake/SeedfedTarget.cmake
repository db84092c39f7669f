# seedfed_library(NAME SOURCES ... LIBS ...): a static library of this project; warnings are errors in it.
# seedfed_program(NAME SOURCES ... LIBS ... PACKAGE server|client|tools): the same for a program, and the Debian package
# it is in.

# -Wno-restrict: GCC 12 warns of overlap inside std::string's operator+ (GCC bug 105651).
# -Wthread-safety: clang checks the annotations of what a mutex guards.
set(SEEDFED_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
                     -Wno-missing-field-initializers $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict> -Werror
                     $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>)

function(seedfed_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_compile_options(${name} PRIVATE ${SEEDFED_WARNINGS})
  target_link_libraries(${name} PUBLIC ${ARG_LIBS})
endfunction()

function(seedfed_program name)
  cmake_parse_arguments(ARG "" "PACKAGE" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_compile_options(${name} PRIVATE ${SEEDFED_WARNINGS})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS})
  # A program that listens to strangers has no writable table of functions.
  target_link_options(${name} PRIVATE LINKER:-z,relro,-z,now)
  install(TARGETS ${name} RUNTIME DESTINATION bin COMPONENT ${ARG_PACKAGE})
endfunction()
