#include "client/rpc/federation_client.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "client/rpc/answers.h"
#include "common/tls/server_connection.h"
#include "common/token/token_file.h"
#include "common/wire/convert.h"
#include "seedfed/v1/federation.grpc.pb.h"

namespace seedfed {
namespace {

constexpr absl::Duration kJoinTime = absl::Seconds(10);
constexpr absl::Duration kReportTime = absl::Seconds(10);
constexpr absl::Duration kConfirmEndTime = absl::Seconds(5);
constexpr absl::Duration kAwaitSlack =
    absl::Seconds(10);  // beyond the time the server holds the call
constexpr absl::Duration kTransferTime = absl::Seconds(60);
constexpr double kSlowestBytesPerSecond = 16 * 1024;

// Every channel takes messages of this size, and of twice an update: a poll may bring more than one
// round.
constexpr size_t kMinMessageBytes = size_t{16} << 20;
constexpr size_t kMessageOverhead = size_t{1} << 20;

// A server that asks for more is not listened to.
constexpr absl::Duration kLongestRetry = absl::Minutes(5);

constexpr int kFirstReconnectMs = 100;
constexpr int kMostReconnectMs = 1000;
constexpr int kConnectMs = 5000;  // given to one attempt
constexpr int kKeepaliveMs =
    60'000;  // finds a server that is gone without a word; only while a call waits
constexpr int kKeepaliveTimeoutMs = 20'000;

// Of the server's sentences, which go to our log.
constexpr size_t kMaxSentence = 400;

absl::Duration TransferTime(size_t bytes) {
  return kTransferTime + absl::Seconds(static_cast<double>(bytes) / kSlowestBytesPerSecond);
}

absl::Status FromGrpc(const grpc::Status& status, const ChannelCredentials& credentials) {
  if (status.ok()) return absl::OkStatus();
  std::string text = status.error_message();
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE) text = credentials.Explain(text);
  text.resize(std::min(text.size(), kMaxSentence));
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  if (text.empty()) text = absl::StatusCodeToString(code);
  return absl::Status(code, text);
}

// What the server said about when to come again.
absl::Duration RetryAfter(const grpc::ClientContext& context) {
  const auto& metadata = context.GetServerTrailingMetadata();
  const auto found = metadata.find("retry-after-ms");
  int64_t milliseconds = 0;
  if (found == metadata.end() ||
      !absl::SimpleAtoi(absl::string_view(found->second.data(), found->second.size()),
                        &milliseconds)) {
    return absl::ZeroDuration();
  }
  return std::clamp(absl::Milliseconds(milliseconds), absl::ZeroDuration(), kLongestRetry);
}

template <typename Request>
Request WithCaller(const Membership& membership) {
  Request request;
  request.set_federation_id(membership.federation_id);
  request.set_client_number(membership.client_number);
  return request;
}

}  // namespace

class FederationClient::Connection {
 public:
  // The context of one call; while it lives, Cancel cancels it.
  class Call {
   public:
    Call(Connection& connection, absl::Duration time) : connection_(connection) {
      // A span of time is relative to now, by gRPC's own monotonic clock.
      context_.set_deadline(gpr_time_from_millis(absl::ToInt64Milliseconds(time), GPR_TIMESPAN));
      if (const std::string token = connection_.ReadToken(); !token.empty()) {
        context_.AddMetadata("authorization", absl::StrCat("Bearer ", token));
      }
      connection_.retry_after = absl::ZeroDuration();
      absl::MutexLock lock(&connection_.mutex_);
      connection_.current_ = &context_;
      if (connection_.cancelled_) context_.TryCancel();
    }

    ~Call() {
      connection_.retry_after = RetryAfter(context_);
      absl::MutexLock lock(&connection_.mutex_);
      connection_.current_ = nullptr;
    }

    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    grpc::ClientContext* context() { return &context_; }

   private:
    Connection& connection_;
    grpc::ClientContext context_;
  };

  Connection(std::string server, ChannelCredentials credentials, ClientIdentity who,
             const Clock& clock)
      : identity(std::move(who)),
        server_(std::move(server), std::move(credentials), Arguments(kMinMessageBytes), clock) {}

  // Makes the channel anew when messages of the model would not pass through the present one.
  void MakeRoomFor(const ModelSpec& model) {
    const size_t needed = 2 * model.update_bytes() + kMessageOverhead;
    if (needed <= message_bytes_) return;
    message_bytes_ = needed;
    server_.Reconnect(Arguments(needed));
  }

  void Wait(absl::Duration time) {
    server_.Wait(time, [this] {
      absl::MutexLock lock(&mutex_);
      return cancelled_;
    });
  }

  void Cancel() {
    absl::MutexLock lock(&mutex_);
    cancelled_ = true;
    if (current_ != nullptr) current_->TryCancel();
  }

  // OK for OK.
  absl::Status Failure(const grpc::Status& status) const {
    return FromGrpc(status, server_.credentials());
  }

  // For one call.
  std::unique_ptr<v1::Federation::Stub> stub() {
    return v1::Federation::NewStub(server_.channel());
  }

  const ClientIdentity identity;
  absl::Duration retry_after;  // FederationClient::retry_after

 private:
  // Empty: none is shown. A file that cannot be read just now, perhaps because somebody is changing
  // it, leaves the token of the last call.
  std::string ReadToken() {
    if (identity.token_file.empty()) return "";
    absl::StatusOr<std::string> token = ReadTokenFile(identity.token_file, "token");
    if (token.ok()) token_ = *std::move(token);
    return token_;
  }

