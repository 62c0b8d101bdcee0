#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <sstream>

#include "core/catalog/catalog.h"
#include "edge/http/tls_context.h"
#include "edge/platform/clock.h"
#include "edge/platform/files.h"
#include "server/app/app.h"
#include "server/app/catalog_files.h"
#include "server/app/egress.h"
#include "server/app/providers.h"

namespace rushes::app {
namespace {

constexpr uint64_t kFreeBytesWanted = 1ull << 30;

Finding find_program(const std::string& name, const char* path, std::string_view needed_for,
                     bool required) {
  std::istringstream folders(path == nullptr ? "/usr/bin:/bin" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string file = folder + "/" + name;
    if (::access(file.c_str(), X_OK) == 0) return {name, true, file};
  }
  return {name, !required,
          fmt::format("not found: {} needs it; apt-get install {}", needed_for, name)};
}

Finding examine_data(const std::string& directory) {
  if (const auto made = files::ensure_directory(directory, 0700); !made) {
    return {"data directory", false, made.error().message};
  }
  if (::access(directory.c_str(), R_OK | W_OK | X_OK) != 0) {
    return {"data directory", false, directory + " cannot be written: check its owner and mode"};
  }
  return {"data directory", true, directory};
}

Finding examine_space(const std::string& directory) {
  struct statvfs info{};
  if (::statvfs(directory.c_str(), &info) != 0) return {"free disk", false, "cannot be told"};
  const uint64_t free_bytes = static_cast<uint64_t>(info.f_bavail) * info.f_frsize;
  return {"free disk", free_bytes >= kFreeBytesWanted,
          fmt::format("{:.1f} GiB free, at least 1 GiB is wanted",
                      static_cast<double>(free_bytes) / (1ull << 30))};
}

template <class T>
Finding judge(std::string subject, const Result<T>& found, std::string what) {
  return found ? Finding{std::move(subject), true, std::move(what)}
               : Finding{std::move(subject), false, found.error().message};
}

// The parts of the configuration that a start reads more of than their syntax. Nothing is quoted
// that may hold a password.
void examine_configuration(const config::Config& config, std::vector<Finding>& findings) {
  const auto catalog = load_catalog(config);
  findings.push_back(
      judge("catalog", catalog, catalog ? fmt::format("{} models", catalog->models().size()) : ""));
  if (catalog) {
    const auto providers = load_providers(config, *catalog, Adapters(*catalog));
    findings.push_back(
        judge("providers", providers, providers ? fmt::format("{}", providers->list.size()) : ""));
  }
  const SystemClock clock;
  findings.push_back(judge("network", http::make_outbound(outbound_options(config, clock)),
                           config.egress.proxy.empty() ? "no proxy" : "by a proxy"));
  const http::TlsFiles tls{config.server.tls_certificate, config.server.tls_key};
  if (!tls.certificate_file.empty()) {
    findings.push_back(judge("TLS", http::TlsContext::create(tls), tls.certificate_file));
  }
}

}  // namespace

std::vector<Finding> examine(const config::Config& config, const char* path) {
  std::vector<Finding> findings{
      find_program("ffmpeg", path, "every render", true),
      find_program("espeak-ng", path, "spoken dialogue", false),
      examine_data(config.server.data_dir),
      examine_space(config.server.data_dir),
  };
  examine_configuration(config, findings);
  const std::string url = running_server(config).url;
  findings.push_back({"server", true, url.empty() ? "none runs on this data directory" : url});
  return findings;
}

}  // namespace rushes::app
