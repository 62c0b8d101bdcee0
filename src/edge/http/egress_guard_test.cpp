#include "edge/http/egress_guard.h"

#include <gtest/gtest.h>

#include "edge/http/egress_cases.h"

namespace rushes::http {
namespace {

EgressPolicy allowing(std::initializer_list<const char*> networks) {
  EgressPolicy policy;
  for (const char* text : networks) {
    auto network = Network::parse(text);
    EXPECT_TRUE(network) << text;
    if (network) policy.allowed.push_back(*network);
  }
  return policy;
}

bool may_reach(const char* address, const EgressPolicy& policy = {}) {
  const auto parsed = IpAddress::parse(address);
  EXPECT_TRUE(parsed) << address;
  return parsed && !refusal_of(*parsed, policy);
}

TEST(EgressGuard, RefusesEveryHostileUrl) {
  ASSERT_GE(testing::hostile_urls().size(), 60u);
  for (const std::string& url : testing::hostile_urls()) {
    const auto checked = check_url(url, {});
    ASSERT_FALSE(checked) << url;
    EXPECT_EQ(checked.error().code, ErrorCode::kInvalidInput) << url;
    EXPECT_NE(checked.error().user_message, "") << url;
    EXPECT_EQ(checked.error().user_message.find("secret"), std::string::npos) << url;
  }
}

TEST(EgressGuard, RefusesNoOrdinaryUrl) {
  for (const std::string& url : testing::ordinary_urls()) {
    const auto checked = check_url(url, {});
    EXPECT_TRUE(checked) << url << ": " << (checked ? "" : checked.error().message);
  }
}

TEST(EgressGuard, SaysWhyAUrlIsRefused) {
  const std::pair<const char*, const char*> cases[] = {
      {"http://127.0.0.1/", "not an allowed URL: the host '127.0.0.1' is a loopback address"},
      {"http://[::ffff:10.1.2.3]/",
       "not an allowed URL: the host '::ffff:10.1.2.3' is a private network"},
      {"http://a.localhost/", "not an allowed URL: the host 'a.localhost' is a loopback address"},
      {"http://intranet/", "not an allowed URL: the host 'intranet' is not a public name"},
      {"http://example.com:25/", "not an allowed URL: port 25 belongs to another protocol"},
      {"http://u:p@example.com/",
       "not an allowed URL: it must not carry a user name or a password"},
      {"http://127.1/", "not a valid URL: the host is malformed"},
  };
  for (const auto& [url, message] : cases) {
    EXPECT_EQ(check_url(url, {}).error().user_message, message);
  }
}

TEST(EgressGuard, JudgesBothSidesOfEveryNetwork) {
  const struct {
    const char *before, *first, *last, *after;  // null: not public either
  } cases[] = {
      {nullptr, "0.0.0.0", "0.255.255.255", "1.0.0.0"},
      {"9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"},
      {"100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0"},
      {"126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0"},
      {"169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0"},
      {"168.63.129.15", "168.63.129.16", "168.63.129.16", "168.63.129.17"},
      {"172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"},
      {"191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0"},
      {"192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0"},
      {"192.88.98.255", "192.88.99.0", "192.88.99.255", "192.88.100.0"},
      {"192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0"},
      {"198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0"},
      {"198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0"},
      {"203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0"},
      {"223.255.255.255", "224.0.0.0", "255.255.255.255", nullptr},
      {nullptr, "::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2000::"},
      {"2000:ffff::", "2001::", "2001:1ff:ffff::", "2001:200::"},
      {"2001:db7:ffff::", "2001:db8::", "2001:db8:ffff::", "2001:db9::"},
      {"2001:ffff::", "2002::", "2002:ffff::", "2003::"},
      {"3ffe:ffff::", "3fff::", "3fff:fff:ffff::", "3fff:1000::"},
      {"3fff:ffff::", "4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", nullptr},
  };
  for (const auto& c : cases) {
    EXPECT_TRUE(!c.before || may_reach(c.before)) << c.before;
    EXPECT_FALSE(may_reach(c.first)) << c.first;
    EXPECT_FALSE(may_reach(c.last)) << c.last;
    EXPECT_TRUE(!c.after || may_reach(c.after)) << c.after;
  }
}

TEST(EgressGuard, LetsTheOperatorAllowNetworksAndNothingElse) {
  const EgressPolicy policy = allowing({"10.1.0.0/16", "fd00::/8", "192.168.1.7"});
  for (const char* address : {"10.1.0.0", "10.1.255.255", "fd12::1", "192.168.1.7", "8.8.8.8"}) {
    EXPECT_TRUE(may_reach(address, policy)) << address;
  }
  for (const char* address : {"10.0.255.255", "10.2.0.0", "fc00::1", "192.168.1.6", "127.0.0.1"}) {
    EXPECT_FALSE(may_reach(address, policy)) << address;
  }
  EXPECT_TRUE(check_url("http://10.1.2.3:8080/", policy));
  EXPECT_TRUE(check_url("http://[::ffff:10.1.2.3]/", policy));  // the same address
  EXPECT_FALSE(check_url("http://10.2.0.1/", policy));
  EXPECT_TRUE(check_url("http://receiver:8080/", policy));  // judged when it is resolved
  EXPECT_FALSE(check_url("http://localhost/", policy));
  EXPECT_TRUE(check_url("http://localhost/", allowing({"127.0.0.0/8"})));
  EXPECT_TRUE(check_url("http://localhost/", allowing({"::1"})));
}

TEST(EgressGuard, RefusesTheServerItself) {
  EgressPolicy policy = allowing({"10.0.0.0/8"});
  policy.own_addresses = {*IpAddress::parse("8.8.8.8"), *IpAddress::parse("10.0.0.1")};
  policy.own_origins = {"https://rushes.example:443", "http://10.0.0.2:80"};
  EXPECT_FALSE(may_reach("8.8.8.8", policy));
  EXPECT_FALSE(may_reach("::ffff:8.8.8.8", policy));
  EXPECT_TRUE(may_reach("8.8.4.4", policy));
  EXPECT_TRUE(may_reach("10.0.0.1", policy));  // allowed by the operator
  EXPECT_FALSE(check_url("https://RUSHES.example/x", policy));
  EXPECT_FALSE(check_url("https://rushes.example:443/", policy));
  EXPECT_FALSE(check_url("http://10.0.0.2/", policy));
  EXPECT_TRUE(check_url("https://rushes.example:8443/", policy));
  EXPECT_TRUE(check_url("http://rushes.example/", policy));
}

TEST(EgressGuard, ReadsNetworksAndRefusesMistakes) {
  for (const char* text : {"0.0.0.0/0", "::/0", "127.0.0.1", "127.0.0.0/8", "10.0.0.0/31",
                           "::1/128", "fe80::/10", "1.2.3.4/32"}) {
    EXPECT_TRUE(Network::parse(text)) << text;
  }
  for (const char* text :
       {"", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.1/8", "10/8", "10.0.0.0/-1",
        "10.0.0.0/8x", "10.0.0.0/ 8", "localhost", "fe80::1%eth0", "010.0.0.0/8"}) {
    const auto network = Network::parse(text);
    ASSERT_FALSE(network) << text;
    EXPECT_EQ(network.error().code, ErrorCode::kInvalidInput);
  }
}

TEST(EgressGuard, WritesAddressesAsTheyAreCommonlyWritten) {
  EXPECT_EQ(IpAddress::parse("8.8.8.8")->text(), "8.8.8.8");
  EXPECT_EQ(IpAddress::parse("::ffff:8.8.8.8")->text(), "8.8.8.8");
  EXPECT_EQ(IpAddress::parse("2001:DB8:0::1")->text(), "2001:db8::1");
}

}  // namespace
}  // namespace rushes::http
