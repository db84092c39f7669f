#include "cli/admin/admin_errors.h"

#include <algorithm>
#include <iostream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/version.h"
#include "common/terminal/text.h"
#include "common/wire/convert.h"

namespace seedfed {
namespace {

constexpr int kServerFailed = 1;
constexpr int kBadInput = 2;

constexpr size_t kMaxSentence = 400;  // of another program's sentences

constexpr char kPassIt[] =
    "; pass the file that holds it: --admin-token-file FILE, or SEEDFED_ADMIN_TOKEN_FILE";
constexpr char kThenPassIt[] =
    ", and pass that file: --admin-token-file FILE, or SEEDFED_ADMIN_TOKEN_FILE";

// What the peer says, fit for one line of a terminal.
std::string OneLine(std::string text) {
  text.resize(std::min(text.size(), kMaxSentence));
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return text;
}

// gRPC wraps the system's reason in its own words: "failed to connect to all addresses; last error:
// UNKNOWN: ipv4:127.0.0.1:1: Failed to connect to remote host: Connection refused".
std::string Unreachable(const std::string& server, absl::string_view why) {
  constexpr absl::string_view kWrapping = "Failed to connect to remote host: ";
  const size_t at = why.rfind(kWrapping);
  if (at != absl::string_view::npos) {
    return absl::StrCat("cannot reach ", server, ": ", why.substr(at + kWrapping.size()),
                        "; does seedfed-server run there?");
  }
  return absl::StrCat(server, " is unavailable: ", why);
}

}  // namespace

absl::Status ExplainCall(const grpc::Status& call, const std::string& server,
                         const ChannelCredentials& credentials, absl::Duration timeout,
                         const std::string& server_version) {
  const std::string why = OneLine(call.error_message());
  switch (call.error_code()) {
    case grpc::StatusCode::OK:
      return absl::OkStatus();
    case grpc::StatusCode::UNAVAILABLE:
      return absl::UnavailableError(Unreachable(server, credentials.Explain(why)));
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return absl::DeadlineExceededError(
          absl::StrCat(server, " did not answer within ", DurationText(timeout)));
    case grpc::StatusCode::UNIMPLEMENTED:
      if (!server_version.empty()) {
        return absl::UnimplementedError(
            absl::StrCat(server, " runs version ", OneLine(server_version),
                         ", which cannot do this; this tool is version ", Version()));
      }
      return absl::UnimplementedError(
          absl::StrCat(server, " is older than this tool (", Version(),
                       ") and has no admin service, or is no seedfed-server"));
    case grpc::StatusCode::UNAUTHENTICATED:
      return absl::UnauthenticatedError(absl::StrCat(server, " refuses: ", why, kPassIt));
    case grpc::StatusCode::PERMISSION_DENIED:
      return absl::PermissionDeniedError(absl::StrCat(server, " refuses: ", why, kThenPassIt));
    default:
      return absl::Status(static_cast<absl::StatusCode>(call.error_code()),
                          absl::StrCat(server, " answers: ", why));
  }
}

absl::Status CheckVersion(const v1::Status& status, const std::string& server) {
  if (status.protocol() == kProtocolVersion) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(server, " runs version ", OneLine(status.version()), " with protocol ",
                   status.protocol(), "; this tool is version ", Version(), " with protocol ",
                   kProtocolVersion, ": use the tool of the server's version"));
}

int FailAdmin(const absl::Status& error) {
  std::cerr << "seedfed: " << error.message() << "\n";
  switch (error.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnimplemented:
      return kBadInput;
    default:
      return kServerFailed;
  }
}

}  // namespace seedfed
