// The endpoints: what a request that passed the middleware does. Each is one function; routes.cpp
// says which path means which.
#pragma once

#include "server/api/service.h"

namespace rushes::api {

using Reply = Awaitable<dialect::Answer<wire::Response>>;

// Of the dialects (tasks.cpp).
Reply create_task(const Service& service, Exchange& exchange);
Reply read_task(const Service& service, Exchange& exchange);
Reply read_tasks(const Service& service, Exchange& exchange);
Reply read_account_costs(const Service& service, Exchange& exchange);

// Our own view of tasks (native.cpp).
Reply list_native(const Service& service, Exchange& exchange);
Reply show_native(const Service& service, Exchange& exchange);
Reply cancel_native(const Service& service, Exchange& exchange);
Reply list_models(const Service& service, Exchange& exchange);
Reply check_request(const Service& service, Exchange& exchange);

// Callbacks (deliveries.cpp).
Reply list_deliveries(const Service& service, Exchange& exchange);
Reply show_delivery(const Service& service, Exchange& exchange);
Reply replay_delivery(const Service& service, Exchange& exchange);
Reply test_delivery(const Service& service, Exchange& exchange);
// Whether a URL that a client gave as `field` may be called, as far as it shows now. An empty one
// may.
dialect::Answer<void> check_callback(const Service& service, std::string_view field,
                                     const std::string& url);

// Of remote providers (upstream.cpp).
Reply hear_provider(const Service& service, Exchange& exchange);

// Results (files.cpp).
Reply send_file(const Service& service, Exchange& exchange);

// The server itself (status.cpp).
Reply show_index(const Service& service, Exchange& exchange);
Reply show_openapi(const Service& service, Exchange& exchange);
Reply show_health(const Service& service, Exchange& exchange);
Reply show_readiness(const Service& service, Exchange& exchange);
Reply show_metrics(const Service& service, Exchange& exchange);

// The task of this account by either id; the same refusal for unknown, foreign and purged ones.
Awaitable<dialect::Answer<Task>> find_task(const Service& service, AccountId account,
                                           dialect::TaskReference reference);

// All of the above with their paths and the dialects' mounts.
void add_endpoints(Router& router, const Parts& parts);

}  // namespace rushes::api
