#include "cli/predict/idx_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/predict/example_inputs.h"

namespace seedfed {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(IdxReader, Batches_CoverTheFileInOrder) {
  const TempFolder folder;
  const std::string images =
      folder.Write("images", IdxImagesBytes(3, 1, 2, std::string("\x00\xff\xff\x00\xff\xff", 6)));
  const std::string labels = folder.Write("labels", IdxLabelsBytes("\x02\x01\x03"));
  const auto reader = OpenIdxExamples(images, labels).value();
  EXPECT_TRUE(reader->labelled());
  const ReadExamples all = ReadAll(*reader, 2).value();
  EXPECT_THAT(all.rows, ElementsAre(ElementsAre(0, 1), ElementsAre(1, 0), ElementsAre(1, 1)));
  EXPECT_THAT(all.labels, ElementsAre(2, 1, 3));
  EXPECT_THAT(all.batches, ElementsAre(2, 1));
}

TEST(IdxReader, Truncated_FoundWhenItGetsThere) {
  const TempFolder folder;
  const std::string images = folder.Write("images", IdxImagesBytes(3, 1, 2, "abcde"));
  const auto reader = OpenIdxExamples(images, "").value();
  EXPECT_TRUE(reader->Next(2).ok());
  EXPECT_EQ(reader->Next(2).status().message(),
            images +
                " is truncated: its header announces 3 images of 1x2, 6 bytes, but only 5 "
                "follow");
}

TEST(IdxReader, OtherFiles_Refused) {
  const TempFolder folder;
  const std::string images = folder.Write("images", IdxImagesBytes(2, 1, 1, "ab"));
  const std::string labels = folder.Write("labels", IdxLabelsBytes("abc"));
  EXPECT_THAT(std::string(OpenIdxExamples(labels, "").status().message()),
              HasSubstr("it is an IDX label file"));
  EXPECT_EQ(OpenIdxExamples(images, labels).status().message(),
            images + " has 2 examples but " + labels + " has 3 labels");
}

}  // namespace
}  // namespace seedfed
