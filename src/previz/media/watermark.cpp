#include "previz/media/watermark.h"

#include <algorithm>
#include <span>

#include "base/check.h"
#include "previz/math/scalar.h"

namespace rushes::previz {
namespace {

// Letters are strokes in units of the x-height, y up from the base line.
constexpr float kCapital = 1.45f;
constexpr float kHalfStroke = 0.12f;
constexpr float kGap = 0.34f;         // between letters
constexpr float kShadowReach = 0.4f;  // beyond the stroke
constexpr float kShadowStrength = 0.45f, kLetterStrength = 0.85f;

struct Stroke {
  float x0, y0, x1, y1;
};
using Strokes = std::vector<Stroke>;

class Pen {
 public:
  void line(float x0, float y0, float x1, float y1) {
    strokes_.push_back({origin_ + x0, y0, origin_ + x1, y1});
  }
  // Angles in quarter turns, counter-clockwise from the right.
  void arc(float cx, float cy, float radius, float from, float to) {
    constexpr int kSteps = 12;
    const auto at = [&](int step) {
      const float turn = from + (to - from) * static_cast<float>(step) / kSteps;
      const float angle = turn * exact::kPi * 0.5f;
      return std::pair(cx + radius * exact::cos(angle), cy + radius * exact::sin(angle));
    };
    for (int step = 0; step < kSteps; ++step) {
      const auto [x0, y0] = at(step);
      const auto [x1, y1] = at(step + 1);
      line(x0, y0, x1, y1);
    }
  }
  void advance(float width) { origin_ += width + kGap; }
  float right_edge() const { return origin_ - kGap; }
  const Strokes& strokes() const { return strokes_; }

 private:
  float origin_ = 0;
  Strokes strokes_;
};

void draw_s(Pen& pen) {
  pen.arc(0.33f, 0.75f, 0.25f, 0.35f, 3);
  pen.arc(0.33f, 0.25f, 0.25f, 1, -1.65f);
  pen.advance(0.62f);
}

Pen draw_word() {
  Pen pen;
  // R
  pen.line(0, 0, 0, kCapital);
  pen.line(0, kCapital, 0.45f, kCapital);
  pen.arc(0.45f, 1.1f, 0.35f, 1, -1);
  pen.line(0.45f, 0.75f, 0, 0.75f);
  pen.line(0.4f, 0.75f, 0.82f, 0);
  pen.advance(0.82f);
  // u
  pen.line(0, 1, 0, 0.36f);
  pen.arc(0.36f, 0.36f, 0.36f, 2, 4);
  pen.line(0.72f, 1, 0.72f, 0);
  pen.advance(0.72f);
  draw_s(pen);
  // h
  pen.line(0, 0, 0, kCapital);
  pen.arc(0.36f, 0.64f, 0.36f, 2, 0);
  pen.line(0.72f, 0.64f, 0.72f, 0);
  pen.advance(0.72f);
  // e
  pen.line(0.02f, 0.5f, 0.76f, 0.5f);
  pen.arc(0.38f, 0.5f, 0.38f, 0, 3.5f);
  pen.advance(0.76f);
  draw_s(pen);
  return pen;
}

float distance_to(const Stroke& s, float x, float y) {
  const float dx = s.x1 - s.x0, dy = s.y1 - s.y0;
  const float px = x - s.x0, py = y - s.y0;
  const float along = exact::saturate((px * dx + py * dy) / std::max(dx * dx + dy * dy, 1e-9f));
  const float ex = px - dx * along, ey = py - dy * along;
  return exact::sqrt(ex * ex + ey * ey);
}

int even(float value) { return static_cast<int>(value * 0.5f + 0.5f) * 2; }

uint8_t blend(int from, int to, int weight) {
  return static_cast<uint8_t>((from * (256 - weight) + to * weight + 128) >> 8);
}

}  // namespace

Watermark::Watermark(int frame_width, int frame_height)
    : frame_width_(frame_width), frame_height_(frame_height) {
  const Pen word = draw_word();
  const float margin_units = kHalfStroke + kShadowReach;
  const float wide = word.right_edge() + 2 * margin_units, high = kCapital + 2 * margin_units;
  const auto width = static_cast<float>(frame_width), height = static_cast<float>(frame_height);

  // A capital is 4.5 % of the shorter side, but never smaller than can be read, and the word never
  // wider than the frame.
  const float capital = std::max(9.0f, 0.045f * std::min(width, height));
  const float unit = std::min({capital / kCapital, width / wide, height / high});
  const float margin = 0.02f * std::min(width, height);
  box_.width = std::min(even(wide * unit), frame_width);
  box_.height = std::min(even(high * unit), frame_height);
  box_.x = std::max(0, frame_width - box_.width - even(margin));
  box_.y = std::max(0, frame_height - box_.height - even(margin));

  for (int row = 0; row < box_.height; ++row) {
    for (int column = 0; column < box_.width; ++column) {
      const float x = (static_cast<float>(column) + 0.5f) / unit - margin_units;
      const float y = high - margin_units - (static_cast<float>(row) + 0.5f) / unit;
      float distance = 1e9f;
      for (const Stroke& stroke : word.strokes()) {
        distance = std::min(distance, distance_to(stroke, x, y));
      }
      const float letter = exact::saturate((kHalfStroke - distance) * unit + 0.5f);
      const float halo = exact::saturate(1 - (distance - kHalfStroke) / kShadowReach);
      letters_.push_back(static_cast<uint16_t>(256 * kLetterStrength * letter));
      shadow_.push_back(static_cast<uint16_t>(256 * kShadowStrength * halo * halo));
    }
  }
}

void Watermark::apply(I420& frame) const {
  RUSHES_CHECK(frame.width == frame_width_ && frame.height == frame_height_);
  constexpr int kBlack = 16, kWhite = 235, kGrey = 128;
  const auto index = [&](int row, int column) {
    return static_cast<size_t>(row) * static_cast<size_t>(box_.width) + static_cast<size_t>(column);
  };
  for (int row = 0; row < box_.height; ++row) {
    uint8_t* luma = frame.luma().data() +
                    static_cast<size_t>(box_.y + row) * static_cast<size_t>(frame.width) + box_.x;
    for (int column = 0; column < box_.width; ++column) {
      const size_t i = index(row, column);
      luma[column] = blend(blend(luma[column], kBlack, shadow_[i]), kWhite, letters_[i]);
    }
  }
  for (std::span<uint8_t> plane : {frame.blue(), frame.red()}) {
    for (int row = 0; row < box_.height; row += 2) {
      uint8_t* chroma =
          plane.data() +
          static_cast<size_t>((box_.y + row) / 2) * static_cast<size_t>(frame.width / 2) +
          box_.x / 2;
      for (int column = 0; column < box_.width; column += 2) {
        const int letter =
            (letters_[index(row, column)] + letters_[index(row, column + 1)] +
             letters_[index(row + 1, column)] + letters_[index(row + 1, column + 1)]) /
            4;
        chroma[column / 2] = blend(chroma[column / 2], kGrey, letter);
      }
    }
  }
}

}  // namespace rushes::previz
