#include "server/app/egress.h"

#include "core/wire/url.h"

namespace rushes::app {

Result<http::EgressPolicy> egress_policy(const config::Config& config) {
  http::EgressPolicy policy;
  for (const std::string& text : config.egress.allow) {
    TRY(http::Network network, http::Network::parse(text));
    policy.allowed.push_back(std::move(network));
  }
  if (!config.server.public_base_url.empty()) {
    TRY(const wire::Url own, wire::parse_url(config.server.public_base_url));
    policy.own_origins.push_back(http::origin_of(own));
  }
  return policy;
}

}  // namespace rushes::app
