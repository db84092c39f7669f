#include "common/wire/json.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "seedfed/v1/admin.pb.h"

namespace seedfed {
namespace {

TEST(ToJson, FieldsWithoutAValue_AreWrittenUnlessOptional) {
  const auto json = nlohmann::json::parse(ToJson(v1::Client()));
  EXPECT_EQ(json.at("id"), "");
  EXPECT_EQ(json.at("bytes_up"), 0);
  EXPECT_EQ(json.at("live"), false);
  EXPECT_FALSE(json.contains("seen"));
  EXPECT_EQ(nlohmann::json::parse(ToJson(v1::ListClientsResponse())).at("clients").size(), 0u);
}

TEST(ToJson, Values_KeepTheirNamesAndAreNumbers) {
  v1::Status status;
  status.set_federation_id("ab\"\n");
  status.set_training_loss(0);
  status.mutable_traffic()->set_bytes_up(4503599627370497);
  const std::string text = ToJson(status);
  EXPECT_EQ(text.find('\n'), std::string::npos);
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json.at("federation_id"), "ab\"\n");
  EXPECT_EQ(json.at("training_loss"), 0);
  EXPECT_EQ(json.at("traffic").at("bytes_up").get<double>(), 4503599627370497);
  EXPECT_FALSE(json.contains("open_round"));
}

TEST(ToJson, NumbersThatJsonLacks_AreText) {
  v1::Rounds rounds;
  rounds.add_training_loss(std::numeric_limits<double>::quiet_NaN());
  rounds.add_training_loss(-std::numeric_limits<double>::infinity());
  EXPECT_EQ(nlohmann::json::parse(ToJson(rounds)).at("training_loss"),
            nlohmann::json({"NaN", "-Infinity"}));
}

TEST(ToJson, TextThatIsNotPlain_IsEscapedAndNeverFails) {
  v1::Event event;
  event.set_text(std::string("a\x01</script>\0b", 13));
  EXPECT_EQ(nlohmann::json::parse(ToJson(event)).at("text"), event.text());
  event.set_text("not UTF-8: \xff\xc3");
  EXPECT_TRUE(nlohmann::json::accept(ToJson(event)));
}

}  // namespace
}  // namespace seedfed
