// The built-in renderer as a provider: a child process makes the video, so that no request is ever
// built and no reply ever read. Calling those members ends the program.
#pragma once

#include "core/provider/provider.h"

namespace rushes::provider::previz {

class PrevizAdapter final : public Adapter {
 public:
  std::string_view name() const override { return "previz"; }
  Result<void> check_settings(const Settings& settings) const override;
  Result<void> check_credential(const Credential& credential) const override;
  Capabilities capabilities(const Settings& settings) const override;

  // Everything: what a profile lets pass can be rendered.
  Result<void> check(const Settings& settings, const catalog::Catalog& catalog,
                     const std::string& model, const Spec& spec,
                     std::vector<std::string>& dropped) const override;

  Call create(const Context& context, const Job& job) const override;
  Outcome read_create(const Settings& settings, const Reply& reply) const override;
  Call poll(const Context& context, const std::string& upstream_id) const override;
  Outcome read_poll(const Settings& settings, const Reply& reply) const override;
  Call lookup(const Context& context, const std::string& handle, Timestamp begun_at) const override;
  Outcome read_lookup(const Settings& settings, const std::string& handle,
                      const Reply& reply) const override;
  Call cancel(const Context& context, const std::string& upstream_id) const override;
};

}  // namespace rushes::provider::previz
