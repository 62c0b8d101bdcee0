#include "server/api/links.h"

namespace rushes::api {
namespace {

std::string file_name(TaskId task, ArtifactKind kind) {
  switch (kind) {
    case ArtifactKind::kVideo: return task.to_string() + ".mp4";
    case ArtifactKind::kWatermarkedVideo: return task.to_string() + "-watermarked.mp4";
    case ArtifactKind::kPoster: return task.to_string() + ".jpg";
  }
  return task.to_string();
}

}  // namespace

void Links::set_base_url(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  base_url_.store(std::make_shared<const std::string>(std::move(url)));
}

std::string Links::url_of(const Task& task, const Artifact& artifact) const {
  const access::FileLink link{.artifact = artifact.id,
                              .name = file_name(task.id, artifact.kind),
                              .expires_at = task.updated_at + retention_};
  return base_url() + access::make_file_path(link, key_);
}

dialect::TaskView Links::view_of(const Task& task) const {
  dialect::TaskView view{.task = &task, .artifact_urls = {}};
  for (const Artifact& artifact : task.artifacts) {
    view.artifact_urls.push_back(url_of(task, artifact));
  }
  return view;
}

}  // namespace rushes::api
