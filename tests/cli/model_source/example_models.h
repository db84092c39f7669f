#ifndef SEEDFED_TESTS_CLI_MODEL_SOURCE_EXAMPLE_MODELS_H_
#define SEEDFED_TESTS_CLI_MODEL_SOURCE_EXAMPLE_MODELS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cli/model_source/words_file.h"
#include "cli/tensor_files/input_file.h"
#include "cli/tensor_files/output_file.h"
#include "common/model/model.h"
#include "tests/cli/temp_folder.h"

namespace seedfed {

inline FederationKey ExampleKey() { return FederationKey::Parse("7").value(); }

inline ModelSpec ExampleSpec(Mode mode) {
  ModelSpec spec;
  spec.layers = {{5, 7, 4}, {3, 6, 4}};
  spec.mode = mode;
  spec.codec = mode == Mode::kPure ? Codec::kSingle : Codec::kEnsemble;
  return spec;
}

// A model after some rounds, and the words of each.
struct ExampleModel {
  ExampleModel(Mode mode, uint32_t rounds)
      : model(Model::Create(ExampleSpec(mode), ExampleKey()).value()) {
    for (uint32_t round = 1; round <= rounds; ++round) {
      std::vector<int32_t> coordinates(model.spec().coordinates());
      for (size_t i = 0; i < coordinates.size(); ++i) {
        coordinates[i] = static_cast<int32_t>((i * 7919 + round * 104729) % (1 << 28)) - (1 << 27);
      }
      words.push_back(model.codec().Encode(coordinates, round, {}));
      EXPECT_TRUE(model.Apply(round, words.back()).ok());
    }
  }

  WordsHeader Header() const {
    WordsHeader header;
    header.round = model.round();
    header.fingerprint = model.fingerprint();
    header.spec = model.spec();
    if (model.spec().mode == Mode::kRolling) header.key = ExampleKey();
    return header;
  }

  // Its words file in a folder.
  std::string WriteWords(const TempFolder& folder, const WordsHeader& header) const {
    const std::string path = folder / "run.words";
    const auto out = OutputFile::Create(path).value();
    WordsWriter writer(*out);
    EXPECT_TRUE(writer.Begin(header).ok());
    for (const std::string& round : words) {
      if (model.spec().mode == Mode::kPure && &round != &words.back()) continue;
      EXPECT_TRUE(writer.Add(round).ok());
    }
    EXPECT_TRUE(writer.End().ok());
    EXPECT_TRUE(out->Commit().ok());
    return path;
  }

  Model model;
  std::vector<std::string> words;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_CLI_MODEL_SOURCE_EXAMPLE_MODELS_H_
