#include "server/app/app.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <thread>

#include "base/log/json_logger.h"
#include "base/metrics/registry.h"
#include "edge/blob/disk/disk_blob_store.h"
#include "edge/http/server.h"
#include "edge/platform/blocking.h"
#include "edge/platform/clock.h"
#include "edge/platform/files.h"
#include "edge/platform/process.h"
#include "edge/platform/timer.h"
#include "edge/store/sqlite/sqlite_store.h"
#include "server/api/api.h"
#include "server/app/catalog_files.h"
#include "server/app/data_directory.h"
#include "server/app/dialects.h"
#include "server/app/egress.h"
#include "server/app/fake_network.h"
#include "server/app/issue_key.h"
#include "server/app/media_tool.h"
#include "server/app/outbox.h"
#include "server/app/providers.h"
#include "server/app/standard_error.h"
#include "server/engine/engine.h"
#include "server/engine/process_renderer.h"

namespace rushes::app {
namespace {

constexpr uint64_t kMebibyte = 1 << 20;
constexpr int64_t kDayMs = 86'400'000;

engine::Options engine_options(const config::Config& config, const DataDirectory& directory) {
  const int cores = std::max(1u, std::thread::hardware_concurrency());
  const auto children = static_cast<int>(config.engine.children);
  const auto threads = static_cast<int>(config.engine.threads_per_child);
  engine::Options options;
  options.work_directory = directory.work();
  options.children_max = children;
  options.threads_per_child = threads > 0 ? threads : std::max(1, cores / children);
  options.scale = config.previz.scale;
  options.attempts_max = static_cast<int>(config.engine.attempts);
  options.lease = Seconds{config.engine.lease_s};
  options.seconds_per_frame = Seconds{config.engine.seconds_per_frame};
  options.retention = Millis{config.results.retention_days * kDayMs};
  options.horizon = Seconds{config.upstream.horizon_s};
  options.handle_prefix = config.upstream.handle_prefix;
  options.download_bytes_max = static_cast<uint64_t>(config.upstream.result_mb) * kMebibyte;
  // Without a public address nobody outside could reach us: then providers are polled only.
  options.callback_base_url = config.server.public_base_url;
  while (options.callback_base_url.ends_with('/')) options.callback_base_url.pop_back();
  return options;
}

engine::ProcessRendererOptions renderer_options(const config::Config& config, std::string program) {
  engine::ProcessRendererOptions options;
  options.program = std::move(program);
  // PATH finds ffmpeg; the rest says where temporary files go and how text is spelled.
  options.environment = process::inherited_environment({"PATH", "TMPDIR", "LANG", "LC_ALL"});
  options.memory_bytes_max = static_cast<uint64_t>(config.engine.memory_mb) * kMebibyte;
  return options;
}

http::ServerOptions server_options(const config::Config& config, const config::HostPort& listen,
                                   const Clock& clock) {
  http::ServerOptions options;
  options.host = listen.host;
  options.port = listen.port;
  options.threads = static_cast<int>(config.server.threads);
  options.clock = &clock;
  const auto& limits = config.limits;
  options.limits.header_bytes_max = static_cast<size_t>(limits.header_bytes);
  options.limits.body_bytes_max = static_cast<size_t>(limits.body_bytes);
  options.limits.connections_max = static_cast<int>(limits.connections);
  options.limits.idle_timeout = Seconds{limits.idle_timeout_s};
  options.limits.header_timeout = Seconds{limits.header_timeout_s};
  options.limits.body_timeout = Seconds{limits.body_timeout_s};
  options.limits.write_timeout = Seconds{limits.write_timeout_s};
  if (!config.server.tls_certificate.empty()) {
    options.tls = http::TlsFiles{config.server.tls_certificate, config.server.tls_key};
  }
  return options;
}

api::Options api_options(const config::Config& config) {
  api::Options options;
  options.version = RUSHES_VERSION;
  options.result_retention = Seconds{config.results.retention_days * kDayMs / 1000};
  options.body_bytes_max = static_cast<size_t>(config.limits.body_bytes);
  options.requests_per_second = static_cast<double>(config.limits.requests_per_second);
  options.queue_per_account = static_cast<int>(config.engine.queue_per_account);
  return options;
}

// Everything of one server. stop() ends all threads; only then are the members destroyed.
class Composition final : public App {
 public:
  Composition(config::Config config, catalog::Catalog catalog, access::ServerSecret secret)
      : config_(std::move(config)),
        directory_{config_.server.data_dir},
        catalog_(std::move(catalog)),
        secret_(std::move(secret)),
        logger_({.level = log::parse_level(config_.log.level).value_or(log::Level::kInfo),
                 .now = [this] { return clock_.now(); },
                 .sink = [this](std::string_view lines) { errors_.write(lines); }}) {}

