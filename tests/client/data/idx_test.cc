#include "client/data/idx.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/bytes.h"
#include "tests/client/data/temp_folder.h"

namespace seedfed {
namespace {

using testing::ElementsAre;

std::string BigEndian(std::initializer_list<uint32_t> numbers) {
  std::string bytes;
  for (const uint32_t number : numbers) {
    for (int shift = 24; shift >= 0; shift -= 8)
      bytes.push_back(static_cast<char>(number >> shift));
  }
  return bytes;
}

// Two images of 2x3, with pixels 0 to 11, and their labels.
std::string ImageFile() {
  std::string file = BigEndian({0x803, 2, 2, 3});
  for (char pixel = 0; pixel < 12; ++pixel) file.push_back(pixel);
  return file;
}
std::string LabelFile() { return BigEndian({0x801, 2}) + "\x07\x03"; }

absl::StatusOr<IdxImages> ParseImages(const std::string& bytes) {
  return ReadIdxImages(*OpenMemory("FILE", AsBytes(bytes)).value());
}
absl::StatusOr<std::vector<uint32_t>> ParseLabels(const std::string& bytes) {
  return ReadIdxLabels(*OpenMemory("FILE", AsBytes(bytes)).value());
}

TEST(IdxImages, WellFormed_IsRead) {
  for (const std::string& file : {ImageFile(), Gzip(ImageFile())}) {
    const IdxImages images = ParseImages(file).value();
    EXPECT_EQ(images.count, 2u);
    EXPECT_EQ(images.rows, 2u);
    EXPECT_EQ(images.columns, 3u);
    EXPECT_THAT(images.pixels, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
  }
}

TEST(IdxLabels, WellFormed_IsRead) {
  EXPECT_THAT(ParseLabels(LabelFile()).value(), ElementsAre(7, 3));
  EXPECT_THAT(ParseLabels(Gzip(LabelFile())).value(), ElementsAre(7, 3));
}

TEST(IdxImages, Empty_IsRefused) {
  EXPECT_EQ(Sentence(ParseImages("")), "FILE is empty, expected an IDX image file");
  EXPECT_EQ(Sentence(ParseLabels("")), "FILE is empty, expected an IDX label file");
}

TEST(IdxImages, CutAnywhere_IsTruncated) {
  const std::string file = ImageFile();
  for (size_t size = 1; size < file.size(); ++size) {
    const std::string expected =
        size < 16
            ? absl::StrCat("FILE is truncated: it has ", size,
                           " bytes, the header of an IDX image file has 16")
            : absl::StrCat(
                  "FILE is truncated: its header announces 2 images of 2x3, 12 bytes, but only ",
                  size - 16, " follow");
    EXPECT_EQ(Sentence(ParseImages(file.substr(0, size))), expected);
  }
}

TEST(IdxLabels, CutAnywhere_IsTruncated) {
  EXPECT_EQ(Sentence(ParseLabels(LabelFile().substr(0, 7))),
            "FILE is truncated: it has 7 bytes, the header of an IDX label file has 8");
  EXPECT_EQ(Sentence(ParseLabels(LabelFile().substr(0, 9))),
            "FILE is truncated: its header announces 2 labels, 2 bytes, but only 1 follow");
}

TEST(IdxImages, GzipCut_IsTruncated) {
  const std::string gzip = Gzip(ImageFile());
  EXPECT_EQ(Sentence(ParseImages(gzip.substr(0, gzip.size() - 1))),
            "FILE is truncated: its gzip data end early");
  EXPECT_EQ(Sentence(ParseImages(gzip.substr(0, 12))),
            "FILE is truncated: its gzip data end early");
}

TEST(IdxImages, GzipDamaged_IsRefused) {
  std::string gzip = Gzip(ImageFile());
  gzip[gzip.size() - 6] ^= 1;
  EXPECT_EQ(Sentence(ParseImages(gzip)),
            "FILE is damaged: its gzip data cannot be decompressed (incorrect data check)");
}

TEST(IdxImages, WrongMagic_NamesBoth) {
  EXPECT_EQ(Sentence(ParseImages("hello, world, hello")),
            "FILE is not an IDX image file: its magic number is 0x68656c6c, expected 0x00000803");
  EXPECT_EQ(Sentence(ParseImages(LabelFile())),
            "FILE is not an IDX image file: its magic number is 0x00000801, expected 0x00000803 "
            "(it is an IDX label "
            "file)");
  EXPECT_EQ(Sentence(ParseLabels(ImageFile())),
            "FILE is not an IDX label file: its magic number is 0x00000803, expected 0x00000801 "
            "(it is an IDX image "
            "file)");
}

TEST(IdxImages, BytesLeftOver_AreRefused) {
  EXPECT_EQ(Sentence(ParseImages(ImageFile() + "x")),
            "FILE has bytes left over after the 2 images of 2x3 that its header announces");
  EXPECT_EQ(Sentence(ParseImages(Gzip(ImageFile() + "x"))),
            "FILE has bytes left over after the 2 images of 2x3 that its header announces");
  EXPECT_EQ(Sentence(ParseLabels(LabelFile() + "x")),
            "FILE has bytes left over after the 2 labels that its header announces");
}

TEST(IdxImages, NoImages_IsRefused) {
  EXPECT_EQ(Sentence(ParseImages(BigEndian({0x803, 0, 28, 28}))),
            "FILE holds no images: its header announces 0 images of 28x28");
  EXPECT_EQ(Sentence(ParseImages(BigEndian({0x803, 5, 0, 28}))),
            "FILE holds no images: its header announces 5 images of 0x28");
  EXPECT_EQ(Sentence(ParseLabels(BigEndian({0x801, 0}))),
            "FILE holds no labels: its header announces 0 labels");
}

TEST(IdxImages, HugeHeader_IsRefusedWithoutTheMemory) {
  EXPECT_EQ(Sentence(ParseImages(BigEndian({0x803, 0xffffffff, 0xffffffff, 0xffffffff}))),
            "FILE is too large: its header announces 4294967295 images of 4294967295x4294967295, "
            "more than "
            "8589934592 bytes");
  EXPECT_EQ(Sentence(ParseImages(BigEndian({0x803, 1, 65536, 65537}) + "x")),
            "FILE is truncated: its header announces 1 images of 65536x65537, 4295032832 bytes, "
            "but only 1 follow");
  EXPECT_EQ(Sentence(ParseLabels(BigEndian({0x801, 0xffffffff}) + "xyz")),
            "FILE is truncated: its header announces 4294967295 labels, 4294967295 bytes, but only "
            "3 follow");
}

TEST(LoadIdx, CountsDiffer_NamesBothFiles) {
  TempFolder folder;
  const std::string images = folder.Write("images", ImageFile());
  const std::string labels = folder.Write("labels", BigEndian({0x801, 3}) + "abc");
  EXPECT_EQ(Sentence(LoadIdx(images, labels)),
            images + " has 2 images but " + labels + " has 3 labels");
}

TEST(LoadIdx, MissingFileOrDirectory_IsNamed) {
  TempFolder folder;
  const std::string images = folder.Write("images", ImageFile());
  const std::string labels = folder.Write("labels", LabelFile());
  EXPECT_EQ(Sentence(LoadIdx(images, folder.Path("no"))), folder.Path("no") + " does not exist");
  EXPECT_EQ(Sentence(LoadIdx(folder.Path("no"), labels)), folder.Path("no") + " does not exist");
  EXPECT_EQ(Sentence(LoadIdx(images, folder.path())),
            folder.path() + " is a directory, expected a file");
}

TEST(LoadIdxFolder, PlainGzipAndBothSplits_AreFound) {
  TempFolder folder;
  folder.Write("train-images-idx3-ubyte", ImageFile());
  folder.Write("train-labels-idx1-ubyte.gz", Gzip(LabelFile()));
  folder.Write("t10k-images-idx3-ubyte.gz", Gzip(BigEndian({0x803, 1, 1, 1}) + "x"));
  folder.Write("t10k-labels-idx1-ubyte", BigEndian({0x801, 1}) + "\x05");
  const Dataset train = LoadIdxFolder(folder.path(), Split::kTrain).value();
  EXPECT_THAT(train.labels(), ElementsAre(7, 3));
  EXPECT_EQ(train.features(), 6u);
  const Dataset test = LoadIdxFolder(folder.path(), Split::kTest).value();
  EXPECT_THAT(test.labels(), ElementsAre(5));
}

TEST(LoadIdxFolder, MissingParts_AreNamed) {
  TempFolder folder;
  EXPECT_EQ(Sentence(LoadIdxFolder(folder.path(), Split::kTrain)),
            folder.path() + " has neither train-images-idx3-ubyte nor train-images-idx3-ubyte.gz");
  folder.Write("t10k-images-idx3-ubyte", ImageFile());
  EXPECT_EQ(Sentence(LoadIdxFolder(folder.path(), Split::kTest)),
            folder.path() + " has neither t10k-labels-idx1-ubyte nor t10k-labels-idx1-ubyte.gz");
  EXPECT_EQ(Sentence(LoadIdxFolder(folder.Path("no"), Split::kTest)),
            folder.Path("no") + " does not exist");
  const std::string file = folder.Write("file", "");
  EXPECT_EQ(Sentence(LoadIdxFolder(file, Split::kTest)),
            file + " is not a directory, expected a folder of IDX files");
}

// Debian's package dataset-fashion-mnist.
class FashionMnist : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kFolder)) GTEST_SKIP() << kFolder << " is not installed";
  }
  static constexpr const char* kFolder = "/usr/share/datasets/fashion-mnist";
};

