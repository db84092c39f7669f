#include "common/tls/tls_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace seedfed {
namespace {

TEST(WarningOfClearToken, BeyondThisMachineWithoutTls_Warns) {
  for (const char* server : {"fed.example.org:7733", "10.0.0.1:7733", "[2001:db8::1]:7733"}) {
    EXPECT_EQ(WarningOfClearToken(server, {}),
              std::string("the token goes to ") + server +
                  " without encryption: whoever sees the packets has it; pass the CA of the "
                  "server's certificate: --tls-ca");
  }
}

TEST(WarningOfClearToken, OnThisMachineOrWithTls_IsSilent) {
  for (const char* server : {"localhost:7733", "127.0.0.1:7733", "[::1]:7733"}) {
    EXPECT_EQ(WarningOfClearToken(server, {}), "");
  }
  EXPECT_EQ(WarningOfClearToken("fed.example.org:7733", {.ca = "ca.pem"}), "");
  EXPECT_EQ(WarningOfClearToken("fed.example.org:7733", {.ca = kSystemAuthorities}), "");
}

}  // namespace
}  // namespace seedfed
