#include "cli/layout/text_table.h"

#include <gtest/gtest.h>

namespace seedfed {
namespace {

using Align = TextTable::Align;

TEST(TextTable, Columns_AreAsWideAsTheirWidestCell) {
  TextTable table({Align::kLeft, Align::kRight, Align::kLeft});
  table.Row({"a", "1", "x"});
  table.Row({"long", "234", "y z"});
  EXPECT_EQ(table.Text(),
            "a       1  x\n"
            "long  234  y z\n");
}

TEST(TextTable, MissingCellsAndTrailingSpaces_AreLeftOut) {
  TextTable table({Align::kLeft, Align::kLeft, Align::kRight});
  table.Row({"a"});
  table.Row({});
  table.Row({"abc", "d", "e"});
  EXPECT_EQ(table.Text(), "a\n\nabc  d  e\n");
}

TEST(TextTable, Heading_DoesNotWidenAColumn) {
  TextTable table({Align::kLeft, Align::kRight});
  table.Heading("a heading over everything");
  table.Row({"a", "1"});
  EXPECT_EQ(table.Text(), "a heading over everything\na  1\n");
}

TEST(TextTable, NoLines_NoText) { EXPECT_EQ(TextTable({Align::kLeft}).Text(), ""); }

}  // namespace
}  // namespace seedfed
