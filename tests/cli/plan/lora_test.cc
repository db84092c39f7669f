#include "cli/plan/lora.h"

#include <gtest/gtest.h>

namespace seedfed {
namespace {

// Worked by hand from the datasheet's formula; the values are also those of public air time
// calculators.
TEST(LoraAirTime, KnownMessages) {
  // (8 + 4.25 + 8 + 5 * ceil((8 * 51 - 28 + 28 + 16) / 28)) symbols of 1.024 ms: 100.25.
  EXPECT_EQ(LoraAirTime(51, 7, true), absl::Microseconds(102'656));
  // 51 bytes and LoRaWAN's 13: 115.25 symbols.
  EXPECT_EQ(LoraAirTime(64, 7, true), absl::Microseconds(118'016));
  // 222 and 13 bytes: 360.25 symbols.
  EXPECT_EQ(LoraAirTime(235, 7, true), absl::Microseconds(368'896));
  // 8 + 4.25 + 8 + 5 * ceil((8 * 64 - 48 + 28 + 16) / (4 * 10)): 85.25 symbols of 32.768 ms.
  EXPECT_EQ(LoraAirTime(64, 12, true), absl::Microseconds(2'793'472));
  EXPECT_EQ(LoraAirTime(13, 9, true), absl::Microseconds(164'864));
  EXPECT_EQ(LoraAirTime(10, 7, true), absl::Microseconds(41'216));
  EXPECT_EQ(LoraAirTime(10, 11, true), absl::Microseconds(577'536));
}

TEST(LoraAirTime, LowRateOptimisation_FromSf11) {
  // Without it SF10 has 40 bits a block, as SF12 has with it.
  EXPECT_EQ(LoraAirTime(64, 10, true), absl::Microseconds(8'192 * 85.25));
  // SF11: (8 * 64 - 44 + 28 + 16) / 36 = 14.2: 8 + 4.25 + 8 + 75.
  EXPECT_EQ(LoraAirTime(64, 11, true), absl::Microseconds(16'384 * 95.25));
}

TEST(LoraAirTime, NoChecksum_SavesSixteenBits) {
  // (8 * 52 - 28 + 28) / 28 = 14.86 blocks of 5 symbols; with a checksum 15.43.
  EXPECT_EQ(LoraAirTime(52, 7, false), absl::Microseconds(1'024 * 95.25));
  EXPECT_EQ(LoraAirTime(52, 7, true), absl::Microseconds(1'024 * 100.25));
}

TEST(LoraAirTime, NoPayload_IsEightSymbolsAndThePreamble) {
  // (0 - 48 + 28) bits are negative: no block.
  EXPECT_EQ(LoraAirTime(0, 12, false), absl::Microseconds(32'768 * 20.25));
}

TEST(LorawanTransmission, FullMessagesAndTheRest) {
  const Transmission up = LorawanTransmission(4'016, kLorawanSf7, true);
  EXPECT_EQ(up.messages, 19U);
  // 18 * 222 = 3,996 bytes, and 20 that need 33 with LoRaWAN's own.
  EXPECT_EQ(up.air_time, 18 * LoraAirTime(235, 7, true) + LoraAirTime(33, 7, true));
}

TEST(LorawanTransmission, ExactlyFull_HasNoRest) {
  const Transmission down = LorawanTransmission(102, kLorawanSf12, false);
  EXPECT_EQ(down.messages, 2U);
  EXPECT_EQ(down.air_time, 2 * LoraAirTime(64, 12, false));
}

TEST(LorawanTransmission, Nothing_TakesNoTime) {
  const Transmission none = LorawanTransmission(0, kLorawanSf7, true);
  EXPECT_EQ(none.messages, 0U);
  EXPECT_EQ(none.air_time, absl::ZeroDuration());
}

}  // namespace
}  // namespace seedfed
