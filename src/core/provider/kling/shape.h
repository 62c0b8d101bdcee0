// Where each family keeps what we need of a reply, and what its words mean. The decoder walks these
// tables and nothing else: a new fork of a gateway is a few more paths.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "core/provider/provider.h"

namespace rushes::provider::kling {

// Paths in order of preference (reading.h).
struct Shape {
  std::string_view family;
  std::span<const std::string_view> id, word, reason, url, watermarked_url, progress;
  std::span<const std::string_view> handle;      // our own id, as the reply repeats it
  std::span<const std::string_view> code;        // an integer, or a text
  std::span<const std::string_view> message;     // of a refusal
  std::span<const std::string_view> ok_texts;    // codes that are texts and mean success
  std::span<const std::string_view> gone_texts;  // codes that mean: there is no such task
  bool code_is_required = true;                  // a reply without a code is unreadable
  bool lookup_by_handle = false;
  bool both_model_names = false;     // the body says `model` as well as `model_name`
  bool shots_without_prompt = true;  // multi-shot customize
  bool serves_artifacts = false;     // /v1/tasks/{id}/artifacts/video/content
};

// Null if there is no such family; "" is the first.
const Shape* find_shape(std::string_view family);
std::span<const Shape> shapes();

// What a code of the vendor's table means for a create and for a GET.
struct CodeMeaning {
  int code;
  Verdict create;
  Verdict query;
  std::string_view failure_code;
};
const CodeMeaning* find_code(int64_t code);

}  // namespace rushes::provider::kling
