// The vendor's legacy text-to-video API and everything that copies it. The families differ in what
// a reply looks like and in what can be asked for, which is data (shape.h):
//
//   official        the vendor itself, and gateways that behave like it (GET by external id
//   included) new-api         gateways of that family since 2026-08: Kling's envelope around ids of
//   their own new-api-legacy  the same before: OpenAI-like creates, and no multi-shot without a
//   prompt
//
// Facts: the vendor's pages "Text to Video", "Authentication", "Error codes"; the family's source.
#pragma once

#include "core/provider/provider.h"

namespace rushes::provider::kling {

class KlingAdapter final : public Adapter {
 public:
  std::string_view name() const override { return "kling"; }
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
};

}  // namespace rushes::provider::kling
