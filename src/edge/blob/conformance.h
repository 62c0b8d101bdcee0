// What every BlobStore must do, as tests: instantiate BlobConformance with a factory.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <sstream>

#include "base/bytes.h"
#include "base/crypto/digest.h"
#include "edge/blob/blob.h"
#include "edge/platform/blocking.h"

namespace rushes::blob {

// A folder that is removed with the test.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "rushes-blob-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~ScratchFolder() { std::filesystem::remove_all(path_); }
  std::string file(const std::string& name, std::string_view bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return path_ / name;
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

using OpenStore = std::function<Result<std::unique_ptr<BlobStore>>(const std::string& directory)>;

class BlobConformance : public ::testing::TestWithParam<std::pair<const char*, OpenStore>> {
 protected:
  void SetUp() override { reopen(); }
  void reopen() {
    store_.reset();
    auto opened = GetParam().second(folder_.path() / "blobs");
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }
  std::optional<std::string> bytes_of(const std::string& key) {
    const auto located = run_to_end(store_->find(key));
    if (!located || !*located) return std::nullopt;
    std::ostringstream text;
    text << std::ifstream((*located)->path, std::ios::binary).rdbuf();
    EXPECT_EQ(text.str().size(), (*located)->size_bytes);
    return text.str();
  }

  ScratchFolder folder_;
  std::unique_ptr<BlobStore> store_;
};

TEST_P(BlobConformance, AFileMovedInIsThereWholeWithItsChecksum) {
  const std::string bytes(3'000'000, 'x');
  const std::string source = folder_.file("clip.mp4", bytes);
  const auto stored = run_to_end(store_->put_file("123/video.mp4", source));
  ASSERT_TRUE(stored) << stored.error().message;
  EXPECT_EQ(stored->size_bytes, bytes.size());
  EXPECT_EQ(stored->sha256, to_hex(sha256(bytes)));
  EXPECT_EQ(bytes_of("123/video.mp4"), bytes);
  EXPECT_FALSE(std::filesystem::exists(source));
}

TEST_P(BlobConformance, PuttingAgainReplacesAtOnce) {
  ASSERT_TRUE(run_to_end(store_->put_file("a", folder_.file("1", "first"))));
  ASSERT_TRUE(run_to_end(store_->put_file("a", folder_.file("2", "second"))));
  EXPECT_EQ(bytes_of("a"), "second");
}

TEST_P(BlobConformance, BlobsSurviveAReopenAndHalfDoneOnesDoNot) {
  ASSERT_TRUE(run_to_end(store_->put_file("a", folder_.file("1", "kept"))));
  folder_.file("blobs/incoming/99.tmp", "half");
  reopen();
  EXPECT_EQ(bytes_of("a"), "kept");
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path() / "blobs" / "incoming"));
}

TEST_P(BlobConformance, RemovingTwiceIsNoError) {
  ASSERT_TRUE(run_to_end(store_->put_file("a", folder_.file("1", "x"))));
  EXPECT_TRUE(run_to_end(store_->remove("a")));
  EXPECT_TRUE(run_to_end(store_->remove("a")));
  EXPECT_EQ(bytes_of("a"), std::nullopt);
}

TEST_P(BlobConformance, EmptyAndMissingFilesAreRefusedAndNothingIsStored) {
  EXPECT_EQ(run_to_end(store_->put_file("a", folder_.file("1", ""))).error().code,
            ErrorCode::kInvalidInput);
  EXPECT_FALSE(run_to_end(store_->put_file("a", folder_.path() / "missing")));
  EXPECT_EQ(bytes_of("a"), std::nullopt);
}

TEST_P(BlobConformance, KeysThatLeaveTheFolderAreRefused) {
  EXPECT_TRUE(is_valid_key(std::string(200, 'a')));
  for (const std::string& key :
       {std::string(), std::string("/a"), std::string("a/"), std::string("a//b"), std::string(".."),
        std::string("a/../b"), std::string("./a"), std::string("A"), std::string("a b"),
        std::string("a\0b", 3), std::string("a~b"), std::string(201, 'a')}) {
    EXPECT_FALSE(is_valid_key(key)) << key;
    EXPECT_FALSE(run_to_end(store_->put_file(key, folder_.file("1", "x")))) << key;
    EXPECT_FALSE(run_to_end(store_->find(key))) << key;
    EXPECT_FALSE(run_to_end(store_->remove(key))) << key;
  }
}

}  // namespace rushes::blob
