#include "server/rpc/federation_service.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/wire/convert.h"
#include "server/rpc/grpc_status.h"
#include "server/rpc/peer_common_name.h"
#include "server/rpc/refused_stream.h"
#include "server/rpc/round_result.h"
#include "server/rpc/snapshot_call.h"
#include "server/rpc/unary_call.h"

namespace seedfed {
namespace {

static_assert(kFirstEvaluator == Members::kFirstEvaluator);

v1::FederationState ToProto(FederationState state) {
  switch (state) {
    case FederationState::kCollecting:
      return v1::FEDERATION_STATE_COLLECTING;
    case FederationState::kPaused:
      return v1::FEDERATION_STATE_PAUSED;
    case FederationState::kFinished:
      return v1::FEDERATION_STATE_FINISHED;
  }
  return v1::FEDERATION_STATE_UNSPECIFIED;
}

// What a full queue of updates takes to have room again, about: several transactions.
constexpr absl::Duration kRoomAfter = absl::Milliseconds(250);

// A message's bytes besides its words, with room for fields that newer clients may send.
constexpr size_t kMostOtherBytes = 1024;

// What carries the caller's federation and number.
template <typename Request>
FederationCore::Caller CallerOf(const Request& request, const Identity& identity) {
  FederationCore::Caller caller = {request.federation_id(), request.client_number()};
  if (identity.has_value()) caller.identity = *identity;
  return caller;
}

absl::Status CheckJoin(const v1::JoinRequest& request) {
  if (request.protocol() != kProtocolVersion) {
    return absl::FailedPreconditionError(absl::StrCat("the client speaks protocol version ",
                                                      request.protocol(), "; this server speaks ",
                                                      kProtocolVersion));
  }
  if (request.role() != v1::ROLE_TRAIN && request.role() != v1::ROLE_EVALUATE) {
    return absl::InvalidArgumentError(absl::StrCat("role is ", static_cast<int>(request.role()),
                                                   "; expected 1 (train) or 2 (evaluate)"));
  }
  return absl::OkStatus();
}

// The messages of a call, for as long as it is open.
template <typename Request, typename Response>
struct Messages {
  explicit Messages(const grpc::ByteBuffer& message) : request_bytes(message.Length()) {}

  const size_t request_bytes;
  ConnectionUse connection;
  UpdateRoom::Place place;
  Request request;
  Response response;
};

void TellWhenToRetry(grpc::CallbackServerContext& context, absl::Duration wait) {
  context.AddTrailingMetadata("retry-after-ms", absl::StrCat(absl::ToInt64Milliseconds(wait)));
}

grpc::ServerUnaryReactor* Refuse(grpc::CallbackServerContext* context, const absl::Status& status) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(ToGrpc(status));
  return reactor;
}

}  // namespace

FederationService::FederationService(Runtime& runtime, const JoinTerms& terms,
                                     CallAdmission* admission, UpdateRoom* room,
                                     absl::Duration stall)
    : runtime_(runtime), terms_(terms), admission_(admission), room_(room), stall_(stall) {}

size_t FederationService::MostUpdateBytes() const {
  return runtime_.codec().spec().update_bytes() + kMostOtherBytes;
}

absl::StatusOr<AdmittedCall> FederationService::Admit(grpc::CallbackServerContext& context) {
  if (admission_ == nullptr) return AdmittedCall();
  const std::string peer = context.peer();
  const std::optional<std::string> common_name = PeerCommonName(*context.auth_context());
  CallOrigin origin = {.peer = peer, .authorization = {}, .common_name = common_name};
  const auto& metadata = context.client_metadata();
  if (const auto found = metadata.find("authorization"); found != metadata.end()) {
    origin.authorization = std::string_view(found->second.data(), found->second.size());
  }
  std::variant<AdmittedCall, RefusedCall> admitted = admission_->Admit(origin);
  auto* refused = std::get_if<RefusedCall>(&admitted);
  if (refused == nullptr) return std::get<AdmittedCall>(std::move(admitted));
  if (refused->retry_after.has_value()) {
    TellWhenToRetry(context, *refused->retry_after);
  }
  runtime_.Reject(refused->reason, refused->status, std::move(refused->identity));
  return refused->status;
}

absl::StatusOr<AdmittedCall> FederationService::Read(grpc::CallbackServerContext& context,
                                                     const grpc::ByteBuffer& message,
                                                     size_t most_bytes,
                                                     google::protobuf::Message& request) {
  absl::StatusOr<AdmittedCall> call = Admit(context);
  if (!call.ok()) return call;
  if (const size_t bytes = message.Length(); bytes > most_bytes) {
    const absl::Status status = absl::InvalidArgumentError(
        absl::StrCat("the message has ", bytes, " bytes; expected at most ", most_bytes));
    runtime_.Reject(RefusalReason::kMessageSize, status, std::move(call->identity));
    return status;
  }
  // gRPC's object is not constant; without this the bytes would be kept beside the request.
  auto& bytes = const_cast<grpc::ByteBuffer&>(message);
  if (!grpc::GenericDeserialize<grpc::ProtoBufferReader, google::protobuf::Message>(&bytes,
                                                                                    &request)
           .ok()) {
    const absl::Status status = absl::InvalidArgumentError(
        absl::StrCat("the message is no ", request.GetDescriptor()->full_name()));
    runtime_.Reject(RefusalReason::kMessageFormat, status, std::move(call->identity));
    return status;
  }
  return call;
}

