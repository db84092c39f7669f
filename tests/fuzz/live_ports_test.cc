// Both ports of a real server under random bytes, damaged HTTP/2 and damaged HTTP/1.1: it goes on
// serving clients, says nothing it should not, and does not grow.

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <deque>
#include <random>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "tests/e2e/federation.h"

namespace seedfed {
namespace {

constexpr int kConnections = 3000;
constexpr size_t kLeftOpen = 64;  // connections that say nothing more
constexpr int kAnswerMs = 2;      // a peer like this one is not patient
// Beyond what the server had after the first third: connections come and go, buffers do not.
constexpr int64_t kMostGrowthKb = 64 << 10;

// What strangers send. The same bytes in every run.
class Stranger {
 public:
  std::string Grpc() {
    switch (Below(5)) {
      case 0:
        return RandomBytes(Below(300));
      case 1:
        return Damaged(kPreface);
      case 2:
        return kPreface + RandomFrames();
      case 3:
        return kPreface + Frame(kSettings, 0, 0, "") + Damaged(Call());
      default:
        return Damaged(kPreface + Frame(kSettings, 0, 0, "") + Call() + RandomFrames());
    }
  }

  std::string Http() {
    switch (Below(4)) {
      case 0:
        return RandomBytes(Below(300));
      case 1:
        return Damaged(Request());
      case 2:
        return Request() + RandomBytes(Below(100)) + Request();
      default:
        return Request() + Damaged(Request());
    }
  }

  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(chance_() % n); }

 private:
  static constexpr uint8_t kData = 0, kHeaders = 1, kSettings = 4;
  static constexpr uint8_t kEndStream = 1, kEndHeaders = 4;
  static inline const std::string kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  std::string RandomBytes(size_t size) {
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(Below(256));
    return bytes;
  }

  // A few bytes changed, left out, put in, or the end cut off.
  std::string Damaged(std::string bytes) {
    for (uint32_t i = Below(6); i > 0 && !bytes.empty(); --i) {
      const size_t at = Below(static_cast<uint32_t>(bytes.size()));
      switch (Below(4)) {
        case 0:
          bytes[at] = static_cast<char>(Below(256));
          break;
        case 1:
          bytes.erase(at, 1 + Below(8));
          break;
        case 2:
          bytes.insert(at, RandomBytes(Below(20)));
          break;
        case 3:
          if (Below(4) == 0) bytes.resize(at);
          break;
      }
    }
    return bytes;
  }

  static std::string BigEndian(size_t value, int bytes) {
    std::string text;
    for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i));
    return text;
  }

  // RFC 9113, section 4.1.
  static std::string Frame(uint8_t type, uint8_t flags, uint32_t stream, const std::string& load) {
    return BigEndian(load.size(), 3) + static_cast<char>(type) + static_cast<char>(flags) +
           BigEndian(stream, 4) + load;
  }

  std::string RandomFrames() {
    std::string frames;
    for (uint32_t i = Below(20); i > 0; --i) {
      std::string frame = Frame(static_cast<uint8_t>(Below(12)), static_cast<uint8_t>(Below(256)),
                                Below(4), RandomBytes(Below(64)));
      if (Below(8) == 0) frame.replace(0, 3, RandomBytes(3));  // another length than it has
      frames += frame;
    }
    return frames;
  }

  // A field without the tables of HPACK (RFC 7541, section 6.2.2).
  static std::string Field(const std::string& name, const std::string& value) {
    return std::string(1, '\0') + static_cast<char>(name.size()) + name +
           static_cast<char>(value.size()) + value;
  }

  // A call with a message that may be anything.
  std::string Call() {
    constexpr std::array kMethods = {"Federation/Join",       "Federation/SubmitUpdate",
                                     "Federation/AwaitRound", "Federation/FetchSnapshot",
                                     "Admin/GetStatus",       "Federation/NoSuchMethod"};
    const std::string headers =
        Field(":method", "POST") + Field(":scheme", "http") +
        Field(":path", std::string("/seedfed.v1.") + kMethods[Below(kMethods.size())]) +
        Field(":authority", "localhost") + Field("content-type", "application/grpc") +
        Field("te", "trailers");
    const std::string message = RandomBytes(Below(100));
    return Frame(kHeaders, kEndHeaders, 1, headers) +
           Frame(kData, kEndStream, 1,
                 std::string(1, '\0') + BigEndian(message.size(), 4) + message);
  }

  std::string Request() {
    constexpr std::array kMethods = {"GET", "HEAD", "POST", "OPTIONS"};
    constexpr std::array kTargets = {"/",
                                     "/metrics",
                                     "/events",
                                     "/api/v1/status",
                                     "/api/v1/clients?offset=1&limit=3",
                                     "/api/v1/rounds?first=1&points=10",
                                     "/api/v1/events?newest=5",
                                     "/%00/../etc/passwd"};
    return std::string(kMethods[Below(kMethods.size())]) + " " + kTargets[Below(kTargets.size())] +
           " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic " + RandomText() +
           "\r\nContent-Length: " + std::to_string(Below(40)) + "\r\n\r\n";
  }

  std::string RandomText() {
    std::string text(Below(40), '\0');
    for (char& c : text) c = static_cast<char>(' ' + Below(95));
    return text;
  }

  std::mt19937_64 chance_{20};
};

