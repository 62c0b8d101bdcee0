#include "previz/render/card/svg.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "previz/math/scalar.h"
#include "previz/render/card/coverage.h"
#include "previz/render/card/paint.h"
#include "previz/render/card/path.h"
#include "previz/render/card/xml.h"

namespace rushes::previz::card {
namespace {

constexpr float kCanvas = 128;      // of an icon without a viewBox
constexpr int kDepthMax = 24;       // of groups and uses
constexpr int kShapesMax = 20'000;  // drawn, uses counted each time
constexpr int kLayersMax = 6;       // groups with an opacity inside each other

// Presentation attributes, inherited from parent to child.
struct State {
  Affine to_pixels;
  std::string_view fill = "#000", stroke = "none";
  float fill_opacity = 1, stroke_opacity = 1;
  FillRule fill_rule = FillRule::kNonZero, clip_rule = FillRule::kNonZero;
  std::string_view width = "1", cap = "butt", join = "miter", miter_limit = "4", dashes;
  std::shared_ptr<const std::vector<float>> clip;  // coverage per pixel; none: everything
};

float number_or(std::string_view text, float otherwise) {
  float value = 0;
  if (!take_number(text, value)) return otherwise;
  return text.starts_with('%') ? value / 100 : value;
}

// The id in "url(#id)" or "#id".
std::string_view reference(std::string_view text) {
  if (text.starts_with("url(")) {
    text.remove_prefix(4);
    text = text.substr(0, text.find(')'));
  }
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'')) {
    text = text.substr(1, text.size() - 2);
  }
  return text.starts_with('#') ? text.substr(1) : std::string_view();
}

std::string_view href(const Element& element) {
  const std::string_view plain = element.get("href");
  return reference(plain.empty() ? element.get("xlink:href") : plain);
}

class Drawing {
 public:
  Drawing(const std::vector<Element>& roots, int size) : size_(size) {
    for (const Element& root : roots) index(root);
    layers_.emplace_back(blank());
  }

  Raster draw(const std::vector<Element>& roots) {
    State state;
    const float scale = static_cast<float>(size_) / kCanvas;
    state.to_pixels = {scale, 0, 0, scale, 0, 0};
    for (const Element& root : roots) element(root, state, 0);
    return std::move(layers_.front());
  }

 private:
  Raster blank() const {
    Raster p;
    p.size = size_;
    p.red.assign(static_cast<size_t>(size_) * static_cast<size_t>(size_), 0.0f);
    p.green = p.blue = p.alpha = p.red;
    return p;
  }

  void index(const Element& element) {
    if (const std::string_view id = element.get("id"); !id.empty()) by_id_.emplace(id, &element);
    for (const Element& child : element.children) index(child);
  }
  const Element* find(std::string_view id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second;
  }

  void inherit(const Element& e, State& s) const;
  void element(const Element& e, State state, int depth);
  void content(const Element& e, const State& state, int depth);
  void use(const Element& e, State state, int depth);
  void shape(const Element& e, const State& state);
  void fill(const Coverage& area, const Paint& paint, const State& state);
  std::optional<Outline> outline_of(const Element& e, float tolerance) const;
  std::optional<Paint> paint_of(std::string_view value, float opacity, const Outline& user,
                                const Affine& to_pixels);
  const Gradient* gradient(std::string_view id, int depth);
  void read_gradient(const Element& e, Gradient& g);
  std::shared_ptr<const std::vector<float>> clip_of(std::string_view id, const State& state,
                                                    const Outline* user);
  void clip_shapes(const Element& e, State state, int depth, std::vector<float>& mask);

  int size_;
  int shapes_ = 0;
  std::map<std::string_view, const Element*> by_id_;
  std::map<std::string_view, std::unique_ptr<Gradient>> gradients_;
  std::vector<Raster> layers_;
};

void Drawing::inherit(const Element& e, State& s) const {
  for (const auto& [key, value] : e.attributes) {
    if (key == "fill")
      s.fill = value;
    else if (key == "stroke")
      s.stroke = value;
    else if (key == "fill-opacity")
      s.fill_opacity = number_or(value, 1);
    else if (key == "stroke-opacity")
      s.stroke_opacity = number_or(value, 1);
    else if (key == "fill-rule")
      s.fill_rule = value == "evenodd" ? FillRule::kEvenOdd : FillRule::kNonZero;
    else if (key == "clip-rule")
      s.clip_rule = value == "evenodd" ? FillRule::kEvenOdd : FillRule::kNonZero;
    else if (key == "stroke-width")
      s.width = value;
    else if (key == "stroke-linecap")
      s.cap = value;
    else if (key == "stroke-linejoin")
      s.join = value;
    else if (key == "stroke-miterlimit")
      s.miter_limit = value;
    else if (key == "stroke-dasharray")
      s.dashes = value;
    else if (key == "transform")
      s.to_pixels = s.to_pixels * parse_transform(value);
  }
}

