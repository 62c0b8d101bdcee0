// The body of `rushes render`.
//
// SIGTERM keeps its default action, which ends the process at once: what is on disk then are files
// whose names begin with a dot, and encoders are killed by the kernel with the thread that started
// them, which is this one.
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "base/json/writer.h"
#include "previz/previz.h"

namespace rushes::previz {
namespace {

constexpr int kDone = 0, kFailed = 1, kBadJob = 2;
// Room for the longest job: sixty shots with the longest prompts, every byte escaped.
constexpr size_t kJobBytesMax = 16 << 20;

Result<Job> read_job(const std::string& path) {
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "rbe"), std::fclose);
  if (file == nullptr) {
    return fail(ErrorCode::kInvalidInput, fmt::format("{}: {}", path, std::strerror(errno)));
  }
  std::string text;
  char buffer[65536];
  while (const size_t got = std::fread(buffer, 1, sizeof buffer, file.get())) {
    text.append(buffer, got);
    if (text.size() > kJobBytesMax) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("{}: longer than {} bytes", path, kJobBytesMax));
    }
  }
  TRY(const json::Value value, json::parse(text));
  return job_from_json(value);
}

void print_progress(double progress, int frame, int frames) {
  std::string line;
  json::Writer(line)
      .begin_object()
      .member("progress", progress)
      .member("frame", frame)
      .member("frames", frames)
      .end_object();
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

// One line, so that the last line is the whole reason.
int fail_with(int exit_code, const Error& error) {
  std::string line = error.message;
  std::ranges::replace(line, '\n', ' ');
  fmt::print(stderr, "{}: {}\n", to_string(error.code), line);
  return exit_code;
}

}  // namespace

int render_main(const std::string& job_file, const std::string& output_dir) {
  const auto job = read_job(job_file);
  if (!job) return fail_with(kBadJob, job.error());
  std::error_code reason;
  std::filesystem::create_directories(output_dir, reason);
  if (reason) {
    return fail_with(
        kFailed,
        {ErrorCode::kUnavailable, fmt::format("{}: {}", output_dir, reason.message()), {}});
  }
  RunOptions options;
  options.output_dir = output_dir;
  // The last hundredth is for the encoder's end and the checks.
  options.on_frame = [](int done, int count) { print_progress(0.99 * done / count, done, count); };
  const auto result = run_job(*job, options);
  if (!result) return fail_with(kFailed, result.error());
  print_progress(1, result->frame_count, result->frame_count);
  return kDone;
}

}  // namespace rushes::previz
