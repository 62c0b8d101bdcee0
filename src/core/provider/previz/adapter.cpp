#include "core/provider/previz/adapter.h"

#include "base/check.h"

namespace rushes::provider::previz {
namespace {

[[noreturn]] void never_asked() { check_failed("previz is local", __FILE__, __LINE__); }

}  // namespace

Result<void> PrevizAdapter::check_settings(const Settings& settings) const {
  const bool bare =
      settings.base_url.empty() && settings.path_prefix.empty() && settings.family.empty();
  if (bare) return {};
  return fail_user(ErrorCode::kInvalidInput,
                   "base_url, path_prefix and family are not supported by previz: it is local");
}

Result<void> PrevizAdapter::check_credential(const Credential&) const {
  return fail_user(ErrorCode::kInvalidInput, "credentials are not supported by previz");
}

// A render that nobody finished is simply begun again: same seed, same frames.
Capabilities PrevizAdapter::capabilities(const Settings&) const {
  return {.local = true, .free_to_repeat = true};
}

Result<void> PrevizAdapter::check(const Settings&, const catalog::Catalog&, const std::string&,
                                  const Spec&, std::vector<std::string>&) const {
  return {};
}

Call PrevizAdapter::create(const Context&, const Job&) const { never_asked(); }
Outcome PrevizAdapter::read_create(const Settings&, const Reply&) const { never_asked(); }
Call PrevizAdapter::poll(const Context&, const std::string&) const { never_asked(); }
Outcome PrevizAdapter::read_poll(const Settings&, const Reply&) const { never_asked(); }
Call PrevizAdapter::lookup(const Context&, const std::string&, Timestamp) const { never_asked(); }
Outcome PrevizAdapter::read_lookup(const Settings&, const std::string&, const Reply&) const {
  never_asked();
}
Call PrevizAdapter::cancel(const Context&, const std::string&) const { never_asked(); }

}  // namespace rushes::provider::previz
