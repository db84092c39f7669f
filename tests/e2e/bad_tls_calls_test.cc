// Callers whose certificates, or whose knowledge of the server's, are not what they should be: the
// table "Connections that TLS turns away" of docs/security.md. The test makes every call of the
// table in the middle of a round, and compares codes, sentences and counts with the page. The round
// then ends as it would have ended without all of that.
//
// SEEDFED_REWRITE=1 tests/e2e_bad_tls_calls_test writes the table into the page: read the
// difference.

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/civil_time.h"
#include "common/base/clock.h"
#include "common/tls/channel_credentials.h"
#include "common/wire/convert.h"
#include "seedfed/v1/federation.grpc.pb.h"
#include "tests/common/tls/example_certificates.h"
#include "tests/e2e/federation.h"
#include "tests/fault/moved_date.h"
#include "tests/server/http/raw_client.h"
#include "tests/server/rpc/page_table.h"

namespace seedfed {
namespace {

constexpr int kDaysAgo = 400;  // certificates of then have ended, their CA has not

using Arguments = std::vector<std::string>;

const Arguments kRules =
    kSmallFederation + Arguments{"--clients",     "2",           "--shards",        "2",
                                 "--min-clients", "1",           "--rounds",        "2",
                                 "--http",        "127.0.0.1:0", "--exit-when-done"};

// What the first line of /metrics that begins with `name` says; 0 when there is none.
double Metric(const std::string& text, const std::string& name) {
  const size_t at = text.find("\n" + name);
  if (at == std::string::npos) return 0;
  double value = 0;
  std::istringstream(text.substr(text.find(' ', at + name.size()))) >> value;
  return value;
}

// A federation in the middle of round 1: client-1 has sent its update, client-2 is not there yet.
class Scene {
 public:
  // `files`: of the server and its clients; none: without TLS.
  explicit Scene(const ExampleCertificates* files)
      : files_(files), federation_(ServerFlags(files) + kRules), first_(Client("client-1")) {
    EXPECT_TRUE(first_.WaitForOutput("accepted")) << first_.Output();
    std::istringstream(After(federation_.server().Output(), "page at http://127.0.0.1:")) >>
        page_port_;
    federation_id_ =
        absl::HexStringToBytes(After(federation_.server().Output(), ": federation ").substr(0, 32));
  }

  // The last fingerprint, once client-2 has come too.
  std::string End() {
    Process second = Client("client-2");
    EXPECT_EQ(second.Wait(), 0) << second.Output();
    EXPECT_EQ(first_.Wait(), 0) << first_.Output();
    EXPECT_EQ(federation_.server().Wait(), 0) << federation_.server().Output();
    return federation_.FinalFingerprint();
  }

  const std::string& address() const { return address_; }
  std::string federation_id() const { return federation_id_; }

  // What is counted until both counters stand still: whoever counts looks once a second.
  std::string CountedBy(const std::function<void()>& what) {
    const std::string before = Metrics();
    what();
    std::string counted;
    for (int i = 0; i < 30 && counted.empty(); ++i) {
      federation_.server().Wait(0.1);
      const std::string after = Metrics();
      for (const std::string name : {"seedfed_tls_connections_refused_total",
                                     "seedfed_updates_refused_total{reason=\"wrong_identity\"}"}) {
        const double more = Metric(after, name) - Metric(before, name);
        for (int n = 0; n < more; ++n) {
          absl::StrAppend(&counted, counted.empty() ? "" : ", ", "`", name, "`");
        }
      }
    }
    return counted.empty() ? "–" : counted;
  }

 private:
  static Arguments ServerFlags(const ExampleCertificates* files) {
    if (files == nullptr) return {};
    return {"--tls-cert",          *files / "server.pem", "--tls-key",
            *files / "server.key", "--tls-client-ca",     *files / "ca.pem"};
  }

  static std::string After(const std::string& text, const std::string& mark) {
    const size_t at = text.find(mark);
    return at == std::string::npos ? "" : text.substr(at + mark.size());
  }

  Process Client(const std::string& id) {
    Arguments flags = {"--data", kFashionMnist};
    if (files_ != nullptr) {
      flags = flags + Arguments{"--tls-ca",   *files_ / "ca.pem",
                                "--tls-cert", *files_ / ("clients/" + id + ".pem"),
                                "--tls-key",  *files_ / ("clients/" + id + ".key")};
    }
    return federation_.Client(id, flags);
  }

