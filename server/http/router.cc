#include "server/http/router.h"

#include <array>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/status.h"
#include "common/wire/json.h"
#include "server/http/access_check.h"
#include "server/http/event_frames.h"
#include "server/http/gzip.h"
#include "server/http/query.h"

namespace seedfed {
namespace {

constexpr uint64_t kMostRows = 10'000;
constexpr uint64_t kDefaultEvents = 1'000;
constexpr uint64_t kMostRounds = std::numeric_limits<uint32_t>::max();
constexpr size_t kQuoted = 100;  // characters of an unknown path that the sentence repeats
// Smaller bodies fit a packet anyway; bigger ones would hold the executor up.
constexpr size_t kLeastCompressed = 1 << 10;
constexpr size_t kMostCompressed = 1 << 20;

constexpr char kJson[] = "application/json";
// What Prometheus asks for.
constexpr char kExposition[] = "text/plain; version=0.0.4; charset=utf-8";
constexpr char kPagePolicy[] =
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

HttpResponse Plain(unsigned status, std::string text) {
  return {.status = status, .content_type = "text/plain; charset=utf-8", .body = std::move(text)};
}

// Whether an If-None-Match header field names `etag`.
bool Names(absl::string_view if_none_match, absl::string_view etag) {
  for (absl::string_view candidate : absl::StrSplit(if_none_match, ',')) {
    candidate = absl::StripAsciiWhitespace(candidate);
    absl::ConsumePrefix(&candidate, "W/");
    if (candidate == etag || candidate == "*") return true;
  }
  return false;
}

void Compress(const HttpRequest& request, HttpResponse& response) {
  const size_t size = response.body.size();
  if (size < kLeastCompressed || size > kMostCompressed) return;
  response.fields.emplace_back("Vary", "Accept-Encoding");
  if (!AcceptsGzip(request.accept_encoding)) return;
  response.body = Gzip(response.body);
  response.fields.emplace_back("Content-Encoding", "gzip");
}

}  // namespace

Router::Router(Source& source, std::optional<AdminCredential> credential)
    : source_(source), credential_(std::move(credential)) {}

HttpResponse Router::Answer(const HttpRequest& request) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(request.target, absl::MaxSplits('?', 1));
  HttpResponse response = Route(request, parts.first, parts.second);
  const auto has = [&response](absl::string_view name) {
    for (const auto& field : response.fields) {
      if (field.first == name) return true;
    }
    return false;
  };
  if (!has("Cache-Control")) response.fields.emplace_back("Cache-Control", "no-store");
  response.fields.emplace_back("X-Content-Type-Options", "nosniff");
  return response;
}

HttpResponse Router::Route(const HttpRequest& request, absl::string_view path,
                           absl::string_view query) {
  const bool is_get = request.method == "GET" || request.method == "HEAD";
  const bool is_probe = path == "/healthz" || path == "/readyz";
  if (!is_probe) {
    if (std::optional<HttpResponse> refusal = RefuseAccess(credential_, request)) return *refusal;
  }
  if (!is_get) {
    HttpResponse refusal =
        HttpError(405, absl::StrCat("the method is ", request.method.substr(0, kQuoted),
                                    "; expected GET or HEAD"));
    refusal.fields.emplace_back("Allow", "GET, HEAD");
    return refusal;
  }
  if (path == "/healthz") return Plain(200, "ok\n");
  if (path == "/readyz") return ready_ ? Plain(200, "ready\n") : Plain(503, "stopping\n");
  if (path == "/metrics") {
    return {.content_type = kExposition, .body = source_.GetMetrics()};
  }
  if (path == "/events") return {.content_type = "text/event-stream", .event_stream = true};
  if (const std::optional<Asset> asset = FindAsset({path.data(), path.size()})) {
    return Page(request, *asset);
  }
  absl::StatusOr<std::string> json = Json(path, query);
  if (!json.ok()) {
    return HttpError(absl::IsNotFound(json.status()) ? 404 : 400,
                     std::string(json.status().message()));
  }
  HttpResponse response = {.content_type = kJson, .body = *std::move(json)};
  Compress(request, response);
  return response;
}

