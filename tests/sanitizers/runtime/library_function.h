#ifndef SEEDFED_TESTS_SANITIZERS_RUNTIME_LIBRARY_FUNCTION_H_
#define SEEDFED_TESTS_SANITIZERS_RUNTIME_LIBRARY_FUNCTION_H_

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>

namespace seedfed {

// The function of a mangled name in the shared library behind this program, which has one of that
// name too. Ends the program when there is none.
template <typename Function>
Function* LibraryFunction(const char* name) {
  void* const function = dlsym(RTLD_NEXT, name);
  if (function == nullptr) {
    std::fprintf(stderr, "no shared library has %s; expected those of Debian 12\n", name);
    std::abort();
  }
  return reinterpret_cast<Function*>(function);
}

}  // namespace seedfed

#endif  // SEEDFED_TESTS_SANITIZERS_RUNTIME_LIBRARY_FUNCTION_H_
