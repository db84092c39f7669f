#include "server/http/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/server/http/example_credential.h"
#include "tests/server/http/fake_source.h"

namespace seedfed {
namespace {

using nlohmann::json;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using ::testing::StartsWith;

class RouterTest : public ::testing::Test {
 protected:
  HttpResponse Get(const std::string& target) {
    return router_.Answer({.target = target, .host = "localhost"});
  }
  json GetJson(const std::string& target) {
    const HttpResponse response = Get(target);
    EXPECT_EQ(response.status, 200u) << response.body;
    EXPECT_EQ(response.content_type, "application/json");
    return json::parse(response.body);
  }
  std::string Refusal(const std::string& target, unsigned status) {
    const HttpResponse response = Get(target);
    EXPECT_EQ(response.status, status) << target;
    EXPECT_EQ(response.content_type, "application/json");
    return json::parse(response.body).at("error");
  }

  FakeSource source_;
  Router router_{source_, std::nullopt};
};

TEST_F(RouterTest, Status_IsTheMessage) {
  source_.CompleteRounds(3);
  EXPECT_EQ(GetJson("/api/v1/status").at("round"), 3);
  EXPECT_EQ(Refusal("/api/v1/status?x=1", 400),
            "the query has an unknown parameter 'x'; expected none");
}

TEST_F(RouterTest, Clients_PassesItsParametersOn) {
  source_.clients_ = 2;
  EXPECT_EQ(GetJson("/api/v1/clients").at("clients").size(), 2u);
  EXPECT_EQ(source_.last_request_.sort(), "id");
  EXPECT_EQ(source_.last_request_.limit(), 0u);
  GetJson("/api/v1/clients?offset=5&limit=10000&sort=late");
  EXPECT_EQ(source_.last_request_.sort(), "late");
  EXPECT_EQ(source_.last_request_.offset(), 5u);
  EXPECT_EQ(source_.last_request_.limit(), 10'000u);
  EXPECT_EQ(Refusal("/api/v1/clients?limit=10001", 400),
            "limit is '10001'; expected a whole number from 0 to 10000");
  EXPECT_EQ(Refusal("/api/v1/clients?sort=name", 400),
            "sort is 'name'; expected id or seen or late");
  EXPECT_EQ(Refusal("/api/v1/clients?offset=4294967296", 400),
            "offset is '4294967296'; expected a whole number from 0 to 4294967295");
}

TEST_F(RouterTest, Rounds_RangeAndPoints) {
  source_.CompleteRounds(30);
  EXPECT_EQ(GetJson("/api/v1/rounds").at("round").size(), 30u);
  const json some = GetJson("/api/v1/rounds?first=11&last=20&points=5");
  EXPECT_EQ(some.at("stride"), 2);
  EXPECT_EQ(some.at("round"), json({12, 14, 16, 18, 20}));
  EXPECT_EQ(Refusal("/api/v1/rounds?first=9&last=3", 400),
            "first is 9; expected at most last, which is 3");
  EXPECT_EQ(Refusal("/api/v1/rounds?points=many", 400),
            "points is 'many'; expected a whole number from 0 to 10000");
}

TEST_F(RouterTest, Events_AfterLimitAndDebug) {
  source_.Log("one");
  source_.Log("two", "debug");
  source_.Log("three", "warning");
  EXPECT_EQ(GetJson("/api/v1/events").at("events").size(), 2u);
  EXPECT_EQ(GetJson("/api/v1/events?debug=1&after=1").at("events").size(), 2u);
  EXPECT_EQ(GetJson("/api/v1/events?limit=1").at("events").at(0).at("text"), "one");
  EXPECT_EQ(GetJson("/api/v1/events?after=18446744073709551615").at("events"), json::array());
  EXPECT_EQ(Refusal("/api/v1/events?debug=yes", 400),
            "debug is 'yes'; expected a whole number from 0 to 1");
}

TEST_F(RouterTest, NewestEvents_AreTheLastOfThem) {
  for (const char* text : {"one", "two", "three"}) source_.Log(text);
  source_.Log("four", "debug");
  const json events = GetJson("/api/v1/events?newest=2").at("events");
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events.at(0).at("text"), "two");
  EXPECT_EQ(events.at(1).at("text"), "three");
  EXPECT_EQ(GetJson("/api/v1/events?newest=2&after=2").at("events").size(), 1u);
  EXPECT_EQ(GetJson("/api/v1/events?newest=1&debug=1").at("events").at(0).at("text"), "four");
  EXPECT_EQ(GetJson("/api/v1/events?newest=9").at("events").size(), 3u);
  EXPECT_EQ(
      Refusal("/api/v1/events?newest=2&limit=2", 400),
      "limit and newest are both given; limit counts from the oldest, newest from the newest");
}

TEST_F(RouterTest, EventStream_IsOpened) {
  const HttpResponse response = Get("/events");
  EXPECT_TRUE(response.event_stream);
  EXPECT_EQ(response.content_type, "text/event-stream");
}

TEST_F(RouterTest, Metrics_AreTextExposition) {
  const HttpResponse response = Get("/metrics");
  EXPECT_EQ(response.body, "seedfed_round 3\n");
  EXPECT_THAT(response.content_type, StartsWith("text/plain; version=0.0.4"));
}

TEST_F(RouterTest, Probes_FollowTheStop) {
  EXPECT_EQ(Get("/healthz").body, "ok\n");
  EXPECT_EQ(Get("/readyz").body, "ready\n");
  router_.Stop();
  EXPECT_EQ(Get("/healthz").status, 200u);
  EXPECT_EQ(Get("/readyz").status, 503u);
}

TEST_F(RouterTest, Page_HasItsPolicyAndIsNotSentTwice) {
  const HttpResponse page = Get("/");
  EXPECT_EQ(page.status, 200u);
  EXPECT_THAT(page.content_type, StartsWith("text/html"));
  EXPECT_THAT(page.body, HasSubstr("<html"));
  EXPECT_THAT(page.fields,
              Contains(Pair("Content-Security-Policy", HasSubstr("frame-ancestors 'none'"))));
  EXPECT_THAT(page.fields, Contains(Pair("Cache-Control", "no-cache")));
  std::string etag;
  for (const auto& [name, value] : page.fields) {
    if (name == "ETag") etag = value;
  }
  for (const std::string& names : {etag, "\"x\", " + etag, std::string("*")}) {
    const HttpResponse again =
        router_.Answer({.target = "/", .host = "localhost", .if_none_match = names});
    EXPECT_EQ(again.status, 304u);
    EXPECT_EQ(again.body, "");
  }
  EXPECT_EQ(router_.Answer({.target = "/", .host = "localhost", .if_none_match = "\"x\""}).status,
            200u);
}

TEST_F(RouterTest, AcceptedGzip_IsUsedForPageAndBigJson) {
  const HttpResponse page =
      router_.Answer({.target = "/", .host = "localhost", .accept_encoding = "gzip"});
  EXPECT_THAT(page.fields, Contains(Pair("Content-Encoding", "gzip")));
  EXPECT_THAT(page.body, StartsWith("\x1f\x8b"));
  const auto clients = [&] {
    return router_.Answer(
        {.target = "/api/v1/clients", .host = "localhost", .accept_encoding = "gzip"});
  };
  EXPECT_THAT(clients().fields, Not(Contains(Pair("Content-Encoding", "gzip"))));
  source_.clients_ = 1000;
  EXPECT_THAT(clients().fields, Contains(Pair("Content-Encoding", "gzip")));
}

TEST_F(RouterTest, EveryAnswer_IsNotToBeStoredOrGuessedAt) {
  for (const char* target : {"/api/v1/status", "/metrics", "/events", "/healthz", "/nothing"}) {
    const HttpResponse response = Get(target);
    EXPECT_THAT(response.fields, Contains(Pair("Cache-Control", "no-store"))) << target;
    EXPECT_THAT(response.fields, Contains(Pair("X-Content-Type-Options", "nosniff"))) << target;
  }
}

TEST_F(RouterTest, UnknownPath_Is404) {
  EXPECT_EQ(Refusal("/nothing?a=1", 404), "there is nothing at /nothing");
  EXPECT_EQ(Refusal("/api/v1/status/", 404), "there is nothing at /api/v1/status/");
  EXPECT_EQ(Refusal("/../etc/passwd", 404), "there is nothing at /../etc/passwd");
  EXPECT_EQ(Refusal("http://localhost/", 404), "there is nothing at http://localhost/");
  EXPECT_EQ(Refusal("/\xff", 404), "there is nothing at /\xEF\xBF\xBD");
}

TEST_F(RouterTest, OtherMethods_Are405) {
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "BREW"}) {
    for (const char* target : {"/", "/healthz", "/nothing", "/api/v1/status"}) {
      const HttpResponse response =
          router_.Answer({.method = method, .target = target, .host = "localhost"});
      EXPECT_EQ(response.status, 405u);
      EXPECT_THAT(response.fields, Contains(Pair("Allow", "GET, HEAD")));
      EXPECT_EQ(json::parse(response.body).at("error"),
                std::string("the method is ") + method + "; expected GET or HEAD");
    }
  }
}

TEST_F(RouterTest, AccessCheck_CoversEverythingButTheProbes) {
  Router guarded(source_, ExampleCredential());
  for (const char* target : {"/", "/app.js", "/api/v1/status", "/events", "/metrics", "/nothing"}) {
    EXPECT_EQ(router_.Answer({.target = target, .host = "evil.example"}).status, 403u);
    EXPECT_EQ(guarded.Answer({.target = target, .host = "localhost"}).status, 401u);
    EXPECT_NE(guarded.Answer({.target = target, .authorization = kExampleBasic}).status, 401u);
  }
  for (const char* target : {"/healthz", "/readyz"}) {
    EXPECT_EQ(router_.Answer({.target = target, .host = "evil.example"}).status, 200u);
    EXPECT_EQ(guarded.Answer({.target = target}).status, 200u);
  }
}

}  // namespace
}  // namespace seedfed
