#include "core/provider/provider.h"

#include <algorithm>

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
