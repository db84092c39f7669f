#include "cli/predict/report.h"

#include <nlohmann/json.hpp>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/terminal/text.h"

namespace seedfed {
namespace {

using nlohmann::ordered_json;
using Align = TextTable::Align;

// Classes up to which text shows each of them, and the confusion matrix.
constexpr size_t kMostClassLines = 100;
constexpr size_t kMostConfusionText = 20;

std::string Share(uint64_t part, uint64_t whole) {
  if (whole == 0) return "-";
  return absl::StrFormat("%.4f", static_cast<double>(part) / static_cast<double>(whole));
}

std::string ClassesText(const Scores& scores) {
  TextTable table(std::vector<Align>(5, Align::kRight));
  table.Row({"class", "examples", "predicted", "recall", "precision"});
  for (size_t c = 0; c < scores.classes().size(); ++c) {
    const Scores::Class& one = scores.classes()[c];
    table.Row({absl::StrCat(c), WithSeparators(one.examples), WithSeparators(one.predicted),
               Share(one.correct, one.examples), Share(one.correct, one.predicted)});
  }
  return table.Text();
}

std::string ConfusionText(const Scores& scores) {
  const size_t classes = scores.classes().size();
  TextTable table(std::vector<Align>(classes + 1, Align::kRight));
  std::vector<std::string> head = {"label"};
  for (size_t c = 0; c < classes; ++c) head.push_back(absl::StrCat(c));
  table.Row(head);
  for (size_t label = 0; label < classes; ++label) {
    std::vector<std::string> row = {absl::StrCat(label)};
    for (size_t c = 0; c < classes; ++c) row.push_back(absl::StrCat(scores.confusion(label, c)));
    table.Row(row);
  }
  return table.Text();
}

// The members of an object, without its braces.
std::string Members(const ordered_json& object) {
  const std::string text = object.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  return text.substr(1, text.size() - 2);
}

}  // namespace

PredictionTable::PredictionTable(size_t rows, bool labelled)
    : rows_(rows), table_(std::vector<Align>(4, Align::kRight)) {
  table_.Row({"index", "class", "probability", labelled ? "label" : ""});
}

void PredictionTable::Add(const Prediction& prediction) {
  if (shown_ == rows_) return;
  ++shown_;
  table_.Row({absl::StrCat(prediction.index), absl::StrCat(prediction.predicted_class),
              absl::StrFormat("%.4f", prediction.probability()),
              prediction.label ? absl::StrCat(*prediction.label) : ""});
}

std::string PredictionTable::Text(uint64_t examples) const {
  if (shown_ == 0) return "";
  std::string text = table_.Text();
  if (examples > shown_) {
    absl::StrAppend(&text, "... ", WithSeparators(examples - shown_),
                    " more: --rows shows more, --output writes all\n");
  }
  return text + "\n";
}

std::string SummaryText(const TrainedNetwork& network, const InputNormalisation& normalisation,
                        const PredictResult& result) {
  TextTable table({Align::kLeft, Align::kLeft});
  table.Row(
      {"Model", absl::StrCat(DescribeLayers(network.layers),
                             network.round ? absl::StrCat(", after round ", *network.round) : "")});
  if (!network.fingerprint.empty()) table.Row({"Fingerprint", network.fingerprint});
  table.Row({"Inputs", absl::StrCat("(x - ", normalisation.mean, ") / ", normalisation.stddev,
                                    network.normalisation || normalisation != DefaultNormalisation()
                                        ? ""
                                        : ", the default; the model's source does not say")});
  table.Row({"Examples", WithSeparators(result.examples)});
  if (!result.scores) return table.Text();
  const Scores& scores = *result.scores;
  table.Row({"Accuracy", absl::StrFormat("%.4f", scores.accuracy())});
  table.Row({"Loss", absl::StrFormat("%.4f", scores.loss())});
  std::string text = table.Text();
  const size_t classes = scores.classes().size();
  if (classes <= kMostClassLines) absl::StrAppend(&text, "\n", ClassesText(scores));
  if (scores.has_confusion() && classes <= kMostConfusionText) {
    absl::StrAppend(&text, "\nExamples of each label by predicted class\n", ConfusionText(scores));
  }
  return text;
}

std::string JsonHead(const TrainedNetwork& network, const InputNormalisation& normalisation) {
  ordered_json head = {{"model", DescribeLayers(network.layers)},
                       {"round", nullptr},
                       {"fingerprint", nullptr},
                       {"input_mean", normalisation.mean},
                       {"input_stddev", normalisation.stddev}};
  if (network.round) head["round"] = *network.round;
  if (!network.fingerprint.empty()) head["fingerprint"] = network.fingerprint;
  return Members(head);
}

std::string JsonEnd(const PredictResult& result) {
  ordered_json end = {{"examples", result.examples}, {"accuracy", nullptr}, {"loss", nullptr}};
  if (!result.scores) return Members(end);
  const Scores& scores = *result.scores;
  end["accuracy"] = scores.accuracy();
  end["loss"] = scores.loss();
  end["classes"] = ordered_json::array();
  for (const Scores::Class& one : scores.classes()) {
    end["classes"].push_back(
        {{"examples", one.examples}, {"predicted", one.predicted}, {"correct", one.correct}});
  }
  if (scores.has_confusion()) {
    end["confusion"] = ordered_json::array();
    for (size_t label = 0; label < scores.classes().size(); ++label) {
      ordered_json row = ordered_json::array();
      for (size_t c = 0; c < scores.classes().size(); ++c)
        row.push_back(scores.confusion(label, c));
      end["confusion"].push_back(std::move(row));
    }
  }
  return Members(end);
}

}  // namespace seedfed
