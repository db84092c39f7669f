#include "server/rpc/federation_service.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/wire/convert.h"

namespace seedfed {
namespace {

constexpr size_t kChunkBytes = 64 << 10;

static_assert(kFirstEvaluator == Members::kFirstEvaluator);

grpc::Status ToGrpc(const absl::Status& status) {
  return {static_cast<grpc::StatusCode>(status.code()), std::string(status.message())};
}

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

// A unary call that waits for the runtime's reply.
class UnaryCall final : public grpc::ServerUnaryReactor {
 public:
  // `fill` writes the answer from a reply that is not a status.
  using Fill = std::function<void(const Runtime::Content&)>;

  UnaryCall(Runtime& runtime, Runtime::Step step, Fill fill) : runtime_(runtime) {
    auto call = runtime.Begin(std::move(step),
                              [this, fill = std::move(fill)](const Runtime::Content& content) {
                                const auto* status = std::get_if<absl::Status>(&content);
                                if (status == nullptr) fill(content);
                                Finish(status == nullptr ? grpc::Status::OK : ToGrpc(*status));
                              });
    call_ = std::move(call);
  }

  void OnCancel() override { runtime_.Cancel(call_); }
  void OnDone() override { delete this; }

 private:
  Runtime& runtime_;
  std::shared_ptr<Runtime::Call> call_;
};

// Sends a snapshot in chunks.
class SnapshotCall final : public grpc::ServerWriteReactor<v1::SnapshotChunk> {
 public:
  SnapshotCall(Runtime& runtime, Runtime::Step step) : runtime_(runtime) {
    call_ = runtime.Begin(std::move(step), [this](const Runtime::Content& content) {
      if (const auto* status = std::get_if<absl::Status>(&content)) {
        Finish(ToGrpc(*status));
        return;
      }
      bytes_ = std::get<SnapshotReply>(content).bytes;
      // One model, however many rounds it stands for.
      runtime_.CountTraffic(0, bytes_->size(), 1);
      WriteNext();
    });
  }

  void OnWriteDone(bool ok) override {
    if (ok) {
      WriteNext();
    } else {
      Finish(grpc::Status(grpc::StatusCode::CANCELLED, "the caller has hung up"));
    }
  }

  void OnCancel() override { runtime_.Cancel(call_); }
  void OnDone() override { delete this; }

 private:
  void WriteNext() {
    if (sent_ == bytes_->size()) {
      Finish(grpc::Status::OK);
      return;
    }
    const size_t count = std::min(kChunkBytes, bytes_->size() - sent_);
    chunk_.set_total_bytes(bytes_->size());
    chunk_.set_data(bytes_->data() + sent_, count);
    sent_ += count;
    StartWrite(&chunk_);
  }

  Runtime& runtime_;
  std::shared_ptr<Runtime::Call> call_;
  std::shared_ptr<const std::string> bytes_;
  size_t sent_ = 0;
  v1::SnapshotChunk chunk_;
};

grpc::ServerUnaryReactor* Refuse(grpc::CallbackServerContext* context, const absl::Status& status) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(ToGrpc(status));
  return reactor;
}

}  // namespace

FederationService::FederationService(Runtime& runtime, const JoinTerms& terms)
    : runtime_(runtime), terms_(terms) {}

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
                                                  const v1::JoinRequest* request,
                                                  v1::JoinResponse* response) {
  if (request->protocol() != kProtocolVersion) {
    return Refuse(context, absl::FailedPreconditionError(absl::StrCat(
                               "the client speaks protocol version ", request->protocol(),
                               "; this server speaks ", kProtocolVersion)));
  }
  if (request->role() != v1::ROLE_TRAIN && request->role() != v1::ROLE_EVALUATE) {
    return Refuse(context, absl::InvalidArgumentError(
                               absl::StrCat("role is ", static_cast<int>(request->role()),
                                            "; expected 1 (train) or 2 (evaluate)")));
  }
  const bool evaluator = request->role() == v1::ROLE_EVALUATE;
  return new UnaryCall(
      runtime_,
      [id = request->client_id(), evaluator](FederationCore& core, CallId call,
                                             absl::Duration now) {
        return core.Join(call, id, evaluator, now);
      },
      [this, request, response](const Runtime::Content& content) {
        const auto& reply = std::get<JoinReply>(content);
        FillJoinResponse(reply, *response);
        runtime_.SetSoftware(reply.client_number, request->software());
        CountTraffic(*request, *response);
      });
}

