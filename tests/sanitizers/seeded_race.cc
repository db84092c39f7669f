// Two threads add to a counter, to show that the thread sanitizer of this build finds races and
// takes no order for one:
//
//   seeded_race unguarded      a race
//   seeded_race other_mutexes  a race: each thread locks an Abseil mutex of its own
//   seeded_race same_mutex     none: both lock the same Abseil mutex, in Debian's library

#include <cstdio>
#include <string>
#include <thread>

#include "absl/synchronization/mutex.h"

namespace {

constexpr int kTimes = 1000;

int counter = 0;

void Add(absl::Mutex* mutex) {
  for (int i = 0; i < kTimes; ++i) {
    if (mutex != nullptr) mutex->Lock();
    ++counter;
    if (mutex != nullptr) mutex->Unlock();
  }
}

void AddTwice(absl::Mutex* first, absl::Mutex* second) {
  std::thread thread([=] { Add(first); });
  Add(second);
  thread.join();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc == 2 ? argv[1] : "";
  absl::Mutex one, other;
  if (what == "unguarded") {
    AddTwice(nullptr, nullptr);
  } else if (what == "other_mutexes") {
    AddTwice(&one, &other);
  } else if (what == "same_mutex") {
    AddTwice(&one, &one);
  } else {
    std::fputs("usage: seeded_race unguarded|other_mutexes|same_mutex\n", stderr);
    return 2;
  }
  std::printf("the counter is %d\n", counter);
  return 0;
}