absl::StatusOr<UpdateRoom::Place> FederationService::TakeRoom(grpc::CallbackServerContext& context,
                                                              size_t bytes,
                                                              const Identity& identity) {
  if (room_ == nullptr) return UpdateRoom::Place();
  if (UpdateRoom::Place place = room_->Take(bytes); place != nullptr) return place;
  const absl::Status status = absl::ResourceExhaustedError(absl::StrCat(
      "the server has ", room_->bytes(), " bytes of updates to store first, of at most ",
      room_->most_bytes(), "; retry after ", absl::FormatDuration(kRoomAfter)));
  TellWhenToRetry(context, kRoomAfter);
  runtime_.Reject(RefusalReason::kBusy, status, identity);
  return status;
}

void FederationService::Answer(size_t request_bytes, const google::protobuf::Message& response,
                               grpc::ByteBuffer& answer, size_t rounds) {
  bool own = false;
  grpc::GenericSerialize<grpc::ProtoBufferWriter, google::protobuf::Message>(response, &answer,
                                                                             &own);
  runtime_.CountTraffic(request_bytes, answer.Length(), rounds);
}

void FederationService::FillJoinResponse(const JoinReply& reply, v1::JoinResponse& response) const {
  response.set_federation_id(ToBytes(terms_.federation_id));
  response.set_key(ToBytes(terms_.key.bytes()));
  response.set_client_number(reply.client_number);
  *response.mutable_model() = seedfed::ToProto(runtime_.codec().spec());
  *response.mutable_training() = seedfed::ToProto(terms_.plan);
  if (terms_.shards != 0) {
    *response.mutable_shard() =
        seedfed::ToProto(Shard{reply.client_number % terms_.shards, terms_.shards, terms_.alpha});
  }
  response.set_round(reply.round);
  response.set_rounds(terms_.rounds);
  response.set_state(ToProto(reply.state));
  response.set_poll_ms(static_cast<uint32_t>(absl::ToInt64Milliseconds(terms_.poll)));
  response.set_example_cap(terms_.example_cap);
}

grpc::ServerUnaryReactor* FederationService::Join(grpc::CallbackServerContext* context,
                                                  const grpc::ByteBuffer* message,
                                                  grpc::ByteBuffer* answer) {
  const auto messages = std::make_shared<Messages<v1::JoinRequest, v1::JoinResponse>>(*message);
  v1::JoinRequest& request = messages->request;
  absl::StatusOr<AdmittedCall> admitted = Read(*context, *message, kMostOtherBytes, request);
  if (!admitted.ok()) return Refuse(context, admitted.status());
  messages->connection = std::move(admitted->connection);
  if (const absl::Status valid = CheckJoin(request); !valid.ok()) {
    runtime_.Reject(RefusalReason::kJoin, valid, std::move(admitted->identity));
    return Refuse(context, valid);
  }
  const bool evaluator = request.role() == v1::ROLE_EVALUATE;
  return AnswerSoon(
      *context, runtime_,
      [id = request.client_id(), evaluator, identity = std::move(admitted->identity)](
          FederationCore& core, CallId call, absl::Duration now) {
        return core.Join(call, id, evaluator, now, identity);
      },
      [this, messages, answer](const Runtime::Content& content) {
        const auto& reply = std::get<JoinReply>(content);
        FillJoinResponse(reply, messages->response);
        runtime_.SetSoftware(reply.client_number, messages->request.software());
        Answer(messages->request_bytes, messages->response, *answer);
      });
}

grpc::ServerUnaryReactor* FederationService::AwaitRound(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* message,
                                                        grpc::ByteBuffer* answer) {
  const auto messages =
      std::make_shared<Messages<v1::AwaitRoundRequest, v1::AwaitRoundResponse>>(*message);
  v1::AwaitRoundRequest& request = messages->request;
  absl::StatusOr<AdmittedCall> admitted = Read(*context, *message, kMostOtherBytes, request);
  if (!admitted.ok()) return Refuse(context, admitted.status());
  messages->connection = std::move(admitted->connection);
  return new UnaryCall(
      runtime_,
      [messages, identity = std::move(admitted->identity)](FederationCore& core, CallId call,
                                                           absl::Duration now) {
        const v1::AwaitRoundRequest& asked = messages->request;
        const FederationCore::Caller caller = CallerOf(asked, identity);
        return asked.knows_end() ? core.KnowsTheEnd(call, caller, now)
                                 : core.Await(call, caller, asked.have_round(), now);
      },
      [this, messages, answer](const Runtime::Content& content) {
        const auto& reply = std::get<AwaitReply>(content);
        v1::AwaitRoundResponse& response = messages->response;
        response.set_round(reply.round);
        response.set_state(ToProto(reply.state));
        response.set_snapshot(reply.snapshot);
        for (const auto& record : reply.results) {
          *response.add_results() = ToProto(*record, reply.with_stats);
        }
        Answer(messages->request_bytes, response, *answer, reply.results.size());
      });
}

