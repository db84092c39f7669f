#include "server/admission/call_admission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/common/token/token_folder.h"
#include "tests/server/admission/fake_clock.h"

namespace seedfed {
namespace {

class CallAdmissionTest : public ::testing::Test {
 protected:
  void Write(const std::vector<ClientToken>& tokens) {
    std::vector<ClientTokenLine> lines;
    for (const ClientToken& token : tokens) lines.push_back(MakeClientTokenLine(token));
    ASSERT_TRUE(WriteClientTokenFile(path_, lines).ok());
  }

  void Open(const CallerLimits& limits = {}) {
    auto tokens = ClientTokens::Load(path_, clock_);
    ASSERT_TRUE(tokens.ok()) << tokens.status();
    admission_.emplace(*std::move(tokens), limits, clock_);
  }

  std::variant<AdmittedCall, RefusedCall> Ask(std::optional<std::string_view> authorization,
                                              std::optional<std::string_view> name = std::nullopt) {
    return admission_->Admit(
        {.peer = "ipv4:10.0.0.1:999", .authorization = authorization, .common_name = name});
  }

  static std::string Sentence(const std::variant<AdmittedCall, RefusedCall>& result) {
    const auto* refused = std::get_if<RefusedCall>(&result);
    return refused == nullptr
               ? "admitted as " + std::get<AdmittedCall>(result).identity.value_or("nobody")
               : absl::StrCat(std::string(RefusalReasonName(refused->reason)), ": ",
                              std::string(refused->status.message()));
  }

  TokenFolder folder_;
  const std::string path_ = folder_.path() + "/tokens";
  FakeClock clock_;
  std::optional<CallAdmission> admission_;
};

TEST_F(CallAdmissionTest, Token_TellsWhoCalls) {
  Write({{"left", Blake2b256("sft_left")},
         {"right", Blake2b256("sft_right"), clock_.wall + absl::Hours(1)}});
  Open();
  EXPECT_EQ(Sentence(Ask("Bearer sft_left")), "admitted as left");
  EXPECT_EQ(Sentence(Ask("bearer sft_right")), "admitted as right");
  EXPECT_EQ(Sentence(Ask(std::nullopt)),
            "no_token: the call has no token; this server's clients show one (--token-file)");
  EXPECT_EQ(Sentence(Ask("Basic sft_left")),
            "no_token: the call's authorization is not of the form 'Bearer TOKEN'");
  for (const char* wrong : {"Bearer sft_lef", "Bearer ", "Bearer sft_left ", "Bearer sft_leftx"}) {
    EXPECT_EQ(Sentence(Ask(wrong)),
              "unknown_token: the token is not one of this server's, or no longer");
  }
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(Sentence(Ask("Bearer sft_right")),
            "expired_token: the token of client right expired at 2026-05-04T13:00:00Z");
  EXPECT_EQ(Sentence(Ask("Bearer sft_left")), "admitted as left");
}

TEST_F(CallAdmissionTest, Certificate_MustAgreeWithTheToken) {
  Write({{"left", Blake2b256("sft_left")}});
  Open();
  EXPECT_EQ(Sentence(Ask("Bearer sft_left", "left")), "admitted as left");
  EXPECT_EQ(Sentence(Ask("Bearer sft_left", "right")),
            "wrong_identity: the token belongs to client left, the certificate to another");
  EXPECT_EQ(Sentence(Ask("Bearer sft_left", "a/b")),
            "wrong_identity: the common name of the caller's certificate is not a client id");
  admission_.emplace(nullptr, CallerLimits(), clock_);
  EXPECT_EQ(Sentence(Ask(std::nullopt, "right")), "admitted as right");
  EXPECT_EQ(Sentence(Ask(std::nullopt)), "admitted as nobody");
}

TEST_F(CallAdmissionTest, NewToken_IsGoodAtOnceAndARevokedOneUntilASecondLater) {
  Write({{"left", Blake2b256("sft_left")}});
  Open();
  Write({{"left", Blake2b256("sft_new")}, {"left", Blake2b256("sft_left")}});
  EXPECT_EQ(Sentence(Ask("Bearer sft_new")), "admitted as left");
  EXPECT_EQ(Sentence(Ask("Bearer sft_left")), "admitted as left");
  Write({{"left", Blake2b256("sft_new")}});
  EXPECT_EQ(Sentence(Ask("Bearer sft_left")), "admitted as left");
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Sentence(Ask("Bearer sft_left")).substr(0, 13), "unknown_token");
}

TEST_F(CallAdmissionTest, DamagedOrMissingFile_LeavesTheTokensInForce) {
  Write({{"left", Blake2b256("sft_left")}});
  Open();
  ASSERT_TRUE(WriteClientTokenFile(path_, {{"nonsense", std::nullopt}}).ok());
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Sentence(Ask("Bearer sft_left")), "admitted as left");
  ASSERT_EQ(unlink(path_.c_str()), 0);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Sentence(Ask("Bearer sft_left")), "admitted as left");
  Write({{"right", Blake2b256("sft_right")}});
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Sentence(Ask("Bearer sft_right")), "admitted as right");
  EXPECT_EQ(Sentence(Ask("Bearer sft_left")).substr(0, 13), "unknown_token");
}

