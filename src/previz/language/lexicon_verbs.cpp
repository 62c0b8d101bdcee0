#include "previz/language/lexicon.h"

namespace rushes::previz::tables {

const std::string_view kVerbs = R"(
stance idle = stand, wait, appear, emerge, rest, pause, stop, exist, pose, remain, show up,
    breathe, live, hide, freeze, think, talk, speak, say, listen, sing, tell, laugh, cry, bark,
    howl, roar, growl, meow, scream, shout, yell, smile, grin, stand up, stand still, fish,
    speak up, nod, shiver, breathe in, reply, answer, whisper, ask, shake off, yawn, sneeze
verb walk = walk, stroll, wander, stride, march, pace, trot, amble, hike, tread, step, stalk,
    prowl, creep, sneak, crawl, roam, trek, limp, waddle, tiptoe, saunter, strut, parade, patrol,
    meander, shuffle, plod, slink, move, travel, go, pass, walk away, explore, cross, enter,
    leave, follow, climb, journey, graze along
verb run = run, sprint, dash, race, rush, jog, hurry, scamper, scurry, chase, flee, escape, bolt,
    scramble, charge, hunt, speed, zoom past, bound, scuttle, pursue, stampede, run away, zip
verb gallop = gallop, canter
verb jump = jump, leap, hop, bounce, skip, vault, pounce, spring, somersault, backflip, frolic,
    jump up, hurdle, prance
verb fly = fly, soar, glide, hover, float, flutter, flap, swoop, levitate, drift, take off, flit,
    circle overhead, ascend into
verb swim = swim, dive, paddle, snorkel, wade, surf, surface, splash, submerge, sail, row, bathe,
    kayak, plunge
verb sit = sit, perch, squat, kneel, crouch, sit down, meditate, ride along
verb lie = lie, lay, relax, sleep, nap, lounge, recline, sunbathe, doze, snooze, rest on,
    lie down, slumber, bask, chill, curl up, sprawl, lay down, snuggle, nestle, dream
stance look = look, watch, gaze, stare, observe, peer, glance, admire, stare at, look at,
    look around, gaze at, read, search, study, examine, inspect, look up, look down, look over,
    survey, sniff, watch over, face, peek, wake, wake up, awake, awaken
verb wave = wave, greet, gesture, salute, beckon
verb dance = dance, boogie, twirl, sway, groove, waltz, breakdance, shake, wiggle, celebrate,
    cheer, jive, party, pirouette
verb eat = eat, munch, chew, nibble, devour, bite, graze, feast, gnaw, feed, dine, taste, lick,
    forage, cook
verb drink = drink, sip, slurp, lap, gulp
verb play = play, juggle, frolic around, tumble, wrestle, toy, fetch, throw, catch, toss, perform,
    kick, box, fight, punch, paint, write, work, type, dig, hug, cuddle, kiss, build,
    practice, train, strum, drum
verb ride = ride, pedal, cycle, skateboard, ski, snowboard, bike, skate
verb drive = drive, steer, cruise, accelerate, speed away, pull up, pull out of
verb fall = fall, drop, tumble down, collapse, sink, crash, descend, land, drip, cascade,
    rain down, plummet
verb rise = rise, ascend, lift off, launch, blast off, rise up, lift, grow, climb up, levitate up,
    take flight, bloom, blossom, sprout
verb spin = spin, rotate, whirl, turn, swirl, roll, revolve, turn around, twist, circle, orbit
verb glow = glow, shine, sparkle, shimmer, glisten, glitter, twinkle, flash, light up, illuminate,
    blink, flicker
verb burn = burn, blaze, explode, erupt, ignite, smoke, smolder, breathe fire, melt
verb flow = flow, stream, pour, ripple, trickle, spill, gush, blow, crash against, roll in
verb approach = approach, come, come closer, come near, advance, lunge, draw near, draw closer,
    come at,
    close in, near
)";

