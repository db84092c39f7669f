// Bad input of any kind: one clear sentence, the right exit code, and a server that goes on.

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/e2e/federation.h"

namespace seedfed {
namespace {

const std::vector<std::string> kServer =
    kSmallFederation + std::vector<std::string>{"--clients", "1", "--rounds", "1"};

// The last line of a program's output without the log's time and level.
std::string LastSentence(const std::string& output) {
  const size_t end = output.find_last_not_of('\n');
  const size_t start = end == std::string::npos ? 0 : output.rfind('\n', end) + 1;
  const std::string line = output.substr(start, end + 1 - start);
  const size_t level = line.find(" error ");
  return level == std::string::npos ? line : line.substr(level + 7);
}

void ExpectRefusal(const std::string& program, const std::vector<std::string>& arguments, int code,
                   const std::string& sentence) {
  const TempFolder folder;
  Process process(program, arguments, folder / "out.txt");
  EXPECT_EQ(process.Wait(30), code) << process.Output();
  EXPECT_EQ(LastSentence(process.Output()), sentence);
}

class BadData : public ::testing::Test {
 protected:
  void Expect(const std::vector<std::string>& data, const std::string& sentence) {
    ExpectRefusal("seedfed-client",
                  std::vector<std::string>{"--server", federation_.address(), "--id", "bad"} + data,
                  2, sentence);
  }

  // After all the refusals the federation still trains.
  void TearDown() override {
    Process good = federation_.Client("good");
    EXPECT_EQ(good.Wait(), 0) << good.Output();
  }

  // An IDX file of `count` images of side x side pixels, and its labels.
  void WriteIdx(uint8_t count, uint8_t side, uint8_t label) {
    const std::string images = {0, 0, 8, 3,
                                0, 0, 0, static_cast<char>(count),
                                0, 0, 0, static_cast<char>(side),
                                0, 0, 0, static_cast<char>(side)};
    WriteText(images_, images + std::string(size_t{count} * side * side, '\x40'));
    const std::string labels = {0, 0, 8, 1, 0, 0, 0, static_cast<char>(count)};
    WriteText(labels_, labels + std::string(count, static_cast<char>(label)));
  }

  Federation federation_{kServer};
  std::string images_ = federation_.folder() / "images", labels_ = federation_.folder() / "labels",
              csv_ = federation_.folder() / "table.csv";
};

TEST_F(BadData, MissingFolder) {
  Expect({"--data", "/no/such/folder"}, "/no/such/folder does not exist");
}

TEST_F(BadData, TruncatedIdx) {
  WriteIdx(3, 28, 1);
  WriteText(images_, ReadText(images_).substr(0, 1000));
  Expect(
      {"--images", images_, "--labels", labels_},
      images_ +
          " is truncated: its header announces 3 images of 28x28, 2352 bytes, but only 984 follow");
}

TEST_F(BadData, TruncatedGzip) {
  WriteIdx(1, 28, 0);
  WriteText(images_,
            ReadText(std::string(kFashionMnist) + "/t10k-images-idx3-ubyte.gz").substr(0, 5000));
  Expect({"--images", images_, "--labels", labels_},
         images_ + " is truncated: its gzip data end early");
}

TEST_F(BadData, ImageSizeOfAnotherModel) {
  WriteIdx(3, 20, 1);
  Expect({"--images", images_, "--labels", labels_},
         "image size 20x20 = 400 of " + images_ + " does not match the model's 784 inputs");
}

TEST_F(BadData, LabelOutOfRange) {
  WriteIdx(3, 28, 11);
  Expect({"--images", images_, "--labels", labels_},
         "label 11 of example 0 in " + labels_ +
             " is out of range: the model has 10 classes (0 to 9)");
}

TEST_F(BadData, TextInANumber) {
  WriteText(csv_, "height,weight,class\n1.5,70,0\n1.6,heavy,1\n");
  Expect({"--csv", csv_, "--label-column", "class"},
         csv_ + " line 3 column 2 (\"weight\"): 'heavy' is not a number");
}

TEST_F(BadData, ModelMismatch) {
  Expect({"--data", kFashionMnist, "--model", "784-64-10"},
         "the federation trains the model 784-32-10, --model asks for 784-64-10");
}

TEST(BadServerInput, UnknownTomlKey) {
  const TempFolder folder;
  const std::string file = folder / "server.toml";
  WriteText(file, "[rounds]\nrouns = 3\n");
  ExpectRefusal(
      "seedfed-server", {"--config", file}, 2,
      "seedfed-server: " + file + ":2: unknown key 'rouns' in [rounds]; did you mean 'rounds'?");
}

TEST(BadServerInput, PortInUse) {
  Federation federation(kServer);
  ExpectRefusal("seedfed-server",
                {"--listen", federation.address(), "--store", federation.folder() / "other"}, 1,
                "cannot listen on " + federation.address() + ": Address already in use");
}

TEST(BadServerInput, TileThatIsNoPowerOfTwo) {
  ExpectRefusal("seedfed-server", {"--tile", "12"}, 2,
                "seedfed-server: tile side 12 of layer 1 is not 4, 8, 16, 32, 64, 128 or 256");
}

TEST(BadClientInput, UnreachableServer_GivesUpWhenAsked) {
  const TempFolder folder;
  Process client(
      "seedfed-client",
      {"--server", "127.0.0.1:1", "--id", "x", "--data", kFashionMnist, "--give-up", "1"},
      folder / "out.txt");
  EXPECT_EQ(client.Wait(30), 1);
  EXPECT_NE(client.Output().find("gave up after 1s: cannot reach 127.0.0.1:1"), std::string::npos)
      << client.Output();
}

TEST(BadCommand, SimulateWithoutData) {
  const TempFolder folder;
  std::filesystem::create_directory(folder / "empty");
  const std::string empty = folder / "empty";
  ExpectRefusal("seedfed", {"simulate", "--data", empty, "--keep", folder / "run"}, 2,
                "seedfed: --data " + empty +
                    " has neither train-images-idx3-ubyte nor train-images-idx3-ubyte.gz");
}

}  // namespace
}  // namespace seedfed
