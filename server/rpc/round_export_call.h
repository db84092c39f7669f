#ifndef SEEDFED_SERVER_RPC_ROUND_EXPORT_CALL_H_
#define SEEDFED_SERVER_RPC_ROUND_EXPORT_CALL_H_

#include <grpcpp/support/server_callback.h>

#include <boost/asio/thread_pool.hpp>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "seedfed/v1/admin.pb.h"
#include "server/runtime/runtime.h"
#include "server/store/store.h"

namespace seedfed {

// Sends complete rounds from the store at the pace of the reader, and reads them on a thread of
// `readers`, about a megabyte at a time. Deletes itself.
class RoundExportCall final : public grpc::ServerWriteReactor<v1::RoundResult> {
 public:
  // All must outlive the call.
  RoundExportCall(Runtime& runtime, Store& store, boost::asio::thread_pool& readers,
                  const v1::ExportRoundsRequest& request);

  void OnWriteDone(bool ok) override;
  void OnDone() override { delete this; }

 private:
  void Choose(uint32_t complete);
  void Continue();
  void Read();
  void WriteNext();

  Store& store_;
  boost::asio::thread_pool& readers_;
  const v1::ExportRoundsRequest asked_;
  uint32_t next_ = 1;  // the round to read next
  uint32_t last_ = 0;
  std::vector<RoundRecord> rounds_;  // that were read
  size_t written_ = 0;               // of them
  v1::RoundResult message_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_RPC_ROUND_EXPORT_CALL_H_
