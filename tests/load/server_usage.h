#ifndef SEEDFED_TESTS_LOAD_SERVER_USAGE_H_
#define SEEDFED_TESTS_LOAD_SERVER_USAGE_H_

#include <sys/types.h>

#include <cstdint>

namespace seedfed {

// What another process of this machine has used so far; 0 when there is none.
double ProcessorSeconds(pid_t pid);
uint64_t ResidentBytes(pid_t pid);

}  // namespace seedfed

#endif  // SEEDFED_TESTS_LOAD_SERVER_USAGE_H_
