#include "core/provider/provider.h"

#include <algorithm>

#include "base/check.h"
#include "base/words.h"

namespace rushes::provider {
namespace {

constexpr Words<Verdict, 11> kVerdicts{{{Verdict::kAccepted, "accepted"},
                                        {Verdict::kRunning, "running"},
                                        {Verdict::kSucceeded, "succeeded"},
                                        {Verdict::kFailed, "failed"},
                                        {Verdict::kRejected, "rejected"},
                                        {Verdict::kRetry, "retry"},
                                        {Verdict::kDuplicate, "duplicate"},
                                        {Verdict::kAbsent, "absent"},
                                        {Verdict::kCredential, "credential"},
                                        {Verdict::kSignAgain, "sign_again"},
                                        {Verdict::kUnknown, "unknown"}}};

}  // namespace

std::string_view to_string(Verdict verdict) { return word_of(kVerdicts, verdict); }

bool Job::drops(std::string_view field) const {
  return std::ranges::find(dropped, field) != dropped.end();
}

std::string with_extra(std::string body, const Extra& extra, std::string_view dialect) {
  if (extra.empty() || extra.dialect != dialect) return body;
  auto own = json::parse(body);
  RUSHES_CHECK(own && own->as_object());
  json::Object& members = *own->as_object();
  std::vector<std::string> names;
  for (const auto& [name, value] : members) names.push_back(name);
  const std::vector<std::string_view> said(names.begin(), names.end());
  for (const auto& [name, value] : extra.members) {
    // Asked again: the names that are held back may be more than when the task was created.
    if (may_pass_on(name, value, said)) members.emplace_back(name, value);
  }
  return json::to_text(*own);
}

Call Adapter::download(const Context& context, const Media& media, const std::string& url) const {
  Call call{.url = url};
  // Our secret goes to the provider and nobody else, whatever URL it names.
  if (!media.with_credential || !url.starts_with(context.settings.base_url + "/")) return call;
  // Whatever proves us in a poll proves us here; the address of that poll does not matter.
  const Call authorised = poll(context, "0");
  if (const std::string* authorization = authorised.headers.find("Authorization")) {
    call.headers.set("Authorization", *authorization);
  }
  return call;
}

}  // namespace rushes::provider
