#include "previz/render/card/sprite.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "previz/math/scalar.h"
#include "previz/render/card/bend.h"
#include "previz/render/card/svg.h"
#include "previz/render/rig/coat.h"

namespace rushes::previz {
namespace {

constexpr int kSize = Sprite::kSize;
constexpr size_t kCount = static_cast<size_t>(kSize) * static_cast<size_t>(kSize);

using card::Raster;

// ---- relief -------------------------------------------------------------------------------------

void blur_line(const float* from, float* to, int count, int stride, int radius) {
  double sum = 0;
  const double over = 1.0 / (2 * radius + 1);
  for (int i = -radius; i < count + radius; ++i) {
    const int enters = i + radius, leaves = i - radius - 1;
    if (enters < count && enters >= 0) sum += static_cast<double>(from[enters * stride]);
    if (leaves >= 0 && leaves < count) sum -= static_cast<double>(from[leaves * stride]);
    if (i >= 0 && i < count) to[i * stride] = static_cast<float>(sum * over);
  }
}

// Two passes of a box: nearly a bell.
void blur(std::vector<float>& plane, int radius) {
  std::vector<float> scratch(kCount);
  for (int pass = 0; pass < 2; ++pass) {
    for (int y = 0; y < kSize; ++y) {
      const size_t row = static_cast<size_t>(y) * kSize;
      blur_line(&plane[row], &scratch[row], kSize, 1, radius);
    }
    for (int x = 0; x < kSize; ++x)
      blur_line(&scratch[static_cast<size_t>(x)], &plane[static_cast<size_t>(x)], kSize, kSize,
                radius);
  }
}

// Where a blur of the outline is above one half there is thickness.
void add_relief(const std::vector<float>& alpha, float strength, std::vector<float>& height) {
  constexpr int kRadii[4] = {kSize / 160 + 1, kSize / 70 + 1, kSize / 32 + 1, kSize / 16 + 1};
  constexpr float kWeights[4] = {0.5f, 0.9f, 1.5f, 2.2f};
  for (int level = 0; level < 4; ++level) {
    std::vector<float> blurred = alpha;
    blur(blurred, kRadii[level]);
    const float scale = kWeights[level] * static_cast<float>(kRadii[level]) * strength;
    for (size_t i = 0; i < kCount; ++i) {
      height[i] += scale * exact::sqrt(std::max(0.0f, blurred[i] * 2 - 1));
    }
  }
}

// ---- colour -------------------------------------------------------------------------------------

float linear(float srgb) {  // close to the sRGB curve, without pow()
  return srgb * srgb * (0.7f + 0.3f * srgb);
}

Point pixel(const Raster& r, size_t i) {
  const float over = 1 / std::max(r.alpha[i], 1e-4f);
  return {linear(std::min(r.red[i] * over, 1.0f)), linear(std::min(r.green[i] * over, 1.0f)),
          linear(std::min(r.blue[i] * over, 1.0f))};
}

float luminance(Point c) { return c.x * 0.2126f + c.y * 0.7152f + c.z * 0.0722f; }

// Keeps light and shade of the drawing and takes the hue of `colour`. Black lines, white teeth and
// small parts of another hue than the main one stay.
class Recolouring {
 public:
  Recolouring(const Raster& r, Colour colour) : target_(to_linear(colour)) {
    double sum[3] = {}, weight = 0, light = 0;
    for (size_t i = 0; i < kCount; i += 7) {
      if (r.alpha[i] < 0.5f) continue;
      const Point c = pixel(r, i);
      const float chroma = std::max({c.x, c.y, c.z}) - std::min({c.x, c.y, c.z});
      const double w = static_cast<double>(chroma) + 0.02;
      sum[0] += w * static_cast<double>(c.x);
      sum[1] += w * static_cast<double>(c.y);
      sum[2] += w * static_cast<double>(c.z);
      light += w * static_cast<double>(luminance(c));
      weight += w;
    }
    if (weight <= 0) return;
    main_ = Point{static_cast<float>(sum[0] / weight), static_cast<float>(sum[1] / weight),
                  static_cast<float>(sum[2] / weight)};
    level_ = std::max(static_cast<float>(light / weight), 0.03f);
    const float length_main = length(main_ - Point{1, 1, 1} * luminance(main_));
    grey_ = length_main < 0.05f;
  }

  Point operator()(Point c) const {
    const float own = luminance(c);
    const float light = own / level_;
    Point dyed = target_ * std::min(light, 1.0f);
    if (light > 1)
      dyed = mix(dyed, Point{0.92f, 0.92f, 0.92f}, std::min((light - 1) * 0.35f, 0.7f));
    return mix(c, dyed, belongs(c, own));
  }

 private:
  // 1 for the hue of the body, 0 for another.
  float belongs(Point c, float own) const {
    if (grey_) return exact::smoothstep(0.02f, 0.08f, own);
    const Point a = c - Point{1, 1, 1} * own, b = main_ - Point{1, 1, 1} * luminance(main_);
    const float la = length(a), lb = length(b);
    if (la < 0.02f) return 0;
    const float same = dot(a, b) / std::max(la * lb, 1e-6f);
    return exact::smoothstep(0.25f, 0.65f, same) * exact::smoothstep(0.02f, 0.06f, la);
  }

