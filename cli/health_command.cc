#include "cli/health_command.h"

#include <grpc/support/time.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>

#include <future>
#include <iostream>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/status.h"
#include "common/terminal/text.h"

namespace seedfed {
namespace {

constexpr uint64_t kServing = 1;
constexpr double kMostSeconds = 3600;

constexpr const char* kExamples = R"(Examples:
  seedfed health --server 127.0.0.1:7733
  seedfed health --server fed.example.org:7733 --timeout 1
  seedfed health --server fed.example.org:7733 --tls-ca ca.pem

Exit status: 0 the server serves, 1 it does not, 2 bad input.)";

// Takes one base-128 varint from the front of `bytes`; false when it is truncated or longer than 64
// bits.
bool ConsumeVarint(absl::string_view& bytes, uint64_t& value) {
  value = 0;
  for (int shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<uint8_t>(bytes.front());
    bytes.remove_prefix(1);
    value |= uint64_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

// Debian's gRPC has no grpc/health/v1/health.proto: the messages are handled as bytes. An empty
// request asks about the server as a whole.
grpc::Status CallCheck(const std::string& server, const ChannelCredentials& credentials,
                       absl::Duration timeout, std::string& answer) {
  const std::shared_ptr<grpc::Channel> channel =
      credentials.MakeChannel(server, grpc::ChannelArguments());
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(gpr_time_from_millis(absl::ToInt64Milliseconds(timeout), GPR_TIMESPAN));
  const grpc::Slice empty;
  const grpc::ByteBuffer request(&empty, 1);
  grpc::ByteBuffer response;
  std::promise<grpc::Status> done;
  stub.UnaryCall(&context, "/grpc.health.v1.Health/Check", grpc::StubOptions(), &request, &response,
                 [&done](grpc::Status status) { done.set_value(std::move(status)); });
  const grpc::Status status = done.get_future().get();
  std::vector<grpc::Slice> slices;
  if (status.ok() && response.Dump(&slices).ok()) {
    for (const grpc::Slice& slice : slices) {
      answer.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    }
  }
  return status;
}

int Run(const std::string& server, const TlsOptions& tls, double timeout_seconds) {
  const absl::StatusOr<ChannelCredentials> credentials =
      ChannelCredentials::Load(tls, SystemClock().Wall());
  if (!credentials.ok()) {
    std::cerr << "seedfed: " << credentials.status().message() << "\n";
    return 2;
  }
  const absl::Status health = CheckHealth(server, *credentials, absl::Seconds(timeout_seconds));
  if (health.ok()) {
    std::cout << server << " is serving.\n";
    return 0;
  }
  std::cerr << "seedfed: " << health.message() << "\n";
  return 1;
}

}  // namespace

absl::StatusOr<uint64_t> ParseHealthResponse(absl::string_view bytes) {
  constexpr uint64_t kStatusField = 1 << 3;  // field 1, varint
  uint64_t status = 0;
  while (!bytes.empty()) {
    uint64_t tag;
    if (!ConsumeVarint(bytes, tag) || tag != kStatusField || !ConsumeVarint(bytes, status)) {
      return absl::InvalidArgumentError("the answer is not a grpc.health.v1.HealthCheckResponse");
    }
  }
  return status;
}

absl::Status CheckHealth(const std::string& server, const ChannelCredentials& credentials,
                         absl::Duration timeout) {
  std::string answer;
  const grpc::Status call = CallCheck(server, credentials, timeout, answer);
  if (!call.ok()) {
    if (call.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
      return absl::UnavailableError(
          absl::StrCat(server, " did not answer within ", DurationText(timeout)));
    }
    return absl::UnavailableError(absl::StrCat("no health answer from ", server, ": ",
                                               credentials.Explain(call.error_message())));
  }
  SEEDFED_ASSIGN_OR_RETURN(const uint64_t status, ParseHealthResponse(answer));
  if (status != kServing) {
    return absl::FailedPreconditionError(
        absl::StrCat(server, " answers that it is not serving (status ", status, ", expected 1)"));
  }
  return absl::OkStatus();
}

std::function<int()> AddHealthCommand(CLI::App& app) {
  struct Options {
    std::string server;
    double timeout = 3;
    TlsOptions tls;
  };
  const auto options = std::make_shared<Options>();
  CLI::App& command = *app.add_subcommand("health", "Ask a server whether it serves");
  command.footer(kExamples);
  command.add_option("--server", options->server, "Address of the server")
      ->required()
      ->type_name("HOST:PORT");
  command.add_option("--timeout", options->timeout, "Longest wait for the answer, seconds")
      ->capture_default_str()
      ->check(CLI::Range(0.001, kMostSeconds).description(""))
      ->type_name("SECONDS");
  AddTlsOptions(command, options->tls);
  return [options] { return Run(options->server, options->tls, options->timeout); };
}

}  // namespace seedfed
