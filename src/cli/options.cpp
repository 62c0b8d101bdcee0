#include "cli/options.h"

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <set>

namespace rushes::cli {
namespace {

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
  sub->add_option("--duration", generate->duration_s, "Seconds, 3 to 15 (default 5)");
  sub->add_option("--aspect", generate->aspect_ratio, "16:9, 9:16 or 1:1")->capture_default_str();
  sub->add_option("--sound", generate->sound, "on or off")->capture_default_str();
  sub->add_option("--camera", generate->camera,
                  "A move: zoom:5, pan:-3, horizontal|vertical|tilt|roll:N, down_back, forward_up, "
                  "right_turn_forward, left_turn_forward");
  sub->add_option("--shots", generate->shots_file,
                  "Storyboard: a JSON file, [{\"prompt\":\"…\",\"duration\":2}, …]");
  sub->add_option("--seed", generate->seed, "Same seed and prompt, same pictures");
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
      sub->add_option("--page", value->page, "Page, from 1")->check(CLI::Range(1, 1000));
      sub->add_option("--page-size", value->page_size, "Tasks a page")->check(CLI::Range(1, 500));
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
  verb("revoke", "Refuse a key from now on", Key::Verb::kRevoke);
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
      sub->add_option("--limit", value->limit, "At most so many")
          ->check(CLI::Range(1, 500))
          ->capture_default_str();
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
  CLI::App* doctor = p.add(p.root, "doctor", "Check what this machine needs to run Rushes");
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

}  // namespace

std::variant<Options, int> parse_options(int argc, const char* const* argv) {
  Parser parser;
  define(parser);
  try {  // CLI11 reports by exception; none leaves this function.
    parser.root.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return parser.root.exit(error) == 0 ? kDone : kUsage;
  }
  return Options{parser.connection, parser.command};
}

std::string bash_completion() {
  Parser parser;
  define(parser);
  std::string script =
      "_rushes() {\n  local words=() at=\"${COMP_WORDS[*]:1:COMP_CWORD-1}\"\n  case \"$at\" in\n";
  const std::function<void(CLI::App*, const std::string&)> describe = [&](CLI::App* app,
                                                                          const std::string& path) {
    std::set<std::string> words;
    for (CLI::App* sub : app->get_subcommands({})) {
      describe(sub, path.empty() ? sub->get_name() : path + " " + sub->get_name());
      words.insert(sub->get_name());
    }
    for (const CLI::Option* option : app->get_options()) {
      for (const std::string& name : option->get_lnames()) words.insert("--" + name);
    }
    script += "    " + (path.empty() ? std::string("*") : "\"" + path + "\"*") + ") words=(";
    for (const std::string& word : words) script += " " + word;
    script += " ) ;;\n";
  };
  describe(&parser.root, "");
  script +=
      "  esac\n"
      "  mapfile -t COMPREPLY < <(compgen -W \"${words[*]}\" -- \"${COMP_WORDS[COMP_CWORD]}\")\n"
      "}\ncomplete -o default -F _rushes rushes\n";
  return script;
}

}  // namespace rushes::cli
