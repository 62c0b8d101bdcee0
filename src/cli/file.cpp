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
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};

std::unexpected<Error> refuse(std::string_view doing, const std::string& file,
                              std::string_view why) {
  return fail_user(ErrorCode::kInvalidInput, fmt::format("cannot {} {}: {}", doing, file, why));
}

// The few reasons that people meet, worded alike everywhere.
std::string reason(int error_number) {
  return error_number == EISDIR ? "is a directory" : std::strerror(error_number);
}

}  // namespace

Result<std::string> read_input(const std::string& file) {
  const std::unique_ptr<std::FILE, CloseFile> in(file == "-" ? stdin
                                                             : std::fopen(file.c_str(), "rbe"));
  const std::string name = file == "-" ? "standard input" : file;
  if (!in) return refuse("read", name, reason(errno));
  std::string text;
  char buffer[16 * 1024];
  while (const size_t got = std::fread(buffer, 1, sizeof buffer, in.get())) {
    text.append(buffer, got);
    if (text.size() > kInputSizeMax) return refuse("read", name, "more than 16 MiB");
  }
  if (std::ferror(in.get()) != 0) return refuse("read", name, reason(errno));
  return text;
}

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
  const std::string folder = parent.empty() ? "." : parent;
  if (!fs::is_directory(folder, error)) return refuse("write", file, "there is no such folder");
  if (::access(folder.c_str(), W_OK | X_OK) != 0) return refuse("write", file, reason(errno));
  return {};
}

}  // namespace rushes::cli
