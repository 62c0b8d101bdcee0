#include <gtest/gtest.h>

#include <set>

#include "base/bytes.h"
#include "base/crypto/digest.h"
#include "core/access/file_url.h"
#include "core/access/key.h"
#include "core/access/rate.h"
#include "core/access/secret.h"
#include "core/access/token.h"

namespace rushes::access {
namespace {

// The vector of the API reference: AK test-ak, SK test-sk.
constexpr std::string_view kVector =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
    "eyJpc3MiOiJ0ZXN0LWFrIiwiZXhwIjoxODAwMDAxODAwLCJuYmYiOjE3OTk5OTk5OTV9."
    "-ysO57l1tH_VVSxKpUUQR_c4ppqfuYY782OI95Gfd4c";
constexpr Timestamp kNow = from_unix_ms(1'800'000'000'000);

std::string token_of(std::string_view header, std::string_view payload,
                     std::string_view secret = "test-sk") {
  const std::string body = to_base64url(header) + "." + to_base64url(payload);
  return body + "." + to_base64url(hmac_sha256(secret, body));
}

TokenVerdict verdict_at(std::string_view credential, Timestamp now,
                        std::optional<std::string> secret = "test-sk") {
  const auto token = parse_token(credential);
  return token ? verify_token(*token, secret, now) : TokenVerdict::kMalformed;
}

TEST(Token, SignsAndVerifiesTheReferenceVector) {
  EXPECT_EQ(sign_token("test-ak", "test-sk", kNow), kVector);
  EXPECT_EQ(parse_token(kVector)->access_key, "test-ak");
  EXPECT_EQ(verdict_at(kVector, kNow), TokenVerdict::kValid);
}

TEST(Token, TellsTokensFromKeys) {
  EXPECT_TRUE(looks_like_token(kVector));
  EXPECT_TRUE(looks_like_token(token_of(R"({"alg":"none"})", "{}")));
  for (const char* key : {"rk_abc", "a.b", "a.b.c.d", "e30.e30.e30", "!.!.!", "", ".."}) {
    EXPECT_FALSE(looks_like_token(key)) << key;
  }
  EXPECT_FALSE(looks_like_token(std::string(kVector) + std::string(kTokenSizeMax, 'A')));
}

TEST(Token, LeewayIsOneMinuteOnBothEnds) {
  const std::string header = R"({"typ":"JWT","alg":"HS256"})";
  const auto at = [&](int64_t exp, int64_t nbf) {
    return verdict_at(token_of(header, R"({"iss":"a","exp":)" + std::to_string(exp) + R"(,"nbf":)" +
                                           std::to_string(nbf) + "}"),
                      kNow);
  };
  const int64_t now = to_unix_s(kNow);
  EXPECT_EQ(at(now - 60, now - 100), TokenVerdict::kValid);
  EXPECT_EQ(at(now - 61, now - 100), TokenVerdict::kExpired);
  EXPECT_EQ(at(now + 100, now + 60), TokenVerdict::kValid);
  EXPECT_EQ(at(now + 100, now + 61), TokenVerdict::kNotYetValid);
  EXPECT_EQ(at(now + 86'460, now), TokenVerdict::kValid);
  EXPECT_EQ(at(now + 86'461, now), TokenVerdict::kMalformed);
}

TEST(Token, ClaimsAreRequiredAndTyped) {
  const std::string header = R"({"alg":"HS256"})";
  EXPECT_EQ(verdict_at(token_of(header, R"({"iss":"a","exp":1800000000.5})"), kNow),
            TokenVerdict::kValid);
  EXPECT_EQ(verdict_at(token_of(header, R"({"iss":"a","exp":1800000000,"iat":"x","q":[]})"), kNow),
            TokenVerdict::kValid);
  for (const char* payload :
       {R"({"exp":1800000000})", R"({"iss":"a"})", R"({"iss":1,"exp":1800000000})",
        R"({"iss":"","exp":1800000000})", R"({"iss":"a","exp":"1800000000"})",
        R"({"iss":"a","exp":1800000000,"nbf":"x"})", "[]", "x", ""}) {
    EXPECT_EQ(verdict_at(token_of(header, payload), kNow), TokenVerdict::kMalformed) << payload;
  }
}

TEST(Token, OnlyHs256IsAccepted) {
  const std::string payload = R"({"iss":"a","exp":1800000000})";
  for (const char* header : {R"({"alg":"none"})", R"({"alg":"HS512"})", R"({"alg":"hs256"})",
                             R"({"alg":null})", R"({"typ":"JWT"})"}) {
    EXPECT_EQ(verdict_at(token_of(header, payload), kNow), TokenVerdict::kMalformed) << header;
  }
}

TEST(Token, UnknownKeyAndBadSignatureLookTheSame) {
  EXPECT_EQ(verdict_at(kVector, kNow, "other"), TokenVerdict::kBadSignature);
  EXPECT_EQ(verdict_at(kVector, kNow, std::nullopt), TokenVerdict::kBadSignature);
  // A token signed with the empty secret must not pass for an unknown key.
  const std::string forged = token_of(R"({"alg":"HS256"})", R"({"iss":"a","exp":1800000000})", "");
  EXPECT_EQ(verdict_at(forged, kNow, std::nullopt), TokenVerdict::kBadSignature);
  EXPECT_EQ(verdict_at(forged, kNow, ""), TokenVerdict::kBadSignature);
  // The signature is judged first: an expired forgery is a forgery.
  EXPECT_EQ(verdict_at(kVector, kNow + Seconds{1'000'000}, "other"), TokenVerdict::kBadSignature);
}

TEST(Key, BearerKeysHaveTheirShapeAndOnlyADigestIsKept) {
  const std::string key = make_bearer_key(std::string(32, '\x07'));
  EXPECT_EQ(key.size(), 3u + 43u);
  EXPECT_TRUE(key.starts_with("rk_"));
  EXPECT_EQ(bearer_lookup(key).size(), 64u);
  EXPECT_NE(bearer_lookup(key), bearer_lookup(key + "x"));
}

TEST(Key, PairsDoNotShareBytes) {
  const KeyPair pair = make_key_pair(std::string(32, '\x07'));
  EXPECT_TRUE(pair.access_key.starts_with("ak_"));
  EXPECT_EQ(pair.secret_key.size(), 3u + 43u);
  EXPECT_EQ(pair.secret_key.find(pair.access_key.substr(3)), std::string::npos);
}

TEST(Secret, SealedValuesOpenOnlyWithTheirSecretAndContext) {
  const auto secret = ServerSecret::create(std::string(32, 'a'));
  const auto other = ServerSecret::create(std::string(32, 'b'));
  const std::string nonce(kSealNonceSizeBytes, 'n');
  const std::string sealed = secret->seal("sk_value", "ak_1", nonce);
  EXPECT_EQ(sealed.find("sk_value"), std::string::npos);
  EXPECT_EQ(*secret->open(sealed, "ak_1"), "sk_value");
  EXPECT_FALSE(secret->open(sealed, "ak_2"));
  EXPECT_FALSE(other->open(sealed, "ak_1"));
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(secret->open(changed, "ak_1")) << i;
  }
  EXPECT_FALSE(secret->open("", "ak_1"));
  EXPECT_FALSE(ServerSecret::create("short"));
  EXPECT_NE(secret->derive("seal"), secret->derive("file-url"));
}

TEST(FileUrl, ALinkIsValidUntilItExpiresAndOnlyAsItWasMade) {
  const std::string key(32, 'k');
  const FileLink link{TaskId{867283741759111202}, "867283741759111202.mp4", kNow + Seconds{60}};
  const std::string path = make_file_path(link, key);
  const auto checked = check_file_path(path, key, kNow);
  ASSERT_EQ(checked.verdict, LinkVerdict::kValid);
  EXPECT_EQ(checked.link.artifact, link.artifact);
  EXPECT_EQ(checked.link.name, link.name);
  EXPECT_EQ(check_file_path(path, key, kNow + Seconds{60}).verdict, LinkVerdict::kValid);
  EXPECT_EQ(check_file_path(path, key, kNow + Seconds{61}).verdict, LinkVerdict::kExpired);
  EXPECT_EQ(check_file_path(path, std::string(32, 'x'), kNow).verdict, LinkVerdict::kBadSignature);
  for (size_t i = 0; i < path.size(); ++i) {
    std::string changed = path;
    changed[i] = changed[i] == '1' ? '2' : '1';
    EXPECT_NE(check_file_path(changed, key, kNow).verdict, LinkVerdict::kValid) << changed;
  }
  for (const char* bad : {"", "/files/", "/files/1/x.mp4", "/files/1/x.mp4?expires=1",
                          "/files/x/x.mp4?expires=1&signature=a",
                          "/files/1/x.mp4?expires=99999999999999999999&signature=a"}) {
    EXPECT_EQ(check_file_path(bad, key, kNow).verdict, LinkVerdict::kMalformed) << bad;
  }
}

TEST(TokenBucket, LetsABurstThroughAndThenTheRate) {
  TokenBucket bucket;
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(bucket.take(kNow, 10));
  EXPECT_FALSE(bucket.take(kNow, 10));
  EXPECT_FALSE(bucket.take(kNow + Millis{99}, 10));
  EXPECT_TRUE(bucket.take(kNow + Millis{200}, 10));
  int passed = 0;
  for (int i = 0; i < 100; ++i) passed += bucket.take(kNow + Seconds{100}, 10);
  EXPECT_EQ(passed, 10);
}

}  // namespace
}  // namespace rushes::access
