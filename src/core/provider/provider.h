// Provider: the port between the engine and whoever makes a video. An adapter is pure: it builds
// requests and reads replies; one HTTP client sends them, and the engine alone decides what to do
// with an Outcome. Vendor codes end in the adapter. Any thread may call it.
//
// A new adapter is a folder beside this file and a line in server/app/providers.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "core/catalog/catalog.h"
#include "core/task/task.h"
#include "core/wire/message.h"

namespace rushes::provider {

// How we prove who we are. Either an API key or an AccessKey/SecretKey pair.
struct Credential {
  std::string label;  // for the operator; unique within the provider
  std::string api_key;
  std::string access_key, secret_key;
  bool operator==(const Credential&) const = default;
};

// One configured provider. Frozen with every attempt (Attempt::pin), so that an attempt is polled
// where it was submitted, whatever the configuration says later.
struct Settings {
  std::string name;
  std::string adapter;      // "kling", "aiml", "fake", "previz"
  std::string base_url;     // "https://api-singapore.klingai.com", without a slash at the end
  std::string path_prefix;  // "/kling" for gateways; may be empty
  std::string family;       // the adapter's variant: "official", "new-api"; empty: its first
  // What the operator vouches for.
  bool lookup_by_handle = false;  // our id can be asked for, although the family says no
  bool free_to_repeat = false;    // a second job costs nothing: an ambiguous create may be repeated
  bool volatile_store = false;    // it forgets jobs when it restarts: an unknown id is a lost one
  bool operator==(const Settings&) const = default;
};

struct Capabilities {
  std::string_view dialect;             // that it speaks: it is given Spec::extra of that dialect
  bool local = false;                   // made by a child process of ours: no request is ever built
  bool lookup_by_handle = false;        // `lookup` asks by our handle, and absence can be proven
  bool lookup_proves_presence = false;  // `lookup` may find it, but not finding it proves nothing
  bool callback = false;                // it can call us back
  bool cancel = false;
  bool free_to_repeat = false, volatile_store = false;  // as Settings
};

// What the calls of one attempt have in common.
struct Context {
  const Settings& settings;
  const Credential& credential;
  Timestamp now;  // for signatures
};

// The field of a spec's camera, as `check` lists it where the camera is optional.
inline constexpr std::string_view kCameraField = "camera_control";

struct Job {
  const Spec& spec;          // never its model, callback_url or external_task_id
  std::string model;         // the upstream's name: the mapping wins
  std::string handle;        // our public id (attempt n > 1: "<id>-n")
  std::string callback_url;  // ours, with a secret in its path; empty: none
  std::string fake_rule;     // X-Rushes-Fake of a dev server's client; for the fake provider only
  std::vector<std::string> dropped;  // fields of the spec that Adapter::check leaves out

  bool drops(std::string_view field) const;
};

// `body`, a JSON object of the adapter's, and behind it what `extra` says in that `dialect` and the
// adapter does not: its own members always win.
std::string with_extra(std::string body, const Extra& extra, std::string_view dialect);

// A request to the provider; an absolute URL.
struct Call {
  std::string method = "GET";
  std::string url;
  wire::Headers headers;
  std::string body;
};

// A reply that arrived whole.
struct Reply {
  int status = 0;
  wire::Headers headers;
  std::string body;
};

// What happened, as what to do next.
enum class Verdict {
  kAccepted,    // create, lookup: bound to `upstream_id`
  kRunning,     // poll: ask again later; also for a word that nobody knows (`status` has it)
  kSucceeded,   // poll: `media` says where the video is
  kFailed,      // poll: it ended badly; costs nothing
  kRejected,    // create: not accepted, and never will be as it is
  kRetry,       // not accepted, or not answered: the same call again after `retry_after`
  kDuplicate,   // create: the handle is known already, so it was accepted before: look it up
  kAbsent,      // lookup, poll: there is no such job
  kCredential,  // the credential or the account behind it is refused: the operator's problem
  kSignAgain,   // the signature is stale: the same call once more, signed anew
  kUnknown,     // cannot be told; after a create it may have been accepted
};
std::string_view to_string(Verdict verdict);

struct Media {
  std::string url;
  std::string watermarked_url;  // empty: none
  // The download is authorised like a poll: Adapter::download adds what it takes, so that no secret
  // is stored with the attempt.
  bool with_credential = false;
  bool operator==(const Media&) const = default;
};

struct Outcome {
  Verdict verdict = Verdict::kUnknown;
  std::string upstream_id;
  std::string request_id;    // the upstream's
  std::string status;        // the upstream's word or code, for the operator
  std::string reason;        // the upstream's text, raw, for the operator
  std::string odd;           // poll: what nobody expects of it, in our words; empty: nothing
  std::string failure_code;  // ours, for the client: "content_policy", "invalid_input", ...
  std::optional<int> progress_percent;
  std::optional<Millis> retry_after;
  std::optional<Media> media;
  std::optional<UnitTenths> cost;
};

class Adapter {
 public:
  virtual ~Adapter() = default;

  virtual std::string_view name() const = 0;
  // kInvalidInput names the key and what is allowed.
  virtual Result<void> check_settings(const Settings& settings) const = 0;
  virtual Result<void> check_credential(const Credential& credential) const = 0;
  virtual Capabilities capabilities(const Settings& settings) const = 0;

  // May `spec` be made as the upstream's `model`? The refusal is kUnsupported with a text for the
  // client. What `create` would leave out without harm is no refusal but listed in `dropped`.
  virtual Result<void> check(const Settings& settings, const catalog::Catalog& catalog,
                             const std::string& model, const Spec& spec,
                             std::vector<std::string>& dropped) const = 0;

  virtual Call create(const Context& context, const Job& job) const = 0;
  virtual Outcome read_create(const Settings& settings, const Reply& reply) const = 0;

  virtual Call poll(const Context& context, const std::string& upstream_id) const = 0;
  virtual Outcome read_poll(const Settings& settings, const Reply& reply) const = 0;

  // Asks for a job by our handle; `begun_at` bounds the search where the provider has only a log.
  virtual Call lookup(const Context& context, const std::string& handle,
                      Timestamp begun_at) const = 0;
  // kAccepted only if the reply names exactly `handle`.
  virtual Outcome read_lookup(const Settings& settings, const std::string& handle,
                              const Reply& reply) const = 0;

  // Gets the bytes behind `url`, which is one of `media`. A plain GET unless the media says more.
  virtual Call download(const Context& context, const Media& media, const std::string& url) const;

  // Only if capabilities().cancel.
  virtual Call cancel(const Context& context, const std::string& upstream_id) const = 0;
};

// What the client may read of an upstream's words (rule 10 of public task id injection): only texts
// that are known to be safe, rebuilt from a table; URLs, host names, ids and account hints around
// or inside them are cut; anything else becomes a generic sentence.
//
// `upstream_model` is the mapped name, which the client never sees: `model`, the one it asked for,
// stands in its place. Without them every model's name is cut.
std::string public_reason(std::string_view raw, std::string_view upstream_model = {},
                          std::string_view model = {});

// Our machine word for a failure that the upstream put into words: "content_policy",
// "invalid_input", else "provider_failed".
std::string_view failure_code_of(std::string_view raw);

}  // namespace rushes::provider
