// What a stranger, a careless client or a hostile one can send, and what it gets: the table "What
// is refused" of docs/security.md. The test makes every call of the table against a real server in
// the middle of a round, and compares answers, codes, sentences and counts with the page. The round
// then ends as it would have ended without all of that.
//
// SEEDFED_REWRITE=1 tests/bad_calls_test writes the table into the page: read the difference.

#include <arpa/inet.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cmath>
#include <functional>
#include <future>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/wire/convert.h"
#include "server/rpc/federation_service.h"
#include "server/rpc/grpc_server.h"
#include "tests/common/token/token_folder.h"
#include "tests/server/admission/fake_clock.h"
#include "tests/server/core/core_fixture.h"
#include "tests/server/rpc/page_table.h"
#include "tests/server/store/fake_store.h"

namespace seedfed {
namespace {

constexpr char kService[] = "/seedfed.v1.Federation/";

constexpr RoundRules kRules = {.rounds = 3,
                               .goal = 2,
                               .quorum = 2,
                               .min_clients = 1,
                               .poll = absl::Milliseconds(50),
                               .example_cap = 1000};

constexpr uint32_t kLeft = 0, kRight = 1, kThird = 2, kEve = Members::kFirstEvaluator;

ModelSpec SpecOf(Codec codec) {
  ModelSpec spec = SmallSpec();
  spec.codec = codec;
  return spec;
}

// A server with the members left, right and third, and the evaluator eve; round 1 is complete, and
// left has sent its update of round 2.
class Scene {
 public:
  explicit Scene(Codec codec) : codec_(SpecOf(codec), TestKey()) {
    std::vector<ClientTokenLine> lines;
    for (const char* id : {"left", "right", "third", "eve", "new", "busy", "gone"}) {
      lines.push_back(MakeClientTokenLine({id, Blake2b256(Token(id))}));
    }
    lines.push_back(MakeClientTokenLine({"old", Blake2b256(Token("old")), clock_.wall}));
    const std::string tokens = folder_.path() + "/tokens";
    EXPECT_TRUE(WriteClientTokenFile(tokens, lines).ok());
    // 500 calls at once; the clock stands still.
    admission_.emplace(*ClientTokens::Load(tokens, clock_), CallerLimits{100, 100, 2}, clock_);
    std::erase_if(lines, [](const auto& line) { return line.token->client_id == "gone"; });
    EXPECT_TRUE(WriteClientTokenFile(tokens, lines).ok());
    clock_.Advance(absl::Seconds(1));

    EXPECT_TRUE(store_.Create({TestId(), TestKey(), codec_.spec()}).ok());
    auto core = FederationCore::Create(kRules, TestId(), TestKey(),
                                       *Model::Create(codec_.spec(), TestKey()), {},
                                       SystemClock().Monotonic());
    runtime_ = std::make_unique<Runtime>(io_, *std::move(core), Monitor(ServerFacts()), store_,
                                         SystemClock(), false, [](const absl::Status&) {});
    const JoinTerms terms = {.federation_id = TestId(),
                             .key = TestKey(),
                             .plan = {.learning_rate = {0.1, 0.1}},
                             .poll = kRules.poll};
    service_ = std::make_unique<FederationService>(*runtime_, terms, &*admission_, &room_);
    server_ = *GrpcServer::Start({"127.0.0.1", 0}, {service_.get()},
                                 codec_.spec().update_bytes() + (64 << 10), {}, nullptr,
                                 [this](RefusalReason reason, const absl::Status& why) {
                                   runtime_->Reject(reason, why, std::nullopt);
                                 });
    runtime_->Start();
    thread_ = std::thread([this] { io_.run(); });
    grpc::ChannelArguments arguments;
    arguments.SetMaxSendMessageSize(-1);
    stub_ = std::make_unique<grpc::GenericStub>(
        grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(server_->port()),
                                  grpc::InsecureChannelCredentials(), arguments));
    for (const char* id : {"left", "right", "third"}) Join(id, v1::ROLE_TRAIN);
    Join("eve", v1::ROLE_EVALUATE);
    Submit("left", kLeft, 1);
    Submit("right", kRight, 1);
    Submit("left", kLeft, 2);
  }

