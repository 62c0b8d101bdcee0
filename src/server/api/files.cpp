// Results, as files: signed links, ranges, validators.
#include <fmt/format.h>

#include "core/wire/url.h"
#include "server/api/endpoints.h"

namespace rushes::api {

using dialect::Reason;
using dialect::Refusal;
using dialect::refuse;
using dialect::to_refusal;

namespace {

constexpr int kPartialContent = 206;
constexpr int kNotModified = 304;
constexpr int kRangeNotSatisfiable = 416;

// If-None-Match (RFC 9110 section 13.1.2): a list of tags, weak or not, or "*".
bool is_listed(std::string_view list, std::string_view etag) {
  if (list == "*") return true;
  while (!list.empty()) {
    const size_t comma = list.find(',');
    std::string_view tag = list.substr(0, comma);
    while (tag.starts_with(' ') || tag.starts_with('\t')) tag.remove_prefix(1);
    while (tag.ends_with(' ') || tag.ends_with('\t')) tag.remove_suffix(1);
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag == etag) return true;
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  }
  return false;
}

// The part that was asked for; all of it unless Range says otherwise and, with If-Range, the client
// has this very file. HEAD asks for no bytes, so for no range.
wire::ByteRange range_of(const wire::Request& request, std::string_view etag, uint64_t size_bytes) {
  const std::string* range = request.headers.find("Range");
  if (!range || request.method != "GET") return {};
  const std::string* condition = request.headers.find("If-Range");
  if (condition && *condition != etag) return {};
  return wire::parse_range(*range, size_bytes);
}

wire::Response describe(const Artifact& artifact, std::string_view name, std::string_view etag) {
  wire::Response response;
  response.headers.add("Content-Type", artifact.content_type);
  response.headers.add("Content-Disposition", fmt::format("inline; filename=\"{}\"", name));
  response.headers.add("ETag", std::string(etag));
  response.headers.add("Accept-Ranges", "bytes");
  // The bytes under a link never change, and the link is somebody's permission.
  response.headers.add("Cache-Control", "private, max-age=86400, immutable");
  response.headers.add("X-Content-Type-Options", "nosniff");
  return response;
}

}  // namespace

Reply send_file(const Service& service, Exchange& exchange) {
  const auto checked = service.links.check(exchange.request.target, exchange.at);
  if (checked.verdict != access::LinkVerdict::kValid) co_return refuse(Reason::kPermissionDenied);
  const auto artifact = co_await service.parts.store.find_artifact(checked.link.artifact);
  if (!artifact) co_return std::unexpected(to_refusal(artifact.error()));
  if (!*artifact) co_return refuse(Reason::kNotFound);
  const auto located = co_await service.parts.blobs.find((*artifact)->blob_key);
  if (!located) co_return std::unexpected(to_refusal(located.error()));
  if (!*located) co_return refuse(Reason::kNotFound);

  const uint64_t size_bytes = (*located)->size_bytes;
  const std::string etag = fmt::format("\"{}\"", (*artifact)->sha256);
  wire::Response response = describe(**artifact, checked.link.name, etag);
  const std::string* known = exchange.request.headers.find("If-None-Match");
  if (known && is_listed(*known, etag)) {
    response.status = kNotModified;
    co_return response;
  }
  const wire::ByteRange range = range_of(exchange.request, etag, size_bytes);
  switch (range.kind) {
    case wire::ByteRange::Kind::kUnsatisfiable: {
      wire::Response refused = exchange.dialect->encode_refusal(
          exchange.reply_context(),
          {.reason = Reason::kFieldInvalid,
           .message = fmt::format("Range is not satisfiable: the file has {} "
                                  "bytes",
                                  size_bytes),
           .status = kRangeNotSatisfiable});
      refused.headers.add("Content-Range", fmt::format("bytes */{}", size_bytes));
      co_return refused;
    }
    case wire::ByteRange::Kind::kPart:
      response.status = kPartialContent;
      response.headers.add("Content-Range",
                           fmt::format("bytes {}-{}/{}", range.first,
                                       range.first + range.size_bytes - 1, size_bytes));
      response.file = wire::FileBody{(*located)->path, range.first, range.size_bytes};
      co_return response;
    case wire::ByteRange::Kind::kAbsent: break;
  }
  response.file = wire::FileBody{(*located)->path, 0, size_bytes};
  co_return response;
}

}  // namespace rushes::api
