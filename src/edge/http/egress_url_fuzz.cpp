// Any bytes as a URL and as a network. What the guard lets pass must be the same URL to libcurl,
// which is what connects in the end: same host, same port, no credentials.
#include <curl/curl.h>

#include <string>
#include <string_view>

#include "base/check.h"
#include "edge/http/egress_guard.h"

namespace {

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

void check_agreement(const std::string& text) {
  const auto url = rushes::wire::parse_url(text);
  RUSHES_CHECK(url.has_value());
  CURLU* theirs = curl_url();
  // What is handed to libcurl: see Transfer::prepare().
  const std::string sent = rushes::http::origin_of(*url) + url->target;
  RUSHES_CHECK(curl_url_set(theirs, CURLUPART_URL, sent.c_str(), 0) == CURLUE_OK);
  const bool is_ipv6 = url->host.contains(':');
  const std::string host = part_of(theirs, CURLUPART_HOST);
  if (is_ipv6) {
    const auto address = rushes::http::IpAddress::parse(host.substr(1, host.size() - 2));
    RUSHES_CHECK(address && address == rushes::http::IpAddress::parse(url->host));
  } else {
    RUSHES_CHECK(host == url->host);
  }
  RUSHES_CHECK(part_of(theirs, CURLUPART_PORT) == std::to_string(url->port));
  RUSHES_CHECK(part_of(theirs, CURLUPART_USER).empty());
  RUSHES_CHECK(part_of(theirs, CURLUPART_PASSWORD).empty());
  curl_url_cleanup(theirs);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  rushes::http::EgressPolicy policy;
  if (rushes::http::check_url(text, policy)) check_agreement(text);
  if (const auto network = rushes::http::Network::parse(text)) {
    const auto first = rushes::http::IpAddress::parse(text.substr(0, text.find('/')));
    RUSHES_CHECK(first && network->contains(*first));
  }
  return 0;
}
