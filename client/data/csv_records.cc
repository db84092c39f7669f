#include "client/data/csv_records.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

constexpr size_t kBufferBytes = size_t{256} << 10;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

}  // namespace

CsvRecords::CsvRecords(ByteSource& source) : source_(source), buffer_(kBufferBytes) {}

absl::StatusOr<bool> CsvRecords::Next() {
  do {
    SEEDFED_ASSIGN_OR_RETURN(const bool found, ReadRecord());
    if (!found) return false;
  } while (record_.empty());
  SEEDFED_RETURN_IF_ERROR(SplitRecord());
  return true;
}

absl::StatusOr<bool> CsvRecords::ReadRecord() {
  record_.clear();
  line_ = next_line_;
  bool inside_quotes = false;
  for (bool complete = false; !complete;) {
    if (pending_.empty()) {
      SEEDFED_ASSIGN_OR_RETURN(const size_t got, source_.Read(buffer_));
      pending_ = std::span<const uint8_t>(buffer_).first(got);
      if (got == 0 && record_.empty()) return false;
      if (got == 0) break;
    }
    const char* start = reinterpret_cast<const char*>(pending_.data());
    const void* newline = std::memchr(start, '\n', pending_.size());
    const size_t size = newline != nullptr
                            ? static_cast<size_t>(static_cast<const char*>(newline) - start) + 1
                            : pending_.size();
    if (size > kMaxCsvRecordBytes - record_.size()) {
      return absl::InvalidArgumentError(absl::StrCat(
          source_.name(), " line ", line_, " is longer than ", kMaxCsvRecordBytes, " bytes",
          inside_quotes ? ": is the closing quote of a field missing?" : ""));
    }
    record_.append(start, size);
    pending_ = pending_.subspan(size);
    // In well-formed records a line end is inside quotes exactly after an odd number of them.
    inside_quotes ^=
        std::count(record_.end() - static_cast<ptrdiff_t>(size), record_.end(), '"') % 2 != 0;
    if (newline != nullptr) {
      ++next_line_;
      complete = !inside_quotes;
    }
  }
  if (record_.ends_with('\n')) record_.resize(record_.size() - (record_.ends_with("\r\n") ? 2 : 1));
  if (line_ == 1 && record_.starts_with(kByteOrderMark)) record_.erase(0, kByteOrderMark.size());
  return true;
}

absl::Status CsvRecords::SplitRecord() {
  fields_.clear();
  char* const begin = record_.data();
  char* const end = begin + record_.size();
  char* next = begin;
  while (true) {
    if (next == end || *next != '"') {
      void* comma = std::memchr(next, ',', static_cast<size_t>(end - next));
      char* const field_end = comma != nullptr ? static_cast<char*>(comma) : end;
      const std::string_view field(next, static_cast<size_t>(field_end - next));
      if (field.find('"') != field.npos) {
        return ErrorAtField("a quote inside a field that does not start with one");
      }
      fields_.push_back(field);
      next = field_end;
    } else {
      char* const field_begin = ++next;
      char* write = field_begin;  // doubled quotes are made single in place
      for (;; ++next) {
        if (next == end) return ErrorAtField("the closing quote is missing");
        if (*next == '"' && (++next == end || *next != '"')) break;
        *write++ = *next;
      }
      if (next != end && *next != ',') return ErrorAtField("text after the closing quote");
      fields_.emplace_back(field_begin, static_cast<size_t>(write - field_begin));
    }
    if (next == end) return absl::OkStatus();
    ++next;
  }
}

absl::Status CsvRecords::ErrorAtField(const char* problem) const {
  return absl::InvalidArgumentError(
      absl::StrCat(source_.name(), " line ", line_, " column ", fields_.size() + 1, ": ", problem));
}

}  // namespace seedfed
