// Writes the first inputs of the corpora, made by the real encoders, into FOLDER/NAME/seed-*. What
// fuzzing found since then lies beside them.

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cli/compress/compressor.h"
#include "cli/model_source/words_file.h"
#include "cli/tensor_files/tensor_writer.h"
#include "common/base/check.h"
#include "common/wire/convert.h"
#include "seedfed/v1/admin.pb.h"
#include "seedfed/v1/federation.pb.h"
#include "tests/cli/tensor_files/fake_reader.h"
#include "tests/common/model/example_models.h"

namespace seedfed {
namespace {

namespace fs = std::filesystem;

class Corpora {
 public:
  explicit Corpora(fs::path folder) : folder_(std::move(folder)) {}

  // The path of a new seed of `target`.
  std::string Path(const std::string& target) {
    fs::create_directories(folder_ / target);
    return folder_ / target / ("seed-" + std::to_string(++count_[target]));
  }

  void Add(const std::string& target, const std::string& bytes) {
    std::ofstream(Path(target), std::ios::binary) << bytes;
  }

 private:
  fs::path folder_;
  std::map<std::string, int> count_;
};

// `choice` in front of `bytes`, for targets whose first byte is a choice.
std::string Chosen(int choice, const std::string& bytes) {
  return static_cast<char>(choice) + bytes;
}

const std::vector<ModelSpec> kSpecs = {ExampleEnsemble(), ExampleSingle(), ExamplePure(),
                                       ExampleDense()};

void AddModels(Corpora& corpora) {
  for (size_t i = 0; i < kSpecs.size(); ++i) {
    Model model = *Model::Create(kSpecs[i], ExampleKey());
    const std::string words = ExampleWords(model, 1);
    corpora.Add("update_words", Chosen(static_cast<int>(i), Chosen(1, words)));
    corpora.Add("model_spec", SpecBytes(kSpecs[i]));
    SEEDFED_CHECK(model.Apply(1, words).ok());
    corpora.Add("snapshot", model.SaveSnapshot());

    auto out = *OutputFile::Create(corpora.Path("words_file"));
    WordsWriter writer(*out);
    WordsHeader header = {.round = 1,
                          .key = ExampleKey(),
                          .fingerprint = model.fingerprint(),
                          .normalisation = InputNormalisation{0.25, 0.5},
                          .spec = kSpecs[i]};
    SEEDFED_CHECK(writer.Begin(header).ok() && writer.Add(words).ok() && writer.End().ok());
    SEEDFED_CHECK(out->Commit().ok());
  }
}

std::vector<double> ValuesFrom(size_t count) {
  std::vector<double> values(count);
  for (size_t i = 0; i < count; ++i) values[i] = 0.25 * static_cast<double>(i % 7) - 0.5;
  return values;
}

void AddTensors(Corpora& corpora) {
  FakeReader reader;
  reader.Add({"w", DType::kF32, {8, 9}}, ValuesFrom(72));
  FakeReader several;
  several.Add({"w", DType::kF16, {4, 5, 2}}, ValuesFrom(40));
  several.Add({"scalar", DType::kF64, {}}, ValuesFrom(1));
  const auto write = [&corpora](FakeReader& tensors, FileFormat format, const char* target) {
    auto out = *OutputFile::Create(corpora.Path(target));
    SEEDFED_CHECK(WriteTensors(tensors, format, *out).ok() && out->Commit().ok());
  };
  write(reader, FileFormat::kNpy, "npy");
  write(reader, FileFormat::kNpz, "npz");
  write(several, FileFormat::kNpz, "npz");
  several.set_metadata({{"format", "pt"}});
  write(several, FileFormat::kSafetensors, "safetensors");
  const std::string fortran =
      "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }" + std::string(59, ' ') + "\n";
  corpora.Add("npy", std::string("\x93NUMPY\x01\x00\x76\x00", 10) + fortran + std::string(48, '@'));

  for (const CompressSettings& settings :
       {CompressSettings{.tile = 4, .codes = 16}, CompressSettings{.tile = 4, .codes = 1},
        CompressSettings{.tile = 4, .codes = 1, .codec = Codec::kSingle, .phase_bits = 4}}) {
    auto out = *OutputFile::Create(corpora.Path("seed_file"));
    FakeReader& source = settings.codes == 1 ? reader : several;
    SEEDFED_CHECK(Compress(source, settings, *out).ok() && out->Commit().ok());
  }
}

void AddMessages(Corpora& corpora) {
  const TrainingPlan plan = {.learning_rate = {0.1, 0.2}};
  const Shard shard = {2, 5, 0.5};
  corpora.Add("wire_messages", Chosen(0, ToProto(ExampleEnsemble()).SerializeAsString()));
  corpora.Add("wire_messages", Chosen(1, ToProto(plan).SerializeAsString()));
  corpora.Add("wire_messages", Chosen(2, ToProto(shard).SerializeAsString()));
  v1::JoinResponse join;
  join.set_federation_id(std::string(16, 'f'));
  join.set_key(ToBytes(ExampleKey().bytes()));
  *join.mutable_model() = ToProto(ExampleEnsemble());
  *join.mutable_training() = ToProto(plan);
  *join.mutable_shard() = ToProto(shard);
  join.set_rounds(60);
  join.set_state(v1::FEDERATION_STATE_COLLECTING);
  join.set_poll_ms(1000);
  corpora.Add("wire_messages", Chosen(3, join.SerializeAsString()));
  v1::AwaitRoundResponse await;
  await.set_round(1);
  await.set_state(v1::FEDERATION_STATE_PAUSED);
  v1::RoundResult& result = *await.add_results();
  result.set_round(1);
  result.set_words("words");
  result.set_fingerprint(std::string(32, 'f'));
  result.set_base_checksum(std::string(16, 'b'));
  result.mutable_stats()->set_training_loss(0.5);
  corpora.Add("wire_messages", Chosen(4, await.SerializeAsString()));
  v1::SubmitUpdateResponse submit;
  submit.set_outcome(v1::SubmitUpdateResponse::OUTCOME_LATE);
  submit.set_round(7);
  corpora.Add("wire_messages", Chosen(5, submit.SerializeAsString()));
  v1::Status status;
  status.set_state("collecting");
  status.set_round(3);
  corpora.Add("wire_messages", Chosen(6, status.SerializeAsString()));
  v1::Event event;
  event.set_text("round 1 is open");
  corpora.Add("wire_messages", Chosen(7, event.SerializeAsString()));
}

void AddTexts(Corpora& corpora) {
  const std::string images = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3};
  const std::string labels = {0, 0, 8, 1, 0, 0, 0, 3};
  corpora.Add("idx", Chosen(0, images + std::string(12, '@')));
  corpora.Add("idx", Chosen(1, labels + "\x01\x02\x03"));
  // gzip of three labels, one stored block.
  const std::string gzip("\x1f\x8b\x08\0\0\0\0\0\0\xff\x01\x0b\0\xf4\xff", 15);
  const std::string check("\x8b\xe5\xbd\xa4\x0b\0\0\0", 8);
  corpora.Add("idx", Chosen(1, gzip + labels + "\x01\x02\x03" + check));
  corpora.Add("csv", Chosen(0, "0,1.5,2\n1,-3e-4, 7 \n"));
  corpora.Add("csv", Chosen(2,
                            "\xef\xbb\xbf"
                            "height,\"the \"\"weight\"\"\",class\r\n1.5,70,0\r\n\r\n\"1.6\",71,1"));
  corpora.Add("csv", Chosen(4, "a,b\n1,2\n3,4\n"));
  corpora.Add("token_file", "0123456789abcdef\n");
  corpora.Add("client_tokens", "# two tokens\n\nclient-1 " + ToHex(Digest256{1}) + " never\n" +
                                   "client-2 " + ToHex(Digest256{2}) + " 2027-01-31T12:00:00Z\n");
  corpora.Add("server_toml",
              "[server]\nlisten = \"127.0.0.1:0\"\nlog_format = \"json\"\n"
              "[model]\nlayers = \"784-64-10\"\ntile = [8, 4]\ncodec = \"single\"\nkey = \"7\"\n"
              "[rounds]\nrounds = 3\nclients = 5\nquorum = 3\ndeadline_seconds = 2.5\n"
              "[training]\nlearning_rate = [0.1, 0.2]\nbatch = 64\n"
              "[http]\nlisten = \"none\"\n");
  const std::string host = "Host: localhost\r\n";
  for (const char* target :
       {"/", "/healthz", "/metrics", "/events", "/api/v1/status",
        "/api/v1/clients?offset=1&limit=2&sort=seen", "/api/v1/rounds?first=2&last=30&points=4",
        "/api/v1/events?after=0&limit=1&debug=1", "/api/v1/events?newest=1", "/app.js"}) {
    corpora.Add("http_request", std::string("GET ") + target + " HTTP/1.1\r\n" + host + "\r\n");
  }
  corpora.Add("http_request", "GET /api/v1/status HTTP/1.1\r\n" + host +
                                  "Authorization: Bearer 0123456789abcdef\r\n\r\n");
  corpora.Add("http_request",
              "HEAD /style.css HTTP/1.1\r\n" + host +
                  "Authorization: Basic dTowMTIzNDU2Nzg5YWJjZGVm\r\nIf-None-Match: W/\"1\", *\r\n"
                  "Accept-Encoding: br;q=0, gzip;q=0.5\r\n\r\n");
}

// The choices of the two state machines have no encoder: a few sequences that get far.
void AddSequences(Corpora& corpora) {
  // Rules, three joins made durable, then rounds of three updates each.
  std::string rounds =
      std::string("\0\0\3\2\2\0\0\1\1\0", 10) + std::string("\0\0\0\1\0\2\x0b\3", 8);
  for (int round = 0; round < 3; ++round) {
    for (char client = 0; client < 3; ++client) {
      rounds += std::string("\3", 1) + client + std::string("\0\0\0", 3);
    }
    rounds += std::string("\x0b\3\x0b\3", 4);
  }
  corpora.Add("federation_core", rounds);
  // A crash after the updates, and the same updates again.
  corpora.Add("federation_core", rounds + std::string("\x0d\1", 2) + rounds);
  // The session: joins, prepares, and follows polls of more and more rounds.
  std::string session("\0\0", 2);
  session += std::string("\1\0\0\0\0\0\0\0\0", 9) + std::string("\1\0", 2);
  for (char round = 1; round < 6; ++round) {
    session += std::string("\1\0\0", 3) + round + std::string("\0\0\0\0", 4);
  }
  corpora.Add("client_session", session);
  corpora.Add("client_session", Chosen(1, session));
}

}  // namespace
}  // namespace seedfed

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: fuzz_seeds FOLDER\n");
    return 2;
  }
  seedfed::Corpora corpora(argv[1]);
  seedfed::AddModels(corpora);
  seedfed::AddTensors(corpora);
  seedfed::AddMessages(corpora);
  seedfed::AddTexts(corpora);
  seedfed::AddSequences(corpora);
  return 0;
}
