// Links: absolute URLs of a task's results, under the one address that the operator gave.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "core/access/file_url.h"
#include "core/access/secret.h"
#include "core/dialect/dialect.h"

namespace rushes::api {

class Links {
 public:
  Links(const access::ServerSecret& secret, Seconds retention)
      : key_(secret.derive("file-url")),
        retention_(retention),
        base_url_(std::make_shared<const std::string>()) {}

  void set_base_url(std::string url);
  std::string base_url() const { return *base_url_.load(); }

  // A link is valid until the result is purged.
  std::string url_of(const Task& task, const Artifact& artifact) const;
  dialect::TaskView view_of(const Task& task) const;
  access::CheckedLink check(std::string_view target, Timestamp now) const {
    return access::check_file_path(target, key_, now);
  }

 private:
  const std::string key_;
  const Seconds retention_;
  // Set once the listen address is known, while threads may already read it.
  std::atomic<std::shared_ptr<const std::string>> base_url_;
};

}  // namespace rushes::api