  static grpc::ChannelArguments Arguments(size_t message_bytes) {
    const int limit =
        static_cast<int>(std::min<size_t>(message_bytes, std::numeric_limits<int>::max()));
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(limit);
    arguments.SetMaxSendMessageSize(limit);
    arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kFirstReconnectMs);
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectMs);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kMostReconnectMs);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
    return arguments;
  }

  ServerConnection server_;
  std::string token_;  // as it was read last
  size_t message_bytes_ = kMinMessageBytes;

  absl::Mutex mutex_;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  grpc::ClientContext* current_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

FederationClient::FederationClient(std::string server, ChannelCredentials credentials,
                                   ClientIdentity identity, const Clock& clock)
    : connection_(std::make_unique<Connection>(std::move(server), std::move(credentials),
                                               std::move(identity), clock)) {}

FederationClient::~FederationClient() = default;

absl::StatusOr<Membership> FederationClient::Join() {
  const ClientIdentity& who = connection_->identity;
  v1::JoinRequest request;
  request.set_client_id(who.id);
  request.set_role(who.role == ClientRole::kTrain ? v1::ROLE_TRAIN : v1::ROLE_EVALUATE);
  request.set_protocol(kProtocolVersion);
  request.set_software(who.software);
  v1::JoinResponse response;
  {
    Connection::Call call(*connection_, kJoinTime);
    const grpc::Status status = connection_->stub()->Join(call.context(), request, &response);
    if (!status.ok()) return connection_->Failure(status);
  }
  absl::StatusOr<Membership> membership = FromProto(response, who.role);
  if (membership.ok()) connection_->MakeRoomFor(membership->model);
  return membership;
}

absl::StatusOr<AwaitAnswer> FederationClient::Await(const Membership& membership,
                                                    uint32_t have_round) {
  auto request = WithCaller<v1::AwaitRoundRequest>(membership);
  request.set_have_round(have_round);
  v1::AwaitRoundResponse response;
  Connection::Call call(*connection_, membership.poll + kAwaitSlack);
  const grpc::Status status = connection_->stub()->AwaitRound(call.context(), request, &response);
  if (!status.ok()) return connection_->Failure(status);
  return FromProto(std::move(response));
}

absl::StatusOr<SubmitAnswer> FederationClient::Submit(const Membership& membership,
                                                      const RoundUpdate& update) {
  auto request = WithCaller<v1::SubmitUpdateRequest>(membership);
  request.set_round(update.round);
  request.set_examples(update.examples);
  request.set_words(update.words);
  request.set_loss(update.loss);
  v1::SubmitUpdateResponse response;
  Connection::Call call(*connection_, TransferTime(update.words.size()));
  const grpc::Status status = connection_->stub()->SubmitUpdate(call.context(), request, &response);
  if (!status.ok()) return connection_->Failure(status);
  return FromProto(response);
}

absl::Status FederationClient::Report(const Membership& membership,
                                      const EvaluationReport& report) {
  auto request = WithCaller<v1::ReportEvaluationRequest>(membership);
  request.set_round(report.round);
  request.set_accuracy(report.accuracy);
  request.set_loss(report.loss);
  request.set_examples(report.examples);
  v1::ReportEvaluationResponse response;
  Connection::Call call(*connection_, kReportTime);
  return connection_->Failure(
      connection_->stub()->ReportEvaluation(call.context(), request, &response));
}

absl::Status FederationClient::ConfirmEnd(const Membership& membership) {
  auto request = WithCaller<v1::AwaitRoundRequest>(membership);
  request.set_knows_end(true);
  v1::AwaitRoundResponse response;
  Connection::Call call(*connection_, kConfirmEndTime);
  return connection_->Failure(connection_->stub()->AwaitRound(call.context(), request, &response));
}

absl::StatusOr<std::string> FederationClient::FetchSnapshot(const Membership& membership,
                                                            size_t bytes) {
  const auto request = WithCaller<v1::FetchSnapshotRequest>(membership);
  Connection::Call call(*connection_, TransferTime(bytes));
  const auto reader = connection_->stub()->FetchSnapshot(call.context(), request);
  std::string snapshot;
  absl::Status problem;
  for (v1::SnapshotChunk chunk; problem.ok() && reader->Read(&chunk);) {
    if (chunk.total_bytes() != bytes) {
      problem = absl::DataLossError(absl::StrCat("it announces a snapshot of ", chunk.total_bytes(),
                                                 " bytes, expected ", bytes));
    } else if (chunk.data().size() > bytes - snapshot.size()) {
      problem = absl::DataLossError(
          absl::StrCat("it sends more of a snapshot than the ", bytes, " bytes it announced"));
    } else {
      snapshot += chunk.data();
    }
  }
  if (!problem.ok()) call.context()->TryCancel();
  const grpc::Status status = reader->Finish();
  if (!problem.ok()) return problem;
  if (!status.ok()) return connection_->Failure(status);
  if (snapshot.size() != bytes) {
    return absl::DataLossError(
        absl::StrCat("its snapshot ends after ", snapshot.size(), " bytes, expected ", bytes));
  }
  return snapshot;
}

absl::Duration FederationClient::retry_after() const { return connection_->retry_after; }

void FederationClient::Wait(absl::Duration time) { connection_->Wait(time); }

void FederationClient::Cancel() { connection_->Cancel(); }

}  // namespace seedfed
