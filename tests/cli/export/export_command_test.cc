#include "cli/export_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/admin/fake_admin.h"
#include "tests/cli/command_outcome.h"
#include "tests/cli/model_source/example_models.h"
#include "tests/cli/store/small_store.h"

namespace seedfed {
namespace {

using testing::HasSubstr;

CommandOutcome Export(const std::string& arguments) {
  return RunCommand(AddExportCommand, "export " + arguments);
}

TEST(ExportCommand, StoreToWordsToSnapshot_SameFingerprint) {
  const SmallStore store(5);
  const std::string words = store.around() / "run.words", model = store.around() / "m.seedfed";
  const CommandOutcome first = Export("--store " + store.folder() + " --to " + words + " --json");
  ASSERT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(nlohmann::json::parse(first.out)["fingerprint"], ToHex(store.fingerprint()));
  const CommandOutcome second = Export("--model " + words + " --to " + model + " --json");
  ASSERT_EQ(second.code, 0) << second.err;
  EXPECT_EQ(nlohmann::json::parse(second.out)["fingerprint"], ToHex(store.fingerprint()));
}

TEST(ExportCommand, BadInput_OneSentenceAndExitCodeTwo) {
  const TempFolder folder;
  const std::string other = folder.Write("other", "something else");
  const std::string to = " --to " + (folder / "m.npz").string();
  const CommandOutcome outcome = Export("--model " + other + to);
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err, "seedfed: " + other + ": neither a model's snapshot nor a words file\n");
  EXPECT_EQ(Export("--model /no/such/file" + to).code, 2);
  EXPECT_EQ(Export("--store /no/such/store" + to).code, 2);
  EXPECT_EQ(Export("--store x --to -").code, 2);
  EXPECT_EQ(Export("--store x --to - --format npz --json").code, 2);
}

TEST(ExportCommand, ServerThatIsGone_ExitCodeOne) {
  FakeAdmin gone;
  gone.Die();
  const TempFolder folder;
  const CommandOutcome outcome =
      Export("--server " + gone.address() + " --to " + (folder / "m.npz").string());
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("cannot reach " + gone.address()));
}

TEST(ExportCommand, TwoSources_Refused) {
  CLI::App app;
  const auto run = AddExportCommand(app);
  EXPECT_THROW(app.parse("export --model a --store b --to c.npz"), CLI::ExcludesError);
}

}  // namespace
}  // namespace seedfed
