// AI/ML API at its universal path: POST /v2/video/generations, GET ?generation_id=.
//
// It has no handle that could be asked for, so an ambiguous create is never repeated. What helps is
// the log of requests: our handle goes along as X-Client-Request-Id, and a row that carries it
// names the generation. Rows arrive late, so that none proves nothing.
//
// The upstream's models are the offers of the catalog's profile aiml/aiml: the upstream model of a
// route is the name of one, or a catalog model, whose offer for the mode of the spec is taken.
//
// Facts: the vendor's pages "Text-to-Video", "Request Tracing and Cost Headers", "Usage Logs".
#pragma once

#include "core/provider/provider.h"

namespace rushes::provider::aiml {

class AimlAdapter final : public Adapter {
 public:
  // The catalog outlives the adapter.
  explicit AimlAdapter(const catalog::Catalog& catalog) : catalog_(catalog) {}

  std::string_view name() const override { return "aiml"; }
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
  const catalog::Catalog& catalog_;
};

}  // namespace rushes::provider::aiml
