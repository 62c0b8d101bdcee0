#include "previz/stage/blocking.h"

#include <algorithm>
#include <string_view>

#include "previz/scene/wardrobe.h"
#include "previz/stage/casting.h"
#include "previz/stage/stage.h"

namespace rushes::previz {
namespace {

constexpr float kHalfTurn = exact::kPi;
constexpr float kQuarterTurn = exact::kPi / 2;
constexpr float kThreeQuarterView = 0.5f;  // radians towards the camera of somebody who stands
constexpr float kGap = 0.35f;              // metres between neighbours
constexpr int kTriesMax = 64;
constexpr int kGroupMax = 12;

// Chance by counting: the n-th number of a stream is a hash.
class Dice {
 public:
  explicit Dice(uint32_t seed) : seed_(seed) {}
  float unit() { return exact::unit(exact::hash(seed_, count_++)); }
  float between(float low, float high) { return exact::mix(low, high, unit()); }

 private:
  uint32_t seed_, count_ = 0;
};

// The longest way, in metres, over which the ground of a set is even enough to run on.
float runway(Biome biome) {
  switch (biome) {
    case Biome::kMountain: return 18;
    case Biome::kField: return 36;
    case Biome::kForest: return 60;
    case Biome::kBeach: return 40;
    case Biome::kSea: return 60;
  }
  return 20;
}

float footprint(const Actor& actor) { return 0.5f * std::max(actor.length_m, actor.width_m); }

// An actor and where it is at the middle of the shot.
struct Mark {
  Actor actor;
  Point place;
  bool placed = false;
};

// What a subject carries.
struct Burden {
  const Accessory* thing = nullptr;
  size_t owner = 0;
};

class Blocking {
 public:
  Blocking(const SceneIR& scene, const BlockingOptions& options)
      : scene_(scene), options_(options), dice_(exact::hash(options.seed, 0xb10cu)) {}

  std::vector<Actor> run() {
    for (const Subject& subject : scene_.subjects) marks_.push_back(cast(subject));
    keep_pace();
    if (!marks_.empty()) place_main();
    for (size_t i = 1; i < marks_.size(); ++i) place(i);
    const std::vector<Burden> things = things_to_set_down();
    const std::vector<int> sizes = group_sizes(things.size());
    for (size_t i = 0; i < sizes.size(); ++i) spread_group(i, sizes[i]);
    for (const Burden& burden : things) {
      marks_.push_back(set_down(*burden.thing, marks_[burden.owner]));
    }
    std::vector<Actor> actors;
    for (Mark& mark : marks_) {
      mark.actor.start = mark.place - mark.actor.velocity * (duration() * 0.5f);
      actors.push_back(std::move(mark.actor));
    }
    return actors;
  }

 private:
  float duration() const { return std::max(options_.duration_seconds, 0.01f); }
  // Not faster than lets it stay on a way of that many metres.
  float limited(float speed, float way) const { return std::min(speed, way / duration()); }

  Mark cast(const Subject& subject) const {
    const Build build = build_of(subject);
    Mark mark;
    Actor& actor = mark.actor;
    actor.form = subject.form;
    actor.concept_name = subject.concept_name;
    actor.action = subject.action;
    actor.height_m = build.height_m;
    actor.length_m = build.length_m;
    actor.width_m = build.width_m;
    actor.colours = subject.colours;
    actor.accessories = subject.accessories;
    actor.seed = concept_seed(options_.task_seed, subject.concept_name);
    actor.is_main = &subject == &scene_.subjects.front();
    direct(mark, subject, build);
    return mark;
  }

  // The heading of one who looks along the frame, turned a little towards the camera.
  float face_along(bool right, float towards_camera) const {
    return right ? -towards_camera : kHalfTurn + towards_camera;
  }

