#include "cli/admin/status_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/admin/example_status.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(StatusText, AllWell_OneScreen) {
  EXPECT_EQ(StatusText(ExampleStatus(), "fed:7733", 200),
            R"(Federation     00112233445566778899aabbccddeeff
Server         fed:7733, version 1.2.0, up for 2 min 31 s
State          collecting: round 21 of 60, 7 of 10 updates (8 at the deadline), open for 0.5 s, 4 min 59 s left
Pace           3.1 rounds/s, about 12.9 s to go
Accuracy       0.8638 after round 20 (loss 0.3794, 10,000 examples); best 0.8640 after round 19
Training loss  0.4123 nats in round 20
Members        10 trainers (10 live, 8 needed), 1 evaluator (1 live)
Model          784-256-128-10, 235,146 parameters, ensemble words, tiles of 8, rolling
Cost           4,016 B an update; as fp32 weights 940,584 B, 234:1
Since start    810 kB up, 880 kB down; FedAvg with fp32 weights 188 MB up, 206 MB down, 233:1
               200 updates counted, 3 too late, 0 refused
Problems       none
Fingerprint    de89ba8f42a87f8e
)");
}

TEST(StatusText, OnATerminalOf80By24_Fits) {
  const std::string text = StatusText(ExampleStatus(), "fed:7733", 80);
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 24);
  size_t start = 0;
  for (size_t end; (end = text.find('\n', start)) != std::string::npos; start = end + 1) {
    EXPECT_LE(end - start, 80U) << text.substr(start, end - start);
  }
}

TEST(StatusText, NewFederation_SaysThatNothingIsKnownYet) {
  v1::Status status = ExampleStatus();
  status.set_round(0);
  status.set_state("waiting");
  status.clear_latest();
  status.clear_best();
  status.clear_training_loss();
  status.set_rounds_per_second(0);
  status.clear_traffic();
  status.mutable_clients()->set_evaluators(0);
  const std::string text = StatusText(status, "fed:7733", 200);
  EXPECT_THAT(text, HasSubstr("State        waiting for trainers: round 21 of 60, 7 of 10"));
  EXPECT_THAT(text, HasSubstr("Pace         no round in the last ten seconds\n"));
  EXPECT_THAT(text, HasSubstr("Accuracy     not measured: no evaluator has joined\n"));
  EXPECT_THAT(text, HasSubstr("Since start  0 B up, 0 B down; FedAvg with fp32 weights 0 B up, 0 B "
                              "down\n"));
  EXPECT_THAT(text, Not(HasSubstr("Training loss")));
  status.mutable_clients()->set_evaluators(1);
  EXPECT_THAT(StatusText(status, "fed:7733", 200), HasSubstr("Accuracy     not measured yet\n"));
}

TEST(StatusText, OtherStates_HaveTheirSentence) {
  v1::Status status = ExampleStatus();
  status.set_state("held");
  EXPECT_THAT(StatusText(status, "", 200), HasSubstr("held after round 20: round 21 of 60, 7 of"));
  status.set_state("publishing");
  EXPECT_THAT(StatusText(status, "", 200), HasSubstr("storing round 21\n"));
  status.set_state("finished");
  const std::string finished = StatusText(status, "", 200);
  EXPECT_THAT(finished, HasSubstr("finished after round 20\n"));
  EXPECT_THAT(finished, Not(HasSubstr("Pace")));
}

TEST(StatusText, WithoutEndAndSlow_NoTimeToGo) {
  v1::Status status = ExampleStatus();
  status.set_rounds(0);
  status.set_rounds_per_second(0.25);
  const std::string text = StatusText(status, "", 200);
  EXPECT_THAT(text, HasSubstr("collecting: round 21, 7 of 10 updates"));
  EXPECT_THAT(text, HasSubstr("Pace           4.0 s a round\n"));
}

}  // namespace
}  // namespace seedfed
