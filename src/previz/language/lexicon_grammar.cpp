#include "previz/language/lexicon.h"

namespace rushes::previz::tables {

const std::string_view kGrammar = R"(
article = a, an, the, this, that, these, those, some, any, my, your, his, her, its, their, our,
    another, each, every, other, single, lone, lonely, solitary, one, same
count 2 = two, 2, both, pair, couple, pair of, a pair of, couple of, a couple of, twin
count 3 = three, 3, trio of, a trio of, a few, few
count 4 = four, 4, several, various, multiple
count 5 = five, 5, many, group of, a group of, lots of, a lot of
count 6 = six, 6, half a dozen, numerous
count 7 = seven, 7
count 8 = eight, 8, dozens of, hundreds of, thousands of, hundred, thousand, hundreds, thousands,
    dozens, countless
count 9 = nine, 9
count 10 = ten, 10
count 11 = eleven, 11
count 12 = twelve, 12, dozen, a dozen
collective 5 = herd, flock, pack, group, band, gang, bunch, cluster, team, family, litter, swarm,
    shoal, crowd, parade, procession, line, fleet, convoy, pride, colony, troop
container = cup, mug, glass, bowl, plate, bottle, basket, box, slice, piece, jar, can, pot,
    bucket, bunch, handful, pile, stack, dish, tray, bag
measure = shot, video, clip, footage, film, movie, scene, image, picture, photo, photograph, view,
    sequence, animation, render, rendering, take, portrait, depiction, illustration, painting,
    frame, story, documentary, trailer, commercial, ad, visual, visuals, composition, glimpse,
    show, vision, prompt, generation, moment, shots, scenes, snapshot, screensaver, footages
pronoun = it, he, she, they, him, them, itself, himself, herself, themselves, who, which
copula = is, are, was, were, be, been, being, am, im, become, becomes, becoming, seem, seems,
    looks, remain, remains, theyre, hes, shes, stays, stay, staying
preposition in = in, inside, into, within, amid, amidst, among, amongst, in the middle of,
    inside of
preposition on = on, onto, upon, atop, on top of
preposition under = under, beneath, below, underneath
preposition over = over, above
preposition behind = behind, in back of, at the back of, after
preposition in_front_of = in front of, before, ahead of
preposition beside = beside, next to, near, by, alongside, close to, at the side of, along side,
    nearby, adjacent to, at the edge of, on the edge of, by the side of
preposition between = between, in between
preposition around = around, round
preposition across = across
preposition through = through, throughout
preposition along = along, down, up
preposition towards = towards, toward, to
preposition away = away from, away, from, out of, off, off of
preposition at = at, against
with = with, featuring, and with, accompanied by, together with, including, has, have, having,
    had, showing
wear = wearing, wears, wear, wore, dressed in, clad in, in a pair of, sporting, sport, dressed as,
    dressed like, put on, puts on, putting on, adorned with
hold = holding, holds, hold, held, carrying, carries, carry, clutching, clutches, grasping,
    gripping, waving with, brandishing, wielding, wields, raising
ride = riding, rides, ride, rode, riding on, rides on, ride on, riding a, riding in, mounted on,
    astride, rides in
of = of
and = and, or, as well as, plus, while, as, but, also, along with, nor, &
then = then, next, afterwards, later, finally, suddenly, eventually, after that, and then,
    meanwhile, at last, in the end
negator = no, not, without, never, nobody, none, avoid, avoiding, exclude, excluding, except,
    dont, doesnt, isnt, arent, wont, cannot, cant, lacking, free of, devoid of, minus, remove,
    omit, do not, does not, dont show, do not show, dont include, do not include, without any,
    should not, must not, shouldnt, neither, sans
camera = camera, the camera, viewer, the viewer, audience, lens, the lens, viewers, us,
    the audience, the screen
filler = open, setting, location, environment, genre, aesthetic, aesthetics, beauty, for, about,
    there, here, very, really, quite, so, too, just, only, please, create,
    generate, make, made, produce, render me, we, see, we see, you, i, me, let, lets, us see, can,
    could, will, would, should, must, may, might, shall, do, does, did, has been, it self,
    which is, where, when, what, how, if, than, like, such, via, per, etc, eg, ie, now, still,
    yet, even, ever, again, more, most, much, less, least, own, all, whole, entire, full, visible,
    appear to be, able, set, set in, set on, seen, captured, depicting, depict, depicts, captures,
    capture, capturing, shows, show us, beautiful, stunning, amazing, breathtaking, gorgeous,
    wonderful, incredible, spectacular, awesome, nice, great, good, perfect, lovely, pretty,
    impressive, magnificent, fantastic, scenic, picturesque, detailed, highly detailed,
    ultra detailed, intricate, hd, full hd, uhd, 4k, 8k, 2k, 4k resolution, 8k resolution, 1080p,
    720p, 60fps, 24fps, 30fps, high quality, best quality, top quality, high resolution,
    masterpiece, award winning, professional, ultra, hyper, sharp, sharp focus, crisp,
    high definition, cinematography, quality, resolution, fps, style, look, effect, effects,
    atmosphere, mood, vibe, vibes, feel, feeling, tone, tones, texture, textures, details, detail,
    lighting, light, lights, color, colour, colors, colours, color palette, background,
    the background, in the background, foreground, in the foreground, middle ground, everything,
    something, someone, somebody, thing, things, way, place, world, day by day, type, kind, sort,
    end, beginning, start, side, left, right, top, bottom, middle, center, centre, front, back,
    edge, rest, part, while, as if, slightly, gently, softly, around it, gracefully, smoothly,
    naturally, freely, together, alone, ahead, forward, forwards, backward, backwards, upward,
    upwards, downward, downwards, sideways, up and down, side by side, far, near by, high up,
    low down, along the way, out, it all, begin, begins, begin to, begins to, start to, starts to,
    starting to, beginning to, keep, keeps, keeping, continue, continues, continue to,
    continues to, try, tries, trying, trying to, want, wants, get, gets, getting, go on,
    one by one, being, appearance, motion, movement, moving camera, time, frame, camera angle,
    camera movement, camera shot, camera work, depth of field, shallow depth of field, bokeh,
    volumetric, volumetric light, volumetric lighting, rendered, octane render, unreal engine,
    ray tracing, high contrast, rule of thirds, foreground focus, focus, in focus, soft focus,
    shot on, aspect ratio, 16 9, 9 16, 1 1, realistic lighting, natural, natural lighting,
    natural light, ambient, soft light, soft lighting, warm light, dramatic lighting,
    in the style of, directed, film grain, grain, 35mm, imax, arri alexa, anamorphic, lens flare,
    hdr, dynamic, dynamic range, anyone, nothing, certain, different, new, current, real, true,
    actual, main, subject, main subject, character, main character, subjects, rich, bright, vivid,
    vibrant, colorful, colourful, clean, clear view, perfectly, slowly but surely, finally, body,
    its body, whose, also, forth, others, instead, filtering, streaming, casting, covered,
    surrounded, filled, illuminated, lit, bathed, reflecting, scattered, dotted, against the sky,
    framed, surrounding, overlooking, stretching, towering over, rolling, lush, range,
    cool looking, everywhere
undrawable = cubs, face, faces, eye, eyes, ear, ears, nose, mouth, mouths, jaw, jaws, tooth,
    teeth,
    fang, fangs, tongue, tongues, hair, beard, fur, feather, feathers, scale, scales, skin, tail,
    tails, wing, wings, arm, arms, leg, legs, hand, hands, finger, fingers, paw, paws, claw,
    claws, hoof, hooves, horn, horns, mane, whisker, whiskers, head, heads, shoulder, shoulders,
    chest, belly, smile, smiles, grin, expression, expressions, gaze, tears, blood, muscles, lips,
    cheeks, eyebrows, eyelashes, words, word, text, letters, logo, logos, subtitle, subtitles,
    caption, title, sign text, watermark, photorealistic, realistic, hyperrealistic,
    photo realistic, hyper realistic, ultra realistic, lifelike, realism, 3d render, 3d, cgi,
    pixar, pixar style, disney, disney style, claymation, pixel art, lego, oil painting, sketch,
    pencil drawing, ghibli, studio ghibli, cartoon, low poly, voxel
)";

