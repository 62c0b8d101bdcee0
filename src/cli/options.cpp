#include "cli/options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>

#include <charconv>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string_view>

#include "cli/terminal.h"

namespace rushes::cli {
namespace {

constexpr uint64_t kDurationMax = 999;  // which of them a model makes is its catalog's to say

// Owns the parser and the values it writes to; `choose` runs for the sub-command that was given.
struct Parser {
  CLI::App root{"Rushes: a self-hosted text-to-video server with a renderer built in", "rushes"};
  Connection connection;
  Command command;

  CLI::App* add(CLI::App& parent, const std::string& name, const std::string& help) {
    CLI::App* sub = parent.add_subcommand(name, help);
    sub->add_option("--config", connection.config_file, "Configuration file (TOML)");
    sub->add_option("--data", connection.data_dir, "Data directory");
    return sub;
  }
  void add_server(CLI::App& sub) {
    sub.add_option("--server", connection.server,
                   "Server URL (default: the one running on the data directory)");
    sub.add_option("--key", connection.key,
                   "API key (default: $RUSHES_KEY, else DATA/default.key)");
  }
  void add_json(CLI::App& sub) { sub.add_flag("--json", connection.json, "Print JSON"); }

  // The command's values live here while CLI11 fills them; the chosen one becomes `command`.
  template <class Value>
  std::shared_ptr<Value> choose(CLI::App& sub, Value start = {}) {
    auto value = std::make_shared<Value>(std::move(start));
    sub.callback([this, value] { command = *value; });
    return value;
  }
};

// A whole number in decimal digits: CLI11's own reading takes "010" for 8 and wraps "-1" around.
template <class Value>
CLI::Option* add_number(CLI::App& sub, const std::string& name, Value& value, uint64_t lowest,
                        uint64_t highest, const std::string& help) {
  const auto read = [&value, name, lowest, highest](const std::string& text) {
    uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < lowest ||
        number > highest) {
      throw CLI::ValidationError(name, "'" + text + "' is invalid: allowed are the whole numbers " +
                                           std::to_string(lowest) + " to " +
                                           std::to_string(highest) + ", in decimal digits");
    }
    value = static_cast<typename decltype(std::optional(value))::value_type>(number);
  };
  return sub.add_option_function<std::string>(name, read, help)->type_name("N");
}

void define_serve(Parser& p) {
  CLI::App* sub = p.add(p.root, "serve", "Run the server");
  auto serve = p.choose<Serve>(*sub);
  sub->add_option("--listen", serve->listen, "HOST:PORT; port 0 picks a free one");
  sub->add_option("--role", serve->role, "all, api or worker")
      ->check(CLI::IsMember({"all", "api", "worker"}));
}

void define_generate(Parser& p) {
  CLI::App* sub = p.add(p.root, "generate", "Make a video and download it");
  p.add_server(*sub);
  p.add_json(*sub);
  auto generate = p.choose<Generate>(*sub);
  sub->add_option("prompt", generate->prompt, "What to show; not needed with --shots");
  sub->add_option("--negative", generate->negative_prompt, "What must not be in it");
  sub->add_option("--model", generate->model, "Model name (see `rushes models`)");
  sub->add_option("--mode", generate->mode, "std (720p), pro (1080p) or 4k")->capture_default_str();
  add_number(
      *sub, "--duration", generate->duration_s, 1, kDurationMax,
      fmt::format("Whole seconds, 1 to {}, as far as the model makes them (see `rushes models`; "
                  "default 5, or what the shots add up to)",
                  kDurationMax));
  sub->add_option("--aspect", generate->aspect_ratio, "16:9, 9:16 or 1:1")->capture_default_str();
  sub->add_option("--sound", generate->sound, "on or off")->capture_default_str();
  // By a function: an empty text for an optional would count as none given.
  sub->add_option_function<std::string>(
      "--camera", [generate](const std::string& move) { generate->camera = move; },
      "A move: zoom:5, pan:-3, horizontal|vertical|tilt|roll:N, down_back, forward_up, "
      "right_turn_forward, left_turn_forward");
  sub->add_option("--shots", generate->shots_file,
                  "Storyboard: a JSON file, [{\"prompt\":\"…\",\"duration\":2}, …]");
  add_number(*sub, "--seed", generate->seed, 0, std::numeric_limits<uint64_t>::max(),
             "Same seed and prompt, same pictures");
  sub->add_flag("--watermark", generate->watermark, "Also make a marked copy");
  sub->add_option("-o,--output", generate->output_file,
                  "File to write (default rushes-<task id>.mp4)");
}

void define_render(Parser& p) {
  CLI::App* sub = p.root.add_subcommand("render", "Render one job file without a server");
  auto render = p.choose<Render>(*sub);
  sub->add_option("--job", render->job_file, "Job (JSON)")->required();
  sub->add_option("--out", render->output_dir, "Folder for the results")->required();
}

void define_tasks(Parser& p) {
  CLI::App* tasks = p.root.add_subcommand("tasks", "List, show, watch and cancel tasks");
  tasks->require_subcommand(1);
  const auto verb = [&](const char* name, const char* help, Tasks::Verb which) {
    CLI::App* sub = p.add(*tasks, name, help);
    p.add_server(*sub);
    p.add_json(*sub);
    Tasks start;
    start.verb = which;
    auto value = p.choose<Tasks>(*sub, start);
    if (which == Tasks::Verb::kList) {
      add_number(*sub, "--page", value->page, 1, 1000, "Page, from 1 to 1000");
      add_number(*sub, "--page-size", value->page_size, 1, 500, "Tasks a page, at most 500");
    } else {
      sub->add_option("id", value->id, "Task id or external task id (--operator: task id)")
          ->required();
    }
    if (which == Tasks::Verb::kShow) {
      sub->add_flag("--operator", value->for_operator,
                    "From the data directory: attempts, upstream ids, raw reasons, cost");
    }
  };
  verb("list", "The newest tasks", Tasks::Verb::kList);
  verb("show", "One task with its history", Tasks::Verb::kShow);
  verb("watch", "Follow one task to its end", Tasks::Verb::kWatch);
  verb("cancel", "Cancel one task", Tasks::Verb::kCancel);
}

void define_models_and_check(Parser& p) {
  CLI::App* models = p.add(p.root, "models", "What every model can do and costs");
  p.add_json(*models);
  auto shown = p.choose<Models>(*models);
  models->add_option("--profile", shown->profile, "official, powertokens or classic")
      ->capture_default_str();

  CLI::App* check = p.add(p.root, "check", "Validate and price a request without submitting it");
  p.add_json(*check);
  auto value = p.choose<Check>(*check);
  check->add_option("file", value->file, "Request body (JSON), - for standard input")->required();
  check->add_option("--profile", value->profile, "official, powertokens or classic")
      ->capture_default_str();
}

void define_keys(Parser& p) {
  CLI::App* keys = p.root.add_subcommand("key", "Create, list and revoke API keys");
  keys->require_subcommand(1);
  const auto verb = [&](const char* name, const char* help, Key::Verb which) {
    CLI::App* sub = p.add(*keys, name, help);
    p.add_json(*sub);
    Key start;
    start.verb = which;
    auto value = p.choose<Key>(*sub, start);
    if (which == Key::Verb::kCreate) {
      sub->add_option("--account", value->account, "Owner; made if it is new")
          ->capture_default_str();
      sub->add_option("--label", value->label, "A note for people");
      sub->add_flag("--jwt", value->jwt, "An AccessKey/SecretKey pair for signed tokens");
    }
    if (which == Key::Verb::kRevoke) sub->add_option("id", value->id, "Key id")->required();
  };
  verb("create", "Make a key; it is shown once", Key::Verb::kCreate);
  verb("list", "All keys, without their secrets", Key::Verb::kList);
  verb("revoke", "Refuse a key; a running server does within a second", Key::Verb::kRevoke);
}

void define_accounts(Parser& p) {
  CLI::App* accounts = p.root.add_subcommand("account", "What accounts may do and have used");
  accounts->require_subcommand(1);
  CLI::App* list = p.add(*accounts, "list", "All accounts");
  p.add_json(*list);
  p.choose<Accounts>(*list);

  CLI::App* set = p.add(*accounts, "set", "Change an account; it is made if it is new");
  p.add_json(*set);
  Accounts start;
  start.verb = Accounts::Verb::kSet;
  auto value = p.choose<Accounts>(*set, start);
  set->add_option("name", value->name, "Account")->required();
  set->add_option("--status", value->status, "active, suspended or arrears");
  set->add_option("--budget", value->budget, "Units in all, such as 200 or 0.5; none: no limit");
  set->add_option("--concurrency", value->concurrency, "Tasks in work at once; none: no limit");
  set->add_option("--strict", value->strict, "on: more tasks are refused (1303); off: they wait")
      ->check(CLI::IsMember({"on", "off"}));
  set->add_option("--network", value->networks, "Networks that its keys may be used from (CIDR)");
  set->add_option("--model", value->models, "Models that it may use");
  set->add_option("--provider", value->providers,
                  "Providers, in order, instead of the routes' own");
}

void define_webhook_secrets(Parser& p, CLI::App& deliveries) {
  CLI::App* secrets = deliveries.add_subcommand(
      "secret", "The secrets that callbacks of an account are signed with");
  secrets->require_subcommand(1);
  const auto verb = [&](const char* name, const char* help, WebhookSecrets::Verb which) {
    CLI::App* sub = p.add(*secrets, name, help);
    p.add_json(*sub);
    WebhookSecrets start;
    start.verb = which;
    auto value = p.choose<WebhookSecrets>(*sub, start);
    sub->add_option("--account", value->account, "Whose")->required();
    if (which == WebhookSecrets::Verb::kRotate) {
      sub->add_flag("--now", value->now, "The old one is out: it signs nothing from now on");
    }
  };
  verb("create", "Sign callbacks from now on; the secret is shown once",
       WebhookSecrets::Verb::kCreate);
  verb("rotate", "A new secret; the old one signs beside it for 7 days",
       WebhookSecrets::Verb::kRotate);
  verb("revoke-old", "End a rotation early: only the newest signs",
       WebhookSecrets::Verb::kRevokeOld);
  verb("delete", "Callbacks are not signed any more", WebhookSecrets::Verb::kDelete);
  verb("list", "Those that sign, without the secrets themselves", WebhookSecrets::Verb::kList);
}

void define_deliveries(Parser& p) {
  CLI::App* deliveries =
      p.root.add_subcommand("deliveries", "Callbacks: their log, replays, tests and secrets");
  deliveries->require_subcommand(1);
  const auto verb = [&](const char* name, const char* help, Deliveries::Verb which) {
    CLI::App* sub = p.add(*deliveries, name, help);
    p.add_json(*sub);
    Deliveries start;
    start.verb = which;
    auto value = p.choose<Deliveries>(*sub, start);
    if (which == Deliveries::Verb::kList) {
      sub->add_option("--task", value->task, "Only of this task (its id)");
      add_number(*sub, "--limit", value->limit, 1, 500, "At most so many, 1 to 500 (default 30)");
    } else if (which == Deliveries::Verb::kTest) {
      sub->add_option("--account", value->account, "Whose secret signs it")->required();
      sub->add_option("--url", value->url, "The receiver")->required();
    } else {
      sub->add_option("id", value->id, "Delivery id: the webhook-id")->required();
    }
  };
  verb("list", "The newest callbacks", Deliveries::Verb::kList);
  verb("show", "One callback with every try and what came back", Deliveries::Verb::kShow);
  verb("replay", "Send it once more: same id, same body", Deliveries::Verb::kReplay);
  verb("test", "Send a made-up event, at most one in 6 s", Deliveries::Verb::kTest);
  define_webhook_secrets(p, *deliveries);
}

void define_rest(Parser& p) {
  CLI::App* doctor =
      p.add(p.root, "doctor", "Check the machine and the configuration before a start");
  p.add_json(*doctor);
  p.choose<Doctor>(*doctor);

  CLI::App* show = p.add(p.root, "config", "Print the configuration in force");
  p.add_json(*show);
  auto value = p.choose<ShowConfig>(*show);
  show->add_flag("--defaults", value->defaults, "Print the default file with its comments");

  CLI::App* completion = p.root.add_subcommand(
      "completion", "Print a bash completion script: source <(rushes completion)");
  p.choose<Completion>(*completion);
}

void define(Parser& p) {
  p.root.require_subcommand(0, 1);
  p.root.set_version_flag("--version", "rushes " RUSHES_VERSION);
  p.root.footer(
      "Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 server unreachable.");
  define_serve(p);
  define_generate(p);
  define_tasks(p);
  define_models_and_check(p);
  define_keys(p);
  define_accounts(p);
  define_deliveries(p);
  define_render(p);
  define_rest(p);
}

// Prints help or what was wrong; not by CLI11 onto streams of its own, which hide a failed write.
int leave(const CLI::App& root, const CLI::Error& error) {
  std::ostringstream out, complaint;
  const int exit_code = root.exit(error, out, complaint);
  fmt::print("{}", out.str());
  say(complaint.str());
  return exit_code == 0 ? kDone : kUsage;
}

}  // namespace

