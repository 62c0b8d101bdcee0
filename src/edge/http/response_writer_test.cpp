#include "edge/http/response_writer.h"

#include <gtest/gtest.h>

namespace rushes::http {
namespace {

constexpr HeadOptions kOptions{.date = "now"};

TEST(ResponseWriter, WritesTheStatusTheFieldsAndTheFraming) {
  wire::Response response{.status = 404};
  response.headers.add("X", "y");
  response.body = "gone";
  std::string out = "before ";
  ASSERT_TRUE(append_head(out, response, kOptions));
  EXPECT_EQ(out,
            "before HTTP/1.1 404 Not Found\r\nServer: rushes\r\nDate: now\r\nX: y\r\n"
            "Content-Length: 4\r\n\r\n");
}

TEST(ResponseWriter, SaysHowTheConnectionGoesOnWhereThatIsNotTheDefault) {
  const auto connection = [](HeadOptions options) {
    std::string out;
    EXPECT_TRUE(append_head(out, {}, options));
    const size_t at = out.find("Connection: ");
    return at == std::string::npos ? "" : out.substr(at + 12, out.find("\r\n", at) - at - 12);
  };
  EXPECT_EQ(connection({.keep = Keep::kAlive}), "");
  EXPECT_EQ(connection({.keep = Keep::kClose}), "close");
  EXPECT_EQ(connection({.keep = Keep::kAlive, .is_http_1_0 = true}), "keep-alive");
  EXPECT_EQ(connection({.keep = Keep::kClose, .is_http_1_0 = true}), "close");
}

TEST(ResponseWriter, KeepsTheFieldsThatFrameTheMessageToItself) {
  wire::Response response;
  for (const char* name : {"content-length", "Transfer-Encoding", "Connection", "DATE", "Server"}) {
    response.headers.add(name, "forged");
  }
  std::string out;
  ASSERT_TRUE(append_head(out, response, kOptions));
  EXPECT_FALSE(out.contains("forged")) << out;
}

TEST(ResponseWriter, GivesNoLengthToAStatusWithoutBody) {
  for (const int status : {204, 304}) {
    std::string out;
    ASSERT_TRUE(append_head(out, {.status = status}, kOptions));
    EXPECT_FALSE(out.contains("Content-Length")) << out;
  }
}

TEST(ResponseWriter, RefusesWhatWouldBreakTheStream) {
  struct Case {
    std::string name, value;
    bool is_fine;
  };
  for (const Case& c : std::vector<Case>{{"X", "a\tb \xc3\xa9", true},
                                         {"X", "", true},
                                         {"X", "a\r\nY: b", false},
                                         {"X", "a\nb", false},
                                         {"X", std::string("a\0b", 3), false},
                                         {"X\r\nY", "a", false},
                                         {"X Y", "a", false},
                                         {"X:", "a", false},
                                         {"", "a", false}}) {
    wire::Response response;
    response.headers.add(c.name, c.value);
    std::string out;
    EXPECT_EQ(append_head(out, response, kOptions), c.is_fine) << c.name << "=" << c.value;
    EXPECT_EQ(out.empty(), !c.is_fine);
  }
  for (const int status : {-1, 0, 100, 199, 600, 1000}) {
    std::string out;
    EXPECT_FALSE(append_head(out, {.status = status}, kOptions)) << status;
  }
}

TEST(ResponseWriter, WritesDatesAsTheStandardDoes) {
  EXPECT_EQ(http_date(from_unix_ms(784'111'777'999)), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(from_unix_ms(0)), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(http_date(from_unix_ms(1'709'251'199'000)), "Thu, 29 Feb 2024 23:59:59 GMT");
}

}  // namespace
}  // namespace rushes::http