  // Heading, velocity and height above the ground.
  void direct(Mark& mark, const Subject& subject, const Build& build) const {
    Actor& actor = mark.actor;
    const float side = options_.side;
    float speed = speed_of(subject.action, build);
    const bool to_place = subject.relative_to < 0;
    const bool comes =
        subject.action == Action::kApproach || (to_place && subject.relation == Relation::kTowards);
    const bool leaves = to_place && subject.relation == Relation::kAway;
    if (comes || leaves) {
      // A way of a few metres in depth: near the camera every step counts.
      if (speed == 0) speed = build.walk_speed;
      speed = limited(speed, 1.2f + 2 * build.length_m);
      actor.heading = comes ? -kQuarterTurn + 0.12f * side : kQuarterTurn - 0.2f * side;
      actor.velocity = {0, 0, comes ? -speed : speed};
    } else if (speed > 0) {
      const float way = options_.camera_follows ? runway(scene_.biome) : 2 + 2 * build.length_m;
      actor.heading = face_along(side > 0, 0.1f);
      actor.velocity = {side * limited(speed, way), 0, 0};
    } else {
      actor.heading = face_along(side > 0, kThreeQuarterView);
    }
    const float drop = 1.2f + 1.2f * build.height_m;
    switch (subject.action) {
      case Action::kFly: mark.place.y = 1.2f + 0.6f * build.height_m; break;
      case Action::kSwim: mark.place.y = -0.4f * build.height_m; break;
      case Action::kFall: actor.velocity = {0, -drop / duration(), 0}; break;
      case Action::kRise: actor.velocity = {0, drop / duration(), 0}; break;
      default: break;
    }
    if (actor.velocity.y != 0) mark.place.y = drop * 0.5f;
  }

  // Who does along the frame what the main subject does goes at the pace of the slowest, or the
  // camera would lose them.
  void keep_pace() {
    const auto goes_along = [&](size_t i) {
      const Relation relation = scene_.subjects[i].relation;
      return marks_[i].actor.action == marks_.front().actor.action &&
             marks_[i].actor.velocity.x != 0 && relation != Relation::kTowards &&
             relation != Relation::kAway;
    };
    if (marks_.size() < 2 || !goes_along(0)) return;
    float slowest = marks_.front().actor.velocity.x;
    for (size_t i = 1; i < marks_.size(); ++i) {
      const float speed = marks_[i].actor.velocity.x;
      if (goes_along(i) && exact::abs(speed) < exact::abs(slowest)) slowest = speed;
    }
    for (size_t i = 0; i < marks_.size(); ++i) {
      if (goes_along(i)) marks_[i].actor.velocity.x = slowest;
    }
  }

  bool has_partner(size_t index) const {
    const int other = scene_.subjects[index].relative_to;
    return other >= 0 && static_cast<size_t>(other) < marks_.size() &&
           static_cast<size_t>(other) != index;
  }

  // The main subject stays where it is; what it relates to is brought to it.
  void place_main() {
    Mark& main = marks_.front();
    main.placed = true;
    if (!has_partner(0)) return;
    Mark& other = marks_[static_cast<size_t>(scene_.subjects.front().relative_to)];
    const Point offset = relate(scene_.subjects.front(), main.actor, other.actor);
    other.place = {main.place.x - offset.x, other.place.y, main.place.z - offset.z};
    main.place.y = std::max(main.place.y, other.place.y + offset.y);
    other.placed = true;
  }

  void place(size_t index) {
    Mark& mark = marks_[index];
    if (mark.placed) return;
    mark.placed = true;
    if (!has_partner(index) ||
        !marks_[static_cast<size_t>(scene_.subjects[index].relative_to)].placed) {
      return stand_aside(index);
    }
    Mark& other = marks_[static_cast<size_t>(scene_.subjects[index].relative_to)];
    const Point offset = relate(scene_.subjects[index], mark.actor, other.actor);
    mark.place = {other.place.x + offset.x, std::max(mark.place.y, other.place.y + offset.y),
                  other.place.z + offset.z};
  }

  // Makes two actors fit each other and returns the place of the first as seen from the second.
  Point relate(const Subject& subject, Actor& actor, Actor& other) const {
    if (subject.action == Action::kRide) return ride(actor, other);
    if (subject.relation == Relation::kOn && subject.action == Action::kLie) {
      return lie_on(actor, other);
    }
    const float reach = footprint(actor) + footprint(other) + kGap;
    const float aside = options_.side * reach;
    const float depth = 0.5f * (actor.width_m + other.width_m) + kGap + 0.4f;
    switch (subject.relation) {
      case Relation::kOn: join(actor, other); return {0, other.height_m, 0};
      case Relation::kIn: join(actor, other); return {0, 0.3f * other.height_m, 0.05f};
      case Relation::kUnder: return {0, 0, other.height_m > actor.height_m ? -0.3f : -depth};
      case Relation::kOver: return {0, other.height_m + 0.4f, 0};
      case Relation::kBehind: return {aside * 0.5f, 0, depth + 0.5f};
      case Relation::kInFrontOf: return {-aside * 0.3f, 0, -depth};
      case Relation::kTowards: return {-options_.side * meet(actor, reach), 0, 0};
      case Relation::kAway: return {options_.side * meet(actor, reach), 0, 0};
      case Relation::kAround: return {aside, 0, -0.5f * depth};
      case Relation::kNone:
      case Relation::kBeside:
      case Relation::kBetween:
      case Relation::kAcross:
      case Relation::kThrough:
      case Relation::kAlong:
      case Relation::kAt: break;
    }
    return {-aside, 0, 0.3f};
  }