  ~Scene() {
    boost::asio::post(io_, [this] { runtime_->Stop(); });
    server_->Shutdown();
    work_.reset();
    io_.stop();
    thread_.join();
  }

  struct Answer {
    grpc::Status status;
    std::string bytes;
  };

  // Any bytes to any method.
  Answer Call(const std::string& path, const std::optional<std::string>& authorization,
              const std::string& message) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    if (authorization.has_value()) context.AddMetadata("authorization", *authorization);
    grpc::CompletionQueue queue;
    const auto wait = [&queue] {
      void* tag;
      bool ok = false;
      return queue.Next(&tag, &ok) && ok;
    };
    auto stream = stub_->PrepareCall(&context, path, &queue);
    stream->StartCall(nullptr);
    if (wait()) {
      const grpc::Slice slice(message);
      stream->WriteLast(grpc::ByteBuffer(&slice, 1), grpc::WriteOptions(), nullptr);
      wait();
    }
    Answer answer;
    grpc::ByteBuffer part;
    for (stream->Read(&part, nullptr); wait(); stream->Read(&part, nullptr)) {
      grpc::Slice slice;
      EXPECT_TRUE(part.DumpToSingleSlice(&slice).ok());
      answer.bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    }
    stream->Finish(&answer.status, nullptr);
    wait();
    return answer;
  }

  Refusals refusals() const {
    std::promise<Refusals> promise;
    runtime_->Inspect([&promise](const FederationCore& core, const Monitor&) {
      promise.set_value(core.refusals());
    });
    return promise.get_future().get();
  }

  // After right's update of round 2.
  std::string EndRound() {
    Submit("right", kRight, 2);
    std::promise<std::string> promise;
    runtime_->Inspect([&promise](const FederationCore& core, const Monitor&) {
      promise.set_value(absl::StrCat("round ", core.round(), " ", ToHex(core.fingerprint())));
    });
    return promise.get_future().get();
  }

  // Until `client` (or, empty, this address) has made all the calls it may make.
  void UseUp(const std::string& client) {
    const std::string authorization = "Bearer " + Token(client);
    for (int i = 0; i < 501; ++i) {
      admission_->Admit(
          {"ipv4:127.0.0.1:1",
           client.empty() ? std::nullopt : std::optional<std::string_view>(authorization),
           std::nullopt});
    }
  }

  // Calls of `client` that go on, on as many other connections as it may have.
  std::vector<std::variant<AdmittedCall, RefusedCall>> HoldConnections(const std::string& client) {
    const std::string authorization = "Bearer " + Token(client);
    std::vector<std::variant<AdmittedCall, RefusedCall>> calls;
    for (const char* peer : {"ipv4:10.0.0.1:1", "ipv4:10.0.0.2:1"}) {
      calls.push_back(admission_->Admit({peer, authorization, std::nullopt}));
    }
    return calls;
  }

  UpdateRoom::Place FillRoom() { return room_.Take(room_.most_bytes()); }

  static std::string Token(const std::string& id) { return "sft_" + id; }

  v1::SubmitUpdateRequest Update(uint32_t number, uint32_t round) const {
    v1::SubmitUpdateRequest request;
    request.set_federation_id(ToBytes(TestId()));
    request.set_client_number(number);
    request.set_round(round);
    request.set_examples(10 + number);
    request.set_words(Words(number, round));
    request.set_loss(0.25F);
    return request;
  }

  std::string Words(uint32_t number, uint32_t round) const {
    std::vector<int32_t> coordinates(codec_.spec().coordinates());
    PhiloxStream stream({number, 0}, round, 0, 0);
    for (int32_t& c : coordinates) c = static_cast<int32_t>(stream.Below(1U << 20)) - (1 << 19);
    return codec_.Encode(coordinates, round, {{number, round}, number});
  }

