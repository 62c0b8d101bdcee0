#include "edge/http/request_parser.h"

#include <gtest/gtest.h>

#include "edge/http/request_cases.h"

namespace rushes::http {
namespace {

using testing::RequestCase;
using Progress = RequestParser::Progress;

constexpr size_t kHeaderMax = 16 * 1024;
constexpr size_t kBodyMax = 1024 * 1024;

struct Outcome {
  std::vector<std::string> requests;
  int refusal_status = 0;
};

// Feeds `bytes` in pieces of `step`, keeping what is not consumed, as a connection does.
Outcome feed(std::string_view bytes, size_t step, size_t header_max = kHeaderMax,
             size_t body_max = kBodyMax) {
  RequestParser parser(header_max, body_max);
  Outcome outcome;
  std::string pending;
  while (!bytes.empty()) {
    pending += bytes.substr(0, step);
    bytes.remove_prefix(std::min(step, bytes.size()));
    while (!pending.empty()) {
      const auto result = parser.parse(pending);
      pending.erase(0, result.consumed_bytes);
      if (result.progress == Progress::kNeedMore) break;
      if (result.progress == Progress::kRefused) {
        outcome.refusal_status = parser.refusal_status();
        return outcome;
      }
      if (result.progress == Progress::kBodyFollows) continue;
      const wire::Request request = parser.take_request();
      outcome.requests.push_back(request.method + " " + request.target + " " + request.body);
      parser.reset();
    }
    EXPECT_LT(pending.size(), header_max + step);
  }
  return outcome;
}

TEST(RequestParser, ReadsEachStreamTheSameWhateverPiecesItComesIn) {
  const auto cases = testing::request_cases();
  EXPECT_GE(cases.size(), 100u);
  for (const RequestCase& c : cases) {
    for (const size_t step : {size_t{1}, size_t{7}, c.bytes.size()}) {
      const Outcome outcome = feed(c.bytes, step);
      EXPECT_EQ(outcome.requests, c.executed) << c.name << " in steps of " << step;
      EXPECT_EQ(outcome.refusal_status, c.refusal_status) << c.name << " in steps of " << step;
    }
  }
}

std::string header_of(size_t size_bytes) {
  std::string header = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
  return header + std::string(size_bytes - header.size() - 4, 'x') + "\r\n\r\n";
}

TEST(RequestParser, AcceptsAHeaderOfTheLimitAndRefusesOneByteMore) {
  for (const size_t step : {size_t{1}, size_t{100'000}}) {
    EXPECT_EQ(feed(header_of(kHeaderMax), step).requests.size(), 1u);
    EXPECT_EQ(feed(header_of(kHeaderMax + 1), step).refusal_status, 431);
  }
  // Without any line end the limit holds as well.
  EXPECT_EQ(feed(std::string(kHeaderMax - 1, 'G'), 1000).refusal_status, 0);
  EXPECT_EQ(feed(std::string(kHeaderMax, 'G'), 1000).refusal_status, 431);
}

TEST(RequestParser, AcceptsAHundredFieldsAndRefusesOneMore) {
  std::string header = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 1; i < 100; ++i) header += "X: y\r\n";
  EXPECT_EQ(feed(header + "\r\n", 1 << 20).requests.size(), 1u);
  EXPECT_EQ(feed(header + "X: y\r\n\r\n", 1 << 20).refusal_status, 431);
}

TEST(RequestParser, AcceptsABodyOfTheLimitAndRefusesOneByteMore) {
  const std::string post = "POST / HTTP/1.1\r\nHost: a\r\n";
  const std::string body(1000, 'b');
  const auto by_length = [&](size_t size) {
    return post + "Content-Length: " + std::to_string(size) + "\r\n\r\n" + body;
  };
  EXPECT_EQ(feed(by_length(1000), 50, kHeaderMax, 1000).requests.size(), 1u);
  EXPECT_EQ(feed(by_length(1001), 50, kHeaderMax, 1000).refusal_status, 413);
  const std::string chunked = post + "Transfer-Encoding: chunked\r\n\r\n1f4\r\n" +
                              body.substr(500) + "\r\n1f4\r\n" + body.substr(500) + "\r\n";
  EXPECT_EQ(feed(chunked + "0\r\n\r\n", 50, kHeaderMax, 1000).requests.size(), 1u);
  EXPECT_EQ(feed(chunked + "1\r\nx\r\n0\r\n\r\n", 50, kHeaderMax, 1000).refusal_status, 413);
}

TEST(RequestParser, BoundsWhatAClientMaySpendOnChunkLinesAndTrailers) {
  const std::string start = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  std::string small;
  for (int i = 0; i < 1000; ++i) small += "1\r\nx\r\n";
  EXPECT_EQ(feed(start + small + "0\r\n\r\n", 1000).requests.size(), 1u);
  std::string padded;
  for (int i = 0; i < 1000; ++i) padded += "1;" + std::string(100, 'a') + "\r\nx\r\n";
  EXPECT_EQ(feed(start + padded + "0\r\n\r\n", 1000).refusal_status, 400);
  const std::string endless(kHeaderMax, 'a');
  EXPECT_EQ(feed(start + "1;" + endless, 1000).refusal_status, 431);
  EXPECT_EQ(feed(start + "0\r\nX: " + endless, 1000).refusal_status, 431);
}

TEST(RequestParser, TellsHowTheConnectionGoesOn) {
  struct Case {
    std::string header;
    bool keeps, expects;
  };
  const std::string now = " / HTTP/1.1\r\nHost: a\r\n", old = " / HTTP/1.0\r\n";
  const std::string length = "Content-Length: 1\r\n";
  for (const Case& c : std::vector<Case>{
           {"GET" + now, true, false},
           {"GET" + now + "Connection: close\r\n", false, false},
           {"GET" + now + "Connection: x, Close\r\n", false, false},
           {"GET" + old, false, false},
           {"GET" + old + "Connection: Keep-Alive\r\n", true, false},
           {"POST" + now + length + "Expect: 100-Continue\r\n", true, true},
           {"POST" + now + length + "Expect: 200-ok\r\n", true, false},
           {"POST" + old + length + "Expect: 100-continue\r\n", false, false},
       }) {
    RequestParser parser(kHeaderMax, kBodyMax);
    const auto step = parser.parse(c.header + "\r\n");
    ASSERT_NE(step.progress, Progress::kRefused) << c.header;
    EXPECT_EQ(parser.keep_alive(), c.keeps) << c.header;
    EXPECT_EQ(parser.expects_continue(), c.expects) << c.header;
  }
}

TEST(RequestParser, TakesTheHostFromATargetInAbsoluteForm) {
  RequestParser parser(kHeaderMax, kBodyMax);
  parser.parse("GET HTTP://B:81/c HTTP/1.1\r\nHost: a\r\n\r\n");
  const wire::Request request = parser.take_request();
  EXPECT_EQ(request.target, "/c");
  EXPECT_EQ(request.headers.count("Host"), 1u);
  EXPECT_EQ(*request.headers.find("Host"), "B:81");
}

TEST(RequestParser, HasNotBegunBeforeTheRequestLine) {
  RequestParser parser(kHeaderMax, kBodyMax);
  EXPECT_EQ(parser.parse("\r\n\r\n\r").consumed_bytes, 4u);
  EXPECT_FALSE(parser.has_begun());
  EXPECT_EQ(parser.parse("\r\nG").consumed_bytes, 2u);
  EXPECT_TRUE(parser.has_begun());
}

}  // namespace
}  // namespace rushes::http
