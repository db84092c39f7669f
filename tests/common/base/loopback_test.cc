#include "common/base/loopback.h"

#include <gtest/gtest.h>

namespace seedfed {
namespace {

TEST(IsLoopbackHost, ThisMachine_IsIt) {
  for (const char* host : {"localhost", "127.0.0.1", "127.255.255.254", "::1"}) {
    EXPECT_TRUE(IsLoopbackHost(host)) << host;
  }
}

TEST(IsLoopbackHost, AnythingElse_IsNot) {
  for (const char* host : {"", "0.0.0.0", "::", "128.0.0.1", "10.127.0.1", "fed.example.org",
                           "127.0.0.1.example.org", "localhost.example.org", "[::1]", "127.1"}) {
    EXPECT_FALSE(IsLoopbackHost(host)) << host;
  }
}

}  // namespace
}  // namespace seedfed
