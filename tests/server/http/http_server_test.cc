#include "server/http/http_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "tests/server/http/example_credential.h"
#include "tests/server/http/fake_source.h"
#include "tests/server/http/raw_client.h"

namespace seedfed {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// A server on a free port of the loopback address.
class HttpServerTest : public ::testing::Test {
 protected:
  void SetUp() override { StartServer({}); }

  void StartServer(const HttpLimits& limits) {
    StopServer();
    auto server = HttpServer::Start(strand_, {"127.0.0.1", 0}, false, source_, SystemClock(),
                                    std::nullopt, limits);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  void StopServer() {
    OnExecutor([this] { server_.reset(); });
  }

  void TearDown() override {
    StopServer();
    work_.reset();
    thread_.join();  // so nothing of the server is still waiting for anything
  }

  // Runs `action` where the server runs, and waits for it.
  void OnExecutor(std::function<void()> action) {
    std::promise<void> done;
    boost::asio::post(strand_, [&] {
      action();
      done.set_value();
    });
    done.get_future().wait();
  }

  size_t Subscribers() {
    size_t count = 0;
    OnExecutor([&] { count = source_.subscribers(); });
    return count;
  }

  uint16_t port() const { return server_->address().port; }

  // The whole answer to these bytes, with the connection closed by the server.
  std::string Answer(const std::string& bytes) {
    RawClient client(port());
    client.Send(bytes);
    return client.ReadAll();
  }

  FakeSource source_;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_ =
      boost::asio::make_work_guard(io_);
  boost::asio::strand<boost::asio::io_context::executor_type> strand_{io_.get_executor()};
  std::unique_ptr<HttpServer> server_;
  std::thread thread_{[this] { io_.run(); }};
};

std::string Body(const std::string& answer) {
  const size_t end = answer.find("\r\n\r\n");
  return end == std::string::npos ? "" : answer.substr(end + 4);
}

std::string ErrorOf(const std::string& answer) {
  const json body = json::parse(Body(answer), nullptr, false);
  return body.is_object() ? body.value("error", "") : "not JSON: " + answer;
}

TEST_F(HttpServerTest, OneConnection_ServesOneRequestAfterTheOther) {
  RawClient client(port());
  for (int i = 0; i < 3; ++i) {
    client.Send(Get("/api/v1/status"));
    const std::string answer = client.ReadAnswer();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_EQ(json::parse(Body(answer)).at("state"), "collecting");
  }
}

TEST_F(HttpServerTest, PipelinedRequests_AreAnsweredInOrder) {
  RawClient client(port());
  client.Send(Get("/healthz") + Get("/nothing") + Get("/metrics") +
              Get("/readyz", "Connection: close\r\n"));
  EXPECT_EQ(Body(client.ReadAnswer()), "ok\n");
  EXPECT_EQ(ErrorOf(client.ReadAnswer()), "there is nothing at /nothing");
  EXPECT_EQ(Body(client.ReadAnswer()), "seedfed_round 3\n");
  EXPECT_EQ(Body(client.ReadAll()), "ready\n");
}

TEST_F(HttpServerTest, RequestInManyPieces_IsAnswered) {
  RawClient client(port());
  for (const char c : Get("/healthz")) client.Send(std::string(1, c));
  EXPECT_EQ(Body(client.ReadAnswer()), "ok\n");
}

TEST_F(HttpServerTest, Head_IsTheAnswerWithoutItsBody) {
  RawClient client(port());
  client.Send("HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" + Get("/readyz"));
  const std::string header = client.ReadUntil("\r\n\r\n");
  EXPECT_THAT(header, HasSubstr("\r\nContent-Length: 3\r\n"));
  EXPECT_THAT(client.ReadAnswer(), EndsWith("\r\n\r\nready\n"));
  client.Send("HEAD /events HTTP/1.1\r\nHost: localhost\r\n\r\n" + Get("/readyz"));
  EXPECT_THAT(client.ReadUntil("\r\n\r\n"), HasSubstr("text/event-stream"));
  EXPECT_THAT(client.ReadAnswer(), EndsWith("\r\n\r\nready\n"));
}

TEST_F(HttpServerTest, NotModified_HasNoBody) {
  RawClient client(port());
  client.Send(Get("/", "If-None-Match: *\r\n") + Get("/readyz"));
  EXPECT_THAT(client.ReadUntil("\r\n\r\n"), StartsWith("HTTP/1.1 304 "));
  EXPECT_THAT(client.ReadAnswer(), EndsWith("\r\n\r\nready\n"));
}

TEST_F(HttpServerTest, Http10_ClosesUnlessAskedNotTo) {
  EXPECT_EQ(Body(Answer("GET /healthz HTTP/1.0\r\n\r\n")), "ok\n");
  EXPECT_THAT(Answer("GET / HTTP/1.0\r\n\r\n"), StartsWith("HTTP/1.0 403 "));
}

TEST_F(HttpServerTest, NotHttp_Is400AndTheConnectionCloses) {
  for (const std::string& bytes :
       {std::string("nonsense\r\n\r\n"), std::string("GET\r\n\r\n"),
        std::string("GET / HTTP/9.9\r\n\r\n"), std::string("GET / HTTP/1.1\r\nno colon\r\n\r\n"),
        std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + std::string(100, 'x'),
        std::string("GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n")}) {
    const std::string answer = Answer(bytes);
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 Bad Request\r\n")) << bytes;
    EXPECT_THAT(ErrorOf(answer), StartsWith("not an HTTP request: "));
  }
  EXPECT_EQ(ErrorOf(Answer("GET / HTTP/1.1\r\nHost: localhost\r\nHost: b\r\n\r\n")),
            "the request has more than one Host");
}

TEST_F(HttpServerTest, OversizedHeader_Is431) {
  const std::string answer = Answer(Get("/", "X: " + std::string(20'000, 'x') + "\r\n"));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 431 "));
  EXPECT_EQ(ErrorOf(answer), "the header of the request is longer than 8192 bytes");
  EXPECT_THAT(Answer("GET /" + std::string(20'000, 'x')), StartsWith("HTTP/1.1 431 "));
}

TEST_F(HttpServerTest, OtherMethod_Is405EvenWithABody) {
  for (const size_t size : {0, 10, 500'000}) {
    const std::string answer =
        Answer("POST /api/v1/status HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
               std::to_string(size) + "\r\nConnection: close\r\n\r\n" + std::string(size, 'x'));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 405 "));
    EXPECT_EQ(ErrorOf(answer), "the method is POST; expected GET or HEAD");
  }
}

TEST_F(HttpServerTest, BodyOfAGet_IsNotTakenForARequest) {
  const std::string smuggled = Get("/metrics");
  const std::string answer = Answer(
      Get("/healthz", "Content-Length: " + std::to_string(smuggled.size()) + "\r\n") + smuggled);
  EXPECT_EQ(Body(answer), "ok\n");
}

TEST_F(HttpServerTest, WrongHost_Is403) {
  const std::string answer =
      Answer("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 403 Forbidden\r\n"));
  EXPECT_THAT(ErrorOf(answer), StartsWith("the Host of the request is 'evil.example'"));
}

TEST_F(HttpServerTest, PeerThatHasNoMoreToSay_StillGetsItsAnswer) {
  RawClient client(port());
  client.Send(Get("/healthz"));
  client.HalfClose();
  EXPECT_EQ(Body(client.ReadAll()), "ok\n");
}

TEST_F(HttpServerTest, HeaderThatNeverEnds_IsCutOff) {
  StartServer({.read = milliseconds(200)});
  RawClient client(port());
  client.Send("GET / HTTP/1.1\r\nHost: localhost\r\n");
  EXPECT_EQ(client.ReadAll(), "");
}

TEST_F(HttpServerTest, IdleConnection_IsCutOff) {
  StartServer({.idle = milliseconds(200)});
  RawClient silent(port()), once(port());
  once.Send(Get("/healthz"));
  EXPECT_EQ(Body(once.ReadAnswer()), "ok\n");
  EXPECT_EQ(silent.ReadAll(), "");
  EXPECT_EQ(once.ReadAll(), "");
}

TEST_F(HttpServerTest, ReaderOfAnAnswerThatDoesNotRead_IsCutOff) {
  source_.clients_ = 200'000;  // 40 MB of JSON
  StartServer({.write = milliseconds(200)});
  RawClient client(port(), 60);  // with sanitizers the answer takes long to make
  client.Send(Get("/api/v1/clients"));
  EXPECT_THAT(client.ReadUntil("\r\n\r\n"), StartsWith("HTTP/1.1 200 "));
  RawClient other(port());
  other.Send(Get("/healthz"));
  EXPECT_EQ(Body(other.ReadAnswer()), "ok\n");
  std::this_thread::sleep_for(milliseconds(600));
  EXPECT_LT(client.ReadAll().size(), 30'000'000u);
}

TEST_F(HttpServerTest, TooManyConnections_AreTurnedAwayWithASentence) {
  std::deque<RawClient> open;
  for (int i = 0; i < 256; ++i) {
    open.emplace_back(port()).Send(Get("/healthz"));
    ASSERT_EQ(Body(open.back().ReadAnswer()), "ok\n") << i;
  }
  for (int i = 256; i < 300; ++i) {
    const std::string answer = Answer(Get("/healthz"));
    ASSERT_THAT(answer, StartsWith("HTTP/1.1 503 ")) << i;
    ASSERT_EQ(ErrorOf(answer), "the server has 256 open connections already");
  }
  open.front().Send(Get("/healthz"));
  EXPECT_EQ(Body(open.front().ReadAnswer()), "ok\n");
  open.pop_back();
  std::string answer;
  // The server sees the end of the last one, and of those turned away, a moment later.
  for (int i = 0; i < 100 && Body(answer) != "ok\n"; ++i) {
    answer = Answer(Get("/healthz", "Connection: close\r\n"));
  }
  EXPECT_EQ(Body(answer), "ok\n");
}

TEST_F(HttpServerTest, Stream_TellsChangesAndEndsInGoodOrder) {
  RawClient client(port());
  client.Send(Get("/events"));
  const std::string header = client.ReadUntil("\r\n\r\n");
  EXPECT_THAT(header, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(header, HasSubstr("Content-Type: text/event-stream\r\n"));
  EXPECT_THAT(header, HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_THAT(client.ReadUntil("\n\n\r\n"), HasSubstr("retry: 1000\n\nevent: status\ndata: {"));
  EXPECT_EQ(Subscribers(), 1u);
  OnExecutor([this] { source_.CompleteRounds(3); });
  EXPECT_THAT(client.ReadUntil("event: rounds\n"), HasSubstr("event: status\ndata: {"));
  EXPECT_THAT(client.ReadUntil("\n\n"), HasSubstr("\"round\":[1,2,3]"));

  OnExecutor([this] { server_->Stop(); });
  EXPECT_THAT(client.ReadAll(), EndsWith("\r\n0\r\n\r\n"));
  EXPECT_EQ(Subscribers(), 0u);
  EXPECT_THAT(Answer(Get("/readyz")), StartsWith("HTTP/1.1 503 "));
  EXPECT_EQ(Body(Answer(Get("/healthz"))), "ok\n");
  EXPECT_EQ(ErrorOf(Answer(Get("/events"))), "the server is stopping");
}

TEST_F(HttpServerTest, StreamOfHttp10_HasNoChunks) {
  RawClient client(port());
  client.Send("GET /events HTTP/1.0\r\nHost: localhost\r\n\r\n");
  EXPECT_THAT(client.ReadUntil("\r\n\r\n"), Not(HasSubstr("Transfer-Encoding")));
  EXPECT_THAT(client.ReadUntil("data: "), StartsWith("retry: 1000\n\nevent: status\n"));
  OnExecutor([this] { server_->Stop(); });
  EXPECT_THAT(client.ReadAll(), EndsWith("}\n\n"));
}

TEST_F(HttpServerTest, ReaderOfAStreamThatHangsUp_IsForgotten) {
  {
    RawClient client(port());
    client.Send(Get("/events"));
    client.ReadUntil("event: status");
    EXPECT_EQ(Subscribers(), 1u);
  }
  for (int i = 0; i < 1000 && Subscribers() > 0; ++i) std::this_thread::sleep_for(milliseconds(10));
  EXPECT_EQ(Subscribers(), 0u);
}

TEST_F(HttpServerTest, ReaderOfAStreamThatDoesNotRead_IsCutOff) {
  StartServer({.write = milliseconds(1000)});
  RawClient slow(port()), quick(port());
  for (RawClient* client : {&slow, &quick}) {
    client->Send(Get("/events"));
    client->ReadUntil("event: status");
  }
  OnExecutor([this] { source_.Log(std::string(8 << 20, 'x')); });
  EXPECT_THAT(quick.ReadUntil("xx\",").size(), testing::Ge(size_t{8} << 20));
  std::this_thread::sleep_for(milliseconds(2000));
  EXPECT_LT(slow.ReadAll().size(), size_t{8} << 20);
  OnExecutor([this] { source_.CompleteRounds(1); });
  EXPECT_THAT(quick.ReadUntil("\"round\":[1]"), EndsWith("\"round\":[1]"));
}

TEST_F(HttpServerTest, TooManyStreams_AreTurnedAwayWithASentence) {
  StartServer({.streams = 2});
  RawClient first(port()), second(port());
  for (RawClient* client : {&first, &second}) {
    client->Send(Get("/events"));
    client->ReadUntil("event: status");
  }
  EXPECT_EQ(ErrorOf(Answer(Get("/events", "Connection: close\r\n"))),
            "the server has 2 open streams of events already");
}

TEST_F(HttpServerTest, ServerThatGoesAway_CutsEverythingOff) {
  RawClient idle(port()), stream(port()), half(port());
  stream.Send(Get("/events"));
  stream.ReadUntil("event: status");
  half.Send("GET / HT");
  StopServer();
  EXPECT_EQ(idle.ReadAll(), "");
  EXPECT_EQ(half.ReadAll(), "");
  stream.ReadAll();
}

TEST_F(HttpServerTest, PortTaken_IsRefusedUnlessAnyWillDo) {
  const HostPort taken = server_->address();
  const auto start = [&](bool any_port) {
    return HttpServer::Start(strand_, taken, any_port, source_, SystemClock(), std::nullopt);
  };
  EXPECT_EQ(start(false).status().message(),
            "cannot listen on " + taken.ToString() + ": Address already in use");
  auto other = start(true);
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_NE((*other)->address().port, taken.port);
  OnExecutor([&] { other->reset(); });
}

}  // namespace
}  // namespace seedfed
