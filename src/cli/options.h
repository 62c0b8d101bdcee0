// The command line as values. Parsing (and CLI11) is options.cpp's business only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace rushes::cli {

enum ExitCode { kDone = 0, kFailed = 1, kUsage = 2, kUnreachable = 3 };

// Where a command works: a server, or a data directory on this machine.
struct Connection {
  std::string config_file;
  std::string data_dir;
  std::string server;  // URL; empty: the running server of the data directory, else a private one
  std::string key;     // empty: $RUSHES_KEY, else DATA/default.key
  bool json = false;
};

struct Serve {
  std::string listen, role;
};

struct Generate {
  std::string prompt, negative_prompt;
  std::string model, mode = "std", aspect_ratio = "16:9", sound = "off";
  std::optional<std::string> camera;
  std::optional<int> duration_s;  // empty: 5, or what the shots add up to
  std::string shots_file;
  std::optional<uint64_t> seed;
  bool watermark = false;
  std::string output_file;
};

struct Render {
  std::string job_file, output_dir;
};

struct Tasks {
  enum class Verb { kList, kShow, kWatch, kCancel } verb = Verb::kList;
  std::string id;
  bool for_operator = false;  // kShow: out of the data directory, with attempts and raw reasons
  int page = 1, page_size = 30;
};

struct Models {
  std::string profile = "official";
};

struct Check {
  std::string file;  // "-": standard input
  std::string profile = "official";
};

struct Key {
  enum class Verb { kCreate, kList, kRevoke } verb = Verb::kList;
  std::string account = "default", label, id;
  bool jwt = false;
};

struct Accounts {
  enum class Verb { kList, kSet } verb = Verb::kList;
  std::string name, status, budget, concurrency, strict;  // empty: as it is
  std::optional<std::vector<std::string>> networks, models, providers;
};

struct Deliveries {
  enum class Verb { kList, kShow, kReplay, kTest } verb = Verb::kList;
  std::string task, id, account, url;
  int limit = 30;
};

struct WebhookSecrets {
  enum class Verb { kCreate, kRotate, kRevokeOld, kDelete, kList } verb = Verb::kList;
  std::string account;
  bool now = false;
};

struct Doctor {};
struct ShowConfig {
  bool defaults = false;
};
struct Completion {};
struct Version {};

using Command = std::variant<Version, Serve, Generate, Render, Tasks, Models, Check, Key, Accounts,
                             Deliveries, WebhookSecrets, Doctor, ShowConfig, Completion>;

struct Options {
  Connection connection;
  Command command;
};

// The options, or the exit code after help or a usage error has been printed.
std::variant<Options, int> parse_options(int argc, const char* const* argv);

// A bash completion script, made from the same definition.
std::string bash_completion();

}  // namespace rushes::cli
