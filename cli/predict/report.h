#ifndef SEEDFED_CLI_PREDICT_REPORT_H_
#define SEEDFED_CLI_PREDICT_REPORT_H_

#include <cstddef>
#include <string>

#include "cli/layout/text_table.h"
#include "cli/predict/predict.h"
#include "cli/predict/trained_network.h"

namespace seedfed {

// The first predictions as a table for people.
class PredictionTable {
 public:
  // Shows at most `rows`.
  PredictionTable(size_t rows, bool labelled);

  void Add(const Prediction& prediction);

  // With a line about those that are not shown; empty when none is.
  std::string Text(uint64_t examples) const;

 private:
  const size_t rows_;
  size_t shown_ = 0;
  TextTable table_;
};

// What was predicted: the model, and with labels the accuracy and each class.
std::string SummaryText(const TrainedNetwork& network, const InputNormalisation& normalisation,
                        const PredictResult& result);

// The first and the last members of the JSON object, without braces.
std::string JsonHead(const TrainedNetwork& network, const InputNormalisation& normalisation);
std::string JsonEnd(const PredictResult& result);

}  // namespace seedfed

#endif  // SEEDFED_CLI_PREDICT_REPORT_H_
