#ifndef SEEDFED_TESTS_SERVER_HTTP_RAW_CLIENT_H_
#define SEEDFED_TESTS_SERVER_HTTP_RAW_CLIENT_H_

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <string>
#include <utility>

namespace seedfed {

// A peer that sends any bytes to a port of the loopback address and reads what comes back. Waits at
// most `patience` seconds for anything.
class RawClient {
 public:
  explicit RawClient(uint16_t port, int patience = 10) : socket_(io_) {
    boost::system::error_code error;
    socket_.connect({boost::asio::ip::address_v4::loopback(), port}, error);
    EXPECT_FALSE(error) << error.message();
    const timeval limit = {patience, 0};
    setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    setsockopt(socket_.native_handle(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  }

  // False when the server has closed.
  bool Send(const std::string& bytes) {
    size_t sent = 0;
    while (sent < bytes.size()) {
      const ssize_t size =
          ::send(socket_.native_handle(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (size <= 0) return false;
      sent += static_cast<size_t>(size);
    }
    return true;
  }

  void HalfClose() { ::shutdown(socket_.native_handle(), SHUT_WR); }

  // All until `end` has come, or without it until the server closes.
  std::string ReadUntil(const std::string& end) {
    size_t seen = 0;
    while (received_.find(end, seen) == std::string::npos) {
      seen = received_.size() - std::min(received_.size(), end.size());
      if (!ReadSome()) return std::exchange(received_, "");
    }
    const size_t size = received_.find(end, seen) + end.size();
    const std::string out = received_.substr(0, size);
    received_.erase(0, size);
    return out;
  }

  std::string ReadAll() {
    while (ReadSome()) {
    }
    return std::exchange(received_, "");
  }

  // One answer with its Content-Length.
  std::string ReadAnswer() {
    const std::string header = ReadUntil("\r\n\r\n");
    const std::string name = "Content-Length: ";
    const size_t at = header.find(name);
    if (at == std::string::npos) return header;
    const size_t size = std::stoul(header.substr(at + name.size()));
    while (received_.size() < size && ReadSome()) {
    }
    const std::string body = received_.substr(0, size);
    received_.erase(0, body.size());
    return header + body;
  }

 private:
  bool ReadSome() {
    static char part[1 << 16];
    const ssize_t size = ::recv(socket_.native_handle(), part, sizeof(part), 0);
    if (size > 0) received_.append(part, static_cast<size_t>(size));
    return size > 0;
  }

  boost::asio::io_context io_;
  boost::asio::ip::tcp::socket socket_;
  std::string received_;
};

inline std::string Get(const std::string& target, const std::string& fields = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
}

}  // namespace seedfed

#endif  // SEEDFED_TESTS_SERVER_HTTP_RAW_CLIENT_H_
