#include "cli/layout/field_list.h"

#include <gtest/gtest.h>

namespace seedfed {
namespace {

TEST(FieldList, Texts_StandBesideEachOther) {
  FieldList list;
  list.Add("State", "collecting round 21");
  list.Add("Longest label", "x");
  list.Add("", "y");
  list.Add("Empty", "");
  EXPECT_EQ(list.Text(80),
            "State          collecting round 21\n"
            "Longest label  x\n"
            "               y\n"
            "Empty\n");
}

TEST(FieldList, NarrowScreen_WrapsBetweenWords) {
  FieldList list;
  list.Add("A", "one two three four");
  EXPECT_EQ(list.Text(12),
            "A  one two\n"
            "   three\n"
            "   four\n");
  EXPECT_EQ(list.Text(0),
            "A  one\n"
            "   two\n"
            "   three\n"
            "   four\n");
  EXPECT_EQ(list.Text(21), "A  one two three four\n");
}

TEST(FieldList, NumberAndItsUnit_StayTogether) {
  FieldList list;
  list.Add("A", "open for 0.8 s, 59.8 s left");
  EXPECT_EQ(list.Text(23),
            "A  open for 0.8 s,\n"
            "   59.8 s left\n");
}

}  // namespace
}  // namespace seedfed
