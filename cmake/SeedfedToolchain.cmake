# Compiler settings shared by every target: optimisation, sanitizers, ccache and a fast linker when present.

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release or RelWithDebInfo" FORCE)
endif()

find_program(SEEDFED_CCACHE ccache)
if(SEEDFED_CCACHE)
  # The sloppiness settings are what ccache's manual asks for with precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${SEEDFED_CCACHE})
endif()

find_program(SEEDFED_MOLD mold)
if(SEEDFED_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

set(SEEDFED_SANITIZE "" CACHE STRING "Sanitizers to build with, e.g. address,undefined or thread")
option(SEEDFED_FUZZ "Build tests/fuzz with libFuzzer, which takes clang, instead of replaying its corpora" OFF)
if(SEEDFED_SANITIZE)
  # GCC sees uninitialised values in what the sanitizers add to the code, so that warning is no error here.
  # Nor is there a check of an object's class: it opens a pipe, and some tests leave no descriptor.
  add_compile_options(-fsanitize=${SEEDFED_SANITIZE} -fno-sanitize=vptr -fno-sanitize-recover=all -fno-omit-frame-pointer -O1 -g1
                      $<$<CXX_COMPILER_ID:GNU>:-Wno-error=maybe-uninitialized>)
  add_link_options(-fsanitize=${SEEDFED_SANITIZE})
  if(SEEDFED_SANITIZE MATCHES "thread")
    # The thread sanitizer does not know memory fences. Asio's order nothing that its mutexes do not; ours would be errors.
    add_compile_definitions(BOOST_ASIO_DISABLE_FENCED_BLOCK)
    add_link_options(LINKER:--version-script,${CMAKE_SOURCE_DIR}/tests/sanitizers/runtime/exported.map)
  endif()
endif()
if(SEEDFED_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

find_package(Threads REQUIRED)