void FederationService::CountTraffic(const google::protobuf::Message& request,
                                     const google::protobuf::Message& response, size_t rounds) {
  runtime_.CountTraffic(request.ByteSizeLong(), response.ByteSizeLong(), rounds);
}

grpc::ServerUnaryReactor* FederationService::AwaitRound(grpc::CallbackServerContext*,
                                                        const v1::AwaitRoundRequest* request,
                                                        v1::AwaitRoundResponse* response) {
  return new UnaryCall(
      runtime_,
      [request](FederationCore& core, CallId call, absl::Duration now) {
        return core.Await(call, {request->federation_id(), request->client_number()},
                          request->have_round(), now);
      },
      [this, request, response](const Runtime::Content& content) {
        const auto& reply = std::get<AwaitReply>(content);
        response->set_round(reply.round);
        response->set_state(ToProto(reply.state));
        response->set_snapshot(reply.snapshot);
        for (const auto& record : reply.results) {
          v1::RoundResult* result = response->add_results();
          result->set_round(record->round);
          result->set_words(record->words);
          result->set_fingerprint(ToBytes(record->fingerprint));
          result->set_base_checksum(ToBytes(record->base_checksum));
          if (!reply.with_stats) continue;
          v1::RoundStats* stats = result->mutable_stats();
          stats->set_updates(record->updates);
          stats->set_examples(record->examples);
          stats->set_training_loss(record->training_loss);
          stats->set_bytes_up(record->bytes_up);
          stats->set_duration_ms(record->duration_ms);
        }
        CountTraffic(*request, *response, reply.results.size());
      });
}

grpc::ServerUnaryReactor* FederationService::SubmitUpdate(grpc::CallbackServerContext*,
                                                          const v1::SubmitUpdateRequest* request,
                                                          v1::SubmitUpdateResponse* response) {
  auto submission = std::make_shared<FederationCore::Submission>();
  submission->round = request->round();
  submission->examples = request->examples();
  submission->loss = request->loss();
  submission->request_bytes = static_cast<uint32_t>(request->ByteSizeLong());
  submission->words = request->words();
  submission->coordinates = runtime_.codec().Decode(request->words(), request->round());
  return new UnaryCall(
      runtime_,
      [request, submission](FederationCore& core, CallId call, absl::Duration now) {
        return core.Submit(call, {request->federation_id(), request->client_number()},
                           std::move(*submission), now);
      },
      [this, request, response](const Runtime::Content& content) {
        const auto& reply = std::get<SubmitReply>(content);
        response->set_outcome(reply.late ? v1::SubmitUpdateResponse::OUTCOME_LATE
                                         : v1::SubmitUpdateResponse::OUTCOME_ACCEPTED);
        response->set_round(reply.round);
        CountTraffic(*request, *response);
      });
}

grpc::ServerUnaryReactor* FederationService::ReportEvaluation(
    grpc::CallbackServerContext*, const v1::ReportEvaluationRequest* request,
    v1::ReportEvaluationResponse* response) {
  return new UnaryCall(
      runtime_,
      [request](FederationCore& core, CallId call, absl::Duration now) {
        const EvaluationRecord report = {.round = request->round(),
                                         .accuracy = request->accuracy(),
                                         .loss = request->loss(),
                                         .examples = request->examples()};
        return core.Report(call, {request->federation_id(), request->client_number()}, report, now);
      },
      [this, request, response](const Runtime::Content&) { CountTraffic(*request, *response); });
}

grpc::ServerWriteReactor<v1::SnapshotChunk>* FederationService::FetchSnapshot(
    grpc::CallbackServerContext*, const v1::FetchSnapshotRequest* request) {
  return new SnapshotCall(
      runtime_, [request](FederationCore& core, CallId call, absl::Duration now) {
        return core.FetchSnapshot(call, {request->federation_id(), request->client_number()}, now);
      });
}

}  // namespace seedfed