TEST_F(FashionMnist, Train_HasItsPublishedStatistics) {
  const Dataset dataset = LoadIdxFolder(kFolder, Split::kTrain).value();
  ASSERT_EQ(dataset.examples(), 60'000u);
  ASSERT_EQ(dataset.features(), 784u);
  EXPECT_TRUE(dataset.CheckAgainstModel(784, 10).ok());
  std::array<size_t, 10> counts = {};
  for (const uint32_t label : dataset.labels()) ++counts.at(label);
  EXPECT_THAT(counts, testing::Each(6000u));
  EXPECT_EQ(dataset.label(0), 9u);  // an ankle boot
  EXPECT_EQ(dataset.label(1), 0u);  // a T-shirt

  double sum = 0, squares = 0;
  std::vector<float> row(784);
  for (size_t i = 0; i < dataset.examples(); ++i) {
    dataset.Row(i, row);
    for (const float x : row) {
      sum += x;
      squares += double{x} * x;
    }
  }
  const double mean = sum / (60'000.0 * 784);
  EXPECT_NEAR(mean, 0.2860, 5e-5);
  EXPECT_NEAR(std::sqrt(squares / (60'000.0 * 784) - mean * mean), 0.3530, 5e-5);
}

TEST_F(FashionMnist, Test_HasItsSizeAndFirstLabels) {
  const Dataset dataset = LoadIdxFolder(kFolder, Split::kTest).value();
  EXPECT_EQ(dataset.examples(), 10'000u);
  EXPECT_TRUE(dataset.CheckAgainstModel(784, 10).ok());
  EXPECT_THAT(dataset.labels().first(5), ElementsAre(9, 2, 1, 1, 6));
  EXPECT_EQ(Sentence(dataset.CheckAgainstModel(400, 10)),
            "image size 28x28 = 784 of /usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz "
            "does not "
            "match the model's 400 inputs");
}

}  // namespace
}  // namespace seedfed
