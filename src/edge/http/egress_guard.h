// Judges where a URL that a user or an upstream named may lead: public addresses only, unless the
// operator allows more. Pure; nothing here resolves a name. check_url() answers what a URL alone
// can tell, refusal_of() judges the address that a name turned out to have, at the moment of
// connecting, so that no change of DNS in between gets past it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/wire/url.h"

struct sockaddr;

namespace rushes::http {

// An IPv4 or IPv6 address. IPv4 is kept as the IPv6 address that maps it (::ffff:a.b.c.d), which
// is what the system connects to for either spelling.
class IpAddress {
 public:
  // "192.0.2.1" or "2001:db8::1"; no other spelling, no zone.
  static std::optional<IpAddress> parse(std::string_view text);
  // Nothing for other families.
  static std::optional<IpAddress> from(const sockaddr& address);

  bool is_ipv4() const;
  std::string text() const;
  const std::array<uint8_t, 16>& bytes() const { return bytes_; }
  bool operator==(const IpAddress&) const = default;

 private:
  std::array<uint8_t, 16> bytes_{};
};

// The addresses that share their first bits.
class Network {
 public:
  // "10.0.0.0/8", "fd00::/8", or a single address. kInvalidInput for anything else, and for bits
  // beyond the prefix ("10.0.0.1/8" is more likely a mistake than a wish).
  static Result<Network> parse(std::string_view text);
  bool contains(const IpAddress& address) const;

 private:
  IpAddress first_;
  int prefix_bits_ = 128;
};

struct EgressPolicy {
  std::vector<Network> allowed;          // may be reached whatever they are
  std::vector<IpAddress> own_addresses;  // may not, unless allowed
  std::vector<std::string> own_origins;  // of this server, by origin_of(); never, even if allowed
};

// "https://host:443"
std::string origin_of(const wire::Url& url);

// Why the address may not be connected to, as in "a private network"; nothing if it may.
std::optional<std::string_view> refusal_of(const IpAddress& address, const EgressPolicy& policy);

// Whether a URL may be called, as far as it shows without resolving its host; the user may see the
// message. For use when the URL is given, long before it is called.
Result<void> check_url(std::string_view url, const EgressPolicy& policy);

}  // namespace rushes::http
