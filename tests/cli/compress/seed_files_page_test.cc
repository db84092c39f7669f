// The example of docs/seed-files.md is what this code writes and reads: every line "name = value"
// of its blocks marked `golden`.

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "cli/compress/compressor.h"
#include "cli/compress/seed_file.h"
#include "cli/compress/seed_reader.h"
#include "common/codec/ensemble_word.h"
#include "tests/cli/temp_folder.h"
#include "tests/cli/tensor_files/fake_reader.h"

namespace seedfed {
namespace {

using Examples = std::map<std::string, std::string>;

Examples ReadPage() {
  std::ifstream page(SEED_FILES_PAGE);
  EXPECT_TRUE(page.is_open()) << SEED_FILES_PAGE;
  Examples examples;
  bool golden = false;
  for (std::string line; std::getline(page, line);) {
    if (line.substr(0, 3) == "```") {
      golden = line == "```golden";
    } else if (const size_t equals = line.find(" = "); golden && equals != std::string::npos) {
      EXPECT_TRUE(examples.emplace(line.substr(0, equals), line.substr(equals + 3)).second)
          << line.substr(0, equals) << " stands twice";
    } else {
      EXPECT_FALSE(golden) << "not an example: " << line;
    }
  }
  return examples;
}

// The page's tensors: w[i][j] = ((7 i + 3 j) mod 11 - 5) / 8, 8 x 20, and b.
FakeReader ExampleTensors() {
  FakeReader reader;
  std::vector<double> values;
  for (int i = 0; i < 8; ++i) {
    for (int j = 0; j < 20; ++j) values.push_back(((7 * i + 3 * j) % 11 - 5) / 8.0);
  }
  reader.Add({"w", DType::kF32, {8, 20}}, values);
  reader.Add({"b", DType::kF16, {3}}, {1.5, -2, 0.25});
  reader.set_metadata({{"format", "pt"}});
  return reader;
}

Examples Compute() {
  const TempFolder folder;
  const std::string path = folder / "example.seeds";
  FakeReader source = ExampleTensors();
  const auto out = OutputFile::Create(path);
  EXPECT_TRUE(out.ok());
  EXPECT_TRUE(Compress(source, {.codes = 5}, **out).ok());
  EXPECT_EQ((*out)->Commit(), absl::OkStatus());

  const std::string bytes = ReadFile(path);
  const auto file = InputFile::Open(path);
  const auto loaded = ReadSeedFileHeader(**file);
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  const auto part = [&](uint64_t start, uint64_t length) {
    return absl::BytesToHexString(absl::string_view(bytes).substr(start, length));
  };
  const uint64_t w = loaded->starts[0], b = loaded->starts[1];
  Examples examples;
  examples["header"] = part(0, w);
  examples["w.scale"] = part(w, 8);
  examples["w.words"] = part(w + 8, 16);
  examples["w.codes"] = part(w + 24, b - w - 24);
  const std::string packed = bytes.substr(w + 24, b - w - 24);
  std::vector<uint32_t> codes;
  for (uint64_t t = 0; t < 3; ++t) codes.push_back(LoadPackedCode(packed, 3, t));
  examples["w.code_numbers"] = absl::StrJoin(codes, " ");
  const auto seeds = DecodeEnsemble(LoadWord(bytes.data() + w + 8));
  examples["w.point_of_tile_0"] = absl::StrCat(seeds[0].u, ",", seeds[0].v);
  examples["b.values"] = part(b, 6);
  examples["checksum"] = part(b + 6, 16);
  examples["file_bytes"] = absl::StrCat(bytes.size());

  const auto reader = OpenModelFile(path);
  EXPECT_TRUE(reader.ok()) << reader.status();
  const auto expanded = ReadValues(**reader, 0);
  EXPECT_TRUE(expanded.ok()) << expanded.status();
  std::string first;
  for (size_t i = 0; i < 4; ++i)
    absl::StrAppendFormat(&first, i == 0 ? "%.9g" : " %.9g", (*expanded)[i]);
  examples["w.expanded_first4"] = first;
  return examples;
}

TEST(SeedFilesPage, Examples_AreWhatTheCodeComputes) {
  const Examples page = ReadPage();
  const Examples computed = Compute();
  for (const auto& [name, value] : computed) {
    const auto found = page.find(name);
    if (found == page.end()) {
      ADD_FAILURE() << "the page lacks: " << name << " = " << value;
    } else {
      EXPECT_EQ(found->second, value) << name;
    }
  }
  EXPECT_EQ(page.size(), computed.size());
}

}  // namespace
}  // namespace seedfed
