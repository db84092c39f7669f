#ifndef SEEDFED_TESTS_SERVER_METRICS_SAMPLES_H_
#define SEEDFED_TESTS_SERVER_METRICS_SAMPLES_H_

#include <map>
#include <sstream>
#include <string>

namespace seedfed {

// Sample (name and labels, as written) -> value.
using Samples = std::map<std::string, double>;

inline Samples ParseSamples(const std::string& exposition) {
  Samples samples;
  std::istringstream lines(exposition);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() == '#') continue;
    const size_t blank = line.rfind(' ');
    samples[line.substr(0, blank)] = std::stod(line.substr(blank + 1));
  }
  return samples;
}

}  // namespace seedfed

#endif  // SEEDFED_TESTS_SERVER_METRICS_SAMPLES_H_
