#ifndef SEEDFED_CLI_ADMIN_STREAM_READER_H_
#define SEEDFED_CLI_ADMIN_STREAM_READER_H_

#include <grpcpp/client_context.h>
#include <grpcpp/support/client_callback.h>
#include <grpcpp/support/status.h>

#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace seedfed {

// Reads a server stream message by message, giving up when the server is silent for too long:
// gRPC's deadlines are for whole calls. Give it to the stub's async call, then call Start. One
// thread.
template <typename Message>
class StreamReader final : public grpc::ClientReadReactor<Message> {
 public:
  explicit StreamReader(grpc::ClientContext& context) : context_(context) {}

  void Start() {
    // The hold keeps the call from ending between two reads.
    this->AddHold();
    this->StartRead(&message_);
    this->StartCall();
  }

  // False when the server did not answer the call within `timeout`.
  bool Answered(absl::Duration timeout) {
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&answered_), timeout);
  }

  enum class Next { kMessage, kEnd, kSilence };

  // Waits for the next message. It stays as it is until Advance.
  Next Await(absl::Duration timeout) {
    absl::MutexLock lock(&mutex_);
    if (!mutex_.AwaitWithTimeout(absl::Condition(&arrived_), timeout)) return Next::kSilence;
    return good_ ? Next::kMessage : Next::kEnd;
  }

  const Message& message() const { return message_; }

  void Advance() {
    {
      absl::MutexLock lock(&mutex_);
      arrived_ = false;
    }
    this->StartRead(&message_);
  }

  // Ends the call, cancelling what is left of it. Call exactly once, after Start.
  grpc::Status Finish() {
    bool ended;
    {
      absl::MutexLock lock(&mutex_);
      ended = arrived_ && !good_;
    }
    if (!ended) context_.TryCancel();
    this->RemoveHold();
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&done_));
    return status_;
  }

 private:
  void OnReadInitialMetadataDone(bool /*ok*/) override {
    absl::MutexLock lock(&mutex_);
    answered_ = true;
  }

  void OnReadDone(bool ok) override {
    absl::MutexLock lock(&mutex_);
    answered_ = true;
    arrived_ = true;
    good_ = ok;
  }

  void OnDone(const grpc::Status& status) override {
    absl::MutexLock lock(&mutex_);
    status_ = status;
    done_ = true;
  }

  grpc::ClientContext& context_;
  Message message_;
  absl::Mutex mutex_;
  bool answered_ ABSL_GUARDED_BY(mutex_) = false;
  bool arrived_ ABSL_GUARDED_BY(mutex_) = false;
  bool good_ ABSL_GUARDED_BY(mutex_) = false;
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
  grpc::Status status_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace seedfed

#endif  // SEEDFED_CLI_ADMIN_STREAM_READER_H_
