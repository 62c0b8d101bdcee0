#include "previz/media/speech.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/utf8.h"
#include "previz/math/scalar.h"
#include "previz/media/child.h"

namespace rushes::previz {
namespace {

constexpr size_t kTextBytesMax = 2000;
constexpr size_t kWavBytesMax = 16 << 20;  // six minutes
constexpr int kRateMin = 4000, kRateMax = 192'000;

struct Voice {
  const char *variant, *pitch, *words_per_minute;
};
// Variants of espeak-ng's own voices; the narrator first.
constexpr std::array<Voice, 6> kVoices{{{"", "48", "160"},
                                        {"+f3", "60", "165"},
                                        {"+m3", "38", "150"},
                                        {"+f5", "72", "175"},
                                        {"+m7", "28", "145"},
                                        {"+f2", "52", "155"}}};

bool is_chinese(std::string_view text) {
  while (const auto point = first_code_point(text)) {
    if (point->value >= 0x4e00 && point->value <= 0x9fff) return true;
    text.remove_prefix(point->size_bytes);
  }
  return false;
}

uint32_t little_endian(std::string_view bytes, size_t at, size_t size) {
  uint32_t value = 0;
  for (size_t i = size; i-- > 0;) value = value << 8 | static_cast<uint8_t>(bytes[at + i]);
  return value;
}

// Windowed sinc, sixteen neighbours: the cut-off is the lower of the two rates' limits.
std::vector<float> resample(const std::vector<float>& in, int rate) {
  if (rate == kSpeechRate) return in;
  constexpr int kReach = 8;
  const float step = static_cast<float>(rate) / kSpeechRate;
  const float cut = std::min(1.0f, 1 / step) * 0.95f;
  const auto count = static_cast<size_t>(static_cast<uint64_t>(in.size()) * kSpeechRate /
                                         static_cast<uint64_t>(rate));
  std::vector<float> out(count);
  for (size_t i = 0; i < count; ++i) {
    // Positions from integers, so that they do not drift.
    const uint64_t scaled = static_cast<uint64_t>(i) * static_cast<uint64_t>(rate);
    const auto centre = static_cast<int64_t>(scaled / kSpeechRate);
    const float within = static_cast<float>(scaled % kSpeechRate) / kSpeechRate;
    float sum = 0, weights = 0;
    for (int k = -kReach + 1; k <= kReach; ++k) {
      const int64_t at = centre + k;
      if (at < 0 || at >= static_cast<int64_t>(in.size())) continue;
      const float x = (static_cast<float>(k) - within) * exact::kPi;
      const float sinc = exact::abs(x) < 1e-4f ? 1.0f : exact::sin(x * cut) / (x * cut);
      const float window = 0.5f + 0.5f * exact::cos(x / kReach);
      sum += in[static_cast<size_t>(at)] * sinc * window;
      weights += sinc * window;
    }
    out[i] = weights != 0 ? sum / weights : 0;
  }
  return out;
}

std::unexpected<Error> corrupt(const char* what) {
  return fail(ErrorCode::kCorrupt, std::string("not a WAV of 16-bit samples: ") + what);
}

}  // namespace

Result<std::vector<float>> read_wav(std::string_view bytes) {
  if (bytes.size() < 12 || bytes.substr(0, 4) != "RIFF" || bytes.substr(8, 4) != "WAVE") {
    return corrupt("no RIFF header");
  }
  bytes.remove_prefix(12);
  int channels = 0, rate = 0;
  while (bytes.size() >= 8) {
    const std::string_view type = bytes.substr(0, 4);
    const size_t claimed = little_endian(bytes, 4, 4);
    bytes.remove_prefix(8);
    const std::string_view body = bytes.substr(0, std::min(claimed, bytes.size()));
    if (type == "fmt ") {
      if (body.size() < 16) return corrupt("a short format");
      channels = static_cast<int>(little_endian(body, 2, 2));
      rate = static_cast<int>(little_endian(body, 4, 4));
      if (little_endian(body, 0, 2) != 1 || little_endian(body, 14, 2) != 16 || channels < 1 ||
          channels > 2 || rate < kRateMin || rate > kRateMax) {
        return corrupt("an unknown format");
      }
    } else if (type == "data") {
      if (channels == 0) return corrupt("data before the format");
      const size_t frame = 2 * static_cast<size_t>(channels);
      std::vector<float> mono(body.size() / frame);
      for (size_t i = 0; i < mono.size(); ++i) {
        float sum = 0;
        for (size_t c = 0; c < static_cast<size_t>(channels); ++c) {
          const auto raw = static_cast<uint16_t>(little_endian(body, i * frame + 2 * c, 2));
          sum += static_cast<float>(static_cast<int16_t>(raw)) / 32768.0f;
        }
        mono[i] = sum / static_cast<float>(channels);
      }
      return resample(mono, rate);
    }
    bytes.remove_prefix(std::min(bytes.size(), claimed + (claimed & 1)));
  }
  return corrupt("no data");
}

Result<std::vector<float>> speak(const SpeechOptions& options) {
  std::string_view text = options.text;
  if (text.size() > kTextBytesMax) text = truncate_code_points(text, kTextBytesMax / 4);
  const Voice& voice = kVoices[static_cast<size_t>(std::max(0, options.voice)) % kVoices.size()];
  const std::string language = is_chinese(text) ? "cmn" : "en";
  // The text goes through standard input: it cannot be taken for an option.
  ChildOptions child{.command = {options.program, "-v", language + voice.variant, "-p", voice.pitch,
                                 "-s", voice.words_per_minute, "-b", "1", "--stdin", "--stdout"},
                     .output_bytes_max = kWavBytesMax,
                     .patience = std::chrono::seconds(30)};
  TRY(const std::string wav,
      run_program(std::move(child), {reinterpret_cast<const uint8_t*>(text.data()), text.size()}));
  return read_wav(wav);
}

}  // namespace rushes::previz
