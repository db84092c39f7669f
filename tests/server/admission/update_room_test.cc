#include "server/admission/update_room.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace seedfed {
namespace {

TEST(UpdateRoomTest, Full_UntilAnUpdateLeaves) {
  UpdateRoom room(100);
  UpdateRoom::Place first = room.Take(60);
  const UpdateRoom::Place second = room.Take(40);
  ASSERT_NE(first, nullptr);
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(room.bytes(), 100U);
  EXPECT_EQ(room.Take(1), nullptr);
  EXPECT_EQ(room.bytes(), 100U);
  UpdateRoom::Place copy = first;
  first.reset();
  EXPECT_EQ(room.Take(1), nullptr);
  copy.reset();
  EXPECT_NE(room.Take(60), nullptr);
  EXPECT_EQ(room.bytes(), 40U);
}

TEST(UpdateRoomTest, UpdateThatIsAlone_AlwaysHasRoom) {
  UpdateRoom room(100);
  const UpdateRoom::Place large = room.Take(1000);
  EXPECT_NE(large, nullptr);
  EXPECT_EQ(room.Take(1), nullptr);
}

TEST(UpdateRoomTest, Place_MayOutliveTheRoom) {
  auto room = std::make_unique<UpdateRoom>(100);
  const UpdateRoom::Place place = room->Take(10);
  room.reset();
  EXPECT_NE(place, nullptr);
}

TEST(UpdateRoomTest, AnyThread_MayTakeAndLeave) {
  UpdateRoom room(3);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&room] {
      for (int i = 0; i < 10'000; ++i) room.Take(1);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(room.bytes(), 0U);
}

}  // namespace
}  // namespace seedfed
