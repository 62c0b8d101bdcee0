// SceneIR: the meaning of one shot's text, typed, printable as JSON, free of any picture.
//
// language/ makes it from words, stage/ turns it into a staged Shot (shot.h), sound/ listens to it.
// Most tests of the renderer's understanding are "prompt in, SceneIR out".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json/value.h"
#include "base/result.h"

namespace rushes::previz {

enum class Biome { kField, kMountain, kForest, kBeach, kSea };
enum class TimeOfDay { kDay, kDawn, kSunset, kDusk, kNight };
enum class Weather { kClear, kCloudy, kRain, kSnow, kStorm, kFog };
enum class Season { kSummer, kSpring, kAutumn, kWinter };
enum class Grade { kFilm, kNoir, kAnime, kVintage, kNeon, kWatercolour };

enum class Action {
  kIdle,
  kWalk,
  kRun,
  kGallop,
  kJump,
  kFly,
  kSwim,
  kSit,
  kLie,
  kLook,
  kWave,
  kDance,
  kEat,
  kDrink,
  kPlay,
  kRide,
  kDrive,
  kFall,
  kRise,
  kSpin,
  kGlow,
  kBurn,
  kFlow,
  kApproach,
};

// Where a subject is, relative to another one (`Subject::relative_to`) or to the place itself.
enum class Relation {
  kNone,
  kIn,
  kOn,
  kUnder,
  kOver,
  kBehind,
  kInFrontOf,
  kBeside,
  kBetween,
  kAround,
  kAcross,
  kThrough,
  kAlong,
  kTowards,
  kAway,
  kAt,
};

// sRGB, each 0..1: the colour as a person names it.
struct Colour {
  float red = 0, green = 0, blue = 0;
  bool operator==(const Colour&) const = default;
};

// What draws a concept. kRig: `name` is a species ("raccoon", "horse", species.h); kCard: `name` is
// an icon of the Noto set ("t-rex"); kProp: `name` is a modelled thing ("sun_lounger").
enum class FormKind { kRig, kCard, kProp };
struct Form {
  FormKind kind = FormKind::kCard;
  std::string name;
  bool stand_in = false;  // only the class of the noun matched (an unknown animal as a dog)
  bool operator==(const Form&) const = default;
};

struct Accessory {
  std::string concept_name;  // "sunglasses"
  Form form;
  std::optional<Colour> colour;
  bool operator==(const Accessory&) const = default;
};

struct Subject {
  std::string concept_name;  // the lemma that was understood: "raccoon"
  Form form;
  int count = 1;                // 1..12
  std::vector<Colour> colours;  // main first; empty: natural
  std::vector<Accessory> accessories;
  Action action = Action::kIdle;
  Relation relation = Relation::kNone;
  int relative_to = -1;  // index into SceneIR::subjects, or -1: the place
  float size_scale = 1;  // "tiny" 0.5, "giant" 2.5
  bool operator==(const Subject&) const = default;
};

// How much of the frame's height the subject's box fills; kLandscape: there is no subject.
enum class ShotSize { kFull, kExtremeWide, kWide, kMedium, kCloseUp, kLandscape };
enum class Angle { kEye, kLow, kHigh, kAerial, kOverShoulder, kPov };
// Camera words of the prompt. kAuto: the director chooses.
enum class Move {
  kAuto,
  kStatic,
  kPushIn,
  kPullOut,
  kTrack,
  kPanLeft,
  kPanRight,
  kTiltUp,
  kTiltDown,
  kOrbit,
  kCraneUp,
  kCraneDown,
  kTruckLeft,
  kTruckRight,
  kHandheld,
  kZoomIn,
  kZoomOut,
  kFlyOver,
};

struct SceneIR {
  Biome biome = Biome::kField;
  std::string
      biome_variant;  // "sequoia", "conifer", "autumn", "alpine", "tropical", ...; may be empty
  TimeOfDay time = TimeOfDay::kDay;
  Weather weather = Weather::kClear;
  Season season = Season::kSummer;
  Grade grade = Grade::kFilm;
  std::string mood;               // "cheerful", "calm", "ominous", ...; may be empty
  float cloud_amount = 0.35f;     // 0..1: also set by "clouds" as a noun
  float fog_amount = 0;           // 0..1
  float speed = 1;                // "slow motion" 0.4, "timelapse" 6
  std::vector<Subject> subjects;  // main first
  ShotSize shot = ShotSize::kFull;
  Angle angle = Angle::kEye;
  Move move = Move::kAuto;
  std::vector<std::string> dialogue;  // lines to be spoken
  std::vector<std::string> excluded;  // concepts that "no X" or the negative prompt removed
  std::vector<std::string> notes;     // why something that was excluded is still there
  std::vector<std::string> unused;    // words nobody claimed, reported to the user

  bool operator==(const SceneIR&) const = default;
};

std::string_view to_string(Biome biome);
std::string_view to_string(TimeOfDay time);
std::string_view to_string(Weather weather);
std::string_view to_string(Season season);
std::string_view to_string(Grade grade);
std::string_view to_string(Action action);
std::string_view to_string(Relation relation);
std::string_view to_string(FormKind kind);
std::string_view to_string(ShotSize shot);
std::string_view to_string(Angle angle);
std::string_view to_string(Move move);

json::Value to_json(const SceneIR& scene);
// Reads what to_json wrote: kCorrupt, naming the member, for anything else.
Result<SceneIR> scene_from_json(const json::Value& value);

}  // namespace rushes::previz