std::variant<Options, int> parse_options(int argc, const char* const* argv) {
  Parser parser;
  define(parser);
  try {  // CLI11 reports by exception; none leaves this function.
    parser.root.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // CLI11 asks for --help first; a command that there is not has none.
    const std::vector<std::string> unknown = parser.root.remaining(true);
    if (error.get_exit_code() == 0 && !unknown.empty()) {
      return leave(parser.root, CLI::ExtrasError(unknown));
    }
    return leave(parser.root, error);
  }
  return Options{parser.connection, parser.command};
}

namespace {

// What an option's value is, told by its name: one name means the same in every command.
const std::map<std::string, std::string, std::less<>> kWordsOfOption{
    {"--role", "all api worker"},
    {"--mode", "std pro 4k"},
    {"--aspect", "16:9 9:16 1:1"},
    {"--sound", "on off"},
    {"--strict", "on off"},
    {"--status", "active suspended arrears"},
    {"--profile", "official powertokens classic"}};
constexpr std::string_view kFileOptions = "--config|--shots|--job|--output|-o";
constexpr std::string_view kFolderOptions = "--data|--out";

// Of all commands, those options that take a value, as a pattern of the shell.
void collect_value_options(const CLI::App& app, std::set<std::string>& names) {
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_items_expected_max() == 0) continue;
    for (const std::string& name : option->get_lnames()) names.insert("--" + name);
  }
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    collect_value_options(*sub, names);
  }
}

