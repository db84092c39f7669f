#include "server/admission/client_connections.h"

#include <unordered_map>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/mutex.h"

namespace seedfed {

class ClientConnections::Table : public std::enable_shared_from_this<Table> {
 public:
  explicit Table(size_t limit) : limit_(limit) {}

  absl::StatusOr<ConnectionUse> Use(std::string client, std::string connection) {
    {
      const MutexLock lock(mutex_);
      CallsByConnection& calls = clients_[client];
      const auto known = calls.find(connection);
      if (known == calls.end() && calls.size() >= limit_) {
        return absl::ResourceExhaustedError(
            absl::StrCat("client ", client,
                         " has calls on as many other connections as it may: ", calls.size()));
      }
      ++calls[connection];
    }
    return std::make_shared<const Call>(shared_from_this(), std::move(client),
                                        std::move(connection));
  }

 private:
  using CallsByConnection = std::unordered_map<std::string, size_t>;

  struct Call {
    Call(std::shared_ptr<Table> its_table, std::string its_client, std::string its_connection)
        : table(std::move(its_table)),
          client(std::move(its_client)),
          connection(std::move(its_connection)) {}
    ~Call() { table->End(client, connection); }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    const std::shared_ptr<Table> table;
    const std::string client, connection;
  };

  void End(const std::string& client, const std::string& connection) {
    const MutexLock lock(mutex_);
    const auto found = clients_.find(client);
    CallsByConnection& calls = found->second;
    const auto call = calls.find(connection);
    if (--call->second > 0) return;
    calls.erase(call);
    if (calls.empty()) clients_.erase(found);
  }

  const size_t limit_;
  Mutex mutex_;
  std::unordered_map<std::string, CallsByConnection> clients_
      ABSL_GUARDED_BY(mutex_);  // none without calls
};

ClientConnections::ClientConnections(size_t limit) : table_(std::make_shared<Table>(limit)) {}

ClientConnections::~ClientConnections() = default;

absl::StatusOr<ConnectionUse> ClientConnections::Use(std::string_view client,
                                                     std::string_view connection) {
  return table_->Use(std::string(client), std::string(connection));
}

}  // namespace seedfed