HttpResponse Router::Page(const HttpRequest& request, const Asset& asset) {
  const std::string etag(asset.etag);
  HttpResponse response = {.content_type = std::string(asset.content_type)};
  response.fields = {{"ETag", "W/" + etag},
                     // Kept by the browser, but asked for again each time.
                     {"Cache-Control", "no-cache"},
                     {"Vary", "Accept-Encoding"},
                     {"Content-Security-Policy", kPagePolicy},
                     {"Referrer-Policy", "no-referrer"}};
  if (!request.if_none_match.empty() && Names(request.if_none_match, etag)) {
    response.status = 304;
    return response;
  }
  if (AcceptsGzip(request.accept_encoding)) {
    std::string& compressed = compressed_assets_[etag];
    if (compressed.empty()) compressed = Gzip(asset.bytes);
    response.body = compressed;
    response.fields.emplace_back("Content-Encoding", "gzip");
  } else {
    response.body = std::string(asset.bytes);
  }
  return response;
}

absl::StatusOr<std::string> Router::Json(absl::string_view path, absl::string_view query) {
  if (path == "/api/v1/status") {
    SEEDFED_RETURN_IF_ERROR(Query::Parse(query, {}).status());
    return ToJson(source_.GetStatus());
  }
  if (path == "/api/v1/clients") return Clients(query);
  if (path == "/api/v1/rounds") return Rounds(query);
  if (path == "/api/v1/events") return Events(query);
  return absl::NotFoundError(absl::StrCat("there is nothing at ", path.substr(0, kQuoted)));
}

absl::StatusOr<std::string> Router::Clients(absl::string_view query) {
  constexpr std::array<absl::string_view, 3> kKnown = {"offset", "limit", "sort"};
  constexpr std::array<absl::string_view, 3> kSorts = {"id", "seen", "late"};
  SEEDFED_ASSIGN_OR_RETURN(const Query given, Query::Parse(query, kKnown));
  SEEDFED_ASSIGN_OR_RETURN(const uint64_t offset,
                           given.Number("offset", std::numeric_limits<uint32_t>::max(), 0));
  SEEDFED_ASSIGN_OR_RETURN(const uint64_t limit, given.Number("limit", kMostRows, 0));
  v1::ListClientsRequest request;
  SEEDFED_ASSIGN_OR_RETURN(*request.mutable_sort(), given.Choice("sort", kSorts));
  request.set_offset(static_cast<uint32_t>(offset));
  request.set_limit(static_cast<uint32_t>(limit));
  return ToJson(source_.GetClients(request));
}

absl::StatusOr<std::string> Router::Rounds(absl::string_view query) {
  constexpr std::array<absl::string_view, 3> kKnown = {"first", "last", "points"};
  SEEDFED_ASSIGN_OR_RETURN(const Query given, Query::Parse(query, kKnown));
  SEEDFED_ASSIGN_OR_RETURN(const uint64_t first, given.Number("first", kMostRounds, 0));
  SEEDFED_ASSIGN_OR_RETURN(const uint64_t last, given.Number("last", kMostRounds, 0));
  SEEDFED_ASSIGN_OR_RETURN(const uint64_t points, given.Number("points", kMostRows, 0));
  if (last != 0 && first > last) {
    return absl::InvalidArgumentError(
        absl::StrCat("first is ", first, "; expected at most last, which is ", last));
  }
  return ToJson(source_.GetRounds(static_cast<uint32_t>(first), static_cast<uint32_t>(last),
                                  static_cast<uint32_t>(points)));
}

absl::StatusOr<std::string> Router::Events(absl::string_view query) {
  constexpr std::array<absl::string_view, 4> kKnown = {"after", "limit", "newest", "debug"};
  SEEDFED_ASSIGN_OR_RETURN(const Query given, Query::Parse(query, kKnown));
  SEEDFED_ASSIGN_OR_RETURN(const uint64_t after,
                           given.Number("after", std::numeric_limits<uint64_t>::max(), 0));
  SEEDFED_ASSIGN_OR_RETURN(const uint64_t limit, given.Number("limit", kMostRows, 0));
  SEEDFED_ASSIGN_OR_RETURN(const uint64_t newest, given.Number("newest", kMostRows, 0));
  SEEDFED_ASSIGN_OR_RETURN(const uint64_t debug, given.Number("debug", 1, 0));
  if (newest != 0) {
    if (limit != 0) {
      return absl::InvalidArgumentError(
          "limit and newest are both given; limit counts from the oldest, newest from the newest");
    }
    std::vector<v1::Event> events =
        source_.GetEvents(after, std::numeric_limits<size_t>::max(), debug == 1);
    if (events.size() > newest) events.erase(events.begin(), events.end() - newest);
    return EventsJson(events);
  }
  return EventsJson(source_.GetEvents(after, limit == 0 ? kDefaultEvents : limit, debug == 1));
}

}  // namespace seedfed