grpc::ServerUnaryReactor* FederationService::SubmitUpdate(grpc::CallbackServerContext* context,
                                                          const grpc::ByteBuffer* message,
                                                          grpc::ByteBuffer* answer) {
  const auto messages =
      std::make_shared<Messages<v1::SubmitUpdateRequest, v1::SubmitUpdateResponse>>(*message);
  v1::SubmitUpdateRequest& request = messages->request;
  absl::StatusOr<AdmittedCall> admitted = Read(*context, *message, MostUpdateBytes(), request);
  if (!admitted.ok()) return Refuse(context, admitted.status());
  messages->connection = std::move(admitted->connection);
  absl::StatusOr<UpdateRoom::Place> place =
      TakeRoom(*context, messages->request_bytes, admitted->identity);
  if (!place.ok()) return Refuse(context, place.status());
  messages->place = *std::move(place);
  auto submission = std::make_shared<FederationCore::Submission>();
  submission->round = request.round();
  submission->examples = request.examples();
  submission->loss = request.loss();
  submission->request_bytes = static_cast<uint32_t>(messages->request_bytes);
  submission->words = std::move(*request.mutable_words());
  submission->valid = runtime_.codec().Check(submission->words, request.round());
  return AnswerSoon(
      *context, runtime_,
      [messages, submission, identity = std::move(admitted->identity)](
          FederationCore& core, CallId call, absl::Duration now) {
        return core.Submit(call, CallerOf(messages->request, identity), std::move(*submission),
                           now);
      },
      [this, messages, answer](const Runtime::Content& content) {
        const auto& reply = std::get<SubmitReply>(content);
        messages->response.set_outcome(reply.late ? v1::SubmitUpdateResponse::OUTCOME_LATE
                                                  : v1::SubmitUpdateResponse::OUTCOME_ACCEPTED);
        messages->response.set_round(reply.round);
        Answer(messages->request_bytes, messages->response, *answer);
      });
}

grpc::ServerUnaryReactor* FederationService::ReportEvaluation(grpc::CallbackServerContext* context,
                                                              const grpc::ByteBuffer* message,
                                                              grpc::ByteBuffer* answer) {
  const auto messages =
      std::make_shared<Messages<v1::ReportEvaluationRequest, v1::ReportEvaluationResponse>>(
          *message);
  v1::ReportEvaluationRequest& request = messages->request;
  absl::StatusOr<AdmittedCall> admitted = Read(*context, *message, kMostOtherBytes, request);
  if (!admitted.ok()) return Refuse(context, admitted.status());
  messages->connection = std::move(admitted->connection);
  return AnswerSoon(
      *context, runtime_,
      [messages, identity = std::move(admitted->identity)](FederationCore& core, CallId call,
                                                           absl::Duration now) {
        const v1::ReportEvaluationRequest& sent = messages->request;
        const EvaluationRecord report = {.round = sent.round(),
                                         .accuracy = sent.accuracy(),
                                         .loss = sent.loss(),
                                         .examples = sent.examples()};
        return core.Report(call, CallerOf(sent, identity), report, now);
      },
      [this, messages, answer](const Runtime::Content&) {
        Answer(messages->request_bytes, messages->response, *answer);
      });
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* FederationService::FetchSnapshot(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* message) {
  const auto request = std::make_shared<v1::FetchSnapshotRequest>();
  absl::StatusOr<AdmittedCall> admitted = Read(*context, *message, kMostOtherBytes, *request);
  if (!admitted.ok()) return new RefusedStream<grpc::ByteBuffer>(admitted.status());
  return new SnapshotCall(
      runtime_, *context, stall_, std::move(admitted->connection),
      [request, identity = admitted->identity](FederationCore& core, CallId call,
                                               absl::Duration now) {
        return core.FetchSnapshot(call, CallerOf(*request, identity), now);
      },
      // One model, however many rounds it stands for.
      [this](size_t bytes) { runtime_.CountTraffic(0, bytes, 1); },
      [this, identity = admitted->identity] {
        runtime_.Reject(
            RefusalReason::kSlowReader,
            absl::CancelledError(absl::StrCat("the caller took nothing of a snapshot for ",
                                              absl::FormatDuration(stall_))),
            identity);
      });
}

}  // namespace seedfed
