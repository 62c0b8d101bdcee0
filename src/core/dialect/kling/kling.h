// The Kling dialect: the vendor's text-to-video API as its clients know it, in the profiles of the
// catalog. Facts: the vendor's pages "Text to Video", "Error codes" and "Authentication"; what they
// leave open is decided in docs/api/kling.md.
#pragma once

#include "core/dialect/dialect.h"

namespace rushes::dialect::kling {

class KlingDialect final : public Dialect {
 public:
  std::string_view name() const override { return "kling"; }
  std::vector<Route> routes(const catalog::Profile& profile) const override;

  Answer<json::Value> parse_body(const wire::Request& request) const override;
  Answer<Spec> decode_create(const json::Value& body, const catalog::Catalog& catalog,
                             const catalog::Profile& profile) const override;
  Answer<Read> decode_read(std::optional<std::string> id, std::string_view query) const override;
  Answer<CostsQuery> decode_account_costs(std::string_view query) const override;

  wire::Response encode_created(const ReplyContext& context, const Task& task) const override;
  wire::Response encode_task(const ReplyContext& context, const TaskView& task) const override;
  wire::Response encode_tasks(const ReplyContext& context,
                              std::span<const TaskView> tasks) const override;
  wire::Response encode_account_costs(const ReplyContext& context,
                                      std::span<const ResourcePack> packs) const override;
  wire::Response encode_refusal(const ReplyContext& context, const Refusal& refusal) const override;
  std::optional<std::string> encode_callback(const TaskView& task) const override;
};

}  // namespace rushes::dialect::kling