TEST_F(CallAdmissionTest, BadFileAtTheStart_IsAnErrorWithItsLine) {
  ASSERT_TRUE(WriteClientTokenFile(path_, {{"nonsense", std::nullopt}}).ok());
  EXPECT_EQ(std::string(ClientTokens::Load(path_, clock_).status().message()),
            path_ + ":1: the line has 1 words; expected a client id, a digest and a time");
}

TEST_F(CallAdmissionTest, TooManyCalls_AreToldWhenToComeAgain) {
  Write({{"left", Blake2b256("sft_left")}, {"right", Blake2b256("sft_right")}});
  Open({.identity_calls = 2, .address_calls = 1});
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Sentence(Ask("Bearer sft_left")), "admitted as left");
  const auto tenth = Ask("Bearer sft_left");
  EXPECT_EQ(Sentence(tenth), "too_many_calls: too many calls from this client; retry after 500ms");
  EXPECT_EQ(std::get<RefusedCall>(tenth).retry_after, absl::Milliseconds(500));
  EXPECT_EQ(std::get<RefusedCall>(tenth).identity, "left");
  EXPECT_EQ(Sentence(Ask("Bearer sft_right")), "admitted as right");
  // Those without a good token share what their address may do, whatever their port.
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(Sentence(admission_->Admit({absl::StrCat("ipv4:10.0.0.2:", i), {}, {}})).substr(0, 8),
              "no_token");
  }
  EXPECT_EQ(Sentence(admission_->Admit({"ipv4:10.0.0.2:77", "Bearer x", {}})),
            "too_many_calls: too many calls from this address; retry after 1s");
  EXPECT_EQ(Sentence(admission_->Admit({"ipv4:10.0.0.2:77", "Bearer sft_right", {}})),
            "admitted as right");
}

TEST_F(CallAdmissionTest, SubscriberOfIpv6_IsOneAddress) {
  Write({{"left", Blake2b256("sft_left")}});
  Open({.address_calls = 1});
  for (int i = 0; i < 5; ++i) {
    const std::string peer = absl::StrCat("ipv6:%5B2001:db8:1:2::", i, "%5D:1");
    EXPECT_EQ(Sentence(admission_->Admit({peer, {}, {}})).substr(0, 8), "no_token");
  }
  EXPECT_EQ(Sentence(admission_->Admit({"ipv6:%5B2001:db8:1:2::9%5D:1", {}, {}})).substr(0, 14),
            "too_many_calls");
  EXPECT_EQ(Sentence(admission_->Admit({"ipv6:%5B2001:db8:1:3::9%5D:1", {}, {}})).substr(0, 8),
            "no_token");
}

TEST_F(CallAdmissionTest, ConnectionsOfOneClient_AreLimitedWhileItsCallsGoOn) {
  Write({{"left", Blake2b256("sft_left")}, {"right", Blake2b256("sft_right")}});
  Open({.identity_connections = 2});
  const auto call = [this](std::string_view token, std::string_view peer) {
    return admission_->Admit({.peer = peer, .authorization = token, .common_name = {}});
  };
  const auto first = call("Bearer sft_left", "ipv4:10.0.0.1:1");
  std::optional second = call("Bearer sft_left", "ipv4:10.0.0.2:1");
  const auto third = call("Bearer sft_left", "ipv4:10.0.0.3:1");
  EXPECT_EQ(Sentence(third),
            "too_many_connections: client left has calls on as many other connections as it "
            "may: 2");
  EXPECT_EQ(std::get<RefusedCall>(third).identity, "left");
  EXPECT_EQ(Sentence(call("Bearer sft_left", "ipv4:10.0.0.1:1")), "admitted as left");
  EXPECT_EQ(Sentence(call("Bearer sft_right", "ipv4:10.0.0.3:1")), "admitted as right");
  second.reset();
  EXPECT_EQ(Sentence(call("Bearer sft_left", "ipv4:10.0.0.3:1")), "admitted as left");
}

TEST_F(CallAdmissionTest, Nobody_HasAsManyConnectionsAsHisAddressMay) {
  admission_.emplace(nullptr, CallerLimits{.identity_connections = 1}, clock_);
  const auto first = admission_->Admit({"ipv4:10.0.0.1:1", {}, {}});
  const auto second = admission_->Admit({"ipv4:10.0.0.1:2", {}, {}});
  EXPECT_EQ(Sentence(first), "admitted as nobody");
  EXPECT_EQ(Sentence(second), "admitted as nobody");
}

}  // namespace
}  // namespace seedfed
