#include <gmock/gmock.h>

#include "server/api/api_kit.h"

namespace rushes::api {
namespace {

using testing::HasSubstr;
using testing::Not;

class FilesTest : public ApiTest {
 protected:
  void SetUp() override {
    id_ = create();
    succeed(id_, "0123456789");
    target_ = target_of(
        task(id_).find("task_result")->find("videos")->as_array()->front().string_or("url", ""));
  }
  // Without any key: the link is the permission.
  wire::Response fetch(const std::string& target, wire::Headers headers = {},
                       std::string_view method = "GET") {
    headers.set("Authorization", "");
    return send(method, target, "", std::move(headers));
  }
  static std::string part(const wire::Response& response) {
    if (!response.file) return "no file";
    return std::to_string(response.file->offset) + "+" + std::to_string(response.file->size_bytes);
  }
  const std::string etag_ = "\"" + to_hex(sha256("0123456789")) + "\"";
  std::string id_, target_;
};

TEST_F(FilesTest, TheWholeFileHasItsTypeNameAndTag) {
  const wire::Response response = fetch(target_);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(part(response), "0+10");
  EXPECT_EQ(*response.headers.find("Content-Type"), "video/mp4");
  EXPECT_EQ(*response.headers.find("Content-Disposition"), "inline; filename=\"" + id_ + ".mp4\"");
  EXPECT_EQ(*response.headers.find("ETag"), etag_);
  EXPECT_EQ(*response.headers.find("Accept-Ranges"), "bytes");
  EXPECT_THAT(*response.headers.find("Cache-Control"), HasSubstr("private"));
  EXPECT_EQ(fetch(target_, {}, "HEAD").status, 200);
}

TEST_F(FilesTest, ThePosterIsAFileToo) {
  const std::string url = parsed(get("/rushes/v1/tasks/" + id_)).string_or("poster_url", "");
  const wire::Response response = fetch(target_of(url));
  EXPECT_EQ(*response.headers.find("Content-Type"), "image/jpeg");
  EXPECT_EQ(*response.headers.find("Content-Disposition"), "inline; filename=\"" + id_ + ".jpg\"");
}

TEST_F(FilesTest, RangesAreServed) {
  const struct {
    const char* range;
    int status;
    const char *part, *content_range;
  } rows[] = {
      {"bytes=2-4", 206, "2+3", "bytes 2-4/10"},
      {"bytes=0-0", 206, "0+1", "bytes 0-0/10"},
      {"bytes=9-", 206, "9+1", "bytes 9-9/10"},
      {"bytes=-3", 206, "7+3", "bytes 7-9/10"},
      {"bytes=5-99", 206, "5+5", "bytes 5-9/10"},
      {"bytes=10-", 416, "no file", "bytes */10"},
      {"bytes=1-2,4-5", 200, "0+10", ""},
      {"chunks=1-2", 200, "0+10", ""},
      {"bytes=4-2", 200, "0+10", ""},
  };
  for (const auto& row : rows) {
    const wire::Response response = fetch(target_, header("Range", row.range));
    EXPECT_EQ(response.status, row.status) << row.range;
    EXPECT_EQ(part(response), row.part) << row.range;
    const std::string* content_range = response.headers.find("Content-Range");
    EXPECT_EQ(content_range ? *content_range : "", row.content_range) << row.range;
  }
  const wire::Response head = fetch(target_, header("Range", "bytes=2-4"), "HEAD");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(part(head), "0+10");
}

TEST_F(FilesTest, AConditionalRangeNeedsTheVeryFile) {
  const auto ask = [&](std::string tag) {
    wire::Headers headers = header("Range", "bytes=2-4");
    headers.add("If-Range", std::move(tag));
    return fetch(target_, headers).status;
  };
  EXPECT_EQ(ask(etag_), 206);
  EXPECT_EQ(ask("\"other\""), 200);
  EXPECT_EQ(ask("W/" + etag_), 200);
  EXPECT_EQ(ask("Wed, 21 Oct 2026 07:28:00 GMT"), 200);
}

TEST_F(FilesTest, AClientThatHasTheFileGetsNoBytes) {
  for (const std::string& list :
       {etag_, "W/" + etag_, "\"a\", " + etag_, "\"a\" ,W/" + etag_ + ",\"b\"", std::string("*")}) {
    const wire::Response response = fetch(target_, header("If-None-Match", list));
    EXPECT_EQ(response.status, 304) << list;
    EXPECT_EQ(part(response), "no file");
    EXPECT_EQ(*response.headers.find("ETag"), etag_);
  }
  for (const std::string& list : {std::string("\"a\""), std::string(""), etag_.substr(1)}) {
    EXPECT_EQ(fetch(target_, header("If-None-Match", list)).status, 200) << list;
  }
}

TEST_F(FilesTest, AnEditedLinkOpensNothing) {
  const std::string other_name = std::string(target_).replace(target_.find(".mp4"), 4, ".exe");
  for (const std::string& target :
       {target_ + "x", target_.substr(0, target_.size() - 1), other_name,
        target_.substr(0, target_.find('?')), target_ + "&expires=9999999999",
        std::string(target_).replace(target_.find("expires=") + 8, 1, "9"),
        std::string("/files/1/x.mp4?expires=9999999999&signature=")}) {
    const wire::Response response = fetch(target);
    EXPECT_EQ(summary(response), "403/1103 Unauthorized access to requested resource") << target;
    EXPECT_THAT(response.body, Not(HasSubstr("blobs")));
  }
}

TEST_F(FilesTest, ALinkIsValidUntilThePurge) {
  clock_.advance(Seconds(30 * 86400));
  EXPECT_EQ(fetch(target_).status, 200);
  clock_.advance(Seconds(1));
  EXPECT_EQ(fetch(target_).status, 403);
}

TEST_F(FilesTest, AFileThatIsGoneIsNotFound) {
  blobs_.blobs.clear();
  EXPECT_EQ(summary(fetch(target_)), "404/1203 The requested resource does not exist");
  EXPECT_TRUE(run(store_->mark_purged(*TaskId::parse(id_), clock_.now())));
  EXPECT_EQ(summary(fetch(target_)), "404/1203 The requested resource does not exist");
}

TEST_F(FilesTest, LinksFollowTheConfiguredAddress) {
  wire::Headers headers = bearer(key_);
  headers.add("Host", "evil.example.com");
  headers.add("X-Forwarded-Host", "evil.example.com");
  const wire::Response response = get(std::string(kOfficial) + "/" + id_, headers);
  EXPECT_THAT(response.body, Not(HasSubstr("evil")));
  api_->set_base_url("http://127.0.0.1:8080");
  clock_.advance(Seconds{2});  // a finished task is remembered for a second, with its links
  EXPECT_THAT(get(std::string(kOfficial) + "/" + id_).body,
              HasSubstr("\"url\":\"http://127.0.0.1:8080/files/"));
}

}  // namespace
}  // namespace rushes::api