  ~Composition() override { stop(); }

  Result<void> open(std::string program) {
    logger_.start();
    outbox_.emplace(dialects_.all(), secret_,
                    Seconds{config_.results.retention_days * kDayMs / 1000}, entropy_);
    TRY(store_, store::open_sqlite_store({.directory = directory_.path, .outbox = &*outbox_}));
    TRY(blobs_, blob::open_disk_blob_store(directory_.blobs()));
    TRY(const config::HostPort listen, config::parse_host_port(config_.server.listen));
    TRY_VOID(make_first_key(listen.host));

    TRY(providers_, load_providers(config_, catalog_, adapters_));
    TRY(network_, http::make_outbound(outbound_options(config_, clock_)));
    TRY(fake_sites_, load_fake_sites(config_));
    if (!fake_sites_.empty()) {
      fake_.emplace(FakeServices{*network_, clock_, timers_, logger_}, fake_sites_,
                    directory_.work());
    }
    http::Outbound& network = fake_ ? *fake_ : *network_;
    media_ = make_media_tool();
    renderer_.emplace(renderer_options(config_, std::move(program)));
    engine_ = engine::make_engine({*store_, *blobs_, catalog_, providers_, secret_, *renderer_,
                                   network, *media_, clock_, entropy_, timers_, logger_},
                                  engine_options(config_, directory_));
    api::Options options = api_options(config_);
    TRY(options.egress, egress_policy(config_));
    if (config_.server.development) {
      options.check_fake_rule = [this](std::string_view rule) {
        return check_fake_rule(fake_sites_, rule);
      };
    }
    api_.emplace(std::move(options),
                 api::Parts{*store_, *engine_, *blobs_, catalog_, dialects_.all(), secret_, clock_,
                            entropy_, logger_, metrics_});
    TRY(server_,
        http::Server::create(
            server_options(config_, listen, clock_),
            [this](wire::Request request) { return api_->handle(std::move(request)); },
            [this](int status, std::string_view target) { return api_->refuse(status, target); }));
    url_ = fmt::format(
        "{}://{}:{}", config_.server.tls_certificate.empty() ? "http" : "https",
        listen.host.find(':') == std::string::npos ? listen.host : "[" + listen.host + "]",
        server_->port());
    const std::string& public_url = config_.server.public_base_url;
    const std::string& base_url = public_url.empty() ? url_ : public_url;
    api_->set_base_url(base_url);
    outbox_->set_base_url(base_url);
    if (fake_) {
      fake_->start([this](TaskId task, int attempt, std::string_view secret) {
        engine_->hint(task, attempt, secret);
      });
    }
    if (config_.server.role != "api") engine_->start();
    return write_server_file();
  }

  std::string url() const override { return url_; }
  std::string first_key_file() const override { return first_key_file_; }
  void reload() override {
    if (config_.server.tls_certificate.empty()) return;
    if (const auto reloaded = server_->reload_tls(); !reloaded) {
      return logger_.write(log::Level::kError, "certificate_not_reloaded",
                           {{"error", reloaded.error().message}});
    }
    const auto written = write_server_file();  // before the line that others wait for
    logger_.write(log::Level::kInfo, "certificate_reloaded");
    if (!written) {
      logger_.write(log::Level::kError, "server_file_not_written",
                    {{"error", written.error().message}});
    }
  }

