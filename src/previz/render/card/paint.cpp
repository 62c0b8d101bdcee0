#include "previz/render/card/paint.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "previz/math/scalar.h"
#include "previz/render/card/path.h"

namespace rushes::previz::card {
namespace {

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<Rgba> hex_colour(std::string_view digits) {
  std::array<float, 4> channel{0, 0, 0, 1};
  const bool brief = digits.size() == 3 || digits.size() == 4;
  if (!brief && digits.size() != 6 && digits.size() != 8) return std::nullopt;
  const size_t count = brief ? digits.size() : digits.size() / 2;
  for (size_t i = 0; i < count; ++i) {
    const int high = hex(digits[brief ? i : 2 * i]), low = hex(digits[brief ? i : 2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    channel[i] = static_cast<float>(high * 16 + low) / 255.0f;
  }
  return Rgba{channel[0], channel[1], channel[2], channel[3]};
}

struct Named {
  std::string_view name, digits;
};
constexpr Named kNames[] = {
    {"black", "000"},        {"white", "fff"},     {"red", "f00"},       {"gray", "808080"},
    {"grey", "808080"},      {"silver", "c0c0c0"}, {"orange", "ffa500"}, {"blue", "00f"},
    {"green", "008000"},     {"yellow", "ff0"},    {"gold", "ffd700"},   {"brown", "a52a2a"},
    {"currentColor", "000"},
};

}  // namespace

std::optional<Rgba> parse_colour(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  if (text.starts_with('#')) return hex_colour(text.substr(1));
  if (text.starts_with("rgb")) {
    text.remove_prefix(std::min(text.find('(') + 1, text.size()));
    std::array<float, 4> channel{0, 0, 0, 1};
    for (size_t i = 0; i < 4; ++i) {
      float value = 0;
      if (!take_number(text, value))
        return i < 3 ? std::nullopt : std::optional(Rgba{channel[0], channel[1], channel[2], 1});
      channel[i] = exact::saturate(i < 3 ? value / 255.0f : value);
    }
    return Rgba{channel[0], channel[1], channel[2], channel[3]};
  }
  for (const Named& named : kNames) {
    if (named.name == text) return hex_colour(named.digits);
  }
  return std::nullopt;
}

Affine parse_transform(std::string_view text) {
  Affine total;
  for (;;) {
    while (!text.empty() && (text.front() == ' ' || text.front() == ',' || text.front() == '\n')) {
      text.remove_prefix(1);
    }
    const size_t open = text.find('(');
    if (open == std::string_view::npos) return total;
    std::string_view name = text.substr(0, open);
    while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
    text.remove_prefix(open + 1);
    std::array<float, 6> v{};
    size_t count = 0;
    while (count < v.size() && take_number(text, v[count])) ++count;
    Affine step;
    if (name == "matrix" && count == 6) {
      step = {v[0], v[1], v[2], v[3], v[4], v[5]};
    } else if (name == "translate" && count >= 1) {
      step = {1, 0, 0, 1, v[0], v[1]};
    } else if (name == "scale" && count >= 1) {
      step = {v[0], 0, 0, count > 1 ? v[1] : v[0], 0, 0};
    } else if (name == "rotate" && count >= 1) {
      const float angle = v[0] * (exact::kPi / 180);
      const float c = exact::cos(angle), s = exact::sin(angle);
      step = Affine{1, 0, 0, 1, v[1], v[2]} * Affine{c, s, -s, c, 0, 0} *
             Affine{1, 0, 0, 1, -v[1], -v[2]};
    } else if (name == "skewX" && count == 1) {
      step = {1, 0, exact::tan(v[0] * (exact::kPi / 180)), 1, 0, 0};
    } else if (name == "skewY" && count == 1) {
      step = {1, exact::tan(v[0] * (exact::kPi / 180)), 0, 1, 0, 0};
    } else {
      return total;
    }
    total = total * step;
    const size_t close = text.find(')');
    if (close == std::string_view::npos) return total;
    text.remove_prefix(close + 1);
  }
}

float Gradient::position(Vec2 p) const {
  if (!radial) {
    const Vec2 axis = to - from;
    const float square = dot(axis, axis);
    return square > 0 ? dot(p - from, axis) / square : 1;
  }
  // The ray from the focus through p meets the circle at 1.
  if (!(radius > 0)) return 1;
  Vec2 off = focus - centre;
  const float out = exact::sqrt(dot(off, off));
  if (out > radius * 0.999f) off = off * (radius * 0.999f / out);
  const Vec2 d = p - (centre + off);
  const float square = dot(d, d);
  if (square == 0) return 0;
  const float b = dot(d, off), c = dot(off, off) - radius * radius;
  const float root = exact::sqrt(std::max(0.0f, b * b - square * c));
  const float reach = (root - b) / square;  // centre + off + d * reach lies on the circle
  return reach > 0 ? 1 / reach : 1;
}

Rgba Gradient::colour_at(float position) const {
  if (stops.empty()) return {0, 0, 0, 0};
  if (!(position > stops.front().offset)) return stops.front().colour;
  for (size_t i = 1; i < stops.size(); ++i) {
    if (position >= stops[i].offset) continue;
    const Stop &a = stops[i - 1], &b = stops[i];
    const float t = (position - a.offset) / (b.offset - a.offset);
    return {
        exact::mix(a.colour.red, b.colour.red, t), exact::mix(a.colour.green, b.colour.green, t),
        exact::mix(a.colour.blue, b.colour.blue, t), exact::mix(a.colour.alpha, b.colour.alpha, t)};
  }
  return stops.back().colour;
}

Rgba Paint::at(float x, float y) const {
  if (!gradient) return colour;
  Rgba c = gradient->colour_at(gradient->position(to_gradient({x, y})));
  c.alpha *= colour.alpha;
  return c;
}

}  // namespace rushes::previz::card