  Point target_, main_{0.5f, 0.5f, 0.5f};
  float level_ = 0.5f;
  bool grey_ = false;
};

// Decimal, whatever the locale.
std::string text_of(float value) {
  char buffer[48];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, 4);
  return std::string(buffer, end.ptr);
}

// What is worn sits where; the icon of the thing is fitted by its width.
std::string placed(std::string_view svg, float x, float y, float width, float turn) {
  const float scale = width / 128;
  return "<g transform=\"translate(" + text_of(x) + " " + text_of(y) + ") rotate(" + text_of(turn) +
         ") scale(" + text_of(scale) + ") translate(-64 -64)\">" + std::string(svg) + "</g>";
}

enum class Place { kEyes, kHead, kNeck, kNone };
Place place_of(std::string_view thing) {
  for (const std::string_view eyes : {"sunglasses", "glasses", "goggles"}) {
    if (thing == eyes) return Place::kEyes;
  }
  for (const std::string_view head :
       {"top-hat", "womans-hat", "billed-cap", "graduation-cap", "crown", "military-helmet",
        "rescue-workers-helmet", "headphone"}) {
    if (thing == head) return Place::kHead;
  }
  for (const std::string_view neck : {"scarf", "necktie", "ribbon", "prayer-beads"}) {
    if (thing == neck) return Place::kNeck;
  }
  return Place::kNone;
}

std::optional<Raster> worn(const Accessory& accessory, const IconAnchors& a, IconSource icons) {
  const std::string& name = accessory.form.name;
  const std::optional<std::string> svg = icons(name);
  if (!svg) return std::nullopt;
  std::string text;
  switch (place_of(name)) {
    case Place::kEyes: text = placed(*svg, a.eye_x, a.eye_y, a.eye_span, a.eye_turn); break;
    case Place::kHead:
      text =
          placed(*svg, a.head_x, a.head_y - a.head_width * 0.30f, a.head_width * 1.15f, a.eye_turn);
      break;
    case Place::kNeck: text = placed(*svg, a.neck_x, a.neck_y, a.head_width * 0.75f, 0); break;
    case Place::kNone: return std::nullopt;
  }
  Result<Raster> raster = card::rasterise_svg(text, kSize);
  if (!raster) return std::nullopt;
  return std::move(*raster);
}

void recolour(Raster& r, Colour colour) {
  const Recolouring dye(r, colour);
  const auto encode = [](float v) {
    // The inverse of linear(), by three steps of Newton from the square root.
    float x = exact::sqrt(std::max(v, 0.0f));
    for (int i = 0; i < 3; ++i) {
      x -= (linear(x) - v) / std::max(1.4f * x + 0.9f * x * x, 0.05f);
    }
    return exact::saturate(x);
  };
  for (size_t i = 0; i < kCount; ++i) {
    if (r.alpha[i] <= 0) continue;
    const Point c = dye(pixel(r, i));
    r.red[i] = encode(c.x) * r.alpha[i];
    r.green[i] = encode(c.y) * r.alpha[i];
    r.blue[i] = encode(c.z) * r.alpha[i];
  }
}

void over(const Raster& top, Raster& below) {
  for (size_t i = 0; i < kCount; ++i) {
    const float keep = 1 - top.alpha[i];
    below.red[i] = top.red[i] + below.red[i] * keep;
    below.green[i] = top.green[i] + below.green[i] * keep;
    below.blue[i] = top.blue[i] + below.blue[i] * keep;
    below.alpha[i] = top.alpha[i] + below.alpha[i] * keep;
  }
}

// ---- packing ------------------------------------------------------------------------------------

struct Texel {
  float red = 0, green = 0, blue = 0, alpha = 0, slope_x = 0, slope_y = 0;
};

int32_t byte(float v) { return static_cast<int32_t>(exact::saturate(v) * 255 + 0.5f); }
int32_t fixed(float slope) {
  return static_cast<int32_t>(exact::floor(exact::clamp(slope, -7.9f, 7.9f) * 4096 + 0.5f));
}

void pack(std::vector<Texel> level, Sprite& sprite) {
  for (int l = 0; l < Sprite::kLevels; ++l) {
    const int size = Sprite::size_of(l);
    sprite.first[static_cast<size_t>(l)] = static_cast<int>(sprite.colours.size());
    for (const Texel& t : level) {
      const uint32_t colour =
          static_cast<uint32_t>(byte(exact::sqrt(std::max(t.red, 0.0f)))) |
          static_cast<uint32_t>(byte(exact::sqrt(std::max(t.green, 0.0f)))) << 8 |
          static_cast<uint32_t>(byte(exact::sqrt(std::max(t.blue, 0.0f)))) << 16 |
          static_cast<uint32_t>(byte(t.alpha)) << 24;
      sprite.colours.push_back(static_cast<int32_t>(colour));
      const uint32_t x = static_cast<uint32_t>(fixed(t.slope_x)) & 0xffffu;
      const uint32_t y = static_cast<uint32_t>(fixed(t.slope_y)) & 0xffffu;
      sprite.slopes.push_back(static_cast<int32_t>(x | y << 16));
    }
    if (l + 1 == Sprite::kLevels) break;
    std::vector<Texel> next(level.size() / 4);
    for (int y = 0; y < size / 2; ++y) {
      for (int x = 0; x < size / 2; ++x) {
        Texel& to =
            next[static_cast<size_t>(y) * static_cast<size_t>(size / 2) + static_cast<size_t>(x)];
        for (int k = 0; k < 4; ++k) {
          const Texel& from = level[static_cast<size_t>(2 * y + k / 2) * static_cast<size_t>(size) +
                                    static_cast<size_t>(2 * x + k % 2)];
          to.red += from.red * 0.25f;
          to.green += from.green * 0.25f;
          to.blue += from.blue * 0.25f;
          to.alpha += from.alpha * 0.25f;
          to.slope_x += from.slope_x * 0.25f;
          to.slope_y += from.slope_y * 0.25f;
        }
      }
    }
    level = std::move(next);
  }
}

void measure(const std::vector<float>& alpha, Sprite& sprite) {
  int left = kSize, right = -1, top = kSize, bottom = -1;
  for (int y = 0; y < kSize; ++y) {
    for (int x = 0; x < kSize; ++x) {
      if (alpha[static_cast<size_t>(y) * kSize + static_cast<size_t>(x)] < 0.5f) continue;
      left = std::min(left, x);
      right = std::max(right, x);
      top = std::min(top, y);
      bottom = std::max(bottom, y);
    }
  }
  if (right < 0) return;
  const float unit = 1.0f / kSize;
  sprite.left = static_cast<float>(left) * unit;
  sprite.right = static_cast<float>(right + 1) * unit;
  sprite.top = static_cast<float>(top) * unit;
  sprite.bottom = static_cast<float>(bottom + 1) * unit;
  const int band = std::max(2, (bottom - top) * 7 / 100);
  constexpr int kStep = kSize / Sprite::kProfile;
  for (int x = left; x <= right; ++x) {
    float touches = 0;
    for (int y = bottom - band; y <= bottom; ++y) {
      touches = std::max(touches, alpha[static_cast<size_t>(y) * kSize + static_cast<size_t>(x)]);
    }
    sprite.feet[static_cast<size_t>(x / kStep)] += touches / kStep;
  }
}

// What stands in for a missing drawing: a grey ball.
constexpr std::string_view kBall =
    R"(<circle cx="64" cy="64" r="56" fill="#b8b4ae"/><circle cx="48" cy="46" r="14" fill="#d8d4ce"/>)";

}  // namespace

