#include "server/process/grpc_log.h"

#include <gmock/gmock.h>
#include <grpc/support/log.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "common/log/log.h"
#include "tests/common/pipe_output.h"

namespace seedfed {
namespace {

using ::testing::EndsWith;
using ::testing::SizeIs;

class GrpcLogTest : public ::testing::Test {
 protected:
  // What the log says at `level` when gRPC says `message`.
  std::string Logged(const std::string& level, const std::string& message) {
    SetUpLog({LogFormat::kText, level, false}, std::make_shared<StatusLine>(pipe_.fd(), false));
    TakeOverGrpcLog();
    gpr_log_verbosity_init();  // as the first server does
    gpr_log(GPR_ERROR, "%s", message.c_str());
    return pipe_.Take();
  }

  PipeOutput pipe_;
};

TEST_F(GrpcLogTest, Message_IsAnEscapedLineOfLevelDebug) {
  EXPECT_THAT(Logged("debug", "te=\x1b[2J\nforged"),
              EndsWith(" debug gRPC: te=\\x1b[2J\\nforged\n"));
  EXPECT_EQ(Logged("info", "te=trailer"), "");
}

TEST_F(GrpcLogTest, LongMessage_IsCut) {
  EXPECT_THAT(Logged("debug", std::string(5000, 'x')), EndsWith(std::string(300, 'x') + "\n"));
  EXPECT_THAT(Logged("debug", std::string(5000, 'x')), SizeIs(testing::Lt(400U)));
}

}  // namespace
}  // namespace seedfed
