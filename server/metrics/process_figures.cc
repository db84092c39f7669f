#include "server/metrics/process_figures.h"

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>

#include "server/metrics/family.h"

namespace seedfed {
namespace {

// Fields of /proc/PID/stat after the program's name, which may hold blanks and brackets itself
// (proc(5): the name is field 2, utime field 14, stime field 15).
std::optional<double> CpuSeconds(const std::filesystem::path& file) {
  std::ifstream in(file);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(text.substr(name_end + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  double user = 0, system = 0;
  if (!(fields >> user >> system)) return std::nullopt;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

std::optional<double> ResidentBytes(const std::filesystem::path& file) {
  std::ifstream in(file);
  double size = 0, resident = 0;  // pages
  if (!(in >> size >> resident)) return std::nullopt;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

std::optional<double> OpenFds(const std::filesystem::path& folder) {
  std::error_code error;
  double count = 0;
  std::filesystem::directory_iterator entries(folder, error);
  while (!error && entries != std::filesystem::directory_iterator()) {
    ++count;
    entries.increment(error);
  }
  if (error || count == 0) return std::nullopt;
  return count - 1;  // one of them was open to read the folder
}

// The soft limit. A limit of "unlimited" is no figure.
std::optional<double> MaxFds(const std::filesystem::path& file) {
  const std::string name = "Max open files";
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    double limit = 0;
    if (line.starts_with(name) && std::istringstream(line.substr(name.size())) >> limit) {
      return limit;
    }
  }
  return std::nullopt;
}

}  // namespace

ProcessFigures ReadProcessFigures(const std::filesystem::path& proc) {
  return {CpuSeconds(proc / "stat"), ResidentBytes(proc / "statm"), OpenFds(proc / "fd"),
          MaxFds(proc / "limits")};
}

void AppendProcessFamilies(const ProcessFigures& figures,
                           std::vector<prometheus::MetricFamily>& families) {
  AppendCounter(families, "process_cpu_seconds_total", "Processor time of all threads.",
                figures.cpu_seconds);
  AppendGauge(families, "process_resident_memory_bytes", "Memory that is in RAM.",
              figures.resident_bytes);
  AppendGauge(families, "process_open_fds", "Open file descriptors.", figures.open_fds);
  AppendGauge(families, "process_max_fds", "Most file descriptors the process may open.",
              figures.max_fds);
}

}  // namespace seedfed