// Draws an element with what it contains, through a layer of its own where opacity asks for it.
void Drawing::element(const Element& e, State state, int depth) {
  if (depth > kDepthMax || shapes_ > kShapesMax) return;
  static constexpr std::string_view kDrawn[] = {
      "svg", "g", "a", "use", "path", "rect", "circle", "ellipse", "line", "polygon", "polyline"};
  if (std::find(std::begin(kDrawn), std::end(kDrawn), e.name) == std::end(kDrawn)) return;
  if (e.get("display") == "none") return;
  inherit(e, state);
  float opacity = exact::saturate(number_or(e.get("opacity"), 1));
  if (opacity <= 0) return;
  if (const std::string_view id = reference(e.get("clip-path")); !id.empty()) {
    const std::optional<Outline> user = outline_of(e, 1);
    state.clip = clip_of(id, state, user ? &*user : nullptr);
  }
  // A shape that is only filled, or only stroked, needs no layer of its own.
  const bool leaf = e.name != "svg" && e.name != "g" && e.name != "a" && e.name != "use";
  if (leaf && (state.fill == "none" || state.stroke == "none")) {
    state.fill_opacity *= opacity;
    state.stroke_opacity *= opacity;
    opacity = 1;
  }
  const bool layered = opacity < 1 && static_cast<int>(layers_.size()) <= kLayersMax;
  if (layered) layers_.push_back(blank());
  content(e, state, depth);
  if (!layered) return;
  const Raster top = std::move(layers_.back());
  layers_.pop_back();
  Raster& below = layers_.back();
  for (size_t i = 0; i < top.alpha.size(); ++i) {
    if (top.alpha[i] == 0) continue;
    const float keep = 1 - top.alpha[i] * opacity;
    below.red[i] = top.red[i] * opacity + below.red[i] * keep;
    below.green[i] = top.green[i] * opacity + below.green[i] * keep;
    below.blue[i] = top.blue[i] * opacity + below.blue[i] * keep;
    below.alpha[i] = top.alpha[i] * opacity + below.alpha[i] * keep;
  }
}

// The map that fits a viewBox into the given square, centred.
Affine fit_view_box(std::string_view text, float size) {
  float v[4];
  for (float& value : v) {
    if (!take_number(text, value)) return {};
  }
  if (!(v[2] > 0 && v[3] > 0)) return {};
  const float scale = std::min(size / v[2], size / v[3]);
  return {scale,
          0,
          0,
          scale,
          (size - v[2] * scale) * 0.5f - v[0] * scale,
          (size - v[3] * scale) * 0.5f - v[1] * scale};
}

void Drawing::content(const Element& e, const State& state, int depth) {
  if (e.name == "use") {
    use(e, state, depth);
  } else if (e.name == "svg" || e.name == "g" || e.name == "a") {
    State inner = state;
    if (e.name == "svg")
      inner.to_pixels = inner.to_pixels * fit_view_box(e.get("viewBox"), kCanvas);
    for (const Element& child : e.children) element(child, inner, depth + 1);
  } else {
    shape(e, state);
  }
}

void Drawing::use(const Element& e, State state, int depth) {
  const Element* target = find(href(e));
  if (!target) return;
  state.to_pixels =
      state.to_pixels * Affine{1, 0, 0, 1, number_or(e.get("x"), 0), number_or(e.get("y"), 0)};
  if (target->name != "symbol") {
    element(*target, state, depth + 1);
    return;
  }
  const float width = number_or(e.get("width"), kCanvas);
  state.to_pixels = state.to_pixels * fit_view_box(target->get("viewBox"), width);
  inherit(*target, state);
  for (const Element& child : target->children) element(child, state, depth + 1);
}

std::optional<Outline> Drawing::outline_of(const Element& e, float tolerance) const {
  auto number = [&](std::string_view name) { return number_or(e.get(name), 0); };
  if (e.name == "path") return parse_path(e.get("d"), tolerance);
  if (e.name == "circle") {
    return ellipse_outline({number("cx"), number("cy")}, {number("r"), number("r")}, tolerance);
  }
  if (e.name == "ellipse") {
    return ellipse_outline({number("cx"), number("cy")}, {number("rx"), number("ry")}, tolerance);
  }
  if (e.name == "rect") {
    const float rx = number_or(e.get("rx"), number("ry")), ry = number_or(e.get("ry"), rx);
    return rectangle_outline({number("x"), number("y")}, {number("width"), number("height")},
                             {rx, ry}, tolerance);
  }
  if (e.name == "line") {
    return Outline{{{{number("x1"), number("y1")}, {number("x2"), number("y2")}}, false}};
  }
  if (e.name == "polygon" || e.name == "polyline") {
    Polyline line;
    line.closed = e.name == "polygon";
    std::string_view text = e.get("points");
    for (Vec2 p; take_number(text, p.x) && take_number(text, p.y);) line.points.push_back(p);
    return Outline{std::move(line)};
  }
  return std::nullopt;
}

