// Loads a server with clients that do not train, for measurements of the server.
//
//   seedfed_load HOST:PORT CLIENTS UPDATES_PER_SECOND SECONDS
//
// The server's rounds must close with CLIENTS updates. 0 updates a second: as many as it takes.
// Prints the updates that were accepted. Exit status: 0 done, 1 a call failed, 2 wrong arguments.

#include <atomic>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tests/load/load_client.h"

namespace seedfed {
namespace {

using SteadyClock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

int Load(const std::string& server, uint32_t clients, double rate, double seconds) {
  const SteadyClock::time_point start = SteadyClock::now();
  const auto end = start + std::chrono::duration_cast<SteadyClock::duration>(Seconds(seconds));
  std::atomic<bool> stopped = false;
  std::atomic<uint64_t> accepted = 0;
  std::atomic<int> failures = 0;
  std::atomic<uint32_t> first_round = 0;
  std::vector<std::thread> threads;
  for (uint32_t i = 0; i < clients; ++i) {
    threads.emplace_back([&, i] {
      const auto pace = [&, i](uint32_t round) {
        if (rate <= 0) return;
        uint32_t none = 0;
        first_round.compare_exchange_strong(none, round);
        // Round r's updates are spread over the r-th part of the time.
        const double turn = (static_cast<double>(round - first_round) * clients + i) / rate;
        std::this_thread::sleep_until(
            start + std::chrono::duration_cast<SteadyClock::duration>(Seconds(turn)));
      };
      LoadClient client{server, absl::StrCat("load-", i), pace, accepted};
      const absl::Status status = client.Run(stopped);
      if (!status.ok() && !stopped && failures++ == 0) {
        std::fprintf(stderr, "seedfed_load: %s\n", std::string(status.message()).c_str());
      }
    });
  }
  while (SteadyClock::now() < end && failures == 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  std::printf("%llu updates in %.1f s\n", static_cast<unsigned long long>(accepted.load()),
              Seconds(SteadyClock::now() - start).count());
  std::fflush(stdout);
  // Clients may wait for a round that no longer ends.
  std::_Exit(failures == 0 ? 0 : 1);
}

}  // namespace
}  // namespace seedfed

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  uint32_t clients = 0;
  double rate = 0, seconds = 0;
  if (arguments.size() != 4 || !absl::SimpleAtoi(arguments[1], &clients) || clients == 0 ||
      !absl::SimpleAtod(arguments[2], &rate) || !absl::SimpleAtod(arguments[3], &seconds)) {
    std::fputs("usage: seedfed_load HOST:PORT CLIENTS UPDATES_PER_SECOND SECONDS\n", stderr);
    return 2;
  }
  return seedfed::Load(arguments[0], clients, rate, seconds);
}
