#ifndef SEEDFED_TESTS_CLI_EXPORT_FAKE_SOURCE_H_
#define SEEDFED_TESTS_CLI_EXPORT_FAKE_SOURCE_H_

#include <optional>
#include <string>

#include "cli/model_source/model_source.h"
#include "tests/cli/model_source/example_models.h"

namespace seedfed {

// An example model with its history.
class FakeSource final : public ModelSource {
 public:
  FakeSource(Mode mode, uint32_t rounds) : example(mode, rounds) {}

  absl::StatusOr<std::string> Snapshot() override { return example.model.SaveSnapshot(); }
  absl::StatusOr<std::optional<InputNormalisation>> Normalisation() override {
    return normalisation;
  }
  absl::StatusOr<std::optional<FederationKey>> Key() override { return key; }
  absl::Status ReadRounds(uint32_t last, const EachRound& each) override {
    for (uint32_t round = 1; round <= last && round <= example.words.size(); ++round) {
      if (absl::Status status = each(round, example.words[round - 1]); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
  const std::string& name() const override { return name_; }

  ExampleModel example;
  std::optional<FederationKey> key = ExampleKey();
  std::optional<InputNormalisation> normalisation = InputNormalisation{0.25, 2};

 private:
  const std::string name_ = "the source";
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_CLI_EXPORT_FAKE_SOURCE_H_
