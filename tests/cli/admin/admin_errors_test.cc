#include "cli/admin/admin_errors.h"

#include <gtest/gtest.h>

#include <string>

#include "common/base/version.h"
#include "common/wire/convert.h"

namespace seedfed {
namespace {

using grpc::StatusCode;

std::string Sentence(StatusCode code, const std::string& message) {
  return std::string(ExplainCall({code, message}, "fed:7733", {}, absl::Seconds(5), "").message());
}

TEST(ExplainCall, Ok_IsOk) {
  EXPECT_TRUE(ExplainCall(grpc::Status::OK, "fed:7733", {}, absl::Seconds(5), "").ok());
}

TEST(ExplainCall, NobodyListens_TheSystemsReasonAndAQuestion) {
  EXPECT_EQ(Sentence(StatusCode::UNAVAILABLE,
                     "failed to connect to all addresses; last error: UNKNOWN: ipv4:127.0.0.1:1: "
                     "Failed to connect to remote host: Connection refused"),
            "cannot reach fed:7733: Connection refused; does seedfed-server run there?");
  EXPECT_EQ(Sentence(StatusCode::UNAVAILABLE, "Socket closed"),
            "fed:7733 is unavailable: Socket closed");
  EXPECT_EQ(Sentence(StatusCode::DEADLINE_EXCEEDED, "Deadline Exceeded"),
            "fed:7733 did not answer within 5.0 s");
}

TEST(ExplainCall, NoAdminService_SaysThatTheServerIsOlder) {
  EXPECT_EQ(Sentence(StatusCode::UNIMPLEMENTED, ""),
            std::string("fed:7733 is older than this tool (") + Version() +
                ") and has no admin service, or is no seedfed-server");
}

TEST(ExplainCall, CallThatTheServerDoesNotKnow_NamesBothVersions) {
  EXPECT_EQ(
      ExplainCall({StatusCode::UNIMPLEMENTED, ""}, "fed:7733", {}, absl::Seconds(5), "0.0.9")
          .message(),
      std::string("fed:7733 runs version 0.0.9, which cannot do this; this tool is version ") +
          Version());
}

TEST(ExplainCall, RefusedToken_SaysHowToPassIt) {
  EXPECT_EQ(Sentence(StatusCode::UNAUTHENTICATED, "the admin token is not this server's"),
            "fed:7733 refuses: the admin token is not this server's; pass the file that holds it: "
            "--admin-token-file FILE, or SEEDFED_ADMIN_TOKEN_FILE");
  EXPECT_EQ(
      Sentence(StatusCode::PERMISSION_DENIED, "set admin.token_file"),
      "fed:7733 refuses: set admin.token_file, and pass that file: --admin-token-file FILE, or "
      "SEEDFED_ADMIN_TOKEN_FILE");
}

TEST(ExplainCall, OtherErrors_OnOneLineAndShort) {
  EXPECT_EQ(Sentence(StatusCode::INVALID_ARGUMENT, "a\nb\x1b[2J"), "fed:7733 answers: a b [2J");
  EXPECT_LT(Sentence(StatusCode::INTERNAL, std::string(5000, 'x')).size(), 450U);
}

TEST(CheckVersion, AnotherProtocol_NamesBothVersions) {
  v1::Status status;
  status.set_version("9.1.0");
  status.set_protocol(kProtocolVersion);
  EXPECT_TRUE(CheckVersion(status, "fed:7733").ok());
  status.set_protocol(7);
  EXPECT_EQ(CheckVersion(status, "fed:7733").message(),
            std::string("fed:7733 runs version 9.1.0 with protocol 7; this tool is version ") +
                Version() + " with protocol 2: use the tool of the server's version");
}

TEST(FailAdmin, Code_TellsWhoseFaultItIs) {
  testing::internal::CaptureStderr();
  for (const auto& status :
       {absl::UnavailableError("x"), absl::DeadlineExceededError("x"), absl::InternalError("x"),
        absl::DataLossError("x"), absl::CancelledError("x"), absl::ResourceExhaustedError("x")}) {
    EXPECT_EQ(FailAdmin(status), 1) << status;
  }
  for (const auto& status : {absl::InvalidArgumentError("x"), absl::UnauthenticatedError("x"),
                             absl::PermissionDeniedError("x"), absl::UnimplementedError("x"),
                             absl::FailedPreconditionError("x")}) {
    EXPECT_EQ(FailAdmin(status), 2) << status;
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr().substr(0, 11), "seedfed: x\n");
}

}  // namespace
}  // namespace seedfed
