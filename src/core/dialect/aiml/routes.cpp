// Which paths the dialect serves, and what a read asks for: one task, always.
#include "base/utf8.h"
#include "core/dialect/aiml/aiml.h"
#include "core/dialect/aiml/headers.h"
#include "core/dialect/lenient.h"
#include "core/wire/url.h"

namespace rushes::dialect::aiml {
namespace {

constexpr size_t kExternalIdCharactersMax = 256;

}  // namespace

std::vector<Route> AimlDialect::routes(const catalog::Profile& profile) const {
  return {{"POST", profile.mount, Operation::kCreate},
          {"GET", profile.mount, Operation::kReadMany}};
}

Answer<Read> AimlDialect::decode_read(std::optional<std::string>, std::string_view query) const {
  const auto pairs = wire::parse_query(query);
  if (!pairs) {
    return refuse(Reason::kBodyInvalid, "Query validation error\nThe query cannot be decoded");
  }
  const std::string* text = find_in_query(*pairs, "generation_id");
  if (!text || text->empty()) {
    return refuse(Reason::kFieldInvalid, "Query validation error\nRequired at \"generation_id\"");
  }
  TaskReference reference;
  reference.id = parse_generation_id(*text);
  if (count_code_points(*text) <= kExternalIdCharactersMax) reference.external_id = *text;
  return reference;
}

}  // namespace rushes::dialect::aiml
