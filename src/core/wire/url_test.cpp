#include "core/wire/url.h"

#include <gtest/gtest.h>

namespace rushes::wire {
namespace {

TEST(ParseUrl, ReadsWhatIsAnAbsoluteHttpUrl) {
  struct Case {
    std::string text, scheme, host;
    int port;
    std::string target;
    bool has_userinfo = false;
  };
  const std::vector<Case> cases = {
      {"http://example.com", "http", "example.com", 80, "/"},
      {"HTTPS://Example.COM/A/b", "https", "example.com", 443, "/A/b"},
      {"http://example.com?x=1", "http", "example.com", 80, "/?x=1"},
      {"http://h:8080/a?b=c&d=%2F", "http", "h", 8080, "/a?b=c&d=%2F"},
      {"http://h:65535/", "http", "h", 65535, "/"},
      {"http://h:1/", "http", "h", 1, "/"},
      {"http://127.0.0.1:80/", "http", "127.0.0.1", 80, "/"},
      {"http://[::1]/x", "http", "::1", 80, "/x"},
      {"http://[2001:DB8::1]:99/", "http", "2001:db8::1", 99, "/"},
      {"http://[::ffff:1.2.3.4]/", "http", "::ffff:1.2.3.4", 80, "/"},
      {"http://[1:2:3:4:5:6:7:8]/", "http", "1:2:3:4:5:6:7:8", 80, "/"},
      {"http://user:pass@h/", "http", "h", 80, "/", true},
      {"http://my_host-1.internal/", "http", "my_host-1.internal", 80, "/"},
      {"http://1.example/", "http", "1.example", 80, "/"},
      {"http://" + std::string(63, 'a') + ".b/", "http", std::string(63, 'a') + ".b", 80, "/"},
  };
  for (const Case& c : cases) {
    const auto url = parse_url(c.text);
    ASSERT_TRUE(url) << c.text << ": " << url.error().message;
    EXPECT_EQ(url->scheme, c.scheme) << c.text;
    EXPECT_EQ(url->host, c.host) << c.text;
    EXPECT_EQ(url->port, c.port) << c.text;
    EXPECT_EQ(url->target, c.target) << c.text;
    EXPECT_EQ(url->has_userinfo, c.has_userinfo) << c.text;
  }
}

TEST(ParseUrl, RefusesEverythingElse) {
  const std::vector<std::string> cases = {
      "",
      "example.com",
      "/path",
      "//h/",
      "ftp://h/",
      "file:///etc/passwd",
      "javascript:x",
      "http:/h/",
      "http:///",
      "http://",
      "http://:80/",
      "http://h:/",
      "http://h:0/",
      "http://h:65536/",
      "http://h:+80/",
      "http://h:080808/",
      "http://h:80x/",
      "http://h/#frag",
      "http://h#frag",
      "http://h /",
      "http://h/a b",
      "http://h/\t",
      "http://h/\n",
      "http://h/%",
      "http://h/%2",
      "http://h/%zz",
      "http://h/\\x",
      "http://h\\@evil/",
      "http://h/\xc3\xa9",
      "http://b\xc3\xbc"
      "cher/",
      "http://h../",
      "http://.h/",
      "http://h./",
      "http://-h/",
      "http://h-/",
      "http://h!/",
      "http://%68/",
      "http://a@b@c/",
      "http://127.1/",
      "http://0x7f000001/",
      "http://2130706433/",
      "http://127.0.0.01/",
      "http://256.0.0.1/",
      "http://1.2.3.4.5/",
      "http://a.0x1/",
      "http://[::1/",
      "http://[]/",
      "http://[:1]/",
      "http://[1:2:3:4:5:6:7]/",
      "http://[1:2:3:4:5:6:7:8:9]/",
      "http://[1::2::3]/",
      "http://[::12345]/",
      "http://[fe80::1%25eth0]/",
      "http://[::1]x/",
      "http://[1:2:3:4:5:6:7::8]/",
      "http://[::g]/",
      "http://[1.2.3.4::]/",
      std::string("http://h/\0", 10),
      "http://" + std::string(64, 'a') + "/",
  };
  for (const std::string& text : cases) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().code, ErrorCode::kInvalidInput) << text;
    EXPECT_FALSE(url.error().user_message.empty()) << text;
  }
}

TEST(ParseUrl, LimitsTheLengthOfTheUrlAndOfTheHost) {
  const std::string base = "http://h/";
  EXPECT_TRUE(parse_url(base + std::string(8192 - base.size(), 'a')));
  EXPECT_FALSE(parse_url(base + std::string(8193 - base.size(), 'a')));
  std::string host = "a";
  while (host.size() < 253) host += ".a";
  ASSERT_EQ(host.size(), 253u);
  EXPECT_TRUE(parse_url("http://" + host));
  EXPECT_FALSE(parse_url("http://" + host + ".a"));
}

