// The route table: every path the server answers.
#include "server/api/endpoints.h"

namespace rushes::api {
namespace {

Handler handler_of(dialect::Operation operation) {
  switch (operation) {
    case dialect::Operation::kCreate: return create_task;
    case dialect::Operation::kReadOne: return read_task;
    case dialect::Operation::kReadMany: return read_tasks;
    case dialect::Operation::kAccountCosts: return read_account_costs;
  }
  return nullptr;
}

struct Own {
  std::string_view method, pattern;
  Access access;
  Handler handler;
};
constexpr Own kOwn[] = {
    {"GET", "/rushes/v1/tasks", Access::kKey, list_native},
    {"GET", "/rushes/v1/tasks/{id}", Access::kKey, show_native},
    {"POST", "/rushes/v1/tasks/{id}/cancel", Access::kKey, cancel_native},
    {"GET", "/rushes/v1/deliveries", Access::kKey, list_deliveries},
    {"POST", "/rushes/v1/deliveries/test", Access::kKey, test_delivery},
    {"GET", "/rushes/v1/deliveries/{id}", Access::kKey, show_delivery},
    {"POST", "/rushes/v1/deliveries/{id}/replay", Access::kKey, replay_delivery},
    {"GET", "/rushes/v1/models", Access::kKey, list_models},
    {"POST", "/rushes/v1/check", Access::kKey, check_request},
    // The secret in the path is the permission.
    {"POST", "/rushes/v1/upstream/{id}/{attempt}/{secret}", Access::kPublic, hear_provider},
    // The signature in the link is the permission.
    {"GET", "/files/{artifact}/{name}", Access::kPublic, send_file},
    {"GET", "/", Access::kPublic, show_index},
    {"GET", "/openapi.json", Access::kPublic, show_openapi},
    {"GET", "/healthz", Access::kPublic, show_health},
    {"GET", "/readyz", Access::kPublic, show_readiness},
    {"GET", "/metrics", Access::kPublic, show_metrics},
};

}  // namespace

void add_endpoints(Router& router, const Parts& parts) {
  // Mounts first: what an operator puts on a path wins over ours.
  for (const dialect::Dialect* dialect : parts.dialects) {
    for (const catalog::Profile& profile : parts.catalog.profiles()) {
      if (profile.dialect != dialect->name()) continue;
      for (const dialect::Route& route : dialect->routes(profile)) {
        router.add({.method = route.method,
                    .pattern = route.path,
                    .access = Access::kKey,
                    .handler = handler_of(route.operation),
                    .dialect = dialect,
                    .profile = &profile});
      }
    }
  }
  for (const Own& own : kOwn) {
    router.add({.method = std::string(own.method),
                .pattern = std::string(own.pattern),
                .access = own.access,
                .handler = own.handler,
                .dialect = parts.dialects.front()});
  }
}

}  // namespace rushes::api