  uint16_t port() const { return server_->port(); }
  const ModelSpec& spec() const { return codec_.spec(); }

 private:
  void Join(const std::string& id, v1::Role role) {
    v1::JoinRequest request;
    request.set_client_id(id);
    request.set_role(role);
    request.set_protocol(kProtocolVersion);
    const Answer answer =
        Call(absl::StrCat(kService, "Join"), "Bearer " + Token(id), request.SerializeAsString());
    EXPECT_TRUE(answer.status.ok()) << answer.status.error_message();
  }

  void Submit(const std::string& id, uint32_t number, uint32_t round) {
    // A round is published a moment after its last update is acknowledged.
    v1::SubmitUpdateResponse response;
    grpc::Status status;
    do {
      const Answer answer = Call(absl::StrCat(kService, "SubmitUpdate"), "Bearer " + Token(id),
                                 Update(number, round).SerializeAsString());
      status = answer.status;
      response.ParseFromString(answer.bytes);
    } while (status.error_code() == grpc::StatusCode::FAILED_PRECONDITION);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(response.outcome(), v1::SubmitUpdateResponse::OUTCOME_ACCEPTED);
    if (number != kRight) return;
    while (true) {
      std::promise<uint32_t> complete;
      runtime_->Inspect([&complete](const FederationCore& core, const Monitor&) {
        complete.set_value(core.round());
      });
      if (complete.get_future().get() >= round) return;
    }
  }

  const UpdateCodec codec_;
  TokenFolder folder_;
  FakeClock clock_;
  std::optional<CallAdmission> admission_;
  UpdateRoom room_{1 << 20};
  FakeStore store_;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_ =
      boost::asio::make_work_guard(io_);
  std::unique_ptr<Runtime> runtime_;
  std::unique_ptr<FederationService> service_;
  std::unique_ptr<GrpcServer> server_;
  std::thread thread_;
  std::unique_ptr<grpc::GenericStub> stub_;
};

// One call of the table. `as`: whose token is shown; empty: none.
struct BadCall {
  std::string name, method, as, message;
};

// Metadata for a name that is no client's.
std::optional<std::string> AuthorizationOf(const std::string& as) {
  if (as.empty()) return std::nullopt;
  if (as == "(basic)") return "Basic dXNlcjpwYXNz";
  if (as == "(empty)") return "Bearer ";
  if (as == "(wrong)") return "Bearer sft_nobody";
  return "Bearer " + Scene::Token(as);
}

std::string CodeName(grpc::StatusCode code) {
  return code == grpc::StatusCode::OK
             ? "OK"
             : absl::StatusCodeToString(static_cast<absl::StatusCode>(code));
}

// Which counters went up.
std::string Counted(const Refusals& before, const Refusals& after) {
  std::string text;
  for (size_t i = 0; i < kRefusalReasons; ++i) {
    const auto reason = static_cast<RefusalReason>(i);
    for (uint64_t n = before.of(reason); n < after.of(reason); ++n) {
      absl::StrAppend(&text, text.empty() ? "" : ", ", "`", std::string(RefusalReasonName(reason)),
                      "`");
    }
  }
  return text.empty() ? "–" : text;
}

