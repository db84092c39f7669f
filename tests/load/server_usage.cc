#include "tests/load/server_usage.h"

#include <unistd.h>

#include <ctime>
#include <fstream>
#include <string>

namespace seedfed {

double ProcessorSeconds(pid_t pid) {
  clockid_t clock = 0;
  timespec used = {};
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0) return 0;
  constexpr double kNanosecond = 1e-9;
  return static_cast<double>(used.tv_sec) + kNanosecond * static_cast<double>(used.tv_nsec);
}

uint64_t ResidentBytes(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/statm");
  uint64_t all = 0, resident = 0;
  file >> all >> resident;
  return resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace seedfed
