#include "server/config/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace seedfed {
namespace {

const Setting& Find(const std::string& key) {
  for (const Setting& setting : AllSettings()) {
    if (setting.key == key) return setting;
  }
  ADD_FAILURE() << "no setting " << key;
  return AllSettings()[0];
}

TEST(AllSettings, NamesFieldsAndFlags_AreUnique) {
  std::set<std::string> names, flags;
  for (const Setting& setting : AllSettings()) {
    EXPECT_TRUE(names.insert(std::string(setting.table) + "." + setting.key).second) << setting.key;
    EXPECT_TRUE(flags.insert(setting.flag).second) << setting.flag;
    for (const Setting& other : AllSettings())
      EXPECT_EQ(setting.field == other.field, &setting == &other);
    if (IsNumeric(setting)) {
      EXPECT_LT(setting.low, setting.high) << setting.key;
    }
  }
}

TEST(GiveText, EachKind_IsRead) {
  Settings settings;
  ASSERT_TRUE(GiveText(Find("store"), "a b", "S", settings).ok());
  ASSERT_TRUE(GiveText(Find("exit_when_done"), "true", "E", settings).ok());
  ASSERT_TRUE(GiveText(Find("clients"), "12", "C", settings).ok());
  ASSERT_TRUE(GiveText(Find("gain"), "1.5", "G", settings).ok());
  ASSERT_TRUE(GiveText(Find("tile"), "8,16", "T", settings).ok());
  ASSERT_TRUE(GiveText(Find("learning_rate"), "0.5", "L", settings).ok());
  EXPECT_EQ(settings.store->value, "a b");
  EXPECT_EQ(settings.store->where, "S");
  EXPECT_TRUE(settings.exit_when_done->value);
  EXPECT_EQ(settings.clients->value, 12u);
  EXPECT_EQ(settings.clients->where, "C");
  EXPECT_EQ(settings.gain->value, 1.5);
  EXPECT_THAT(settings.tile->value, testing::ElementsAre(8, 16));
  EXPECT_THAT(settings.learning_rate->value, testing::ElementsAre(0.5));
}

TEST(GiveText, OneOfAnotherKind_IsRefused) {
  Settings settings;
  EXPECT_EQ(GiveText(Find("exit_when_done"), "yes", "E", settings).message(),
            "E is 'yes'; expected true or false");
  EXPECT_EQ(GiveText(Find("clients"), "1,2", "C", settings).message(),
            "C is '1,2'; expected a whole number from 1 to 1048576");
  EXPECT_EQ(GiveText(Find("tile"), "8,1.5", "T", settings).message(),
            "T is 1.5; expected a whole number or a list of them, each from 0 to 4294967295");
}

TEST(Give, BoundsOfANumber_AreInclusive) {
  Settings settings;
  const Setting& setting = Find("gain");
  for (const double value : {setting.low, setting.high}) {
    EXPECT_TRUE(Give(setting, std::vector<double>{value}, "G", settings).ok());
    EXPECT_EQ(settings.gain->value, value);
  }
  EXPECT_EQ(Give(setting, std::vector<double>{0.0624}, "G", settings).message(),
            "G is 0.0624; expected a number from 0.0625 to 1024");
  EXPECT_EQ(Give(setting, std::vector<double>{1025}, "G", settings).message(),
            "G is 1025; expected a number from 0.0625 to 1024");
  EXPECT_EQ(Give(setting, std::vector<double>{}, "G", settings).message(),
            "G is an empty list; expected a number from 0.0625 to 1024");
}

}  // namespace
}  // namespace seedfed