  // Both move as one.
  static void join(Actor& actor, Actor& other) {
    if (actor.velocity == Point{}) {
      actor.velocity = other.velocity;
    } else {
      other.velocity = actor.velocity;
    }
  }

  Point ride(Actor& actor, Actor& other) const {
    join(actor, other);
    other.heading = actor.heading;
    if (other.action == Action::kIdle) other.action = Action::kRun;
    return {0, 0.55f * other.height_m, 0};
  }

  // What one lies on is made as long as its guest, who leans on its back rest.
  Point lie_on(Actor& actor, Actor& other) const {
    actor.velocity = other.velocity;
    actor.heading = other.heading = face_along(options_.side > 0, 0.28f);
    actor.recline = 0.7f;
    const float stretch = std::max(1.0f, 1.05f * actor.height_m / other.length_m);
    other.length_m *= stretch;
    other.width_m *= exact::mix(1, stretch, 0.5f);
    const bool has_back_rest = other.form.name == "sun_lounger";
    return {0, (has_back_rest ? 0.42f : 0.95f) * other.height_m, 0};
  }

  // Half of the way that remains between two who meet at the end of the shot. One who walks must
  // not walk past, so its way is made that long.
  float meet(Actor& actor, float reach) const {
    if (actor.velocity.x == 0) return 1.2f * reach;
    const float way = std::min(exact::abs(actor.velocity.x) * duration(), 3 + actor.length_m);
    actor.velocity.x = (actor.velocity.x > 0 ? way : -way) / duration();
    return 0.5f * way + reach;
  }

  // A further subject without a relation: beside the others, alternately on both sides.
  void stand_aside(size_t index) {
    Mark& mark = marks_[index];
    float reach = 0;
    for (size_t i = 0; i < index; ++i) {
      reach = std::max(reach, exact::abs(marks_[i].place.x) + footprint(marks_[i].actor));
    }
    const float side = (index % 2 == 1 ? 1.0f : -1.0f) * options_.side;
    mark.place.x = side * (reach + footprint(mark.actor) + kGap);
    mark.place.z = 0.5f;
  }

  // Groups share the room that other subjects and their things leave: the largest is cut, of two
  // the later one.
  std::vector<int> group_sizes(size_t things) const {
    std::vector<int> sizes;
    size_t total = things;
    for (const Subject& subject : scene_.subjects) {
      sizes.push_back(std::clamp(subject.count, 1, kGroupMax));
      total += static_cast<size_t>(sizes.back());
    }
    for (; total > kActorsMax; --total) {
      const auto largest = std::max_element(sizes.rbegin(), sizes.rend());
      if (largest == sizes.rend() || *largest == 1) break;
      --*largest;
    }
    return sizes;
  }

  // Companions of a group: random places near the first, no two footprints touching.
  void spread_group(size_t index, int count) {
    const Mark first = marks_[index];
    for (int i = 1; i < count; ++i) {
      Mark mark = first;
      Actor& actor = mark.actor;
      actor.seed = exact::hash(first.actor.seed, static_cast<uint32_t>(i));
      actor.phase = dice_.unit();
      actor.heading += dice_.between(-1, 1) * (first.actor.velocity == Point{} ? 0.3f : 0.04f);
      const float grown = dice_.between(0.9f, 1.08f);
      actor.height_m *= grown;
      actor.length_m *= grown;
      actor.width_m *= grown;
      mark.place = free_place(first, actor, count);
      marks_.push_back(std::move(mark));
    }
  }

  Point free_place(const Mark& first, const Actor& actor, int count) {
    const float spacing = 2 * footprint(first.actor) + kGap;
    const float reach = spacing * exact::sqrt(static_cast<float>(count)) * 0.75f;
    const float across = options_.upright ? 0.6f : 1.25f;
    // Depth is bounded: the sets are free of trees and waves for a few metres only.
    const float depth = std::min(reach * (options_.upright ? 1.1f : 0.6f), 2.5f);
    for (int attempt = 0; attempt < kTriesMax; ++attempt) {
      const float wider = 1 + 0.03f * static_cast<float>(attempt);
      Point place = first.place;
      place.x += dice_.between(-1, 1) * reach * across * wider;
      place.z += dice_.between(-1, 1) * depth;
      if (place.y > 0.5f) place.y += dice_.between(-0.3f, 0.3f) * actor.height_m;
      if (is_free(place, actor)) return place;
    }
    // No luck: at the end of the row.
    float farthest = first.place.x;
    for (const Mark& other : marks_) {
      farthest = std::max(farthest, other.place.x + footprint(other.actor));
    }
    return {farthest + footprint(actor) + kGap, first.place.y, first.place.z};
  }

