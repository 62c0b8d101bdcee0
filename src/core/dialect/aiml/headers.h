// The vendor's tracing headers: they are on every reply, errors included.
#pragma once

#include <optional>

#include "core/dialect/dialect.h"

namespace rushes::dialect::aiml {

// A JSON response with the headers that need nothing but the request.
wire::Response start_response(const ReplyContext& context, int status);

void add_inference_id(wire::Response& response, TaskId id);
void add_cost(wire::Response& response, UnitTenths units);
// The vendor's credits: two million for a dollar, $0.14 for a unit.
int64_t credits_of(UnitTenths units);

// The task that a generation_id names: our decimal id, alone or before a colon.
std::optional<TaskId> parse_generation_id(std::string_view text);

}  // namespace rushes::dialect::aiml
