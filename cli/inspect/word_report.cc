#include "cli/inspect/word_report.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/layout/text_table.h"

namespace seedfed {
namespace {

using nlohmann::ordered_json;
using Align = TextTable::Align;

constexpr double kOne = 0x1p30;  // 1 in Q1.30

std::string Number(double value) { return absl::StrFormat("%.9g", value); }

std::string Coordinate(int32_t value) { return absl::StrFormat("%.9f", value / kOne); }

// The readings of a float theta; not a number where it is not finite.
ThetaReadings ReadFloatTheta(float theta) {
  const double turns = theta - std::floor(static_cast<double>(theta));
  return {turns == 1 ? 0 : turns, theta};
}

TextTable FieldTable() {
  TextTable table({Align::kLeft, Align::kLeft, Align::kLeft, Align::kRight, Align::kLeft});
  table.Row({"  field", "bits", "raw", "value", "range"});
  return table;
}

void AddPacked64(const Packed64View& view, TextTable& table) {
  table.Row(
      {"  r", "hi 63:44", absl::StrFormat("0x%05x", view.fields.r), Number(view.r), "[0, 1)"});
  table.Row({"  theta, turns", "hi 43:20", absl::StrFormat("0x%06x", view.fields.theta),
             Number(view.theta.turns), "[0, 1)"});
  table.Row({"  theta, signed", "", "", Number(view.theta.signed_number), "[-0.5, 0.5)"});
  table.Row({"  code", "hi 19:0", absl::StrFormat("0x%05x", view.fields.code),
             absl::StrCat(view.fields.code), "0 to 1048575"});
}

void AddPoint(const Seed& point, TextTable& table) {
  table.Row({"  u", "", absl::StrCat(point.u), Coordinate(point.u), "[-1, 1]"});
  table.Row({"  v", "", absl::StrCat(point.v), Coordinate(point.v), "[-1, 1]"});
}

std::string Packed64Text(const Packed64View& view) {
  TextTable table = FieldTable();
  AddPacked64(view, table);
  AddPoint(view.point, table);
  return absl::StrCat(
      "\nPacked64, the integer half of a single word: valid, as every 8 bytes are\n", table.Text());
}

std::string SingleText(const SingleView& view) {
  TextTable table = FieldTable();
  AddPacked64(view.hi, table);
  const ThetaReadings theta = ReadFloatTheta(view.theta);
  table.Row(
      {"  r, float", "lo 63:32", absl::StrFormat("0x%08x", view.r_bits), Number(view.r), "[0, 1)"});
  table.Row({"  theta, turns", "lo 31:0", absl::StrFormat("0x%08x", view.theta_bits),
             Number(theta.turns), "[0, 1)"});
  table.Row({"  theta, signed", "", "", Number(theta.signed_number), "[-0.5, 0.5)"});
  if (view.valid.ok()) AddPoint(view.point, table);
  return absl::StrCat("\nSingle word, one seed: ",
                      view.valid.ok() ? "valid" : absl::StrCat("not valid: ", view.valid.message()),
                      "\n", table.Text());
}

std::string EnsembleText(const EnsembleView& view) {
  TextTable table(std::vector<Align>(9, Align::kRight));
  table.Row({"  seed", "byte", "r", "", "theta", "turns", "signed", "u", "v"});
  for (size_t i = 0; i < kSubSeeds; ++i) {
    const SubSeedView& seed = view.seeds[i];
    table.Row({absl::StrCat(i), absl::StrFormat("0x%02x", seed.byte),
               absl::StrCat(seed.r_sevenths, "/7"), absl::StrFormat("%.6g", seed.r),
               absl::StrCat(seed.theta_32nds, "/32"), Number(seed.theta.turns),
               Number(seed.theta.signed_number), absl::StrFormat("%.6g", seed.point.u / kOne),
               absl::StrFormat("%.6g", seed.point.v / kOne)});
  }
  return absl::StrCat("\nEnsemble word, fifteen seeds: valid, as every 16 bytes are\n",
                      "  scale exponent ", view.exponent, ": the disk's radius is 2^(-",
                      view.exponent, "/8) = ", absl::StrFormat("%.6g", view.radius), "\n",
                      table.Text());
}

ordered_json FiniteJson(double value) {
  return std::isfinite(value) ? ordered_json(value) : ordered_json();
}

void AddPointJson(const Seed& point, ordered_json& out) {
  out["u"] = point.u / kOne;
  out["v"] = point.v / kOne;
  out["u_q30"] = point.u;
  out["v_q30"] = point.v;
}

ordered_json ThetaJson(const std::string& raw, const ThetaReadings& theta) {
  return {{"raw", raw},
          {"turns", FiniteJson(theta.turns)},
          {"signed", FiniteJson(theta.signed_number)}};
}

ordered_json Packed64Json(const Packed64View& view) {
  ordered_json out = {
      {"r", {{"raw", absl::StrFormat("0x%05x", view.fields.r)}, {"value", view.r}}},
      {"theta", ThetaJson(absl::StrFormat("0x%06x", view.fields.theta), view.theta)},
      {"code", view.fields.code}};
  AddPointJson(view.point, out);
  return out;
}

ordered_json SingleJson(const SingleView& view) {
  ordered_json out = {
      {"valid", view.valid.ok()},
      {"reason",
       view.valid.ok() ? ordered_json() : ordered_json(std::string(view.valid.message()))},
      {"hi", Packed64Json(view.hi)},
      {"lo",
       {{"r", {{"raw", absl::StrFormat("0x%08x", view.r_bits)}, {"value", FiniteJson(view.r)}}},
        {"theta",
         ThetaJson(absl::StrFormat("0x%08x", view.theta_bits), ReadFloatTheta(view.theta))}}}};
  if (view.valid.ok()) {
    AddPointJson(view.point, out);
  } else {
    for (const char* name : {"u", "v", "u_q30", "v_q30"}) out[name] = nullptr;
  }
  return out;
}

ordered_json EnsembleJson(const EnsembleView& view) {
  ordered_json seeds = ordered_json::array();
  for (const SubSeedView& seed : view.seeds) {
    ordered_json one = {{"byte", absl::StrFormat("0x%02x", seed.byte)},
                        {"r_sevenths", seed.r_sevenths},
                        {"r", seed.r},
                        {"theta_32nds", seed.theta_32nds},
                        {"turns", seed.theta.turns},
                        {"signed", seed.theta.signed_number}};
    AddPointJson(seed.point, one);
    seeds.push_back(std::move(one));
  }
  return {{"valid", true},
          {"exponent", view.exponent},
          {"radius", view.radius},
          {"seeds", std::move(seeds)}};
}

}  // namespace

std::string WordText(const TextWord& word, std::optional<Codec> codec) {
  std::string text =
      absl::StrCat("Word ", word.digits, "\n", absl::StrFormat("hi 0x%016x", word.word.hi));
  if (word.packed64) {
    absl::StrAppend(&text, "\n", Packed64Text(ViewPacked64(word.word.hi)));
    return text;
  }
  absl::StrAppend(&text, absl::StrFormat(", lo 0x%016x\n", word.word.lo));
  if (codec != Codec::kEnsemble) absl::StrAppend(&text, SingleText(ViewSingle(word.word)));
  if (codec != Codec::kSingle) absl::StrAppend(&text, EnsembleText(ViewEnsemble(word.word)));
  return text;
}

ordered_json WordJson(const TextWord& word, std::optional<Codec> codec) {
  ordered_json out = {{"word", word.digits}, {"hi", absl::StrFormat("0x%016x", word.word.hi)}};
  if (word.packed64) {
    out["lo"] = nullptr;
    out["packed64"] = Packed64Json(ViewPacked64(word.word.hi));
    return out;
  }
  out["lo"] = absl::StrFormat("0x%016x", word.word.lo);
  if (codec != Codec::kEnsemble) out["single"] = SingleJson(ViewSingle(word.word));
  if (codec != Codec::kSingle) out["ensemble"] = EnsembleJson(ViewEnsemble(word.word));
  return out;
}

bool WordIsValid(const TextWord& word, std::optional<Codec> codec) {
  return word.packed64 || codec != Codec::kSingle || ViewSingle(word.word).valid.ok();
}

}  // namespace seedfed