std::string Row(Scene& scene, const BadCall& call) {
  if (call.name == "more calls than a client may make") scene.UseUp("busy");
  if (call.name == "more calls than an address may make") scene.UseUp("");
  std::vector<std::variant<AdmittedCall, RefusedCall>> held;
  if (call.name == "calls on more connections than a client may have") {
    held = scene.HoldConnections(call.as);
  }
  UpdateRoom::Place full;
  if (call.name == "an update while others fill the queue") full = scene.FillRoom();
  const Refusals before = scene.refusals();
  const std::string path =
      call.method[0] == '/' ? call.method : absl::StrCat(kService, call.method);
  const Scene::Answer answer = scene.Call(path, AuthorizationOf(call.as), call.message);
  std::string sentence = answer.status.error_message();
  v1::SubmitUpdateResponse response;
  if (answer.status.ok() && call.method == "SubmitUpdate") {
    EXPECT_TRUE(response.ParseFromString(answer.bytes));
    sentence = response.outcome() == v1::SubmitUpdateResponse::OUTCOME_LATE
                   ? "LATE: nothing has changed"
                   : "ACCEPTED: it counts once";
  } else if (answer.status.ok()) {
    sentence = "answered as any other";
  }
  return absl::StrCat("| ", call.name, " | ", call.method[0] == '/' ? "another" : call.method,
                      " | ", "`", CodeName(answer.status.error_code()), "` | ",
                      absl::StrReplaceAll(sentence, {{"|", "\\|"}, {"<", "&lt;"}}), " | ",
                      Counted(before, scene.refusals()), " |\n");
}

template <typename Message>
std::string With(Message message, const std::function<void(Message&)>& change) {
  change(message);
  return message.SerializeAsString();
}

std::vector<BadCall> WhoCalls(const Scene& scene) {
  v1::AwaitRoundRequest await;
  await.set_federation_id(ToBytes(TestId()));
  const std::string poll = await.SerializeAsString();
  const std::string update = scene.Update(kLeft, 2).SerializeAsString();
  v1::JoinRequest join;
  join.set_client_id("left");
  join.set_role(v1::ROLE_TRAIN);
  join.set_protocol(kProtocolVersion);
  const std::string joining = join.SerializeAsString();
  v1::FetchSnapshotRequest fetch;
  fetch.set_federation_id(ToBytes(TestId()));
  const std::string fetching = fetch.SerializeAsString();
  v1::ReportEvaluationRequest report;
  report.set_federation_id(ToBytes(TestId()));
  report.set_client_number(kEve);
  const std::string reporting = report.SerializeAsString();
  return {
      {"no token", "Join", "", joining},
      {"no token", "AwaitRound", "", poll},
      {"no token", "SubmitUpdate", "", update},
      {"no token", "ReportEvaluation", "", reporting},
      {"no token", "FetchSnapshot", "", fetching},
      {"another kind of authorization", "Join", "(basic)", joining},
      {"an empty token", "Join", "(empty)", joining},
      {"a token that never was", "SubmitUpdate", "(wrong)", update},
      {"a revoked token", "SubmitUpdate", "gone", update},
      {"an expired token", "SubmitUpdate", "old", update},
      {"an expired token", "FetchSnapshot", "old", fetching},
      {"another client's id", "Join", "third", joining},
      {"another client's number", "AwaitRound", "third", poll},
      {"another client's number, with its very update", "SubmitUpdate", "third", update},
      {"another client's number", "ReportEvaluation", "third", reporting},
      {"another client's number", "FetchSnapshot", "third", fetching},
      {"a client that never joined, with another's number", "SubmitUpdate", "new", update},
      {"more calls than a client may make", "AwaitRound", "busy", poll},
      {"calls on more connections than a client may have", "AwaitRound", "third", poll},
      {"an update while others fill the queue", "SubmitUpdate", "third",
       scene.Update(kThird, 2).SerializeAsString()},
  };
}