Sprite make_sprite(const SpriteOrder& order, IconSource icons) {
  const std::string svg = icons(order.icon).value_or(std::string(kBall));
  Raster raster = card::rasterise_svg(svg, kSize).value_or(Raster());
  if (raster.size == 0) raster = *card::rasterise_svg(kBall, kSize);
  const IconAnchors anchors = anchors_of(order.icon, raster.alpha, kSize);
  if (!order.colours.empty()) recolour(raster, order.colours.front());

  std::vector<float> height(kCount, 0.0f);
  add_relief(raster.alpha, 1, height);
  for (const Accessory& accessory : order.accessories) {
    std::optional<Raster> thing = worn(accessory, anchors, icons);
    if (!thing) continue;
    if (accessory.colour) recolour(*thing, *accessory.colour);
    add_relief(thing->alpha, 0.45f, height);
    over(*thing, raster);
  }
  Sprite sprite;
  sprite.anchors = anchors;
  measure(raster.alpha, sprite);
  sprite.tall = std::max(sprite.bottom - sprite.top, 0.05f);
  sprite.stand_u = (sprite.left + sprite.right) * 0.5f;
  sprite.stand_v = sprite.bottom;
  if (order.recline > 0 && anchors.bends) {
    const Bent bent = bend_back(anchors, exact::saturate(order.recline / 0.7f), raster, height);
    sprite.feet = {};
    measure(raster.alpha, sprite);
    sprite.tall *= bent.scale;
    sprite.stand_u = bent.seat_u;
    sprite.stand_v = bent.seat_v;
  }
  std::vector<Texel> texels(kCount);
  for (int y = 0; y < kSize; ++y) {
    for (int x = 0; x < kSize; ++x) {
      const size_t i = static_cast<size_t>(y) * kSize + static_cast<size_t>(x);
      const Point c = pixel(raster, i) * raster.alpha[i];
      Texel& t = texels[i];
      t = {c.x, c.y, c.z, raster.alpha[i], 0, 0};
      if (x == 0 || y == 0 || x == kSize - 1 || y == kSize - 1) continue;
      t.slope_x = -(height[i + 1] - height[i - 1]) * 0.5f;
      t.slope_y = (height[i + kSize] - height[i - kSize]) * 0.5f;
    }
  }
  pack(std::move(texels), sprite);
  return sprite;
}

}  // namespace rushes::previz