Outline transformed(const Outline& outline, const Affine& map) {
  Outline out = outline;
  for (Polyline& line : out) {
    for (Vec2& p : line.points) p = map(p);
  }
  return out;
}

void Drawing::shape(const Element& e, const State& state) {
  ++shapes_;
  const float scale = scale_of(state.to_pixels);
  if (!(scale > 1e-6f)) return;
  const float tolerance = 0.06f / scale;
  const std::optional<Outline> user = outline_of(e, tolerance);
  if (!user) return;
  if (const auto paint = paint_of(state.fill, state.fill_opacity, *user, state.to_pixels)) {
    fill(cover(transformed(*user, state.to_pixels), state.fill_rule, size_), *paint, state);
  }
  if (const auto paint = paint_of(state.stroke, state.stroke_opacity, *user, state.to_pixels)) {
    Stroke stroke;
    stroke.width = number_or(state.width, 1);
    stroke.miter_limit = number_or(state.miter_limit, 4);
    if (state.cap == "round") stroke.cap = Cap::kRound;
    if (state.cap == "square") stroke.cap = Cap::kSquare;
    if (state.join == "round") stroke.join = Join::kRound;
    if (state.join == "bevel") stroke.join = Join::kBevel;
    std::string_view dashes = state.dashes;
    for (float d = 0; stroke.dashes.size() < 32 && take_number(dashes, d);) {
      stroke.dashes.push_back(d);
    }
    Outline area = transformed(stroke_outline(*user, stroke, tolerance), state.to_pixels);
    fill(cover(area, FillRule::kNonZero, size_), *paint, state);
  }
}

void Drawing::fill(const Coverage& area, const Paint& paint, const State& state) {
  Raster& out = layers_.back();
  for (int y = area.y0; y < area.y1; ++y) {
    for (int x = area.x0; x < area.x1; ++x) {
      float covered = area.at(x, y);
      const size_t i = static_cast<size_t>(y) * static_cast<size_t>(size_) + static_cast<size_t>(x);
      if (state.clip) covered *= (*state.clip)[i];
      if (covered == 0) continue;
      const Rgba c = paint.at(static_cast<float>(x) + 0.5f, static_cast<float>(y) + 0.5f);
      const float alpha = c.alpha * covered, keep = 1 - alpha;
      out.red[i] = c.red * alpha + out.red[i] * keep;
      out.green[i] = c.green * alpha + out.green[i] * keep;
      out.blue[i] = c.blue * alpha + out.blue[i] * keep;
      out.alpha[i] = alpha + out.alpha[i] * keep;
    }
  }
}

// The map from the unit square to the box of the outline.
Affine box_of(const Outline& outline) {
  Vec2 low{1e9f, 1e9f}, high{-1e9f, -1e9f};
  for (const Polyline& line : outline) {
    for (const Vec2 p : line.points) {
      low = {std::min(low.x, p.x), std::min(low.y, p.y)};
      high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    }
  }
  if (!(low.x <= high.x)) return {};
  return {high.x - low.x, 0, 0, high.y - low.y, low.x, low.y};
}

std::optional<Paint> Drawing::paint_of(std::string_view value, float opacity, const Outline& user,
                                       const Affine& to_pixels) {
  if (value == "none" || opacity <= 0) return std::nullopt;
  Paint paint;
  paint.colour.alpha = exact::saturate(opacity);
  if (value.starts_with("url(")) {
    const std::string_view id = reference(value);
    paint.gradient = gradient(id, 0);
    if (!paint.gradient || paint.gradient->stops.empty()) return std::nullopt;
    Affine space = to_pixels;
    if (paint.gradient->in_box) space = space * box_of(user);
    space = space * paint.gradient->transform;
    if (space.determinant() == 0) {  // a degenerate gradient shows its last stop
      paint.colour = paint.gradient->stops.back().colour;
      paint.gradient = nullptr;
      return paint;
    }
    paint.to_gradient = inverse(space);
    return paint;
  }
  const std::optional<Rgba> colour = parse_colour(value);
  if (!colour) return std::nullopt;
  paint.colour = *colour;
  paint.colour.alpha *= exact::saturate(opacity);
  return paint;
}

