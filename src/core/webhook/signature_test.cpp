#include "core/webhook/signature.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/bytes.h"

namespace rushes::webhook {
namespace {

constexpr int64_t kSentS = 1781080794;
constexpr std::string_view kSecretText = "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI=";
constexpr std::string_view kBody =
    R"({"task_id":"867283741759111202","task_status":"succeed","task_status_msg":""})";

Secret secret_of(std::string_view text = kSecretText) { return Secret::parse(text).value(); }
Secret other_secret() { return Secret::make(std::string(24, 'o')); }
Timestamp at(int64_t seconds) { return from_unix_ms(seconds * 1000); }

// Both vectors of the vendor's page, the second with our own body.
TEST(Signature, AgreesWithThePublishedVectors) {
  const struct {
    std::string_view body, signature;
  } cases[] = {
      {R"({"id":"1234567890","status":"succeeded","message":"","create_time":1781080778802,)"
       R"("update_time":1781080794151})",
       "v1,UsKlJP00XoQyOn410NM9xv34sP+Gl0jnOO9Lcpr7NJ4="},
      {kBody, "v1,VUNfc9BGoPPBvOY/5nIInSr3586G1fQ9GezftMn9zq8="},
  };
  for (const auto& [body, signature] : cases) {
    EXPECT_EQ(sign({"9876543210", kSentS, body}, secret_of()), signature);
  }
}

TEST(Signature, ASecretIsTextAndBack) {
  EXPECT_EQ(secret_of().key(), "testsecrettestsecrettestsecret12");
  EXPECT_EQ(secret_of().to_string(), kSecretText);
}

TEST(Signature, ASecretHas24To64BytesOfBase64AfterItsPrefix) {
  const auto text = [](size_t size) { return "whsec_" + to_base64(std::string(size, 'k')); };
  EXPECT_TRUE(Secret::parse(text(24)));
  EXPECT_TRUE(Secret::parse(text(64)));
  const std::string refused[] = {"",
                                 "whsec_",
                                 text(23),
                                 text(65),
                                 text(24).substr(6),
                                 "WHSEC_" + text(24).substr(6),
                                 text(24) + "=",
                                 text(24) + "\n",
                                 "whsec_" + std::string(32, '-')};
  for (const std::string& given : refused) {
    const auto parsed = Secret::parse(given);
    ASSERT_FALSE(parsed) << given;
    EXPECT_EQ(parsed.error().code, ErrorCode::kInvalidInput);
  }
}

TEST(Signature, HeadersCarryASignatureForEachSecretAndNoneWithoutSecrets) {
  const Message message{"1", kSentS, kBody};
  const std::vector<Secret> both{other_secret(), secret_of()};
  const wire::Headers two = sign_headers(message, both);
  EXPECT_EQ(*two.find("Webhook-Id"), "1");
  EXPECT_EQ(*two.find("webhook-timestamp"), std::to_string(kSentS));
  EXPECT_EQ(*two.find("webhook-signature"), sign(message, both[0]) + " " + sign(message, both[1]));
  EXPECT_EQ(sign_headers(message, {}).find("webhook-signature"), nullptr);
  EXPECT_EQ(sign_headers(message, {}).size(), 2u);
}

class Verify : public ::testing::Test {
 protected:
  Verdict verdict(int64_t now_s = kSentS, std::string_view body = kBody) const {
    return verify(headers, body, known, at(now_s));
  }
  wire::Headers headers = sign_headers({"1", kSentS, kBody}, std::vector{secret_of()});
  std::vector<Secret> known{secret_of()};
};

TEST_F(Verify, AcceptsWhatWasSignedWithAnyKnownSecret) {
  EXPECT_EQ(verdict(), Verdict::kValid);
  known = {other_secret(), secret_of()};
  EXPECT_EQ(verdict(), Verdict::kValid);
  known = {other_secret()};
  EXPECT_EQ(verdict(), Verdict::kNoMatch);
  known = {};
  EXPECT_EQ(verdict(), Verdict::kNoMatch);
}

TEST_F(Verify, AcceptsAnyOfSeveralSignaturesAndSkipsOtherSchemes) {
  const std::string good = *headers.find(kSignatureHeader);
  headers.set(kSignatureHeader, "v1a,AAAA v1,AAAA v2 " + good);
  EXPECT_EQ(verdict(), Verdict::kValid);
  std::string many;
  for (int i = 0; i < 15; ++i) many += "v1,AAAA ";
  headers.set(kSignatureHeader, many + good);
  EXPECT_EQ(verdict(), Verdict::kValid);
  headers.set(kSignatureHeader, many + "v1,AAAA " + good);
  EXPECT_EQ(verdict(), Verdict::kNoMatch) << "only so many are looked at";
}

TEST_F(Verify, RefusesAChangedBodyIdOrTimestamp) {
  EXPECT_EQ(verdict(kSentS, "{}"), Verdict::kNoMatch);
  headers.set(kIdHeader, "2");
  EXPECT_EQ(verdict(), Verdict::kNoMatch);
  headers.set(kIdHeader, "1");
  headers.set(kTimestampHeader, std::to_string(kSentS + 1));
  EXPECT_EQ(verdict(), Verdict::kNoMatch);
}

TEST_F(Verify, AcceptsFiveMinutesOfDifferenceAndNotASecondMore) {
  EXPECT_EQ(verdict(kSentS + 300), Verdict::kValid);
  EXPECT_EQ(verdict(kSentS - 300), Verdict::kValid);
  EXPECT_EQ(verdict(kSentS + 301), Verdict::kTooOld);
  EXPECT_EQ(verdict(kSentS - 301), Verdict::kTooNew);
}

TEST_F(Verify, RefusesHeadersThatAreMissingOrMalformed) {
  for (const std::string_view name : {kIdHeader, kTimestampHeader, kSignatureHeader}) {
    wire::Headers lacking = headers;
    lacking.remove(name);
    EXPECT_EQ(verify(lacking, kBody, known, at(kSentS)), Verdict::kMalformed) << name;
  }
  for (const char* timestamp :
       {"", "-1", "+1", "1.0", "1e9", " 1781080794", "99999999999999999999"}) {
    headers.set(kTimestampHeader, timestamp);
    EXPECT_EQ(verdict(), Verdict::kMalformed) << timestamp;
  }
  headers.set(kTimestampHeader, "9223372036854775807");
  EXPECT_EQ(verdict(), Verdict::kTooNew);
  headers.set(kTimestampHeader, std::to_string(kSentS));
  headers.set(kIdHeader, "1.2");
  EXPECT_EQ(verdict(), Verdict::kMalformed);
}

TEST(Signature, VerdictsHaveWords) {
  EXPECT_EQ(to_string(Verdict::kValid), "valid");
  EXPECT_EQ(to_string(Verdict::kNoMatch), "no_match");
}

}  // namespace
}  // namespace rushes::webhook