  void stop() override {
    if (stopped_) return;
    stopped_ = true;
    if (!url_.empty()) ::unlink(directory_.server_file().c_str());
    if (server_) server_->stop(Seconds{config_.limits.shutdown_grace_s});
    if (engine_) engine_->stop();
    if (fake_) fake_->stop();  // the engine has, unless it never ran
    errors_.hurry();
    logger_.stop();
  }

 private:
  Result<void> write_server_file() const {
    const json::Value about = json::Object{
        {"url", url_}, {"pid", int64_t{::getpid()}}, {"public_key_pin", server_->public_key_pin()}};
    return write_private(directory_.server_file(), json::to_text(about) + "\n");
  }

  // A server that only this machine reaches is usable at once; a public one gets its keys by hand.
  Result<void> make_first_key(std::string_view host) {
    if (!config::is_loopback(host)) return {};
    TRY(const auto keys, run_to_end(store_->list_keys()));
    if (!keys.empty()) return {};
    NewKey wanted;
    wanted.label = "made at the first start";
    TRY(const IssuedKey issued,
        (KeyMaker{*store_, directory_, clock_, entropy_}.issue(std::move(wanted))));
    TRY_VOID(write_private(directory_.default_key_file(), issued.key + "\n"));
    first_key_file_ = directory_.default_key_file();
    return {};
  }

  const config::Config config_;
  const DataDirectory directory_;
  const catalog::Catalog catalog_;
  const access::ServerSecret secret_;
  SystemClock clock_;
  SystemEntropy entropy_;
  SystemTimers timers_;
  StandardError errors_;
  log::JsonLogger logger_;
  metrics::Registry metrics_;
  const Dialects dialects_;
  const Adapters adapters_{catalog_};
  engine::Providers providers_;
  std::optional<CallbackOutbox> outbox_;
  std::unique_ptr<http::Outbound> network_;
  std::vector<FakeSite> fake_sites_;
  std::optional<FakeNetwork> fake_;
  std::unique_ptr<engine::MediaTool> media_;
  // The server's threads run what the store and the blobs resume, so these are destroyed after it
  // has stopped and before its contexts are gone: see stop().
  std::unique_ptr<http::Server> server_;
  std::optional<api::Api> api_;
  std::optional<engine::ProcessRenderer> renderer_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<blob::BlobStore> blobs_;
  std::string url_, first_key_file_;
  bool stopped_ = false;
};

}  // namespace

config::Config with_default_paths(config::Config config, std::string_view home,
                                  std::string_view xdg_data_home) {
  if (!config.server.data_dir.empty()) return config;
  config.server.data_dir = xdg_data_home.empty() ? fmt::format("{}/.local/share/rushes", home)
                                                 : fmt::format("{}/rushes", xdg_data_home);
  return config;
}

Result<std::unique_ptr<App>> App::create(config::Config config, std::string program) {
  TRY_VOID(config::validate(config));
  TRY(catalog::Catalog catalog, load_catalog(config));
  TRY_VOID(files::ensure_directory(config.server.data_dir, 0700));
  SystemEntropy entropy;
  TRY(access::ServerSecret secret, ensure_secret({config.server.data_dir}, entropy));
  auto app =
      std::make_unique<Composition>(std::move(config), std::move(catalog), std::move(secret));
  TRY_VOID(app->open(std::move(program)));
  return app;
}

RunningServer running_server(const config::Config& config) {
  const std::string text = read_trimmed(DataDirectory{config.server.data_dir}.server_file());
  const auto about = json::parse(text);
  if (!about) return {};
  // A killed server leaves its file behind; its lock is gone with it.
  const auto lock = files::DirectoryLock::acquire(config.server.data_dir);
  const bool runs = !lock && lock.error().code == ErrorCode::kConflict;
  if (!runs) return {};
  return {about->string_or("url", ""), about->string_or("public_key_pin", "")};
}

std::string default_key(const config::Config& config) {
  return read_trimmed(DataDirectory{config.server.data_dir}.default_key_file());
}

}  // namespace rushes::app
