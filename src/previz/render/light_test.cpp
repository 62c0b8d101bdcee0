#include "previz/render/light.h"

#include <gtest/gtest.h>

namespace rushes::previz {
namespace {

Environment at(TimeOfDay time, Weather weather = Weather::kClear) {
  Environment e;
  e.time = time;
  e.weather = weather;
  return e;
}

TEST(Light, SunsetIsWarmerThanDayAndNightIsBlue) {
  const Light day = make_light(at(TimeOfDay::kDay)), sunset = make_light(at(TimeOfDay::kSunset));
  const Light night = make_light(at(TimeOfDay::kNight));
  EXPECT_GT(sunset.sun.x / sunset.sun.z, 2 * day.sun.x / day.sun.z);
  EXPECT_GT(night.sun.z, night.sun.x);
  EXPECT_EQ(night.stars, 1);
  EXPECT_EQ(day.stars, 0);
}

TEST(Light, BadWeatherTakesTheSunAndThickensTheAir) {
  for (const Weather weather :
       {Weather::kCloudy, Weather::kRain, Weather::kSnow, Weather::kStorm, Weather::kFog}) {
    const Light clear = make_light(at(TimeOfDay::kDay)),
                bad = make_light(at(TimeOfDay::kDay, weather));
    EXPECT_LT(bad.sun.y, clear.sun.y);
    EXPECT_GE(bad.fog_density, clear.fog_density);
    EXPECT_GT(bad.softness, clear.softness);
    EXPECT_GE(bad.cloud_cover, 0.7f);
  }
}

TEST(Light, RainWetsAndSnowWhitens) {
  EXPECT_EQ(make_light(at(TimeOfDay::kDay, Weather::kRain)).wetness, 1);
  EXPECT_EQ(make_light(at(TimeOfDay::kDay, Weather::kSnow)).snow, 1);
  EXPECT_EQ(make_light(at(TimeOfDay::kDay)).snow, 0);
}

TEST(Light, LeavesSnowOutWhenItIsExcluded) {
  Environment e = at(TimeOfDay::kDay, Weather::kSnow);
  e.season = Season::kWinter;
  e.excluded = {"tree", "snow"};
  EXPECT_EQ(make_light(e).snow, 0);
  EXPECT_TRUE(excludes(e, "tree"));
  EXPECT_FALSE(excludes(e, "flower"));
}

TEST(Light, FogAmountThickensTheAir) {
  Environment e = at(TimeOfDay::kDay);
  const float clear = make_light(e).fog_density;
  e.fog_amount = 1;
  EXPECT_GT(make_light(e).fog_density, 10 * clear);
}

}  // namespace
}  // namespace rushes::previz
