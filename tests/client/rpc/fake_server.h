#ifndef SEEDFED_TESTS_CLIENT_RPC_FAKE_SERVER_H_
#define SEEDFED_TESTS_CLIENT_RPC_FAKE_SERVER_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "common/base/mutex.h"
#include "seedfed/v1/federation.grpc.pb.h"

namespace seedfed {

// What the test answers to one kind of call; set by the test's thread, called by gRPC's.
template <typename... Arguments>
class FakeAnswer {
 public:
  using Function = std::function<grpc::Status(Arguments...)>;

  FakeAnswer& operator=(Function function) {
    const MutexLock lock(mutex_);
    function_ = std::move(function);
    return *this;
  }

  grpc::Status operator()(Arguments... arguments) const {
    Function function;
    {
      const MutexLock lock(mutex_);
      function = function_;
    }
    if (function) return function(arguments...);
    return {grpc::StatusCode::UNIMPLEMENTED, "the test has no answer"};
  }

 private:
  mutable Mutex mutex_;
  Function function_ ABSL_GUARDED_BY(mutex_);
};

// A server of seedfed.v1.Federation that answers what the test tells it to; on a free port of the
// loopback interface. The functions run on gRPC's threads, one call at a time as long as the client
// makes one at a time.
class FakeServer {
 public:
  FakeServer() : service_(*this) {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service_);
    builder.SetMaxReceiveMessageSize(-1);
    server_ = builder.BuildAndStart();
    address_ = absl::StrCat("127.0.0.1:", port);
  }

  ~FakeServer() { server_->Shutdown(gpr_time_from_millis(100, GPR_TIMESPAN)); }

  const std::string& address() const { return address_; }

  // What each call does; a call without a function is answered UNIMPLEMENTED.
  FakeAnswer<const v1::JoinRequest&, v1::JoinResponse&> join;
  FakeAnswer<const v1::AwaitRoundRequest&, v1::AwaitRoundResponse&> await;
  FakeAnswer<const v1::SubmitUpdateRequest&, v1::SubmitUpdateResponse&> submit;
  FakeAnswer<const v1::ReportEvaluationRequest&> report;
  FakeAnswer<const v1::FetchSnapshotRequest&, std::vector<v1::SnapshotChunk>&> fetch;

  // Of the last Join.
  std::string authorization() const {
    const MutexLock lock(mutex_);
    return authorization_;
  }

  // Trailing metadata of the next Joins; empty: none.
  void set_retry_after_ms(const std::string& text) {
    const MutexLock lock(mutex_);
    retry_after_ms_ = text;
  }

  // When set, AwaitRound notifies it and then holds the call until the client hangs up, at most 30
  // s.
  std::atomic<absl::Notification*> holding = nullptr;

 private:
  class Service final : public v1::Federation::Service {
   public:
    explicit Service(FakeServer& fake) : fake_(fake) {}

    grpc::Status Join(grpc::ServerContext* context, const v1::JoinRequest* request,
                      v1::JoinResponse* response) override {
      fake_.ReadAndWriteMetadata(*context);
      return fake_.join(*request, *response);
    }

    grpc::Status AwaitRound(grpc::ServerContext* context, const v1::AwaitRoundRequest* request,
                            v1::AwaitRoundResponse* response) override {
      if (absl::Notification* holding = fake_.holding; holding != nullptr) {
        holding->Notify();
        absl::Notification never;
        for (int i = 0; i < 3000 && !context->IsCancelled(); ++i) {
          never.WaitForNotificationWithTimeout(absl::Milliseconds(10));
        }
        return grpc::Status::CANCELLED;
      }
      return fake_.await(*request, *response);
    }

    grpc::Status SubmitUpdate(grpc::ServerContext*, const v1::SubmitUpdateRequest* request,
                              v1::SubmitUpdateResponse* response) override {
      return fake_.submit(*request, *response);
    }

    grpc::Status ReportEvaluation(grpc::ServerContext*, const v1::ReportEvaluationRequest* request,
                                  v1::ReportEvaluationResponse*) override {
      return fake_.report(*request);
    }

    grpc::Status FetchSnapshot(grpc::ServerContext*, const v1::FetchSnapshotRequest* request,
                               grpc::ServerWriter<v1::SnapshotChunk>* writer) override {
      std::vector<v1::SnapshotChunk> chunks;
      const grpc::Status status = fake_.fetch(*request, chunks);
      for (const v1::SnapshotChunk& chunk : chunks) {
        if (!writer->Write(chunk)) break;
      }
      return status;
    }

   private:
    FakeServer& fake_;
  };

  void ReadAndWriteMetadata(grpc::ServerContext& context) {
    const MutexLock lock(mutex_);
    authorization_.clear();
    const auto& metadata = context.client_metadata();
    if (const auto found = metadata.find("authorization"); found != metadata.end()) {
      authorization_.assign(found->second.data(), found->second.size());
    }
    if (!retry_after_ms_.empty()) context.AddTrailingMetadata("retry-after-ms", retry_after_ms_);
  }

  mutable Mutex mutex_;
  std::string authorization_ ABSL_GUARDED_BY(mutex_);
  std::string retry_after_ms_ ABSL_GUARDED_BY(mutex_);
  Service service_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_CLIENT_RPC_FAKE_SERVER_H_