std::vector<BadCall> Joins() {
  v1::JoinRequest good;
  good.set_client_id("new");
  good.set_role(v1::ROLE_TRAIN);
  good.set_protocol(kProtocolVersion);
  const auto join = [&good](const std::function<void(v1::JoinRequest&)>& change) {
    return With<v1::JoinRequest>(good, change);
  };
  return {
      {"empty message", "Join", "new", ""},
      {"protocol 0", "Join", "new", join([](auto& m) { m.set_protocol(0); })},
      {"protocol 2^32 - 1", "Join", "new", join([](auto& m) { m.set_protocol(0xffffffff); })},
      {"no role", "Join", "new", join([](auto& m) { m.clear_role(); })},
      {"role 7", "Join", "new", join([](auto& m) { m.set_role(static_cast<v1::Role>(7)); })},
      {"empty id", "Join", "new", join([](auto& m) { m.clear_client_id(); })},
      {"id with a slash", "Join", "new", join([](auto& m) { m.set_client_id("../new"); })},
      {"id of 65 characters", "Join", "new",
       join([](auto& m) { m.set_client_id(std::string(65, 'a')); })},
      {"id of 60,000 characters", "Join", "new",
       join([](auto& m) { m.set_client_id(std::string(60'000, 'a')); })},
      {"software of 60,000 characters", "Join", "new",
       join([](auto& m) { m.set_software(std::string(60'000, 'a')); })},
      {"the other role of a member", "Join", "third", join([](auto& m) {
         m.set_client_id("third");
         m.set_role(v1::ROLE_EVALUATE);
       })},
      {"unknown fields of 2,000 bytes", "Join", "new",
       good.SerializeAsString() + std::string("\xaa\x06\xd0\x0f", 4) + std::string(2000, 'x')},
      {"bytes that are no message", "Join", "new", std::string("\x0a\xff\xff\xff\xff\x0f", 6)},
      {"a field that ends in its middle", "Join", "new",
       std::string("\x0a\x05"
                   "ab",
                   4)},
      {"an id that is not UTF-8", "Join", "new", std::string("\x0a\x02\xc3\x28", 4)},
  };
}

std::vector<BadCall> Updates(const Scene& scene) {
  const v1::SubmitUpdateRequest good = scene.Update(kThird, 2);
  const auto change = [&good](const std::function<void(v1::SubmitUpdateRequest&)>& what) {
    return With<v1::SubmitUpdateRequest>(good, what);
  };
  const auto word = [&good](const std::function<void(std::string&)>& what) {
    v1::SubmitUpdateRequest bad = good;
    what(*bad.mutable_words());
    return bad.SerializeAsString();
  };
  const auto examples = [&good](const std::string& varint) {
    v1::SubmitUpdateRequest bad = good;
    bad.clear_examples();
    return bad.SerializeAsString() + "\x20" + varint;
  };
  v1::SubmitUpdateRequest by_left = scene.Update(kLeft, 2);
  return {
      {"empty message", "SubmitUpdate", "third", ""},
      {"no federation id", "SubmitUpdate", "third",
       change([](auto& m) { m.clear_federation_id(); })},
      {"another federation", "SubmitUpdate", "third",
       change([](auto& m) { m.set_federation_id(std::string(16, '\1')); })},
      {"federation id of 17 bytes", "SubmitUpdate", "third",
       change([](auto& m) { m.mutable_federation_id()->push_back('x'); })},
      {"federation id of 60,000 bytes", "SubmitUpdate", "third",
       change([](auto& m) { m.set_federation_id(std::string(60'000, 'x')); })},
      {"a number that nobody has", "SubmitUpdate", "third",
       change([](auto& m) { m.set_client_number(77); })},
      {"number 2^32 - 1", "SubmitUpdate", "third",
       change([](auto& m) { m.set_client_number(0xffffffff); })},
      {"an evaluator's update", "SubmitUpdate", "eve",
       change([](auto& m) { m.set_client_number(kEve); })},
      {"round 0", "SubmitUpdate", "third", change([](auto& m) { m.set_round(0); })},
      {"a round that is over", "SubmitUpdate", "third", change([](auto& m) { m.set_round(1); })},
      {"the round after the open one", "SubmitUpdate", "third",
       change([](auto& m) { m.set_round(3); })},
      {"round 2^32 - 1", "SubmitUpdate", "third", change([](auto& m) { m.set_round(0xffffffff); })},
      {"no examples", "SubmitUpdate", "third", change([](auto& m) { m.set_examples(0); })},
      {"2^63 examples: the field holds 32 bits, which are 0", "SubmitUpdate", "third",
       examples(std::string("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 10))},
      {"examples as an endless number", "SubmitUpdate", "third", examples(std::string(11, '\xff'))},
      {"loss NaN", "SubmitUpdate", "third", change([](auto& m) { m.set_loss(std::nanf("")); })},
      {"loss infinite", "SubmitUpdate", "third",
       change([](auto& m) { m.set_loss(std::numeric_limits<float>::infinity()); })},
      {"loss minus infinite", "SubmitUpdate", "third",
       change([](auto& m) { m.set_loss(-std::numeric_limits<float>::infinity()); })},
      {"no words", "SubmitUpdate", "third", word([](std::string& w) { w.clear(); })},
      {"words cut off in a word", "SubmitUpdate", "third",
       word([](std::string& w) { w.resize(w.size() - 5); })},
      {"one word too few", "SubmitUpdate", "third",
       word([](std::string& w) { w.resize(w.size() - 16); })},
      {"one word too many", "SubmitUpdate", "third",
       word([](std::string& w) { w.append(16, '\0'); })},
      {"1,100 bytes too many", "SubmitUpdate", "third",
       word([](std::string& w) { w.append(1100, '\0'); })},
      {"words of another round: their codes do not match", "SubmitUpdate", "third",
       word([&scene](std::string& w) { w = scene.Words(kThird, 1); })},
      {"words with one bit changed", "SubmitUpdate", "third",
       word([](std::string& w) { w[21] = static_cast<char>(w[21] ^ 1); })},
      {"words of zeros", "SubmitUpdate", "third",
       word([](std::string& w) { w.assign(w.size(), '\0'); })},
      {"words of ones: NaN", "SubmitUpdate", "third",
       word([](std::string& w) { w.assign(w.size(), '\xff'); })},
      {"a message of 1 MiB", "SubmitUpdate", "third",
       word([](std::string& w) { w.assign(size_t{1} << 20, '\0'); })},
      {"the same update again", "SubmitUpdate", "left", by_left.SerializeAsString()},
      {"another update of the same round", "SubmitUpdate", "left",
       With<v1::SubmitUpdateRequest>(by_left, [](auto& m) { m.set_examples(999); })},
      {"an update of the round before, replayed", "SubmitUpdate", "left",
       scene.Update(kLeft, 1).SerializeAsString()},
      {"unknown fields of 2,000 bytes", "SubmitUpdate", "third",
       good.SerializeAsString() + std::string("\xaa\x06\xd0\x0f", 4) + std::string(2000, 'x')},
      {"bytes that are no message", "SubmitUpdate", "third", std::string(100, '\xff')},
      {"the message of another call", "SubmitUpdate", "third",
       std::string("\x0a\x01"
                   "a\x10\x01\x18\x01",
                   7)},
  };
}

std::vector<BadCall> OtherCalls() {
  v1::AwaitRoundRequest poll;
  poll.set_federation_id(ToBytes(TestId()));
  poll.set_client_number(kThird);
  v1::ReportEvaluationRequest good;
  good.set_federation_id(ToBytes(TestId()));
  good.set_client_number(kEve);
  good.set_round(1);
  good.set_accuracy(0.5);
  good.set_loss(0.5);
  good.set_examples(10);
  const auto await = [&poll](const std::function<void(v1::AwaitRoundRequest&)>& change) {
    return With<v1::AwaitRoundRequest>(poll, change);
  };
  const auto report = [&good](const std::function<void(v1::ReportEvaluationRequest&)>& change) {
    return With<v1::ReportEvaluationRequest>(good, change);
  };
  v1::FetchSnapshotRequest fetch;
  fetch.set_federation_id(std::string(16, '\1'));
  fetch.set_client_number(kThird);
  const double nan = std::nan("");
  return {
      {"empty message", "AwaitRound", "third", ""},
      {"a round that is not complete", "AwaitRound", "third",
       await([](auto& m) { m.set_have_round(2); })},
      {"round 2^32 - 1", "AwaitRound", "third",
       await([](auto& m) { m.set_have_round(0xffffffff); })},
      {"a number that nobody has", "AwaitRound", "third",
       await([](auto& m) { m.set_client_number(77); })},
      {"federation id of 60,000 bytes", "AwaitRound", "third",
       await([](auto& m) { m.set_federation_id(std::string(60'000, 'x')); })},
      {"empty message", "ReportEvaluation", "eve", ""},
      {"a trainer's report", "ReportEvaluation", "third",
       report([](auto& m) { m.set_client_number(kThird); })},
      {"a round that is not complete", "ReportEvaluation", "eve",
       report([](auto& m) { m.set_round(2); })},
      {"round 0", "ReportEvaluation", "eve", report([](auto& m) { m.set_round(0); })},
      {"no examples", "ReportEvaluation", "eve", report([](auto& m) { m.set_examples(0); })},
      {"accuracy NaN", "ReportEvaluation", "eve", report([nan](auto& m) { m.set_accuracy(nan); })},
      {"accuracy 1.5", "ReportEvaluation", "eve", report([](auto& m) { m.set_accuracy(1.5); })},
      {"accuracy -1", "ReportEvaluation", "eve", report([](auto& m) { m.set_accuracy(-1); })},
      {"loss NaN", "ReportEvaluation", "eve", report([nan](auto& m) { m.set_loss(nan); })},
      {"loss infinite", "ReportEvaluation", "eve",
       report([](auto& m) { m.set_loss(std::numeric_limits<double>::infinity()); })},
      {"empty message", "FetchSnapshot", "third", ""},
      {"another federation", "FetchSnapshot", "third", fetch.SerializeAsString()},
      {"bytes that are no message", "AwaitRound", "third", std::string(20, '\xff')},
      {"bytes that are no message", "ReportEvaluation", "eve", std::string(20, '\xff')},
      {"bytes that are no message", "FetchSnapshot", "third", std::string(20, '\xff')},
      {"bytes that are no message, without a token", "Join", "", std::string(20, '\xff')},
      {"federation id of 60,000 bytes", "FetchSnapshot", "third",
       With<v1::FetchSnapshotRequest>(
           fetch, [](auto& m) { m.set_federation_id(std::string(60'000, 'x')); })},
      {"a number that nobody has", "FetchSnapshot", "third",
       With<v1::FetchSnapshotRequest>(fetch,
                                      [](auto& m) {
                                        m.set_federation_id(ToBytes(TestId()));
                                        m.set_client_number(77);
                                      })},
      {"federation id of 60,000 bytes", "ReportEvaluation", "eve",
       report([](auto& m) { m.set_federation_id(std::string(60'000, 'x')); })},
      {"round 2^32 - 1", "ReportEvaluation", "eve",
       report([](auto& m) { m.set_round(0xffffffff); })},
      {"loss minus infinite", "ReportEvaluation", "eve",
       report([](auto& m) { m.set_loss(-std::numeric_limits<double>::infinity()); })},
      {"a method that does not exist", "/seedfed.v1.Federation/Leave", "third", ""},
      {"a service that does not exist", "/seedfed.v1.Secrets/Get", "third", ""},
      {"a path that is no method", "/", "third", ""},
  };
}

std::vector<BadCall> DenseUpdates(const Scene& scene) {
  const v1::SubmitUpdateRequest good = scene.Update(kThird, 2);
  const auto weight = [&good](float value) {
    v1::SubmitUpdateRequest bad = good;
    bad.mutable_words()->replace(0, sizeof(value), reinterpret_cast<const char*>(&value),
                                 sizeof(value));
    return bad.SerializeAsString();
  };
  return {
      {"codec dense: a weight that is NaN", "SubmitUpdate", "third", weight(std::nanf(""))},
      {"codec dense: a weight that is infinite", "SubmitUpdate", "third",
       weight(std::numeric_limits<float>::infinity())},
      {"codec dense: a weight of 10^30", "SubmitUpdate", "third", weight(1e30F)},
  };
}

// A connection to the port that speaks for itself. Empty: it says nothing.
struct RawBytes {
  std::string name, bytes;
  int seconds = 0;  // until the server closes the connection, as was measured
};

std::vector<RawBytes> RawConnections() {
  const std::string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  const std::string settings("\0\0\0\4\0\0\0\0\0", 9);
  return {
      {"random bytes", std::string(512, '\xa5')},
      {"HTTP/1.1", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"the hello of TLS", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) +
                               std::string(32, 'r') + std::string(512, '\0')},
      {"HTTP/2, then a frame of 16 MiB",
       preface + settings + std::string("\xff\xff\xff\0\0\0\0\0\1", 9)},
      {"HTTP/2, then data for a call that is not open",
       preface + settings + std::string("\0\0\1\0\0\0\0\0\0x", 10), 80},
      {"HTTP/2, then headers that cannot be decoded",
       preface + settings + std::string("\0\0\4\1\5\0\0\0\1\xff\xff\xff\xff", 13)},
      {"half open: nothing is sent", "", 20},
      {"one byte of HTTP/2 and no more", "P", 20},
      {"HTTP/2, then half a frame", preface + settings + std::string("\0\0", 2), 80},
  };
}

// Sends the bytes; true when the server has closed the connection, false when it has not after
// `time`.
class RawConnection {
 public:
  RawConnection(uint16_t port, const std::string& bytes)
      : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_EQ(send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  ~RawConnection() { close(socket_); }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  bool IsClosedWithin(int milliseconds) const {
    char answer[4096];
    pollfd waiting = {socket_, POLLIN, 0};
    while (poll(&waiting, 1, milliseconds) > 0) {
      if (recv(socket_, answer, sizeof(answer), 0) <= 0) return true;
    }
    return false;
  }

 private:
  const int socket_;
};

std::string CallTable() {
  std::string table =
      "| what comes | call | code | answer | counted as |\n| --- | --- | --- | --- | --- |\n";
  const std::string undisturbed = Scene(Codec::kSingle).EndRound();
  size_t cases = 0;
  {
    Scene scene(Codec::kSingle);
    std::vector<std::unique_ptr<RawConnection>> open;
    std::string raw;
    for (const RawBytes& bytes : RawConnections()) {
      open.push_back(std::make_unique<RawConnection>(scene.port(), bytes.bytes));
      EXPECT_TRUE(bytes.seconds > 0 || open.back()->IsClosedWithin(30'000)) << bytes.name;
      absl::StrAppend(&raw, "| ", bytes.name, " | none | – | ",
                      bytes.seconds == 0
                          ? "the connection is closed at once"
                          : absl::StrCat("the connection is closed after ", bytes.seconds, " s"),
                      " | – |\n");
      ++cases;
    }
    std::vector<BadCall> calls = WhoCalls(scene);
    for (const auto& more : {Joins(), Updates(scene), OtherCalls()}) {
      calls.insert(calls.end(), more.begin(), more.end());
    }
    calls.push_back({"more calls than an address may make", "Join", "", ""});
    for (const BadCall& call : calls) absl::StrAppend(&table, Row(scene, call));
    cases += calls.size();
    absl::StrAppend(&table, raw);
    EXPECT_EQ(scene.EndRound(), undisturbed);
  }
  const std::string dense = Scene(Codec::kDense).EndRound();
  Scene scene(Codec::kDense);
  for (const BadCall& call : DenseUpdates(scene)) {
    absl::StrAppend(&table, Row(scene, call));
    ++cases;
  }
  EXPECT_EQ(scene.EndRound(), dense);
  EXPECT_GE(cases, 60U);
  return absl::StrCat(cases, " cases:\n\n", table);
}

TEST(BadCalls, Table_IsThatOfThePage) {
  ExpectPageHasTable(SECURITY_PAGE, "bad_calls_test", CallTable());
}

}  // namespace
}  // namespace seedfed
