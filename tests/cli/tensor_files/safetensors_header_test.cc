#include <gtest/gtest.h>

#include "cli/tensor_files/safetensors.h"

namespace seedfed {
namespace {

std::string Refusal(absl::string_view json, uint64_t data_bytes = 24) {
  return std::string(ParseSafetensorsHeader(json, data_bytes).status().message());
}

std::string One(const std::string& fields) { return "{\"w\":{" + fields + "}}"; }

TEST(ParseSafetensorsHeader, TensorsInAnyOrder_SortedByTheirBytes) {
  const auto header = ParseSafetensorsHeader(
      R"({"b":{"dtype":"F16","shape":[1],"data_offsets":[24,26]},
          "__metadata__":{"format":"pt"},
          "w":{"data_offsets":[0,24],"shape":[3,2],"dtype":"F32"}}  )",
      26);
  ASSERT_TRUE(header.ok()) << header.status();
  ASSERT_EQ(header->tensors.size(), 2u);
  EXPECT_EQ(header->tensors[0].info, (TensorInfo{"w", DType::kF32, {3, 2}}));
  EXPECT_EQ(header->tensors[1].info, (TensorInfo{"b", DType::kF16, {1}}));
  EXPECT_EQ(header->tensors[1].begin, 24u);
  EXPECT_EQ(header->metadata, (Metadata{{"format", "pt"}}));
}

TEST(ParseSafetensorsHeader, AllFloats_Read) {
  for (const auto& [name, bytes] :
       {std::pair("F16", 2), std::pair("BF16", 2), std::pair("F32", 4), std::pair("F64", 8)}) {
    const auto header = ParseSafetensorsHeader(
        One("\"dtype\":\"" + std::string(name) + "\",\"shape\":[],\"data_offsets\":[0," +
            std::to_string(bytes) + "]"),
        static_cast<uint64_t>(bytes));
    ASSERT_TRUE(header.ok()) << header.status();
    EXPECT_EQ(DTypeName(header->tensors[0].info.dtype), name);
  }
}

TEST(ParseSafetensorsHeader, NotJson_SaysWhereItEnds) {
  EXPECT_EQ(Refusal("{\"w\": nonsense"), "the header is not JSON (from its byte 8 on)");
  EXPECT_EQ(Refusal(""), "the header is not JSON (from its byte 1 on)");
  EXPECT_EQ(Refusal("{}x"), "the header is not JSON (from its byte 3 on)");
  EXPECT_EQ(Refusal("{\"\xff\": {}}"), "the header is not JSON (from its byte 3 on)");
}

TEST(ParseSafetensorsHeader, JsonOfAnotherForm_NamesWhatIsWrong) {
  EXPECT_EQ(Refusal("[]"), "the header has a list first, where none belongs");
  EXPECT_EQ(Refusal("7"), "the header has a number first, where none belongs");
  EXPECT_EQ(Refusal("{\"w\":null}"), "the header has null at 'w', where none belongs");
  EXPECT_EQ(Refusal("{\"w\":[[[[[["), "the header has a list at 'w', where none belongs");
  EXPECT_EQ(Refusal("{\"__metadata__\":{\"a\":1}}"),
            "the header has a number at 'a', where none belongs");
  EXPECT_EQ(Refusal(One("\"shape\":[[1]]")), "the header has a list at 'w', where none belongs");
  EXPECT_EQ(Refusal(One("\"shape\":[-1]")),
            "the header has a negative number at 'w', where none belongs");
  EXPECT_EQ(Refusal(One("\"shape\":[1.5]")),
            "the header has a fraction at 'w', where none belongs");
  EXPECT_EQ(Refusal(One("\"shape\":\"F32\"")),
            "the header has a string at 'w', where none belongs");
  EXPECT_EQ(Refusal(One("\"dtype\":{}")), "the header has an object at 'w', where none belongs");
  EXPECT_EQ(Refusal(One("\"extra\":1")), "tensor 'w' has the unknown field 'extra'");
  EXPECT_EQ(Refusal(One("\"dtype\":\"F32\",\"dtype\":\"F32\"")), "the header has 'dtype' twice");
  EXPECT_EQ(Refusal("{\"w\":{\"dtype\":\"F32\",\"shape\":[6],\"data_offsets\":[0,24]},\"w\":{}}"),
            "the header has 'w' twice");
  EXPECT_EQ(Refusal(One("\"dtype\":\"F32\",\"shape\":[6]")), "tensor 'w' has no 'data_offsets'");
}

