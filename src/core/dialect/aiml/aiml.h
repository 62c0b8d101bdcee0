// The AI/ML API dialect: that vendor's create-and-poll video endpoint at its universal path and at
// the older one, as profiles of the catalog; which model ids there are and which fields each takes
// is catalog/offers/aiml.json. Facts: the vendor's model pages and its page about errors and
// tracing headers; what they leave open is decided in docs/api/aiml.md.
#pragma once

#include "core/dialect/dialect.h"

namespace rushes::dialect::aiml {

class AimlDialect final : public Dialect {
 public:
  std::string_view name() const override { return "aiml"; }
  std::vector<Route> routes(const catalog::Profile& profile) const override;

  Answer<json::Value> parse_body(const wire::Request& request) const override;
  Answer<Spec> decode_create(const json::Value& body, const catalog::Catalog& catalog,
                             const catalog::Profile& profile) const override;
  Answer<Read> decode_read(std::optional<std::string> id, std::string_view query) const override;

  wire::Response encode_created(const ReplyContext& context, const Task& task) const override;
  wire::Response encode_task(const ReplyContext& context, const TaskView& task) const override;
  wire::Response encode_refusal(const ReplyContext& context, const Refusal& refusal) const override;
};

}  // namespace rushes::dialect::aiml