// After an option that takes a value goes that value, and nothing else.
std::string complete_values(const CLI::App& root) {
  std::string script = "  case \"${COMP_WORDS[COMP_CWORD-1]}\" in\n";
  script += fmt::format("    {}) _rushes_reply -f; return ;;\n", kFileOptions);
  script += fmt::format("    {}) _rushes_reply -d; return ;;\n", kFolderOptions);
  for (const auto& [name, words] : kWordsOfOption) {
    script += fmt::format("    {}) _rushes_reply -W \"{}\"; return ;;\n", name, words);
  }
  std::set<std::string> names;
  collect_value_options(root, names);
  return script + fmt::format("    {}) return ;;\n  esac\n", fmt::join(names, "|"));
}

// After the words of a command: its sub-commands and options.
void complete_command(const CLI::App& app, const std::string& path, std::string& script) {
  std::set<std::string> words;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    complete_command(*sub, path.empty() ? sub->get_name() : path + " " + sub->get_name(), script);
    words.insert(sub->get_name());
  }
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) words.insert("--" + name);
  }
  // The one positional that is a file: the FILE of `check`.
  const bool takes_file = app.get_option_no_throw("file") != nullptr;
  script += fmt::format("    {}) words=\"{}\"{} ;;\n", path.empty() ? "*" : "\"" + path + "\"*",
                        fmt::join(words, " "), takes_file ? " file=yes" : "");
}

}  // namespace

std::string bash_completion() {
  Parser parser;
  define(parser);
  std::string script =
      "_rushes_reply() {\n"
      "  [[ $1 == -W ]] || compopt -o filenames 2>/dev/null\n"
      "  mapfile -t COMPREPLY < <(compgen \"$@\" -- \"${COMP_WORDS[COMP_CWORD]}\")\n"
      "}\n"
      "_rushes() {\n"
      "  local words file at=\"${COMP_WORDS[*]:1:COMP_CWORD-1}\"\n"
      "  COMPREPLY=()\n";
  script += complete_values(parser.root);
  script += "  case \"$at\" in\n";
  complete_command(parser.root, "", script);
  script +=
      "  esac\n"
      "  if [[ $file && ${COMP_WORDS[COMP_CWORD]} != -* ]]; then\n"
      "    _rushes_reply -f\n"
      "  else\n"
      "    _rushes_reply -W \"$words\"\n"
      "  fi\n"
      "}\n"
      "complete -F _rushes rushes\n";
  return script;
}

}  // namespace rushes::cli
