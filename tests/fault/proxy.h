#ifndef SEEDFED_TESTS_FAULT_PROXY_H_
#define SEEDFED_TESTS_FAULT_PROXY_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace seedfed {

// What a link does to the bytes that pass, in each direction of each connection.
struct LinkConditions {
  std::chrono::milliseconds delay{0};  // one way
  size_t bytes_per_second = 0;         // 0: as fast as it goes
  bool blackhole = false;              // connections are taken, nothing passes
  size_t reset_after = 0;  // bytes from the client after which a connection is reset; 0: never
};

// A TCP proxy on loopback, with a thread of its own, in front of a server on loopback. Thread-safe.
class Proxy {
 public:
  explicit Proxy(uint16_t server_port, const LinkConditions& conditions = {});
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  std::string address() const;

  // From now on, for open connections too. What a blackhole swallowed comes late when it ends, as
  // TCP would send it again.
  void Set(const LinkConditions& conditions);

  // Resets (RST) all open connections, both ends.
  void ResetAll();

  // Connections that were reset so far, by ResetAll or reset_after.
  size_t resets() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_FAULT_PROXY_H_
