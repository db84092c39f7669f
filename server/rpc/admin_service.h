#ifndef SEEDFED_SERVER_RPC_ADMIN_SERVICE_H_
#define SEEDFED_SERVER_RPC_ADMIN_SERVICE_H_

#include <boost/asio/thread_pool.hpp>
#include <optional>

#include "seedfed/v1/admin.grpc.pb.h"
#include "server/admission/admin_credential.h"
#include "server/config/server_config.h"
#include "server/rpc/federation_service.h"
#include "server/runtime/runtime.h"
#include "server/store/store.h"

namespace seedfed {

// seedfed.v1.Admin: answers from the runtime's core and monitor, and turns what the operator asks
// for into events of the core. Every call is checked with CheckAdminAccess. Thread-safe; no call
// blocks a thread while it waits. Only ExportRounds reads the store, on a thread of its own.
class AdminService final
    : public v1::Admin::WithRawCallbackMethod_ExportModel<v1::Admin::CallbackService> {
 public:
  // `runtime` and `store` must outlive this. `stall`: see SnapshotCall.
  AdminService(Runtime& runtime, Store& store, const JoinTerms& terms,
               std::optional<AdminCredential> credential,
               absl::Duration stall = CallLimits().stall);

  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context,
                                      const v1::GetStatusRequest* request,
                                      v1::Status* response) override;
  grpc::ServerUnaryReactor* ListClients(grpc::CallbackServerContext* context,
                                        const v1::ListClientsRequest* request,
                                        v1::ListClientsResponse* response) override;
  grpc::ServerUnaryReactor* ListRounds(grpc::CallbackServerContext* context,
                                       const v1::ListRoundsRequest* request,
                                       v1::Rounds* response) override;
  grpc::ServerWriteReactor<v1::Event>* WatchEvents(grpc::CallbackServerContext* context,
                                                   const v1::WatchEventsRequest* request) override;
  grpc::ServerUnaryReactor* Pause(grpc::CallbackServerContext* context,
                                  const v1::PauseRequest* request,
                                  v1::PauseResponse* response) override;
  grpc::ServerUnaryReactor* Resume(grpc::CallbackServerContext* context,
                                   const v1::ResumeRequest* request,
                                   v1::ResumeResponse* response) override;
  grpc::ServerUnaryReactor* Finish(grpc::CallbackServerContext* context,
                                   const v1::FinishRequest* request,
                                   v1::FinishResponse* response) override;
  grpc::ServerUnaryReactor* Stop(grpc::CallbackServerContext* context,
                                 const v1::StopRequest* request,
                                 v1::StopResponse* response) override;
  grpc::ServerUnaryReactor* DescribeFederation(grpc::CallbackServerContext* context,
                                               const v1::DescribeFederationRequest* request,
                                               v1::FederationDescription* response) override;
  // As bytes: see SnapshotCall.
  grpc::ServerWriteReactor<grpc::ByteBuffer>* ExportModel(grpc::CallbackServerContext* context,
                                                          const grpc::ByteBuffer* request) override;
  grpc::ServerWriteReactor<v1::RoundResult>* ExportRounds(
      grpc::CallbackServerContext* context, const v1::ExportRoundsRequest* request) override;

 private:
  Runtime& runtime_;
  Store& store_;
  const JoinTerms terms_;
  const std::optional<AdminCredential> credential_;
  const absl::Duration stall_;
  boost::asio::thread_pool readers_{1};  // of the store
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_RPC_ADMIN_SERVICE_H_
