#include "server/api/caller.h"

#include <algorithm>

namespace rushes::api {
namespace {

// A word that this version does not know is no permission.
Caller::Status status_of(std::string_view word) {
  if (word == "active") return Caller::Status::kActive;
  if (word == "arrears") return Caller::Status::kInArrears;
  return Caller::Status::kSuspended;
}

}  // namespace

Caller::Caller(store::Account account)
    : account_(std::move(account)), status_(status_of(account_.settings.status)) {
  for (const std::string& text : account_.settings.networks) {
    if (auto network = http::Network::parse(text)) networks_.push_back(*network);
  }
}

bool Caller::may_call_from(std::string_view peer) const {
  if (account_.settings.networks.empty()) return true;
  const auto address = http::IpAddress::parse(peer);
  return address && std::ranges::any_of(networks_, [&](const http::Network& network) {
           return network.contains(*address);
         });
}

bool Caller::may_use(const catalog::Catalog& catalog, std::string_view model) const {
  const auto& allowed = account_.settings.models;
  const catalog::Model* wanted = catalog.find_model(model);
  return allowed.empty() || std::ranges::any_of(allowed, [&](const std::string& name) {
           return name == model || (wanted && catalog.find_model(name) == wanted);
         });
}

}  // namespace rushes::api
