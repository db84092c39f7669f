#ifndef SEEDFED_COMMON_BASE_CHECK_H_
#define SEEDFED_COMMON_BASE_CHECK_H_

#include <cstdio>
#include <cstdlib>

// Ends the process when one of our own invariants is broken. Never for input.
#define SEEDFED_CHECK(condition)                                                             \
  do {                                                                                       \
    if (!(condition)) {                                                                      \
      std::fprintf(stderr, "%s:%d: broken invariant: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                          \
    }                                                                                        \
  } while (false)

#endif  // SEEDFED_COMMON_BASE_CHECK_H_
