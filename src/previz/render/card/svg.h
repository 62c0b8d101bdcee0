// rasterise_svg: icons to pixels, by our own code.
//
// Why not a library: frames must have the same bits on every machine, and librsvg, resvg and cairo
// change their edges from version to version; Debian 12 has no small SVG library, and an icon set
// needs only a corner of the format. This is that corner: paths with all commands, circles,
// ellipses, rectangles, lines, polygons, groups, transforms, linear and radial gradients (stops,
// transforms, href, focus), fill rule, opacity, strokes with caps, joins and dashes, use, symbol,
// clip paths. No text, filters, masks, patterns or CSS. Everything is exactly rounded arithmetic in
// a fixed order, without libm.
//
// Pure; any thread.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"

namespace rushes::previz::card {

// A square picture: sRGB-encoded values 0..1, premultiplied by alpha; row 0 is the top.
struct Raster {
  int size = 0;
  std::vector<float> red, green, blue, alpha;
};

// `svg` is a document or only the body of one; without a viewBox the canvas is 128 x 128.
// `size` in [8, 4096]. kCorrupt if it is no XML; what it cannot draw it leaves out.
Result<Raster> rasterise_svg(std::string_view svg, int size);

}  // namespace rushes::previz::card