TEST(PercentDecode, DecodesEscapesAndRefusesMalformedNulAndInvalidUtf8) {
  EXPECT_EQ(percent_decode("a%2Fb%2fc+d"), "a/b/c+d");
  EXPECT_EQ(percent_decode("%E2%82%AC"), "\xe2\x82\xac");
  EXPECT_EQ(percent_decode(""), "");
  for (const char* bad : {"%", "%2", "%g0", "%0g", "%00", "%ff", "%c0%80", "\xff", "%ED%A0%80"}) {
    EXPECT_FALSE(percent_decode(bad)) << bad;
  }
}

TEST(PercentEncode, IsUndoneByPercentDecode) {
  EXPECT_EQ(percent_encode("a b/\xc3\xa9~"), "a%20b%2F%C3%A9~");
  EXPECT_EQ(percent_decode(percent_encode("/?#[]@!$&'()*+,;=% \"<>")), "/?#[]@!$&'()*+,;=% \"<>");
}

TEST(ParseQuery, ReadsPairsInOrder) {
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(parse_query(""), Pairs{});
  EXPECT_EQ(parse_query("a=1&b=2"), (Pairs{{"a", "1"}, {"b", "2"}}));
  EXPECT_EQ(parse_query("b=x=y&a&c="), (Pairs{{"b", "x=y"}, {"a", ""}, {"c", ""}}));
  EXPECT_EQ(parse_query("a=x+y%2B&&a=2&"), (Pairs{{"a", "x y+"}, {"a", "2"}}));
  for (const char* bad : {"=1", "a=%", "%00=1", "a=%ff"}) EXPECT_FALSE(parse_query(bad)) << bad;
}

TEST(ParseQuery, AcceptsAHundredPairsAndNotOneMore) {
  std::string query;
  for (int i = 0; i < 100; ++i) query += "a=1&";
  ASSERT_TRUE(parse_query(query));
  EXPECT_EQ(parse_query(query)->size(), 100u);
  EXPECT_FALSE(parse_query(query + "b=1"));
}

TEST(SplitPath, DecodesEachSegmentByItself) {
  using Segments = std::vector<std::string>;
  EXPECT_EQ(split_path("/"), Segments{});
  EXPECT_EQ(split_path("/a"), Segments{"a"});
  EXPECT_EQ(split_path("/a/b%2Fc"), (Segments{"a", "b/c"}));
  EXPECT_EQ(split_path("/a/"), (Segments{"a", ""}));
  EXPECT_EQ(split_path("//a"), (Segments{"", "a"}));
  for (const char* bad : {"", "a", "/%", "/%00", "/a/../b", "/..", "/%2e%2E", "/.", "/a/."}) {
    EXPECT_FALSE(split_path(bad)) << bad;
  }
}

TEST(ParseRange, AnswersPartsAbsenceAndUnsatisfiable) {
  using Kind = ByteRange::Kind;
  struct Case {
    const char* header;
    uint64_t size;
    Kind kind;
    uint64_t first = 0, count = 0;
  };
  const std::vector<Case> cases = {
      {"bytes=0-0", 10, Kind::kPart, 0, 1},
      {"bytes=0-9", 10, Kind::kPart, 0, 10},
      {"bytes=0-10", 10, Kind::kPart, 0, 10},
      {"bytes=3-5", 10, Kind::kPart, 3, 3},
      {"BYTES=3-", 10, Kind::kPart, 3, 7},
      {"bytes=9-", 10, Kind::kPart, 9, 1},
      {"bytes=10-", 10, Kind::kUnsatisfiable},
      {"bytes=-1", 10, Kind::kPart, 9, 1},
      {"bytes=-10", 10, Kind::kPart, 0, 10},
      {"bytes=-11", 10, Kind::kPart, 0, 10},
      {"bytes=-0", 10, Kind::kUnsatisfiable},
      {"bytes=-5", 0, Kind::kUnsatisfiable},
      {"bytes=0-", 0, Kind::kUnsatisfiable},
      {"bytes=0-99999999999999999999999", 10, Kind::kPart, 0, 10},
      {"bytes=99999999999999999999999-", 10, Kind::kUnsatisfiable},
      {"bytes=-99999999999999999999999", 10, Kind::kPart, 0, 10},
      {"bytes=5-3", 10, Kind::kAbsent},
      {"bytes=0-1,3-4", 10, Kind::kAbsent},
      {"bytes=", 10, Kind::kAbsent},
      {"bytes=-", 10, Kind::kAbsent},
      {"bytes=a-b", 10, Kind::kAbsent},
      {"bytes=+1-2", 10, Kind::kAbsent},
      {"bytes= 1-2", 10, Kind::kAbsent},
      {"items=0-1", 10, Kind::kAbsent},
      {"bytes", 10, Kind::kAbsent},
      {"", 10, Kind::kAbsent},
  };
  for (const Case& c : cases) {
    const ByteRange range = parse_range(c.header, c.size);
    EXPECT_EQ(range.kind, c.kind) << c.header;
    EXPECT_EQ(range.first, c.first) << c.header;
    EXPECT_EQ(range.size_bytes, c.count) << c.header;
  }
}

}  // namespace
}  // namespace rushes::wire
