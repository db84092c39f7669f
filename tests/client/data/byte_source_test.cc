#include "client/data/byte_source.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "common/base/bytes.h"
#include "tests/client/data/temp_folder.h"

namespace seedfed {
namespace {

// Everything a source gives when asked for `step` bytes at a time.
absl::StatusOr<std::string> ReadAll(ByteSource& source, size_t step) {
  std::string all;
  std::vector<uint8_t> buffer(step);
  while (true) {
    absl::StatusOr<size_t> got = source.Read(buffer);
    if (!got.ok()) return got.status();
    all.append(buffer.begin(), buffer.begin() + static_cast<ptrdiff_t>(*got));
    if (*got < step) return all;
  }
}

absl::StatusOr<std::string> Decode(const std::string& bytes, size_t step = 1000) {
  absl::StatusOr<std::unique_ptr<ByteSource>> source = OpenMemory("FILE", AsBytes(bytes));
  if (!source.ok()) return source.status();
  return ReadAll(**source, step);
}

// Longer than the internal buffers, and hardly compressible.
std::string LongText() {
  std::string text;
  uint32_t state = 1;
  while (text.size() < 700'000) {
    state = state * 1664525 + 1013904223;
    text.push_back(static_cast<char>(state >> 24));
  }
  return text;
}

TEST(ByteSource, PlainAndGzip_GiveTheSameBytesForAnyStep) {
  const std::string text = LongText();
  const std::string gzip = Gzip(text);
  for (const size_t step :
       {size_t{7}, size_t{4096}, size_t{262'144}, size_t{700'000}, size_t{900'000}}) {
    EXPECT_EQ(Decode(text, step).value(), text) << step;
    EXPECT_EQ(Decode(gzip, step).value(), text) << step;
  }
}

TEST(ByteSource, ShortPlainBytes_AreNotTakenForGzip) {
  EXPECT_EQ(Decode("").value(), "");
  EXPECT_EQ(Decode("\x1f").value(), "\x1f");
  EXPECT_EQ(Decode("\x1fx\x8b").value(), "\x1fx\x8b");
}

TEST(ByteSource, TwoGzipMembers_AreConcatenated) {
  EXPECT_EQ(Decode(Gzip("one") + Gzip("") + Gzip("two")).value(), "onetwo");
}

TEST(ByteSource, GzipCutAnywhere_IsRefused) {
  const std::string gzip = Gzip("some text that is long enough, some text");
  for (size_t size = 2; size < gzip.size(); ++size) {
    EXPECT_EQ(Sentence(Decode(gzip.substr(0, size))), "FILE is truncated: its gzip data end early")
        << size;
  }
}

TEST(ByteSource, BytesAfterGzip_AreRefused) {
  EXPECT_EQ(Sentence(Decode(Gzip("text") + "extra")),
            "FILE has bytes that are not gzip after its gzip data");
}

TEST(ByteSource, WrongChecksum_IsRefused) {
  std::string gzip = Gzip("text");
  gzip[gzip.size() - 8] ^= 1;
  EXPECT_EQ(Sentence(Decode(gzip)),
            "FILE is damaged: its gzip data cannot be decompressed (incorrect data check)");
}

TEST(ByteSource, ChecksumIsVerified_ByTheReadThatFindsTheEnd) {
  std::string gzip = Gzip("text");
  gzip[gzip.size() - 8] ^= 1;
  std::unique_ptr<ByteSource> source = OpenMemory("FILE", AsBytes(gzip)).value();
  std::vector<uint8_t> buffer(4);
  source->Read(buffer).IgnoreError();
  EXPECT_FALSE(source->Read(buffer).ok());
}

TEST(ByteSource, AnyByteDamaged_NeverGivesOtherText) {
  const std::string text(3000, 'x');
  const std::string gzip = Gzip(text);
  for (size_t i = 0; i < gzip.size(); ++i) {
    std::string damaged = gzip;
    damaged[i] ^= 0x40;
    const absl::StatusOr<std::string> got = Decode(damaged);
    if (i < 2) {
      EXPECT_EQ(got.value(), damaged) << "no gzip any more";
    } else if (got.ok()) {
      EXPECT_EQ(*got, text) << i;
    }
  }
}

TEST(OpenFile, MissingFile_IsNotFound) {
  TempFolder folder;
  const absl::Status status = OpenFile(folder.Path("none")).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Sentence(status), folder.Path("none") + " does not exist");
}

TEST(OpenFile, Directory_IsRefused) {
  TempFolder folder;
  const absl::Status status = OpenFile(folder.path()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Sentence(status), folder.path() + " is a directory, expected a file");
}

TEST(OpenFile, PathThroughAFile_NamesTheReason) {
  TempFolder folder;
  const std::string path = folder.Write("file", "x") + "/below";
  EXPECT_EQ(Sentence(OpenFile(path)), "cannot open " + path + ": Not a directory");
}

TEST(OpenFile, PlainAndGzip_AreRead) {
  TempFolder folder;
  const std::string text = LongText();
  for (const std::string& contents : {text, Gzip(text)}) {
    std::unique_ptr<ByteSource> source = OpenFile(folder.Write("file", contents)).value();
    EXPECT_EQ(source->name(), folder.Path("file"));
    EXPECT_EQ(ReadAll(*source, 100'000).value(), text);
  }
}

}  // namespace
}  // namespace seedfed
