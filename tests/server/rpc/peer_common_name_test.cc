#include "server/rpc/peer_common_name.h"

#include <grpc/grpc_security_constants.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace seedfed {
namespace {

// Its constructor is for those that derive from it.
class NoProperty final : public grpc::AuthPropertyIterator {};

// What gRPC says of a caller, as far as PeerCommonName asks.
class FakeContext final : public grpc::AuthContext {
 public:
  FakeContext(bool authenticated, std::vector<std::string> common_names)
      : authenticated_(authenticated), common_names_(std::move(common_names)) {}

  bool IsPeerAuthenticated() const override { return authenticated_; }
  std::vector<grpc::string_ref> GetPeerIdentity() const override { return {}; }
  std::string GetPeerIdentityPropertyName() const override { return ""; }
  std::vector<grpc::string_ref> FindPropertyValues(const std::string& name) const override {
    if (name != GRPC_X509_CN_PROPERTY_NAME) return {};
    return {common_names_.begin(), common_names_.end()};
  }
  grpc::AuthPropertyIterator begin() const override { return NoProperty(); }
  grpc::AuthPropertyIterator end() const override { return NoProperty(); }
  void AddProperty(const std::string&, const grpc::string_ref&) override {}
  bool SetPeerIdentityPropertyName(const std::string&) override { return false; }

 private:
  const bool authenticated_;
  const std::vector<std::string> common_names_;
};

TEST(PeerCommonName, CertificateShown_ItsName) {
  EXPECT_EQ(PeerCommonName(FakeContext(true, {"meter-17"})), "meter-17");
}

TEST(PeerCommonName, NameWithAZeroByte_NotCutThere) {
  const std::string name("meter-17\0.evil", 14);
  EXPECT_EQ(PeerCommonName(FakeContext(true, {name})), name);
}

TEST(PeerCommonName, NoCertificate_Absent) {
  EXPECT_EQ(PeerCommonName(FakeContext(false, {})), std::nullopt);
  EXPECT_EQ(PeerCommonName(FakeContext(false, {"meter-17"})), std::nullopt);
}

TEST(PeerCommonName, NotOneName_Absent) {
  EXPECT_EQ(PeerCommonName(FakeContext(true, {})), std::nullopt);
  EXPECT_EQ(PeerCommonName(FakeContext(true, {""})), std::nullopt);
  EXPECT_EQ(PeerCommonName(FakeContext(true, {"a", "b"})), std::nullopt);
}

}  // namespace
}  // namespace seedfed
