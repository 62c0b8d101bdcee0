// What our own endpoints share: plain JSON replies and bounded query parameters.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json/writer.h"
#include "core/dialect/dialect.h"

namespace rushes::api {

wire::Response json_response(std::string body);

using Query = std::vector<std::pair<std::string, std::string>>;
// The first value of that name.
const std::string* find(const Query& query, std::string_view name);

// A number of 1 to `maximum`; `fallback` if the parameter is absent.
dialect::Answer<int> read_bounded(const Query& query, std::string_view name, int fallback,
                                  int maximum);

// What a client gave, short enough to say it back.
std::string_view echo(std::string_view text);

// Writes nothing for an empty text.
void member_if(json::Writer& out, std::string_view name, std::string_view text);

}  // namespace rushes::api
