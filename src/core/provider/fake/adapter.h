// The provider `fake`: the Kling adapter towards a scripted upstream, so that whoever tests an
// integration pays nobody. Without a base_url the upstream is FakeUpstream in this process.
#pragma once

#include <memory>

#include "core/provider/provider.h"

namespace rushes::provider::fake {

class FakeAdapter final : public Adapter {
 public:
  // `kling` speaks; this adds what the twin has on top: rules, progress, no need of an account.
  explicit FakeAdapter(std::unique_ptr<const Adapter> kling) : kling_(std::move(kling)) {}

  std::string_view name() const override { return "fake"; }
  Result<void> check_settings(const Settings& settings) const override;
  Result<void> check_credential(const Credential& credential) const override;
  Capabilities capabilities(const Settings& settings) const override;

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

 private:
  std::unique_ptr<const Adapter> kling_;
};

}  // namespace rushes::provider::fake