  // What somebody carries but cannot hold goes along at its side; what two have is there once.
  std::vector<Burden> things_to_set_down() const {
    std::vector<Burden> things;
    std::vector<std::string_view> names;  // of all that is on the set
    for (const Subject& subject : scene_.subjects) names.push_back(subject.concept_name);
    for (size_t i = 0; i < scene_.subjects.size(); ++i) {
      const Subject& owner = scene_.subjects[i];
      for (const Accessory& thing : owner.accessories) {
        if (names.size() >= kActorsMax) return things;
        const bool is_known = std::ranges::find(names, thing.concept_name) != names.end();
        if (is_known || carriage_of(owner.form, thing.form) != Carriage::kBeside) continue;
        names.push_back(thing.concept_name);
        things.push_back({&thing, i});
      }
    }
    return things;
  }

  Mark set_down(const Accessory& thing, const Mark& owner) const {
    Subject subject{.concept_name = thing.concept_name, .form = thing.form};
    if (thing.colour) subject.colours = {*thing.colour};
    Mark mark = cast(subject);
    Actor& actor = mark.actor;
    actor.velocity = owner.actor.velocity;
    // Not higher than its owner, who is to stay the main thing.
    const float scale = std::min(1.0f, std::max(0.3f, owner.actor.height_m) / actor.height_m);
    actor.height_m *= scale;
    actor.length_m *= scale;
    actor.width_m *= scale;
    const Action action = owner.actor.action;
    const bool is_off_ground = action == Action::kFly || action == Action::kSwim ||
                               action == Action::kFall || action == Action::kRise;
    const float y = is_off_ground ? owner.place.y : 0;
    const float step = footprint(owner.actor) + footprint(actor);
    for (int attempt = 0; attempt < kTriesMax; ++attempt) {
      // First on the side that the owner looks to, then on the other, then further away.
      const float side = options_.side * (attempt % 2 == 0 ? 1.0f : -1.0f);
      const float away = step + 0.1f + 0.25f * static_cast<float>(attempt / 2);
      mark.place = {owner.place.x + side * away, y, owner.place.z + 0.1f};
      if (is_free(mark.place, actor)) break;
    }
    return mark;
  }

  bool is_free(Point place, const Actor& actor) const {
    return std::ranges::none_of(marks_, [&](const Mark& other) {
      const Point d = other.place - place;
      const float apart = 0.9f * (footprint(other.actor) + footprint(actor));
      return d.x * d.x + d.z * d.z < apart * apart;
    });
  }

  const SceneIR& scene_;
  const BlockingOptions& options_;
  Dice dice_;
  std::vector<Mark> marks_;
};

}  // namespace

std::vector<Actor> block(const SceneIR& scene, const BlockingOptions& options) {
  return Blocking(scene, options).run();
}

void append_corners(const Actor& actor, float seconds, std::vector<Point>& corners) {
  // Leaning back turns height into length, and a tail hangs over the end; a hop needs room above.
  const float lean = actor.recline;
  const float hop = actor.action == Action::kJump    ? 0.5f
                    : actor.action == Action::kDance ? 0.15f
                                                     : 0;
  const float height =
      exact::mix(actor.height_m, 0.5f * (actor.length_m + actor.width_m), lean) * (1 + hop);
  const float length = exact::mix(actor.length_m, 1.4f * actor.height_m, lean);
  const float c = exact::cos(actor.heading), s = exact::sin(actor.heading);
  const Point along{c * length * 0.5f, 0, s * length * 0.5f};
  const Point across{-s * actor.width_m * 0.5f, 0, c * actor.width_m * 0.5f};
  const Point feet = actor.start + actor.velocity * seconds;
  for (const Point base : {feet + along + across, feet + along - across, feet - along + across,
                           feet - along - across}) {
    corners.push_back(base);
    corners.push_back(base + Point{0, height, 0});
  }
}

}  // namespace rushes::previz