  std::string Metrics() const {
    RawClient client(page_port_);
    client.Send("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    return client.ReadAll();
  }

  const ExampleCertificates* const files_;
  Federation federation_;
  const std::string address_ = federation_.address();
  Process first_;
  uint16_t page_port_ = 0;
  std::string federation_id_;
};

std::string CodeName(grpc::StatusCode code) {
  return absl::StatusCodeToString(static_cast<absl::StatusCode>(code));
}

// A call of the table. It is made by one whose clock says `now` when it looks at its own files.
struct BadCall {
  std::string name, method;
  TlsOptions tls;
  absl::Time now = SystemClock().Wall();
};

grpc::Status Make(const BadCall& call, const Scene& scene, const ChannelCredentials& credentials) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // shares no other call's connection
  const auto stub = v1::Federation::NewStub(credentials.MakeChannel(scene.address(), arguments));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
  if (call.method == "Join") {
    v1::JoinRequest request;
    request.set_client_id("client-1");
    request.set_role(v1::ROLE_TRAIN);
    request.set_protocol(kProtocolVersion);
    v1::JoinResponse response;
    return stub->Join(&context, request, &response);
  }
  v1::SubmitUpdateRequest request;
  request.set_federation_id(scene.federation_id());
  request.set_client_number(0);
  request.set_round(1);
  v1::SubmitUpdateResponse response;
  return stub->SubmitUpdate(&context, request, &response);
}

std::string Row(Scene& scene, const BadCall& call) {
  absl::StatusOr<ChannelCredentials> credentials = ChannelCredentials::Load(call.tls, call.now);
  EXPECT_TRUE(credentials.ok()) << credentials.status();
  grpc::Status status;
  const std::string counted = scene.CountedBy([&] { status = Make(call, scene, *credentials); });
  const std::string sentence = absl::StrReplaceAll(
      credentials->Explain(status.error_message()),
      {{call.tls.ca.empty() ? "/none" : call.tls.ca, "FILE"},
       {call.tls.certificate.empty() ? "/none" : call.tls.certificate, "FILE"}});
  return absl::StrCat("| ", call.name, " | ", call.method, " | `", CodeName(status.error_code()),
                      "` | ", sentence, " | ", counted, " |\n");
}

TlsOptions With(const std::string& ca, const std::string& pair, const std::string& name = "") {
  return {.ca = ca, .certificate = pair + ".pem", .key = pair + ".key", .name = name};
}

std::string DateOf(absl::Time time) {
  return absl::FormatCivilTime(absl::ToCivilDay(time, absl::UTCTimeZone()));
}

std::string CallTable() {
  std::string table =
      "| what comes | call | code | what the client says | counted as |\n"
      "| --- | --- | --- | --- | --- |\n";
  const absl::Time now = SystemClock().Wall(), then = now - absl::Hours(24 * kDaysAgo);
  const std::string undisturbed = Scene(nullptr).End();
  EXPECT_EQ(undisturbed.size(), 64U);
  const ExampleCertificates other;
  {
    const ExampleCertificates files(DateOf(then));
    files.Run("cp -a clients expired && " + ExampleCertificates::Script() + " . --renew");
    const std::string ca = files / "ca.pem";
    Scene scene(&files);
    for (const BadCall& call : std::vector<BadCall>{
             {"no TLS", "Join", {}},
             {"no client certificate", "Join", {.ca = ca}},
             {"a client certificate of another CA", "Join", With(ca, other / "clients/client-1")},
             {"a client certificate that has expired", "Join", With(ca, files / "expired/client-1"),
              then},
             {"a client that trusts another CA", "Join",
              With(other / "ca.pem", files / "clients/client-1")},
             {"a client certificate for another id", "Join", With(ca, files / "clients/client-2")},
             {"a client certificate for another id", "SubmitUpdate",
              With(ca, files / "clients/client-2")},
             {"a client that expects another name", "Join",
              With(ca, files / "clients/client-1", "fed.example.org")},
         }) {
      absl::StrAppend(&table, Row(scene, call));
    }
    EXPECT_EQ(scene.End(), undisturbed);
  }
  // Everybody but the caller lives in the days when the certificates were good.
  const ExampleCertificates files(DateOf(then));
  MovedDate date;
  date.MoveTo(10 - kDaysAgo);
  Scene scene(&files);
  absl::StrAppend(&table, Row(scene, {"a server certificate that has expired", "Join",
                                      With(files / "ca.pem", files / "clients/client-1"), then}));
  EXPECT_EQ(scene.End(), undisturbed);
  return absl::StrCat("\n", table);
}

TEST(BadTlsCalls, Table_IsThatOfThePage) {
  if (const std::string why = MovedDate::Unavailable(); !why.empty()) GTEST_SKIP() << why;
  ExpectPageHasTable(SECURITY_PAGE, "bad_tls_calls_test", CallTable());
}

}  // namespace
}  // namespace seedfed
