#include "server/rpc/admin_service.h"

#include <spdlog/spdlog.h>

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "common/wire/convert.h"
#include "server/admission/admin_access.h"
#include "server/rpc/event_call.h"
#include "server/rpc/grpc_status.h"
#include "server/rpc/refused_stream.h"
#include "server/rpc/round_export_call.h"
#include "server/rpc/snapshot_call.h"
#include "server/rpc/unary_call.h"

namespace seedfed {
namespace {

using Context = grpc::CallbackServerContext;

absl::Status CheckCaller(const Context& context, const std::optional<AdminCredential>& credential) {
  std::optional<std::string_view> authorization;
  const auto& metadata = context.client_metadata();
  if (const auto found = metadata.find("authorization"); found != metadata.end()) {
    authorization = std::string_view(found->second.data(), found->second.size());
  }
  return CheckAdminAccess(credential, context.peer(), authorization);
}

// What an operator changes is in the log with where it came from.
void LogWish(const Context& context, const char* wish) {
  spdlog::info("an operator at {} asks to {}", context.peer(), wish);
}

grpc::ServerUnaryReactor* FinishNow(Context& context, const absl::Status& status) {
  grpc::ServerUnaryReactor* reactor = context.DefaultReactor();
  reactor->Finish(ToGrpc(status));
  return reactor;
}

// Answers with what `look` writes, on the runtime's strand.
grpc::ServerUnaryReactor* Look(
    Context& context, Runtime& runtime,
    std::function<void(const FederationCore& core, const Monitor& monitor)> look) {
  grpc::ServerUnaryReactor* reactor = context.DefaultReactor();
  runtime.Inspect(
      [reactor, look = std::move(look)](const FederationCore& core, const Monitor& monitor) {
        look(core, monitor);
        reactor->Finish(grpc::Status::OK);
      });
  return reactor;
}

}  // namespace

AdminService::AdminService(Runtime& runtime, Store& store, const JoinTerms& terms,
                           std::optional<AdminCredential> credential, absl::Duration stall)
    : runtime_(runtime),
      store_(store),
      terms_(terms),
      credential_(std::move(credential)),
      stall_(stall) {}

grpc::ServerUnaryReactor* AdminService::GetStatus(Context* context, const v1::GetStatusRequest*,
                                                  v1::Status* response) {
  const absl::Status access = CheckCaller(*context, credential_);
  if (!access.ok()) return FinishNow(*context, access);
  return Look(*context, runtime_,
              [this, response](const FederationCore& core, const Monitor& monitor) {
                const Clock& clock = runtime_.clock();
                *response = monitor.Status(core, clock.Monotonic(), clock.Wall());
              });
}

grpc::ServerUnaryReactor* AdminService::ListClients(Context* context,
                                                    const v1::ListClientsRequest* request,
                                                    v1::ListClientsResponse* response) {
  const absl::Status access = CheckCaller(*context, credential_);
  if (!access.ok()) return FinishNow(*context, access);
  const std::string& sort = request->sort();
  if (!sort.empty() && sort != "id" && sort != "seen" && sort != "late") {
    return FinishNow(*context, absl::InvalidArgumentError(absl::StrCat(
                                   "sort is '", sort, "'; expected id, seen or late")));
  }
  return Look(*context, runtime_,
              [this, request, response](const FederationCore& core, const Monitor& monitor) {
                *response = monitor.Clients(*request, core, runtime_.clock().Monotonic());
              });
}

grpc::ServerUnaryReactor* AdminService::ListRounds(Context* context,
                                                   const v1::ListRoundsRequest* request,
                                                   v1::Rounds* response) {
  const absl::Status access = CheckCaller(*context, credential_);
  if (!access.ok()) return FinishNow(*context, access);
  return Look(
      *context, runtime_, [request, response](const FederationCore& core, const Monitor& monitor) {
        *response = monitor.Rounds(request->first(), request->last(), request->points(), core);
      });
}

grpc::ServerWriteReactor<v1::Event>* AdminService::WatchEvents(
    Context* context, const v1::WatchEventsRequest* request) {
  const absl::Status access = CheckCaller(*context, credential_);
  if (!access.ok()) return new RefusedStream<v1::Event>(access);
  return EventCall::Begin(runtime_, *request);
}

grpc::ServerUnaryReactor* AdminService::Pause(Context* context, const v1::PauseRequest*,
                                              v1::PauseResponse*) {
  const absl::Status access = CheckCaller(*context, credential_);
  if (!access.ok()) return FinishNow(*context, access);
  LogWish(*context, "hold the federation");
  return new UnaryCall(
      runtime_,
      [](FederationCore& core, CallId call, absl::Duration now) { return core.Pause(call, now); },
      [](const Runtime::Content&) {});
}

grpc::ServerUnaryReactor* AdminService::Resume(Context* context, const v1::ResumeRequest*,
                                               v1::ResumeResponse*) {
  const absl::Status access = CheckCaller(*context, credential_);
  if (!access.ok()) return FinishNow(*context, access);
  LogWish(*context, "resume the federation");
  return new UnaryCall(
      runtime_,
      [](FederationCore& core, CallId call, absl::Duration now) { return core.Resume(call, now); },
      [](const Runtime::Content&) {});
}

grpc::ServerUnaryReactor* AdminService::Finish(Context* context, const v1::FinishRequest*,
                                               v1::FinishResponse* response) {
  const absl::Status access = CheckCaller(*context, credential_);
  if (!access.ok()) return FinishNow(*context, access);
  LogWish(*context, "finish the federation");
  return new UnaryCall(
      runtime_,
      [](FederationCore& core, CallId call, absl::Duration now) { return core.Finish(call, now); },
      [response](const Runtime::Content& content) {
        response->set_round(std::get<DoneReply>(content).round);
      });
}

grpc::ServerUnaryReactor* AdminService::Stop(Context* context, const v1::StopRequest*,
                                             v1::StopResponse*) {
  const absl::Status access = CheckCaller(*context, credential_);
  if (!access.ok()) return FinishNow(*context, access);
  LogWish(*context, "stop the server");
  grpc::ServerUnaryReactor* reactor = FinishNow(*context, absl::OkStatus());
  runtime_.RequestStop();
  return reactor;
}

grpc::ServerUnaryReactor* AdminService::DescribeFederation(Context* context,
                                                           const v1::DescribeFederationRequest*,
                                                           v1::FederationDescription* response) {
  const absl::Status access = CheckCaller(*context, credential_);
  if (!access.ok()) return FinishNow(*context, access);
  response->set_federation_id(ToBytes(terms_.federation_id));
  response->set_key(ToBytes(terms_.key.bytes()));
  *response->mutable_model() = ToProto(runtime_.codec().spec());
  *response->mutable_training() = ToProto(terms_.plan);
  return FinishNow(*context, absl::OkStatus());
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* AdminService::ExportModel(Context* context,
                                                                      const grpc::ByteBuffer*) {
  const absl::Status access = CheckCaller(*context, credential_);
  if (!access.ok()) return new RefusedStream<grpc::ByteBuffer>(access);
  return new SnapshotCall(
      runtime_, *context, stall_, ConnectionUse(),
      [](FederationCore& core, CallId call, absl::Duration) { return core.ExportModel(call); },
      [](size_t) {}, [] {});
}

grpc::ServerWriteReactor<v1::RoundResult>* AdminService::ExportRounds(
    Context* context, const v1::ExportRoundsRequest* request) {
  const absl::Status access = CheckCaller(*context, credential_);
  if (!access.ok()) return new RefusedStream<v1::RoundResult>(access);
  return new RoundExportCall(runtime_, store_, readers_, *request);
}

}  // namespace seedfed
