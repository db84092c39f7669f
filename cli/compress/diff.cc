#include "cli/compress/diff.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/compress/tensor_seeds.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

using nlohmann::ordered_json;

constexpr size_t kChunkValues = 1 << 14;

absl::Status CompareValues(TensorReader& a, size_t index_a, TensorReader& b, size_t index_b,
                           TensorDifference& difference) {
  SEEDFED_RETURN_IF_ERROR(a.Select(index_a));
  SEEDFED_RETURN_IF_ERROR(b.Select(index_b));
  const uint64_t elements = difference.a.elements();
  std::vector<double> x, y;
  double squares = 0, xx = 0, yy = 0, xy = 0;
  for (uint64_t done = 0; done < elements; done += x.size()) {
    x.resize(static_cast<size_t>(std::min<uint64_t>(kChunkValues, elements - done)));
    y.resize(x.size());
    SEEDFED_RETURN_IF_ERROR(ReadFinite(a, difference.a, done, x));
    SEEDFED_RETURN_IF_ERROR(ReadFinite(b, difference.b, done, y));
    for (size_t i = 0; i < x.size(); ++i) {
      const double delta = x[i] - y[i];
      difference.max_abs = std::max(difference.max_abs, std::abs(delta));
      squares += delta * delta;
      xx += x[i] * x[i];
      yy += y[i] * y[i];
      xy += x[i] * y[i];
    }
  }
  difference.rmse = std::sqrt(squares / static_cast<double>(elements));
  if (xx > 0 && yy > 0) {
    difference.cosine = std::clamp(xy / (std::sqrt(xx) * std::sqrt(yy)), -1.0, 1.0);
  }
  return absl::OkStatus();
}

std::string ShownName(absl::string_view name) {
  const std::string quoted = Quoted(name);
  return quoted.substr(1, quoted.size() - 2);
}

// What `a` and `b` are, once where they are alike.
std::string Both(absl::string_view a, absl::string_view b) {
  return a == b ? std::string(a) : absl::StrCat(a, " | ", b);
}

std::string ShapeOf(const TensorDifference& row) {
  return Both(ShapeText(row.a.shape), ShapeText(row.b.shape));
}

std::string TypeOf(const TensorDifference& row) {
  return Both(DTypeName(row.a.dtype), DTypeName(row.b.dtype));
}

}  // namespace

bool ModelDifference::same() const {
  return only_a.empty() && only_b.empty() &&
         std::all_of(tensors.begin(), tensors.end(),
                     [](const TensorDifference& tensor) { return tensor.same(); });
}

absl::StatusOr<ModelDifference> Diff(TensorReader& a, TensorReader& b) {
  ModelDifference result;
  std::map<std::string, size_t> in_b;
  for (size_t i = 0; i < b.tensors().size(); ++i) in_b[b.tensors()[i].name] = i;
  const bool one_each = a.tensors().size() == 1 && b.tensors().size() == 1;
  for (size_t i = 0; i < a.tensors().size(); ++i) {
    const TensorInfo& info = a.tensors()[i];
    const auto found = one_each ? in_b.begin() : in_b.find(info.name);
    if (found == in_b.end()) {
      result.only_a.push_back(info.name);
      continue;
    }
    TensorDifference row = {.a = info, .b = b.tensors()[found->second]};
    row.same_shape = row.a.shape == row.b.shape;
    if (row.same_shape) SEEDFED_RETURN_IF_ERROR(CompareValues(a, i, b, found->second, row));
    result.tensors.push_back(std::move(row));
    in_b.erase(found);
  }
  for (const TensorInfo& info : b.tensors()) {
    if (in_b.count(info.name) != 0) result.only_b.push_back(info.name);
  }
  return result;
}

std::string DiffText(const ModelDifference& difference, absl::string_view a, absl::string_view b) {
  size_t name_width = 6, shape_width = 5, type_width = 4;
  for (const TensorDifference& row : difference.tensors) {
    name_width = std::max(name_width, ShownName(row.a.name).size());
    shape_width = std::max(shape_width, ShapeOf(row).size());
    type_width = std::max(type_width, TypeOf(row).size());
  }
  const auto line = [&](absl::string_view name, absl::string_view shape, absl::string_view type,
                        absl::string_view largest, absl::string_view rmse,
                        absl::string_view cosine) {
    return absl::StrFormat("%-*s  %-*s  %-*s  %12s %12s %12s\n", static_cast<int>(name_width), name,
                           static_cast<int>(shape_width), shape, static_cast<int>(type_width), type,
                           largest, rmse, cosine);
  };
  std::string text;
  if (!difference.tensors.empty()) {
    text = line("tensor", "shape", "type", "max |a-b|", "RMSE", "cosine");
  }
  size_t differing = 0;
  for (const TensorDifference& row : difference.tensors) {
    differing += row.same() ? 0 : 1;
    if (row.same_shape) {
      text += line(ShownName(row.a.name), ShapeOf(row), TypeOf(row),
                   absl::StrFormat("%.4g", row.max_abs), absl::StrFormat("%.4g", row.rmse),
                   row.cosine.has_value() ? absl::StrFormat("%.9f", *row.cosine) : "-");
    } else {
      text += line(ShownName(row.a.name), ShapeOf(row), TypeOf(row), "-", "-", "-");
    }
  }
  for (const std::string& name : difference.only_a) {
    absl::StrAppend(&text, "only in ", a, ": ", ShownName(name), "\n");
  }
  for (const std::string& name : difference.only_b) {
    absl::StrAppend(&text, "only in ", b, ": ", ShownName(name), "\n");
  }
  if (difference.same()) {
    absl::StrAppend(&text, "All values are the same.\n");
  } else {
    absl::StrAppend(&text, differing, " of ", difference.tensors.size(),
                    " tensors in both files differ, ",
                    difference.only_a.size() + difference.only_b.size(), " are in one only.\n");
  }
  return text;
}

std::string DiffJson(const ModelDifference& difference, absl::string_view a, absl::string_view b) {
  ordered_json tensors = ordered_json::array();
  for (const TensorDifference& row : difference.tensors) {
    const ordered_json none = nullptr;
    tensors.push_back({{"name", row.a.name},
                       {"name_b", row.b.name},
                       {"shape_a", row.a.shape},
                       {"shape_b", row.b.shape},
                       {"dtype_a", std::string(DTypeName(row.a.dtype))},
                       {"dtype_b", std::string(DTypeName(row.b.dtype))},
                       {"same", row.same()},
                       {"max_abs", row.same_shape ? ordered_json(row.max_abs) : none},
                       {"rmse", row.same_shape ? ordered_json(row.rmse) : none},
                       {"cosine", row.cosine.has_value() ? ordered_json(*row.cosine) : none}});
  }
  const ordered_json document = {{"a", std::string(a)},
                                 {"b", std::string(b)},
                                 {"same", difference.same()},
                                 {"tensors", std::move(tensors)},
                                 {"only_in_a", difference.only_a},
                                 {"only_in_b", difference.only_b}};
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace seedfed
