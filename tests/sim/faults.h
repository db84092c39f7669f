#ifndef SEEDFED_TESTS_SIM_FAULTS_H_
#define SEEDFED_TESTS_SIM_FAULTS_H_

#include "absl/time/time.h"

namespace seedfed {

// What goes wrong in a simulated run, until `quiet_after`: from then on nothing does, so that every
// run can end.
struct Faults {
  double drop = 0;       // probability that a message is lost; its caller times out
  double duplicate = 0;  // probability that a request arrives twice
  absl::Duration delay =
      absl::Milliseconds(5);  // longest time a message takes; messages overtake each other
  absl::Duration commit = absl::Milliseconds(5);          // longest time a commit takes
  absl::Duration server_life = absl::InfiniteDuration();  // mean time between crashes of the server
  absl::Duration client_life = absl::InfiniteDuration();  // mean time between crashes of a client
  absl::Duration partition_every =
      absl::InfiniteDuration();  // mean time between partitions of one client
  double drop_out = 0;  // probability that a client goes away instead of training a round; it comes
                        // back seconds later
  absl::Duration hold_every =
      absl::InfiniteDuration();  // mean time between the operator's pauses, of at most six seconds
  absl::Duration quiet_after = absl::Seconds(60);
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_SIM_FAULTS_H_