const std::string_view kQuality = R"(
blurry, blur, blurred, low quality, lowquality, worst quality, bad quality, poor quality,
normal quality, low resolution, low res, lowres, pixelated, pixelation, grainy, noise, noisy,
grain, jpeg artifacts, jpeg, artifact, artifacts, compression, compression artifacts, distorted,
distortion, distortions, deformed, deformation, deformities, disfigured, disfigurement, mutated,
mutation, mutations, mutilated, malformed, misshapen, ugly, gross, disgusting, bad anatomy,
bad proportions, anatomy, proportions, extra limbs, extra limb, extra arms, extra legs,
extra fingers, extra hands, missing limbs, missing arms, missing legs, missing fingers,
fused fingers, too many fingers, bad hands, bad face, bad eyes, poorly drawn, poorly drawn face,
poorly drawn hands, watermark, watermarks, text, texts, logo, logos, signature, username,
subtitle, subtitles, caption, captions, letters, words, title, error, errors, glitch, glitches,
glitchy, glitching, flicker, flickering, flickers, jitter, jittery, jittering, shaking, stutter,
stuttering, ghosting, overexposed, underexposed, overexposure, underexposure, oversaturated,
undersaturated, saturated, duplicate, duplicated, duplicates, duplication, cropped, crop, cut off,
out of frame, out of focus, unfocused, amateur, unprofessional, boring, dull, flat, static,
still image, still, stills, motionless, frozen frame, freeze frame, morphing, warping, warped,
unnatural, unrealistic, fake, plastic, cgi, 3d, render, cartoon, cartoonish, cartoony, anime,
drawing, painting, illustration, sketch, nsfw, nude, nudity, sexual, violence, gore, blood,
censored, border, borders, frame, frames, letterbox, black bars, bars, oversharpened, aliasing,
banding, moire, chromatic aberration, lens flare, vignette, inconsistent, inconsistency,
incoherent, incorrect, wrong, weird, strange, creepy, messy, cluttered, clutter, bad, worst, poor,
low, quality, extra, missing, disconnected, floating, floating limbs, disconnected limbs,
long neck, cross eyed, lazy eye, asymmetric, asymmetrical, tiling, repetition, repetitive,
bad composition, bad lighting, dark, too dark, too bright, washed out, faded, dirty, low detail,
lacking detail, details, low contrast, high contrast, jerky, jumpy, lag, laggy, slow, jump cuts,
jump cut, scene change, scene changes, transitions, transition, overlay, overlays, ui, hud,
sudden changes, sudden movements, unstable, lens distortion, stock photo, shutterstock, getty,
bloom, overlapping, merged, misaligned, imperfect, defects, defect, body horror, horror, uncanny,
tearing, hands, fingers, limbs, faces, face, eyes, teeth
)";

}  // namespace rushes::previz::tables
