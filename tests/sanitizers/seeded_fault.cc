// One fault of each kind that the address and undefined-behaviour sanitizers find, to show that
// those of this build do:
//
//   seeded_fault overflow|use_after_free|stack|leak|arithmetic|none

#include <climits>
#include <cstdio>
#include <memory>
#include <string>

namespace {

// What the compiler cannot foresee.
int Unknown(int value) {
  static volatile int hidden;
  hidden = value;
  return hidden;
}

int Fault(const std::string& what) {
  if (what == "overflow") {
    const auto block = std::make_unique<int[]>(4);
    return block[Unknown(4)];
  }
  if (what == "use_after_free") {
    auto block = std::make_unique<int>(1);
    const int* const freed = block.get();
    block.reset();
    return *freed;
  }
  if (what == "stack") {
    int block[4] = {};
    return block[Unknown(4)];
  }
  if (what == "leak") {
    int* volatile lost = new int[Unknown(4)]();
    lost = nullptr;
    return lost == nullptr ? 0 : 1;
  }
  if (what == "arithmetic") return Unknown(INT_MAX) + Unknown(1);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::printf("no finding: %d\n", Fault(argc == 2 ? argv[1] : ""));
  return 0;
}