TEST(ParseSafetensorsHeader, VeryLongList_RefusedBeforeItsEnd) {
  std::string numbers = "1";
  for (int i = 0; i < 1000; ++i) numbers += ",1";
  EXPECT_EQ(Refusal(One("\"shape\":[" + numbers)),
            "the 'shape' of tensor 'w' has more than 64 numbers");
}

TEST(ParseSafetensorsHeader, OtherDTypes_NamesThem) {
  EXPECT_EQ(Refusal(One("\"dtype\":\"I64\",\"shape\":[3],\"data_offsets\":[0,24]")),
            "tensor 'w' has the dtype 'I64'; expected F16, BF16, F32 or F64");
}

TEST(ParseSafetensorsHeader, NoValues_NamesTheShape) {
  EXPECT_EQ(Refusal(One("\"dtype\":\"F32\",\"shape\":[0,4],\"data_offsets\":[0,0]"), 0),
            "tensor 'w' has the shape 0x4, which holds no values");
}

std::string Two(const std::string& offsets_v, const std::string& offsets_w) {
  return R"({"v":{"dtype":"F32","shape":[3],"data_offsets":)" + offsets_v +
         R"(},"w":{"dtype":"F32","shape":[3],"data_offsets":)" + offsets_w + "}}";
}

TEST(ParseSafetensorsHeader, PlacesOutOfRangeOverlappingOrWithHoles_SaysWhich) {
  EXPECT_TRUE(ParseSafetensorsHeader(Two("[0,12]", "[12,24]"), 24).ok());
  EXPECT_EQ(
      Refusal(Two("[0,12]", "[12,24]"), 23),
      "tensor 'w' ends at byte 24 of the values, but the file holds only 23: it is truncated, "
      "or the offset is wrong");
  EXPECT_EQ(Refusal(Two("[0,12]", "[8,20]")),
            "tensor 'w' starts at byte 8 of the values; expected 12: it overlaps the one before");
  EXPECT_EQ(Refusal(Two("[0,12]", "[0,12]")),
            "tensor 'w' starts at byte 0 of the values; expected 12: it overlaps the one before");
  EXPECT_EQ(Refusal(Two("[0,12]", "[16,28]"), 28),
            "tensor 'w' starts at byte 16 of the values; expected 12: there is a hole before it");
  EXPECT_EQ(Refusal(Two("[0,12]", "[12,24]"), 28),
            "the last tensor ends at byte 24 of the values, but the file holds 28: it is too long, "
            "or a tensor is missing");
  EXPECT_EQ(Refusal(Two("[0,12]", "[12,23]")),
            "tensor 'w' has 11 bytes; expected 12 for 3 values of F32");
  EXPECT_EQ(Refusal(Two("[0,12]", "[24,12]")),
            "the data_offsets of tensor 'w' are not a start and an end");
  EXPECT_EQ(Refusal(Two("[0,12]", "[12]")),
            "the data_offsets of tensor 'w' are not a start and an end");
}

TEST(SafetensorsHeaderBytes, AnyTensors_ParseBack) {
  const std::vector<TensorInfo> tensors = {{"a\"\\\n", DType::kF64, {}},
                                           {"h\xc3\xa4", DType::kBF16, {2, 3, 4}}};
  const Metadata metadata = {{"k\n", "v\""}};
  const std::string bytes = SafetensorsHeaderBytes(tensors, metadata);
  EXPECT_EQ(bytes.size() % 8, 0u);
  EXPECT_EQ(bytes.size(), static_cast<uint8_t>(bytes[0]) + 8u);
  const auto header = ParseSafetensorsHeader(absl::string_view(bytes).substr(8), 56);
  ASSERT_TRUE(header.ok()) << header.status();
  EXPECT_EQ(header->tensors[0].info, tensors[0]);
  EXPECT_EQ(header->tensors[1].info, tensors[1]);
  EXPECT_EQ(header->tensors[1].begin, 8u);
  EXPECT_EQ(header->metadata, metadata);
}

}  // namespace
}  // namespace seedfed