class Connection {
 public:
  explicit Connection(uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  }
  ~Connection() { close(fd_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool connected() const { return connected_; }

  void Send(const std::string& bytes) {
    // A server that has closed already is not news.
    (void)!send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  }

  // What comes at once.
  void Read() {
    pollfd ready = {fd_, POLLIN, 0};
    char buffer[4096];
    if (poll(&ready, 1, kAnswerMs) > 0) (void)!recv(fd_, buffer, sizeof(buffer), MSG_DONTWAIT);
  }

  // Closing will not say good-bye.
  void WillReset() {
    const linger at_once = {1, 0};
    setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  }

 private:
  const int fd_;
  bool connected_ = false;
};

uint16_t PagePort(const std::string& log) {
  const size_t line = log.find("page at http://");
  uint16_t port = 0;
  if (line != std::string::npos)
    std::istringstream(log.substr(log.find(':', line + 15) + 1)) >> port;
  return port;
}

int64_t ResidentKb(pid_t process) {
  std::istringstream status(ReadText("/proc/" + std::to_string(process) + "/status"));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stoll(line.substr(6));
  }
  ADD_FAILURE() << "no process " << process;
  return 0;
}

TEST(LivePorts, StrangersOfAnyKind_TheServerServesOn) {
  Federation federation(kSmallFederation +
                        std::vector<std::string>{"--clients", "2", "--rounds", "1", "--shards", "2",
                                                 "--http", "127.0.0.1:0", "--exit-when-done"});
  ASSERT_TRUE(federation.server().WaitForOutput("page at http://"));
  const uint16_t page_port = PagePort(federation.server().Output());
  ASSERT_NE(page_port, 0);

  Stranger stranger;
  std::deque<Connection> left_open;
  int64_t resident_kb = 0;
  for (int i = 0; i < kConnections; ++i) {
    const bool grpc = stranger.Below(2) == 0;
    Connection& connection = left_open.emplace_back(grpc ? federation.port() : page_port);
    ASSERT_TRUE(connection.connected()) << "connection " << i << " is refused";
    connection.Send(grpc ? stranger.Grpc() : stranger.Http());
    if (stranger.Below(2) == 0) connection.Read();
    if (stranger.Below(8) == 0) connection.WillReset();
    if (stranger.Below(8) != 0) {
      left_open.pop_back();
    } else if (left_open.size() > kLeftOpen) {
      left_open.pop_front();
    }
    if (i == kConnections / 3) resident_kb = ResidentKb(federation.server().pid());
  }
  EXPECT_LT(ResidentKb(federation.server().pid()), resident_kb + kMostGrowthKb);

  // With the last strangers still there.
  Process a = federation.Client("a"), b = federation.Client("b");
  for (Process* client : {&a, &b}) EXPECT_EQ(client->Wait(), 0) << client->Output();
  EXPECT_EQ(federation.server().Wait(), 0);
  const std::string log = federation.server().Output();
  EXPECT_THAT(log, ::testing::HasSubstr("round 1 complete"));
  const std::regex good("[-0-9]{10} [0-9:.]{12} info [ -~]*");
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_TRUE(std::regex_match(line, good)) << line;
  }
}

}  // namespace
}  // namespace seedfed
