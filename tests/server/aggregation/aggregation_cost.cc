// Measures what the strategies cost on the server's strand, and prints a markdown table: per round
// of so many updates the longest single Add and Result, in milliseconds of processor time, and the
// memory that the updates are held in. Each line is a process of its own.
//
//   seedfed_aggregation_cost COORDINATES UPDATES...
//
// 7460 coordinates are the default model's, 312500 those of 10 million weights in tiles of 8 x 8.
// Exit status: 0 measured, 1 a measurement ended early, 2 wrong arguments.

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "common/base/check.h"
#include "common/base/philox.h"
#include "server/aggregation/strategy.h"

namespace seedfed {
namespace {

// Of this thread.
double ProcessorMilliseconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) * 1e-6;
}

// Of this process, in MiB.
double ResidentMemory() {
  std::ifstream file("/proc/self/statm");
  double total = 0, resident = 0;
  file >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

void Measure(Strategy strategy, size_t coordinates, uint32_t updates) {
  const AggregationRules rules = {
      .strategy = strategy, .trim = 0.3, .attackers = updates * 3 / 10, .norm_bound = 1};
  const double before = ResidentMemory();
  const auto aggregator = MakeAggregator(rules, coordinates);
  std::vector<int32_t> update(coordinates);
  double longest_add = 0;
  for (uint32_t client = 0; client < updates; ++client) {
    // As spread as real ones: a quarter of the range. Blocks are used whole, to be quick.
    for (size_t i = 0; i < coordinates; i += 4) {
      const PhiloxBlock block = Philox4x32({static_cast<uint32_t>(i), client, 0, 0}, {1, 0});
      for (size_t k = 0; k < 4 && i + k < coordinates; ++k) {
        update[i + k] = static_cast<int32_t>(block[k]) / 8;
      }
    }
    const double start = ProcessorMilliseconds();
    SEEDFED_CHECK(aggregator->Add(client, update, 2000));
    longest_add = std::max(longest_add, ProcessorMilliseconds() - start);
  }
  const double held = ResidentMemory() - before;
  const double start = ProcessorMilliseconds();
  const std::vector<int32_t> result = aggregator->Result();
  const double result_time = ProcessorMilliseconds() - start;
  std::printf("| %s | %zu | %u | %.2f | %.1f | %.0f |\n",
              std::string(StrategyName(strategy)).c_str(), result.size(), updates, longest_add,
              result_time, held);
  std::fflush(stdout);
}

int Main(const std::vector<std::string>& arguments) {
  std::vector<uint32_t> numbers;
  for (const std::string& argument : arguments) {
    uint32_t number = 0;
    if (!absl::SimpleAtoi(argument, &number) || number == 0) numbers.clear();
    if (number == 0) break;
    numbers.push_back(number);
  }
  if (numbers.size() < 2 || numbers.size() != arguments.size()) {
    std::fputs("usage: seedfed_aggregation_cost COORDINATES UPDATES...\n", stderr);
    return 2;
  }
  std::puts("| strategy | coordinates | updates | longest Add, ms | Result, ms | memory, MiB |");
  std::puts("|---|---|---|---|---|---|");
  std::fflush(stdout);
  for (size_t i = 1; i < numbers.size(); ++i) {
    for (const Strategy strategy :
         {Strategy::kMean, Strategy::kMedian, Strategy::kTrimmedMean, Strategy::kKrum,
          Strategy::kMultiKrum, Strategy::kNormBound, Strategy::kCosine}) {
      const pid_t child = fork();
      if (child == 0) {
        Measure(strategy, numbers[0], numbers[i]);
        return 0;
      }
      int status = 0;
      if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
        std::fputs("seedfed_aggregation_cost: a measurement ended early\n", stderr);
        return 1;
      }
    }
  }
  return 0;
}

}  // namespace
}  // namespace seedfed

int main(int argc, char** argv) { return seedfed::Main({argv + 1, argv + argc}); }
