#include "server/config/server_config.h"

#include <gtest/gtest.h>

#include <string>

namespace seedfed {
namespace {

std::string Refusal(const std::string& text) {
  const absl::StatusOr<HostPort> parsed = HostPort::Parse(text);
  EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(parsed.status().message());
}

TEST(HostPort, WellFormed_IsParsedAndPrintedAlike) {
  const struct {
    std::string text;
    HostPort parsed;
  } cases[] = {{"127.0.0.1:7733", {"127.0.0.1", 7733}},
               {"localhost:0", {"localhost", 0}},
               {"my_host.example-1.org:65535", {"my_host.example-1.org", 65535}},
               {"[::1]:7733", {"::1", 7733}},
               {"[fe80::1%eth0]:1", {"fe80::1%eth0", 1}}};
  for (const auto& [text, parsed] : cases) {
    EXPECT_EQ(HostPort::Parse(text).value(), parsed);
    EXPECT_EQ(parsed.ToString(), text);
  }
}

TEST(HostPort, Malformed_IsRefused) {
  EXPECT_EQ(Refusal("localhost"),
            "address 'localhost' has no port; expected HOST:PORT, such as 127.0.0.1:7733");
  EXPECT_EQ(
      Refusal(":7733"),
      "address ':7733' has no host; expected HOST:PORT, such as 0.0.0.0:7733 for every interface");
  EXPECT_EQ(Refusal("[]:7733"),
            "address '[]:7733' has no host; expected HOST:PORT, such as 0.0.0.0:7733 for every "
            "interface");
  EXPECT_EQ(Refusal("::1:7733"),
            "address '::1:7733' has an IPv6 address without brackets; expected [HOST]:PORT, such "
            "as [::1]:7733");
  EXPECT_EQ(Refusal("a b:1"),
            "address 'a b:1' has a character that is in no host name; expected HOST:PORT, such as "
            "127.0.0.1:7733");
  for (const std::string port : {"", "65536", "-1", "+1", " 1", "1x", "99999999999"}) {
    EXPECT_EQ(Refusal("h:" + port),
              "address 'h:" + port + "' has no port from 0 to 65535 after its last colon");
  }
}

TEST(DefaultLearningRate, NeverFallsWithTheTile) {
  for (const Codec codec : {Codec::kEnsemble, Codec::kSingle}) {
    for (uint32_t tile = 4; tile < 256; tile *= 2) {
      EXPECT_LE(DefaultLearningRate(codec, Mode::kRolling, tile),
                DefaultLearningRate(codec, Mode::kRolling, 2 * tile))
          << tile;
    }
  }
  EXPECT_EQ(DefaultLearningRate(Codec::kEnsemble, Mode::kRolling, 8), 0.1);
  EXPECT_EQ(DefaultLearningRate(Codec::kDense, Mode::kRolling, 8), 0.001);
  EXPECT_EQ(DefaultLearningRate(Codec::kDense, Mode::kRolling, 256), 0.001);
}

}  // namespace
}  // namespace seedfed
