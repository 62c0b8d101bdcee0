#include "server/app/egress.h"

#include <fmt/format.h>

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

http::OutboundOptions outbound_options(const config::Config& config, const Clock& clock) {
  http::OutboundOptions options;
  options.ca_file = config.egress.ca_file;
  options.proxy = config.egress.proxy;
  options.user_agent = fmt::format("rushes/{}", RUSHES_VERSION);
  options.allowed_networks = config.egress.allow;
  if (!config.server.public_base_url.empty()) {
    options.own_urls.push_back(config.server.public_base_url);
  }
  options.clock = &clock;
  return options;
}

}  // namespace rushes::app
