#ifndef SEEDFED_TESTS_SIM_WORLD_H_
#define SEEDFED_TESTS_SIM_WORLD_H_

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "absl/time/time.h"
#include "common/base/philox.h"
#include "common/base/random.h"

namespace seedfed {

// Simulated time, what is to happen in it, and the one source of chance: everything in a run
// follows from the seed.
class World final : public RandomSource {
 public:
  explicit World(uint64_t seed)
      : chance_({static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)}, 0, 0, 0) {}

  absl::Duration now() const { return now_; }

  // Runs `what` after `delay`. What is due at one moment runs in the order it was asked for.
  void After(absl::Duration delay, std::function<void()> what) {
    agenda_.emplace(std::pair(now_ + delay, next_++), std::move(what));
  }

  // Runs what is due next; false when nothing is left.
  bool Step() {
    if (agenda_.empty()) return false;
    auto first = agenda_.extract(agenda_.begin());
    now_ = first.key().first;
    ++steps_;
    first.mapped()();
    return true;
  }

  uint64_t steps() const { return steps_; }

  bool Chance(double probability) { return chance_.Uniform() < probability; }
  uint32_t Below(uint32_t n) { return chance_.Below(n); }
  absl::Duration Between(absl::Duration least, absl::Duration most) {
    return least + chance_.Uniform() * (most - least);
  }

  void Fill(std::span<uint8_t> out) override {
    for (uint8_t& byte : out) byte = static_cast<uint8_t>(chance_.Next());
  }

 private:
  PhiloxStream chance_;
  absl::Duration now_;
  uint64_t next_ = 0;
  uint64_t steps_ = 0;
  std::map<std::pair<absl::Duration, uint64_t>, std::function<void()>> agenda_;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_SIM_WORLD_H_
