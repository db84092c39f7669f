#ifndef SEEDFED_TESTS_CLI_ADMIN_FAKE_ADMIN_H_
#define SEEDFED_TESTS_CLI_ADMIN_FAKE_ADMIN_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "common/wire/convert.h"
#include "seedfed/v1/admin.grpc.pb.h"

namespace seedfed {

// A server of seedfed.v1.Admin that answers what the test tells it to; on a free port of the
// loopback interface. Set the fields before address() gives a caller the way, or after calls() when
// a call has ended: both take the lock under which the server reads them.
class FakeAdmin {
 public:
  FakeAdmin() : service_(*this) {
    status.set_version("0.0.0-fake");
    status.set_protocol(kProtocolVersion);
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    address_ = absl::StrCat("127.0.0.1:", port);
  }
  ~FakeAdmin() { Die(); }

  const std::string& address() const {
    absl::MutexLock lock(&mutex_);
    return address_;
  }

  // Ends all calls under way.
  void Die() {
    dying_.store(true);
    server_->Shutdown(gpr_time_from_millis(100, GPR_TIMESPAN));
  }

  grpc::Status answer;  // of every call; below is what an OK comes with
  v1::Status status;
  v1::ListClientsResponse clients;
  v1::Rounds rounds;
  v1::FinishResponse finish;
  std::vector<v1::Event> events;  // then silence, if `follow`, until the caller hangs up
  v1::FederationDescription description;
  std::vector<v1::SnapshotChunk> model;
  std::vector<v1::RoundResult> results;
  std::atomic<bool> mute = false;  // never answers anything

  // What the calls brought, in order.
  std::vector<std::string> calls() const {
    absl::MutexLock lock(&mutex_);
    return calls_;
  }
  std::string authorization() const {
    absl::MutexLock lock(&mutex_);
    return authorization_;
  }

 private:
  class Service final : public v1::Admin::Service {
   public:
    explicit Service(FakeAdmin& fake) : fake_(fake) {}

    grpc::Status GetStatus(grpc::ServerContext* context, const v1::GetStatusRequest*,
                           v1::Status* response) override {
      *response = fake_.Copy(fake_.status);
      return fake_.Answer("GetStatus", context);
    }
    grpc::Status ListClients(grpc::ServerContext* context, const v1::ListClientsRequest* request,
                             v1::ListClientsResponse* response) override {
      *response = fake_.Copy(fake_.clients);
      return fake_.Answer(absl::StrCat("ListClients ", request->ShortDebugString()), context);
    }
    grpc::Status ListRounds(grpc::ServerContext* context, const v1::ListRoundsRequest* request,
                            v1::Rounds* response) override {
      *response = fake_.Copy(fake_.rounds);
      return fake_.Answer(absl::StrCat("ListRounds ", request->ShortDebugString()), context);
    }
    grpc::Status WatchEvents(grpc::ServerContext* context, const v1::WatchEventsRequest* request,
                             grpc::ServerWriter<v1::Event>* writer) override {
      const grpc::Status status =
          fake_.Answer(absl::StrCat("WatchEvents ", request->ShortDebugString()), context);
      if (!status.ok()) return status;
      writer->SendInitialMetadata();
      for (const v1::Event& event : fake_.Copy(fake_.events)) writer->Write(event);
      if (request->follow()) fake_.Hold(context);
      return fake_.dying_.load() ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "it dies")
                                 : grpc::Status::OK;
    }
    grpc::Status DescribeFederation(grpc::ServerContext* context,
                                    const v1::DescribeFederationRequest*,
                                    v1::FederationDescription* response) override {
      *response = fake_.Copy(fake_.description);
      return fake_.Answer("DescribeFederation", context);
    }
    grpc::Status ExportModel(grpc::ServerContext* context, const v1::ExportModelRequest*,
                             grpc::ServerWriter<v1::SnapshotChunk>* writer) override {
      for (const v1::SnapshotChunk& chunk : fake_.Copy(fake_.model)) writer->Write(chunk);
      return fake_.Answer("ExportModel", context);
    }
    grpc::Status ExportRounds(grpc::ServerContext* context, const v1::ExportRoundsRequest* request,
                              grpc::ServerWriter<v1::RoundResult>* writer) override {
      for (const v1::RoundResult& result : fake_.Copy(fake_.results)) writer->Write(result);
      return fake_.Answer(absl::StrCat("ExportRounds ", request->ShortDebugString()), context);
    }
    grpc::Status Pause(grpc::ServerContext* context, const v1::PauseRequest*,
                       v1::PauseResponse*) override {
      return fake_.Answer("Pause", context);
    }
    grpc::Status Resume(grpc::ServerContext* context, const v1::ResumeRequest*,
                        v1::ResumeResponse*) override {
      return fake_.Answer("Resume", context);
    }
    grpc::Status Finish(grpc::ServerContext* context, const v1::FinishRequest*,
                        v1::FinishResponse* response) override {
      *response = fake_.Copy(fake_.finish);
      return fake_.Answer("Finish", context);
    }
    grpc::Status Stop(grpc::ServerContext* context, const v1::StopRequest*,
                      v1::StopResponse*) override {
      return fake_.Answer("Stop", context);
    }

   private:
    FakeAdmin& fake_;
  };

  grpc::Status Answer(std::string call, grpc::ServerContext* context) {
    {
      absl::MutexLock lock(&mutex_);
      calls_.push_back(std::move(call));
      const auto found = context->client_metadata().find("authorization");
      authorization_ = found == context->client_metadata().end()
                           ? ""
                           : std::string(found->second.data(), found->second.size());
    }
    if (mute) Hold(context);
    return Copy(answer);
  }

  template <typename T>
  T Copy(const T& field) const {
    absl::MutexLock lock(&mutex_);
    return field;
  }

  void Hold(grpc::ServerContext* context) const {
    const absl::Notification never;
    for (int i = 0; i < 3000 && !context->IsCancelled() && !dying_.load(); ++i) {
      never.WaitForNotificationWithTimeout(absl::Milliseconds(10));
    }
  }

  mutable absl::Mutex mutex_;
  std::vector<std::string> calls_ ABSL_GUARDED_BY(mutex_);
  std::string authorization_ ABSL_GUARDED_BY(mutex_);
  std::atomic<bool> dying_ = false;
  Service service_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_CLI_ADMIN_FAKE_ADMIN_H_
