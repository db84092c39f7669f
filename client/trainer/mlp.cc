#include "client/trainer/mlp.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cmath>
#include <latch>
#include <numeric>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

absl::Status NotFinite(double loss, size_t examples) {
  return absl::InternalError(absl::StrCat("the loss over ", examples, " examples is ", loss,
                                          "; expected a finite number"));
}

// Part `index` of `count` equal ones; the first are longer by one where they cannot be equal.
std::span<const uint32_t> Part(std::span<const uint32_t> batch, size_t index, size_t count) {
  const size_t size = batch.size() / count, longer = batch.size() % count;
  return batch.subspan(index * size + std::min(index, longer), size + (index < longer ? 1 : 0));
}

}  // namespace

absl::StatusOr<std::unique_ptr<MlpTrainer>> MlpTrainer::Create(std::span<const LayerSpec> layers,
                                                               Dataset data, size_t threads) {
  SEEDFED_ASSIGN_OR_RETURN(const Perceptron network, Perceptron::Create(layers));
  SEEDFED_RETURN_IF_ERROR(data.CheckAgainstModel(network.inputs(), network.classes()));
  if (data.examples() == 0) return absl::InvalidArgumentError("the data set holds no examples");
  return absl::WrapUnique(new MlpTrainer(network, layers, std::move(data), threads));
}

MlpTrainer::MlpTrainer(const Perceptron& network, std::span<const LayerSpec> layers, Dataset data,
                       size_t threads)
    : data_(std::move(data)), pool_(threads - 1) {
  for (size_t i = 0; i < threads; ++i) {
    std::vector<Matrix> gradients;
    for (const LayerSpec& layer : layers) {
      if (i > 0) gradients.emplace_back(layer.rows, layer.cols);
    }
    workers_.push_back({MlpPass(network, layers), std::move(gradients), {}});
  }
}

void MlpTrainer::OnEach(size_t count, const std::function<void(size_t worker)>& work) {
  std::latch others(static_cast<std::ptrdiff_t>(count) - 1);
  for (size_t worker = 1; worker < count; ++worker) {
    boost::asio::post(pool_, [&work, &others, worker] {
      work(worker);
      others.count_down();
    });
  }
  work(0);
  others.wait();
}

absl::StatusOr<double> MlpTrainer::Gradients(std::span<const Matrix> weights,
                                             std::span<const uint32_t> batch,
                                             std::span<Matrix> gradients) {
  const size_t parts = std::min(workers_.size(), batch.size());
  const float share = 1.0f / static_cast<float>(batch.size());
  const auto work = [&](size_t index) {
    Worker& worker = workers_[index];
    const std::span<const uint32_t> part = Part(batch, index, parts);
    worker.loss = worker.pass.Forward(data_, weights, part, share);
    if (!std::isfinite(worker.loss.sum)) return;
    worker.pass.Backward(weights, part.size(),
                         index == 0 ? gradients : std::span<Matrix>(worker.gradients));
  };
  OnEach(parts, std::cref(work));
  double sum = 0;
  for (size_t index = 0; index < parts; ++index) sum += workers_[index].loss.sum;
  const double loss = sum / static_cast<double>(batch.size());
  if (!std::isfinite(loss)) return NotFinite(loss, batch.size());
  for (size_t index = 1; index < parts; ++index) {
    for (size_t l = 0; l < gradients.size(); ++l) gradients[l] += workers_[index].gradients[l];
  }
  return loss;
}

absl::StatusOr<Evaluation> MlpTrainer::Evaluate(std::span<const Matrix> weights) {
  std::vector<uint32_t> all(data_.examples());
  std::iota(all.begin(), all.end(), 0U);
  // The same batches, added up in the same order, however many threads there are.
  std::vector<MlpPass::Loss> losses((all.size() + Perceptron::kBatch - 1) / Perceptron::kBatch);
  const size_t parts = std::min(workers_.size(), losses.size());
  OnEach(parts, [&](size_t index) {
    for (size_t i = index; i < losses.size(); i += parts) {
      const size_t first = i * Perceptron::kBatch;
      const size_t count = std::min(Perceptron::kBatch, all.size() - first);
      losses[i] = workers_[index].pass.Forward(data_, weights, std::span(all).subspan(first, count),
                                               1.0f / static_cast<float>(count));
    }
  });
  MlpPass::Loss total;
  for (const MlpPass::Loss& loss : losses) {
    total.sum += loss.sum;
    total.correct += loss.correct;
  }
  const auto examples = static_cast<double>(all.size());
  if (!std::isfinite(total.sum)) return NotFinite(total.sum / examples, all.size());
  return Evaluation{static_cast<double>(total.correct) / examples, total.sum / examples,
                    all.size()};
}

}  // namespace seedfed
