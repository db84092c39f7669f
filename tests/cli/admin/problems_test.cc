#include "cli/admin/problems.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/admin/example_status.h"

namespace seedfed {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Problems, AllWell_None) { EXPECT_THAT(Problems(ExampleStatus()), IsEmpty()); }

TEST(Problems, HeldOrWaiting_ComesFirst) {
  v1::Status status = ExampleStatus();
  status.set_state("held");
  EXPECT_THAT(Problems(status),
              ElementsAre("held by the operator: no round ends until seedfed resume"));
  status.set_state("waiting");
  status.mutable_clients()->set_live(3);
  EXPECT_THAT(Problems(status), ElementsAre("only 3 of the 8 trainers that are needed are live"));
}

TEST(Problems, ManyLateUpdates_WithTheirShare) {
  v1::Status status = ExampleStatus();
  status.mutable_traffic()->set_late(50);
  EXPECT_THAT(
      Problems(status),
      ElementsAre(
          "50 of 250 updates came too late (20 %): raise deadline_seconds or clients of [rounds]"));
}

TEST(Problems, RefusedUpdates_WithEachReasonThatOccurred) {
  v1::Status status = ExampleStatus();
  status.mutable_refused(0)->set_updates(2);
  status.add_refused()->set_reason("loss");
  v1::Refused& other = *status.add_refused();
  other.set_reason("other_content");
  other.set_updates(1);
  EXPECT_THAT(Problems(status), ElementsAre("updates were refused, 2 for words, 1 for "
                                            "other_content: seedfed events names the clients"));
}

TEST(Problems, AccuracyBelowTheBest_BothAreNamed) {
  v1::Status status = ExampleStatus();
  status.mutable_latest()->set_accuracy(0.7);
  EXPECT_THAT(Problems(status), ElementsAre("accuracy fell from 0.8640 after round 19 to 0.7000"));
}

}  // namespace
}  // namespace seedfed
