#include "edge/http/egress_guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <span>

namespace rushes::http {

namespace {

constexpr std::array<uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

struct Special {
  std::array<uint8_t, 16> first;
  int prefix_bits;
  std::string_view what;
};

constexpr Special v4(int a, int b, int c, int d, int prefix_bits, std::string_view what) {
  Special special{{}, 96 + prefix_bits, what};
  std::ranges::copy(kMappedPrefix, special.first.begin());
  const int bytes[] = {a, b, c, d};
  for (size_t i = 0; i < 4; ++i) special.first[12 + i] = static_cast<uint8_t>(bytes[i]);
  return special;
}

constexpr Special v6(int a, int b, int c, int prefix_bits, std::string_view what) {
  Special special{{}, prefix_bits, what};
  const int groups[] = {a, b, c};
  for (size_t i = 0; i < 3; ++i) {
    special.first[2 * i] = static_cast<uint8_t>(groups[i] >> 8);
    special.first[2 * i + 1] = static_cast<uint8_t>(groups[i]);
  }
  return special;
}

// What is not public: the special-purpose registries of IANA (RFC 6890 and its updates), as of
// 2026, and a cloud's address that is public by number only. The first match names it.
constexpr Special kNotPublic[] = {
    v4(0, 0, 0, 0, 8, "an address of 'this network'"),
    v4(10, 0, 0, 0, 8, "a private network"),
    v4(100, 64, 0, 0, 10, "a carrier's private network"),
    v4(127, 0, 0, 0, 8, "a loopback address"),
    v4(168, 63, 129, 16, 32, "a cloud's internal service"),  // Azure, from inside its machines
    v4(169, 254, 0, 0, 16, "a link-local address"),          // metadata services of clouds, too
    v4(172, 16, 0, 0, 12, "a private network"),
    v4(192, 0, 0, 0, 24, "a reserved address"),
    v4(192, 0, 2, 0, 24, "a documentation address"),
    v4(192, 88, 99, 0, 24, "a 6to4 relay"),
    v4(192, 168, 0, 0, 16, "a private network"),
    v4(198, 18, 0, 0, 15, "a benchmarking network"),
    v4(198, 51, 100, 0, 24, "a documentation address"),
    v4(203, 0, 113, 0, 24, "a documentation address"),
    v4(224, 0, 0, 0, 4, "a multicast address"),
    v4(255, 255, 255, 255, 32, "the broadcast address"),
    v4(240, 0, 0, 0, 4, "a reserved address"),
    v6(0x2001, 0, 0, 32, "a Teredo address"),
    v6(0x2001, 0, 0, 23, "a reserved address"),  // benchmarking and ORCHID among them
    v6(0x2001, 0xdb8, 0, 32, "a documentation address"),
    v6(0x2002, 0, 0, 16, "a 6to4 address"),
    v6(0x3fff, 0, 0, 20, "a documentation address"),
    v6(0xfc00, 0, 0, 7, "a private network"),
    v6(0xfe80, 0, 0, 10, "a link-local address"),
    v6(0xfec0, 0, 0, 10, "a site-local address"),
    v6(0xff00, 0, 0, 8, "a multicast address"),
};

// All of IPv6 that is given out for use between networks.
constexpr Special kGlobalUnicast = v6(0x2000, 0, 0, 3, "");

// NAT64 (RFC 6052): the last 32 bits are the IPv4 address that is reached in the end.
constexpr Special kNat64 = v6(0x64, 0xff9b, 0, 96, "");

constexpr bool shares_prefix(const std::array<uint8_t, 16>& a, const std::array<uint8_t, 16>& b,
                             int prefix_bits) {
  const auto whole = static_cast<size_t>(prefix_bits / 8);
  for (size_t i = 0; i < whole; ++i) {
    if (a[i] != b[i]) return false;
  }
  const int rest = prefix_bits % 8;
  return rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0;
}

constexpr bool matches(const Special& special, const std::array<uint8_t, 16>& bytes) {
  return shares_prefix(special.first, bytes, special.prefix_bits);
}

std::array<uint8_t, 16> mapped(const uint8_t* ipv4) {
  std::array<uint8_t, 16> bytes{};
  std::ranges::copy(kMappedPrefix, bytes.begin());
  std::copy_n(ipv4, 4, bytes.begin() + 12);
  return bytes;
}

std::optional<std::string_view> refusal_by_kind(const std::array<uint8_t, 16>& bytes) {
  for (const Special& special : kNotPublic) {
    if (matches(special, bytes)) return special.what;
  }
  if (std::ranges::equal(kMappedPrefix, std::span(bytes).first<12>())) return std::nullopt;
  if (matches(kNat64, bytes)) return refusal_by_kind(mapped(bytes.data() + 12));
  if (matches(kGlobalUnicast, bytes)) return std::nullopt;
  constexpr std::array<uint8_t, 16> kUnspecified{};
  if (shares_prefix(bytes, kUnspecified, 127)) {
    return bytes[15] == 1 ? "a loopback address" : "the unspecified address";
  }
  return "a reserved address";
}

// Ports of services that take an HTTP request for commands of their own: what browsers refuse
// (fetch.spec.whatwg.org, "bad port"), and Redis.
constexpr uint16_t kBadPorts[] = {
    1,    7,    9,    11,   13,   15,   17,   19,   20,   21,   22,   23,   25,   37,
    42,   43,   53,   69,   77,   79,   87,   95,   101,  102,  103,  104,  109,  110,
    111,  113,  115,  117,  119,  123,  135,  137,  139,  143,  161,  179,  389,  427,
    465,  512,  513,  514,  515,  526,  530,  531,  532,  540,  548,  554,  556,  563,
    587,  601,  636,  989,  990,  993,  995,  1719, 1720, 1723, 2049, 3659, 4045, 4190,
    5060, 5061, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080};
static_assert(std::ranges::is_sorted(kBadPorts));

// Names that no public DNS answers for (RFC 6761, RFC 6762, RFC 8375, ICANN's "internal").
constexpr std::string_view kLocalSuffixes[] = {".local", ".internal", ".home.arpa", ".localdomain"};

bool is_localhost(std::string_view host) {
  return host == "localhost" || host.ends_with(".localhost");
}

std::unexpected<Error> refuse(const std::string& why) {
  return fail_user(ErrorCode::kInvalidInput, "not an allowed URL: " + why);
}

Result<void> check_name(const std::string& host, const EgressPolicy& policy) {
  if (is_localhost(host)) {
    for (const char* loopback : {"127.0.0.1", "::1"}) {
      if (!refusal_of(*IpAddress::parse(loopback), policy)) return {};
    }
    return refuse("the host '" + host + "' is a loopback address");
  }
  // Where some networks are allowed, such a name may lead there: that shows when it is resolved.
  if (!policy.allowed.empty()) return {};
  if (!host.contains('.')) return refuse("the host '" + host + "' is not a public name");
  for (const std::string_view suffix : kLocalSuffixes) {
    if (host.ends_with(suffix)) return refuse("the host '" + host + "' is not a public name");
  }
  return {};
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  char copy[INET6_ADDRSTRLEN];
  if (text.size() >= sizeof copy || text.contains('\0')) return std::nullopt;
  copy[text.copy(copy, text.size())] = '\0';
  IpAddress address;
  if (::inet_pton(AF_INET6, copy, address.bytes_.data()) == 1) return address;
  uint8_t ipv4[4];
  if (::inet_pton(AF_INET, copy, ipv4) != 1) return std::nullopt;
  address.bytes_ = mapped(ipv4);
  return address;
}

std::optional<IpAddress> IpAddress::from(const sockaddr& address) {
  IpAddress result;
  if (address.sa_family == AF_INET) {
    sockaddr_in ipv4;
    std::memcpy(&ipv4, &address, sizeof ipv4);
    uint8_t bytes[4];
    std::memcpy(bytes, &ipv4.sin_addr, sizeof bytes);
    result.bytes_ = mapped(bytes);
    return result;
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 ipv6;
    std::memcpy(&ipv6, &address, sizeof ipv6);
    std::memcpy(result.bytes_.data(), &ipv6.sin6_addr, 16);
    return result;
  }
  return std::nullopt;
}

bool IpAddress::is_ipv4() const {
  return std::ranges::equal(kMappedPrefix, std::span(bytes_).first<12>());
}

std::string IpAddress::text() const {
  char text[INET6_ADDRSTRLEN];
  const bool v4 = is_ipv4();
  return ::inet_ntop(v4 ? AF_INET : AF_INET6, bytes_.data() + (v4 ? 12 : 0), text, sizeof text);
}

Result<Network> Network::parse(std::string_view text) {
  const auto malformed = [text](const char* why) {
    return fail(ErrorCode::kInvalidInput, "network '" + std::string(text) + "' " + why);
  };
  const size_t slash = text.find('/');
  const auto first = IpAddress::parse(text.substr(0, slash));
  if (!first) return malformed("does not begin with an IP address");
  Network network;
  network.first_ = *first;
  if (slash == std::string_view::npos) return network;

  const std::string_view digits = text.substr(slash + 1);
  const bool is_ipv4 = !text.substr(0, slash).contains(':');
  const int bits_max = is_ipv4 ? 32 : 128;
  int bits = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (error != std::errc() || end != digits.data() + digits.size() || bits < 0 || bits > bits_max) {
    return malformed(is_ipv4 ? "must end in /0 to /32" : "must end in /0 to /128");
  }
  network.prefix_bits_ = bits + (is_ipv4 ? 96 : 0);
  std::array<uint8_t, 16> masked = first->bytes();
  for (int bit = network.prefix_bits_; bit < 128; ++bit) {
    masked[static_cast<size_t>(bit / 8)] &= static_cast<uint8_t>(~(0x80 >> bit % 8));
  }
  if (masked != first->bytes()) return malformed("has bits beyond its prefix");
  return network;
}

bool Network::contains(const IpAddress& address) const {
  return shares_prefix(first_.bytes(), address.bytes(), prefix_bits_);
}

std::string origin_of(const wire::Url& url) {
  const bool is_ipv6 = url.host.contains(':');
  return url.scheme + "://" + (is_ipv6 ? "[" : "") + url.host + (is_ipv6 ? "]" : "") + ":" +
         std::to_string(url.port);
}

std::optional<std::string_view> refusal_of(const IpAddress& address, const EgressPolicy& policy) {
  for (const Network& network : policy.allowed) {
    if (network.contains(address)) return std::nullopt;
  }
  if (const auto kind = refusal_by_kind(address.bytes())) return kind;
  if (std::ranges::find(policy.own_addresses, address) != policy.own_addresses.end())
    return "an address of this server";
  return std::nullopt;
}

Result<void> check_url(std::string_view text, const EgressPolicy& policy) {
  TRY(const wire::Url url, wire::parse_url(text));
  if (url.has_userinfo) return refuse("it must not carry a user name or a password");
  if (std::ranges::binary_search(kBadPorts, url.port)) {
    return refuse("port " + std::to_string(url.port) + " belongs to another protocol");
  }
  if (std::ranges::find(policy.own_origins, origin_of(url)) != policy.own_origins.end()) {
    return refuse("it leads back to this server");
  }
  const auto address = IpAddress::parse(url.host);
  if (!address) return check_name(url.host, policy);
  if (const auto why = refusal_of(*address, policy)) {
    return refuse("the host '" + url.host + "' is " + std::string(*why));
  }
  return {};
}

}  // namespace rushes::http
