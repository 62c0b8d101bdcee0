#include "previz/render/card/svg.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>

#include "previz/render/card/coverage.h"
#include "previz/render/card/paint.h"
#include "previz/render/card/path.h"
#include "previz/render/card/xml.h"

namespace rushes::previz::card {
namespace {

double area_of(const Coverage& c) {
  double sum = 0;
  for (const float v : c.values) sum += static_cast<double>(v);
  return sum;
}
double area_of(std::string_view path, FillRule rule = FillRule::kNonZero) {
  return area_of(cover(parse_path(path, 0.01f), rule, 128));
}

Raster raster(const std::string& body, int size = 128) {
  auto result = rasterise_svg(body, size);
  EXPECT_TRUE(result.has_value());
  return std::move(*result);
}
float alpha_at(const Raster& r, int x, int y) {
  return r.alpha[static_cast<size_t>(y) * static_cast<size_t>(r.size) + static_cast<size_t>(x)];
}
float red_at(const Raster& r, int x, int y) {
  return r.red[static_cast<size_t>(y) * static_cast<size_t>(r.size) + static_cast<size_t>(x)];
}

TEST(Coverage, EqualsTheAreaOfPolygonsToTheSubpixel) {
  EXPECT_NEAR(area_of("M10.25 10.5h20v30h-20z"), 600, 0.01);
  EXPECT_NEAR(area_of("M10 10L50 10L50 50z"), 800, 0.01);
  EXPECT_NEAR(area_of("M3.7 90.2L120.1 4.6L77.7 99.9z"),
              0.5 * ((120.1 - 3.7) * (99.9 - 90.2) - (77.7 - 3.7) * (4.6 - 90.2)), 0.05);
}

TEST(Coverage, OfAPartlyCoveredPixelIsItsShare) {
  const Coverage c = cover(parse_path("M10.25 10.5h20v30h-20z", 0.01f), FillRule::kNonZero, 128);
  EXPECT_NEAR(c.at(10, 20), 0.75f, 1e-4f);
  EXPECT_NEAR(c.at(20, 10), 0.5f, 1e-4f);
  EXPECT_NEAR(c.at(10, 10), 0.375f, 1e-4f);
  EXPECT_FLOAT_EQ(c.at(20, 20), 1);
  EXPECT_FLOAT_EQ(c.at(9, 20), 0);
}

TEST(Coverage, FollowsTheFillRule) {
  const char* both = "M10 10h40v40h-40z M20 20h20v20h-20z";
  EXPECT_NEAR(area_of(both, FillRule::kNonZero), 1600, 0.01);
  EXPECT_NEAR(area_of(both, FillRule::kEvenOdd), 1200, 0.01);
  EXPECT_NEAR(area_of("M10 10h40v40h-40z M20 20v20h20v-20z"), 1200, 0.01) << "turns the other way";
}

TEST(Coverage, IgnoresWhatLiesOutsideThePicture) {
  EXPECT_NEAR(area_of("M-50 -50h100v100h-100z"), 2500, 0.01);
  EXPECT_TRUE(cover(parse_path("M200 200h10v10z", 0.01f), FillRule::kNonZero, 128).empty());
}

TEST(Path, ReadsEveryCommandInBothForms) {
  struct Case {
    const char* path;
    double area;
  };
  const Case cases[] = {
      {"M10 10H50V50H10Z", 1600},
      {"m10 10h40v40h-40z", 1600},
      {"M10,10 50,10 50,50 10,50", 1600},
      {"M10 10L50 10l0 40L10 50z", 1600},
      {"M10 50C10 10 50 10 50 50z", 960},
      {"m10 50c0-40 40-40 40 0z", 960},
      {"M10 50Q30 10 50 50z", 40 * 40 * 2 / 3.0 / 2},
      {"M10 50q20-40 40 0z", 40 * 40 * 2 / 3.0 / 2},
      {"M30 10A20 20 0 1 1 29.99 10z", 3.14159265 * 400},
  };
  for (const Case& c : cases) {
    EXPECT_NEAR(area_of(c.path), c.area, c.area * 0.003) << c.path;
  }
}

TEST(Path, SmoothCommandsContinueTheTangent) {
  EXPECT_NEAR(area_of("M10 50C10 30 30 30 30 50S50 70 50 50z"),
              area_of("M10 50C10 30 30 30 30 50C30 70 50 70 50 50z"), 0.01);
  EXPECT_NEAR(area_of("M10 50Q20 30 30 50T50 50z"), area_of("M10 50Q20 30 30 50Q40 70 50 50z"),
              0.01);
}

TEST(Path, ReadsArcFlagsWithoutSeparators) {
  EXPECT_NEAR(area_of("M10 30a20 20 0 0140 0z"), 3.14159265 * 200, 2);
  EXPECT_NEAR(area_of("M10 30a20 20 0 01.5.5z"), 0, 1);
}

TEST(Path, EndsAtTheFirstMistake) {
  EXPECT_NEAR(area_of("M10 10h40v40h-40zM60 60h10 vX 10"), 1600, 0.01);
  EXPECT_TRUE(parse_path("10 10 20 20", 0.1f).empty());
  EXPECT_TRUE(parse_path("M nan nan L 1e99 4", 0.1f).empty());
}

TEST(Stroke, CoversItsWidthWithCapsAndJoins) {
  const Outline line = parse_path("M20 60L80 60", 0.1f);
  const auto area = [&](Stroke stroke) {
    return area_of(cover(stroke_outline(line, stroke, 0.02f), FillRule::kNonZero, 128));
  };
  EXPECT_NEAR(area({.width = 10}), 600, 0.1);
  EXPECT_NEAR(area({.width = 10, .cap = Cap::kSquare}), 700, 0.1);
  EXPECT_NEAR(area({.width = 10, .cap = Cap::kRound}), 600 + 3.14159 * 25, 1);
  EXPECT_NEAR(area({.width = 10, .dashes = {10, 10}}), 300, 0.5);
  EXPECT_EQ(area({.width = 0}), 0);

  const Outline corner = parse_path("M20 80L60 80L60 40", 0.1f);
  const auto joined = [&](Join join, float limit) {
    return area_of(
        cover(stroke_outline(corner, {.width = 10, .join = join, .miter_limit = limit}, 0.02f),
              FillRule::kNonZero, 128));
  };
  EXPECT_NEAR(joined(Join::kMiter, 4), 400 + 400, 0.5);
  EXPECT_NEAR(joined(Join::kMiter, 1), 800 - 12.5, 0.5) << "beyond the limit it is bevelled";
  EXPECT_NEAR(joined(Join::kBevel, 4), 800 - 12.5, 0.5);
  EXPECT_NEAR(joined(Join::kRound, 4), 800 - 25 + 3.14159 * 25 / 4, 0.5);
}

TEST(Stroke, OfAClosedLineHasAHole) {
  const Outline ring = parse_path("M20 20h60v60h-60z", 0.1f);
  const Coverage c = cover(stroke_outline(ring, {.width = 4}, 0.02f), FillRule::kNonZero, 128);
  EXPECT_NEAR(area_of(c), 64 * 64 - 56 * 56, 0.5);
  EXPECT_EQ(c.at(50, 50), 0);
}

TEST(Colour, ReadsTheFormsOfTheIcons) {
  EXPECT_FLOAT_EQ(parse_colour("#f00")->red, 1);
  EXPECT_FLOAT_EQ(parse_colour("#00ff00")->green, 1);
  EXPECT_FLOAT_EQ(parse_colour("rgba(0, 0, 255, .25)")->alpha, 0.25f);
  EXPECT_FLOAT_EQ(parse_colour("white")->blue, 1);
  EXPECT_FALSE(parse_colour("none").has_value());
  EXPECT_FALSE(parse_colour("#12").has_value());
  EXPECT_FALSE(parse_colour("#ggg").has_value());
}

TEST(Transform, AppliesTheLastFirst) {
  const Affine map = parse_transform("translate(10 20) rotate(90) scale(2)");
  const Vec2 p = map({3, 0});
  EXPECT_NEAR(p.x, 10, 1e-4f);
  EXPECT_NEAR(p.y, 26, 1e-4f);
  const Vec2 turned = parse_transform("rotate(180 5 5)")({0, 0});
  EXPECT_NEAR(turned.x, 10, 1e-4f);
  EXPECT_NEAR(turned.y, 10, 1e-4f);
  const Affine back = inverse(map) * map;
  EXPECT_NEAR(back.a, 1, 1e-5f);
  EXPECT_NEAR(back.e, 0, 1e-4f);
}

TEST(Svg, PaintsShapesOverEachOther) {
  const Raster r =
      raster(R"svg(<svg viewBox="0 0 128 128"><rect width="128" height="128" fill="#fff"/>)svg"
             R"svg(<circle cx="64" cy="64" r="30" fill="#f00" opacity=".5"/></svg>)svg");
  EXPECT_FLOAT_EQ(alpha_at(r, 64, 64), 1);
  EXPECT_FLOAT_EQ(red_at(r, 64, 64), 1);
  EXPECT_NEAR(r.green[64 * 128 + 64], 0.5f, 1e-5f);
  EXPECT_FLOAT_EQ(r.green[2 * 128 + 2], 1);
}

TEST(Svg, ReadsAViewBoxAndABodyWithoutRoot) {
  EXPECT_FLOAT_EQ(
      alpha_at(raster(R"svg(<svg viewBox="-8 -8 16 16"><circle r="4"/></svg>)svg"), 64, 64), 1);
  EXPECT_FLOAT_EQ(alpha_at(raster(R"svg(<path d="M60 60h8v8h-8z"/>)svg"), 64, 64), 1);
}

TEST(Svg, InterpolatesGradientsWithStopsTransformAndHref) {
  const Raster r = raster(
      R"svg(<defs><linearGradient id="a"><stop offset="0" stop-color="#000"/>)svg"
      R"svg(<stop offset="1" stop-color="#f00"/></linearGradient>)svg"
      R"svg(<linearGradient id="b" href="#a" gradientUnits="userSpaceOnUse" x1="0" x2="64")svg"
      R"svg( gradientTransform="scale(2 1)"/>)svg"
      R"svg(<radialGradient id="c" href="#a" cx=".5" cy=".5" r=".5"/></defs>)svg"
      R"svg(<rect width="128" height="64" fill="url(#b)"/>)svg"
      R"svg(<rect y="64" width="64" height="64" fill="url(#c)"/>)svg");
  EXPECT_NEAR(red_at(r, 32, 10), 0.254f, 0.005f);
  EXPECT_NEAR(red_at(r, 96, 10), 0.754f, 0.005f);
  EXPECT_NEAR(red_at(r, 31, 96), 0.02f, 0.02f);
  EXPECT_NEAR(red_at(r, 63, 96), 0.98f, 0.02f);
  EXPECT_NEAR(red_at(r, 0, 64), 1, 1e-4f) << "beyond the last stop";
}

TEST(Svg, ClipsGroupsThroughUse) {
  const Raster r = raster(R"svg(<defs><path id="p" d="M0 0h64v128h-64z"/></defs>)svg"
                          R"svg(<clipPath id="c"><use href="#p"/></clipPath>)svg"
                          R"svg(<g clip-path="url(#c)"><rect width="128" height="128"/></g>)svg");
  EXPECT_FLOAT_EQ(alpha_at(r, 20, 64), 1);
  EXPECT_FLOAT_EQ(alpha_at(r, 100, 64), 0);
}

TEST(Svg, LeavesOutWhatItCannotDrawAndWhatRefersToItself) {
  const Raster r = raster(
      R"svg(<filter id="f"/><text>Hello</text><g id="g"><use href="#g"/><path d="M0 0h8v8z"/></g>)svg"
      R"svg(<linearGradient id="l" href="#l"/><rect width="4" height="4" y="99" fill="url(#l)"/>)svg");
  EXPECT_GT(alpha_at(r, 6, 2), 0.9f);
  EXPECT_EQ(alpha_at(r, 2, 100), 0);
}

TEST(Svg, RefusesWhatIsNoXml) {
  for (const char* text : {"<svg", "<svg><g></svg>", "<svg a=b/>", "</svg>", "<svg a='", "<>"}) {
    const auto result = rasterise_svg(text, 64);
    ASSERT_FALSE(result.has_value()) << text;
    EXPECT_EQ(result.error().code, ErrorCode::kCorrupt) << text;
  }
  std::string deep;
  for (int i = 0; i < 80; ++i) deep += "<g>";
  EXPECT_FALSE(rasterise_svg(deep, 64).has_value());
  EXPECT_TRUE(rasterise_svg("", 64).has_value());
  EXPECT_EQ(rasterise_svg("<g/>", 7).error().code, ErrorCode::kInvalidInput);
  EXPECT_TRUE(rasterise_svg("<g/>", 8).has_value());
}

}  // namespace
}  // namespace rushes::previz::card