const std::string_view kLooks = R"(
colour ffffff = white, snow white, ivory white, pure white, albino, pale, ivory
colour 1c1c1e = black, jet black, pitch black, ebony
colour 8a8d91 = grey, gray, silver gray, ash grey, slate
colour c9ccd1 = silver, silvery, metallic, chrome, platinum
colour d23b34 = red, scarlet, ruby
colour a3182b = crimson, dark red, burgundy, maroon
colour f28a25 = orange, tangerine, amber
colour e0662f = ginger, rust, copper, rusty
colour f4d03f = yellow, lemon yellow
colour e6b422 = gold, golden
colour f1e3c0 = cream, beige, cream coloured, off white
colour c9a06a = tan, sandy, blond, blonde, khaki, caramel
colour 7b4a2a = brown, chestnut, chocolate brown, hazel, auburn
colour 4e2f1d = dark brown
colour 3f9b46 = green, grass green
colour 1f6f3d = dark green, forest green, emerald green, emerald
colour a8d86b = lime, lime green, light green
colour 7a8450 = olive, olive green
colour 2a9d8f = teal, turquoise
colour 35c4d7 = cyan, aqua
colour 2f66c9 = blue, azure, cobalt
colour 1d2f66 = dark blue, navy, navy blue, indigo, midnight blue
colour 8cc4ee = light blue, sky blue, pale blue, baby blue
colour 7b3fa0 = purple, violet, dark purple
colour b79ad6 = lavender, lilac, mauve
colour f2a3c0 = pink, light pink, rose pink, pale pink
colour e0318c = magenta, hot pink, fuchsia, neon pink
colour fa8072 = salmon, coral coloured, peach coloured
colour 39ff6a = neon green
colour b08d57 = bronze, brass
size 0.35 = miniature, microscopic, teeny
size 0.5 = tiny, wee, minuscule
size 0.7 = small, little, baby, young, short, petite, mini, newborn, cub, cute little
size 1.3 = big, large, tall, fat, chubby, strong, muscular, heavy, tallest, biggest, largest
size 1.8 = huge, massive, enormous, towering, great big, immense
size 2.5 = giant, gigantic, colossal, monstrous, titanic, humongous, gargantuan
adjective name:rock = rocky, craggy, rugged, jagged, stony
adjective name:grass = grassy, leafy, mossy, overgrown
adjective name:sand = sandy, dusty
adjective name:soft = fluffy, puffy, soft, furry
adjective mood:cheerful = cheerful, happy, joyful, joyous, merry, smiling, laughing, jolly,
    delighted, upbeat, heartwarming, wholesome, excited
adjective mood:playful = playful, funny, silly, cute, adorable, whimsical, goofy, quirky,
    mischievous, comical, curious
adjective mood:calm = calm, peaceful, serene, tranquil, quiet, relaxing, gentle, soothing, still,
    idyllic, cozy, cosy, relaxed, zen, meditative, sleepy, lazy
adjective mood:ominous = ominous, menacing, evil, scary, sinister, spooky, creepy, terrifying,
    frightening, threatening, horrifying, haunted, eerie, dark and moody, fierce, ferocious,
    angry, vicious, deadly, dreadful, apocalyptic, gloomy, foreboding, wicked
adjective mood:epic = epic, dramatic, heroic, powerful, grand, intense, action packed, mighty,
    legendary, brave
adjective mood:majestic = majestic, noble, regal, awe inspiring, royal, proud, elegant, graceful,
    glorious
adjective mood:romantic = romantic, loving, tender, intimate, sensual, sweet
adjective mood:mysterious = mysterious, mystical, magical, enchanted, enchanting, mythical,
    fantasy, surreal, strange, ethereal, otherworldly, enigmatic, fairytale
adjective mood:melancholy = melancholy, sad, lonely looking, nostalgic, wistful, melancholic,
    somber, sombre, desolate, bleak, abandoned, tired, forlorn
adjective mood:tense = tense, suspenseful, thrilling, frantic, chaotic, nervous, scared,
    frightened, worried, anxious
adjective mood:energetic = energetic, lively, fast paced, exciting, adventurous, wild, extreme,
    sporty, agile
adjective mood:dreamy = dreamy, dreamlike, hazy dreamlike, soft and dreamy, hypnotic
)";

}  // namespace rushes::previz::tables
