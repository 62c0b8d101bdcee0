#include "cli/file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

namespace rushes::cli {
namespace {

constexpr size_t kInputSizeMax = 16 << 20;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

std::unexpected<Error> refuse(std::string_view doing, const std::string& file,
                              std::string_view why) {
  return fail_user(ErrorCode::kInvalidInput, fmt::format("cannot {} {}: {}", doing, file, why));
}

// The few reasons that people meet, worded alike everywhere.
std::string reason(int error_number) {
  return error_number == EISDIR ? "is a directory" : std::strerror(error_number);
}

Result<std::string> read_all(std::FILE* in, const std::string& name) {
  std::string text;
  char buffer[16 * 1024];
  while (const size_t got = std::fread(buffer, 1, sizeof buffer, in)) {
    text.append(buffer, got);
    if (text.size() > kInputSizeMax) return refuse("read", name, "more than 16 MiB");
  }
  if (std::ferror(in) != 0) return refuse("read", name, reason(errno));
  return text;
}

// What keeps files from being made in `folder`; empty if nothing does.
std::string obstacle_in(const std::string& folder) {
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) return "there is no such folder";
  return ::access(folder.c_str(), W_OK | X_OK) == 0 ? "" : reason(errno);
}

}  // namespace

Result<std::string> read_input(const std::string& file) {
  const std::unique_ptr<std::FILE, CloseFile> in(std::fopen(file.c_str(), "rbe"));
  if (!in) return refuse("read", file, reason(errno));
  return read_all(in.get(), file);
}

Result<std::string> read_standard_input() { return read_all(stdin, "standard input"); }

Result<void> check_output(const std::string& file) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (fs::is_directory(status)) return refuse("write", file, reason(EISDIR));
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    return refuse("write", file, "is not a regular file");
  }
  // The file is replaced as a whole once it is complete: its folder is what must be writable.
  const std::string parent = fs::path(file).parent_path().string();
  const std::string obstacle = obstacle_in(parent.empty() ? "." : parent);
  if (!obstacle.empty()) return refuse("write", file, obstacle);
  return {};
}

Result<void> check_output_folder(const std::string& folder) {
  const std::string obstacle = obstacle_in(folder);
  if (!obstacle.empty()) return refuse("write into", folder, obstacle);
  return {};
}

}  // namespace rushes::cli