const Gradient* Drawing::gradient(std::string_view id, int depth) {
  if (const auto known = gradients_.find(id); known != gradients_.end()) return known->second.get();
  const Element* e = find(id);
  if (!e || depth > 8 || (e->name != "linearGradient" && e->name != "radialGradient")) {
    return nullptr;
  }
  Gradient g;
  if (const Gradient* base = gradient(href(*e), depth + 1)) g = *base;
  read_gradient(*e, g);
  return (gradients_[id] = std::make_unique<Gradient>(std::move(g))).get();
}

void Drawing::read_gradient(const Element& e, Gradient& g) {
  g.radial = e.name == "radialGradient";
  for (const auto& [key, value] : e.attributes) {
    if (key == "gradientUnits")
      g.in_box = value != "userSpaceOnUse";
    else if (key == "gradientTransform")
      g.transform = parse_transform(value);
    else if (key == "x1")
      g.from.x = number_or(value, 0);
    else if (key == "y1")
      g.from.y = number_or(value, 0);
    else if (key == "x2")
      g.to.x = number_or(value, 1);
    else if (key == "y2")
      g.to.y = number_or(value, 0);
    else if (key == "r")
      g.radius = number_or(value, 0.5f);
    else if (key == "cx")
      g.centre.x = g.focus.x = number_or(value, 0.5f);
    else if (key == "cy")
      g.centre.y = g.focus.y = number_or(value, 0.5f);
  }
  g.focus = {number_or(e.get("fx"), g.focus.x), number_or(e.get("fy"), g.focus.y)};
  std::vector<Gradient::Stop> stops;
  for (const Element& child : e.children) {
    if (child.name != "stop") continue;
    Gradient::Stop stop;
    stop.offset = exact::saturate(number_or(child.get("offset"), 0));
    if (!stops.empty()) stop.offset = std::max(stop.offset, stops.back().offset);
    stop.colour = parse_colour(child.get("stop-color")).value_or(Rgba{});
    stop.colour.alpha *= exact::saturate(number_or(child.get("stop-opacity"), 1));
    stops.push_back(stop);
  }
  if (!stops.empty()) g.stops = std::move(stops);
}

// The clip of the element times the clip around it.
std::shared_ptr<const std::vector<float>> Drawing::clip_of(std::string_view id, const State& state,
                                                           const Outline* user) {
  const Element* e = find(id);
  if (!e || e->name != "clipPath") return state.clip;
  State inner = state;
  inner.clip = nullptr;
  if (e->get("clipPathUnits") == "objectBoundingBox" && user) {
    inner.to_pixels = inner.to_pixels * box_of(*user);
  }
  inner.to_pixels = inner.to_pixels * parse_transform(e->get("transform"));
  auto mask = std::make_shared<std::vector<float>>(
      static_cast<size_t>(size_) * static_cast<size_t>(size_), 0.0f);
  for (const Element& child : e->children) clip_shapes(child, inner, 0, *mask);
  if (state.clip) {
    for (size_t i = 0; i < mask->size(); ++i) (*mask)[i] *= (*state.clip)[i];
  }
  return mask;
}

void Drawing::clip_shapes(const Element& e, State state, int depth, std::vector<float>& mask) {
  if (depth > kDepthMax || ++shapes_ > kShapesMax) return;
  inherit(e, state);
  if (e.name == "use") {
    if (const Element* target = find(href(e))) clip_shapes(*target, state, depth + 1, mask);
    return;
  }
  if (e.name == "g") {
    for (const Element& child : e.children) clip_shapes(child, state, depth + 1, mask);
    return;
  }
  const float scale = scale_of(state.to_pixels);
  if (!(scale > 1e-6f)) return;
  const std::optional<Outline> user = outline_of(e, 0.06f / scale);
  if (!user) return;
  const Coverage area = cover(transformed(*user, state.to_pixels), state.clip_rule, size_);
  for (int y = area.y0; y < area.y1; ++y) {
    for (int x = area.x0; x < area.x1; ++x) {
      float& value =
          mask[static_cast<size_t>(y) * static_cast<size_t>(size_) + static_cast<size_t>(x)];
      value += area.at(x, y) * (1 - value);
    }
  }
}

}  // namespace

Result<Raster> rasterise_svg(std::string_view svg, int size) {
  if (size < 8 || size > 4096) return fail(ErrorCode::kInvalidInput, "svg: size out of range");
  TRY(const std::vector<Element> roots, parse_xml(svg));
  return Drawing(roots, size).draw(roots);
}

}  // namespace rushes::previz::card
