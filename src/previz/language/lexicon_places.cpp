#include "previz/language/lexicon.h"

namespace rushes::previz::tables {

// Places: rank 3 is a place, 2 a part of one, 1 a hint. `elsewhere` places are not drawn yet by any
// biome: the nearest one stands in and the word is reported.
const std::string_view kPlaces = R"(
setting name:mountain biome:mountain rank:3 = mountain, mountain range, mountainside,
    mountain landscape, mountain scenery, mountain ridge, mountaintop, mountain top,
    mountain peak, mountain valley, mountain pass, highland, alps, the alps, himalaya, himalayas,
    rockies, rocky mountain, andes, patagonia, dolomites, everest, mount everest, mount fuji,
    matterhorn, yosemite, tibet, sierra
setting name:mountain biome:mountain variant:alpine rank:3 = alpine, alpine meadow, alpine valley,
    alpine lake, mountain lake, mountain meadow, alpine landscape, swiss alps
setting name:mountain biome:mountain variant:snow season:winter rank:3 = snow capped mountain,
    snowcapped mountain, snow covered mountain, snowy mountain, snowy peak, snow capped peak,
    snowcapped peak, snow covered peak, snow mountain, ice mountain, glacier, iceberg, icefield,
    ski slope, ski resort, avalanche slope, antarctica, arctic, tundra, north pole, south pole
setting name:ridge biome:mountain rank:2 = ridge, ridgeline, ridge line, summit, peak, cliff,
    cliffside, clifftop, crag, gorge, canyon, grand canyon, ravine, precipice, crest, massif,
    plateau, mesa, butte, rocky slope, mountain trail, mountain road, mountain path,
    mountain stream, mountain village, hill top, hilltop, slope, foothill, rock face,
    rock formation, outcrop, scree, crater, cave entrance, escarpment, bluff, mountain slope,
    fjord, valley
setting name:volcano biome:mountain variant:volcano rank:3 elsewhere: = volcano,
    volcanic landscape, lava field, lava, lava flow, magma
setting name:forest biome:forest rank:3 = forest, wood, woodland, forest floor, forest path,
    forest trail, forest clearing, forest glade, deep forest, woodland path, wilderness,
    ancient forest, enchanted forest, old growth forest, mossy forest, taiga edge, treeline,
    forest road, the woods, woods, thicket
setting name:forest biome:forest variant:sequoia rank:3 = sequoia forest, redwood forest,
    sequoia grove, redwood grove, giant sequoia, sequoia, redwood, sequoia national park,
    redwood national park, sequoia tree, redwood tree, giant redwood, muir woods
setting name:forest biome:forest variant:conifer rank:3 = pine forest, conifer forest,
    coniferous forest, fir forest, spruce forest, evergreen forest, boreal forest, taiga,
    pine wood, cedar forest, larch forest, black forest, christmas tree farm
setting name:forest biome:forest variant:broadleaf rank:3 = broadleaf forest, deciduous forest,
    oak forest, beech forest, birch forest, maple forest, jungle, rainforest, rain forest,
    tropical forest, tropical rainforest, amazon, amazon rainforest, mangrove, mangrove forest,
    orchard, grove, oak grove, swamp, bayou, birch grove, eucalyptus forest, spring forest
setting name:forest biome:forest variant:bamboo rank:3 = bamboo forest, bamboo grove, bamboo,
    bamboo thicket, bamboo jungle
setting name:forest biome:forest variant:autumn season:autumn rank:3 = autumn forest, fall forest,
    autumnal forest, autumn wood, autumn woods, fall foliage forest
setting name:forest biome:forest season:winter rank:3 = winter forest, snowy forest,
    snow covered forest, frozen forest
setting name:glade biome:forest rank:2 = glade, clearing, undergrowth, canopy, tree canopy,
    treetop, forest canopy, underbrush, grove of trees, fallen log, tree trunk, tree stump,
    campsite, campground, hunting lodge, woodland creature
setting name:tree biome:forest rank:1 = tree, tree branch, tall tree, foliage,
    greenery, branch, branches, trunk, vine, ivy, root, roots, mushroom patch,
    bark of trees, woodlot, fallen tree, tall trees, big tree
setting name:leaf biome:forest rank:1 = leaf, leaves
setting name:moss biome:forest rank:1 = moss, mossy rock
setting name:bush biome:forest rank:1 = fern, shrub, bush, brush
setting name:tree biome:forest variant:conifer rank:1 = pine, pine tree, fir, fir tree, spruce,
    spruce tree, conifer, evergreen, evergreen tree, cedar, cedar tree, larch, needle,
    pine needle, pine cone
setting name:tree biome:forest variant:broadleaf rank:1 = oak, oak tree, beech tree, birch,
    birch tree, maple tree, elm, willow, chestnut tree, eucalyptus, aspen, ash tree, linden,
    liana
setting name:leaf biome:forest variant:autumn season:autumn rank:1 = autumn leaf, autumn leaves,
    fall leaves, fallen leaf, fallen leaves, falling leaves, fall foliage, autumn foliage,
    red leaves, golden leaves, orange leaves
setting name:tree biome:forest variant:autumn season:autumn rank:1 = autumn tree
setting name:autumn biome:forest variant:autumn season:autumn rank:1 = autumn colour,
    autumn color, fall colors
setting name:beach biome:beach rank:3 = beach, seashore, sea shore, shore, seaside, coast,
    coastline, sandy beach, sand beach, shoreline, waterfront, waterside, beachfront, ocean shore,
    surf beach, california beach, malibu, white sand beach, dune, dunes, sand dune, sandbar,
    sand bar, boardwalk, coastal, lakeshore, lake shore, lakeside, riverbank, river bank,
    riverside, bank of the river, cove, bay, lagoon, black sand beach, beach party, ocean beach,
    sea coast
setting name:beach biome:beach variant:tropical rank:3 = tropical beach, tropical island,
    desert island, island, palm beach, hawaii, hawaiian beach, bali, maldives, caribbean, bahamas,
    paradise beach, tropical paradise, copacabana, waikiki, bora bora, tahiti, thailand beach,
    atoll, exotic beach, beach resort, tropical resort, tropical coast, phuket
setting name:sand biome:beach rank:1 = sand, seashell, shell, shells, tide, surf, tidepool,
    tide pool, sandcastle, beach towel, seaweed, driftwood, pebbles, pier, jetty, dock, promenade
setting name:palm biome:beach variant:tropical rank:1 = palm, palm tree, palm frond, coconut palm,
    coconut tree, tropics, tropical
setting name:sea biome:sea rank:3 = sea, ocean, open sea, open ocean, high sea, high seas,
    open water, deep sea, pacific, pacific ocean, atlantic, atlantic ocean, mediterranean,
    mediterranean sea, seascape, ocean surface, sea surface, water surface, middle of the ocean,
     ocean waves, sea waves, offshore, gulf, strait, caribbean sea, baltic,
    north sea, arctic ocean, harbor, harbour, ocean water
setting name:sea biome:sea rank:3 elsewhere: = underwater, under the sea, under the ocean,
    under water, undersea, beneath the waves, coral reef, reef, sea floor, seabed, ocean floor,
    deep ocean, seafloor, below the surface, kelp forest
setting name:sea biome:sea rank:3 weather:storm clouds:1 = stormy sea, stormy ocean, rough sea,
    raging sea, rough ocean, stormy seas, rough seas
setting name:lake biome:sea rank:2 elsewhere: = lake, reservoir, pool, swimming pool, loch,
    estuary
setting name:river biome:forest rank:2 elsewhere: = river, pond, stream, creek, canal, wetland,
    brook, waterway, marsh, rapids, waterhole, watering hole
setting name:waterfall biome:mountain rank:2 elsewhere: = waterfall, cascade, geyser, hot spring
setting name:wave biome:sea rank:1 = wave, waves, giant wave, big wave, crashing wave, swell,
    horizon of the sea, water, foam, spray, ripples, splashes, saltwater, current of water,
    tsunami, sea foam, ocean wave, buoy, maritime, nautical, sea breeze, whitecap
setting name:field biome:field rank:3 = field, meadow, grassland, prairie, plain, plains, pasture,
    farmland, countryside, steppe, open field, grass field, grassy field, green field,
    grassy hill, green hill, rolling hill, rolling hills, rolling green hills, hill, hills,
    hillside, lawn, wheat field, corn field, cornfield, rice field, paddy, rice paddy, farm,
    ranch, vineyard, garden, park, backyard, yard, barnyard, golf course, pampas, moor, moorland,
    heath, downs, glen, knoll, playground, city park, national park, racecourse, football field,
    soccer field, pitch, tuscany, tuscan hills, provence, scotland, scottish highlands, ireland,
    iceland, new zealand, savannah grass, great plains, crop field, barley field, grassy plain,
    village green, picnic, picnic area, stable, paddock, corral, orchard meadow, nature, outdoors,
    outside, landscape, open landscape, wide landscape, rural landscape, great outdoors, open air,
    village outskirts
setting name:field biome:field variant:flowers season:spring rank:3 = flower field,
    field of flowers, wildflower meadow, flower meadow, meadow of flowers, meadow of wildflowers,
    field of wildflowers, lavender field, field of lavender, sunflower field, field of sunflowers,
    poppy field, field of poppies, tulip field, field of tulips, flower garden, rose garden,
    botanical garden, field of daisies, daisy field, blooming meadow, flowering meadow,
    rapeseed field, canola field, spring meadow
setting name:field biome:field season:winter rank:3 = snowfield, snow field, snowy field,
    frozen lake, ice rink, frozen river, winter wonderland, winter landscape, snowy landscape,
    snowy plain, ice field, snow covered field, snowy meadow
setting name:grass biome:field rank:1 = grass, tall grass, hay, haystack, hay bale, fence, wheat,
    wheat ear, barley, crops, crop, weed, clover, dirt road, dirt path, country road, trail, path,
    pathway, meadow grass, lawn grass, green grass, ground, earth, soil, dirt, mud, land, terrain,
    footpath, walkway, dust
setting name:flower biome:field variant:flowers rank:1 = wildflower, wildflowers, flowers,
    daisies, poppies, tulips, sunflowers, lavenders, blossoms, blooming flowers, dandelions,
    flower petals, petals, petal, colorful flowers, wild flowers
setting name:city biome:field rank:3 elsewhere: = city, town, downtown, street, city street,
    village, metropolis, cityscape, city skyline, skyline, urban, alley, alleyway, avenue, square,
    plaza, market, marketplace, neighborhood, neighbourhood, suburb, suburbs, highway, freeway,
    road, motorway, bridge, sidewalk, pavement, rooftop, roof, courtyard, parking lot, tokyo,
    new york, new york city, manhattan, times square, brooklyn, paris, london, hong kong,
    shanghai, beijing, seoul, dubai, los angeles, san francisco, chicago, las vegas, venice, rome,
    kyoto, shibuya, shinjuku, moscow, berlin, amsterdam, istanbul, mumbai, delhi, singapore,
    bangkok, rio, sydney, futuristic city, medieval town, ruins, ruin, temple ruins,
    ancient ruins, harbor town, fishing village, intersection, crosswalk, racetrack, race track,
    track, airport, train station, station platform, subway, subway station, bus stop,
    amusement park, theme park, carnival, circus, fairground, zoo, cemetery, graveyard,
    battlefield, construction site, shopping street, chinatown, roadside, curb, tunnel, overpass
setting name:city biome:field rank:3 elsewhere: grade:neon = cyberpunk city, neon city,
    cyberpunk street, neon street
setting name:desert biome:field rank:3 elsewhere: = desert, sahara, sahara desert, gobi, mojave,
    sandy desert, desert landscape, wasteland, badlands, salt flat, salt flats, oasis, outback,
    death valley, arid land
setting name:savanna biome:field rank:3 = savanna, savannah, african savanna, african savannah,
    serengeti, africa, african plain, african plains, safari, bush land, bushland
setting name:room biome:field rank:3 elsewhere: = room, living room, bedroom, kitchen, bathroom,
    house interior, interior, office, office room, classroom, library, restaurant, cafe,
    coffee shop, bar, pub, nightclub, club, disco, gym, hospital room, laboratory, lab, studio,
    workshop, garage, basement, attic, hallway, corridor, hall, stage, theater, theatre,
    cinema hall, museum, gallery, church interior, dungeon, cave, cavern, warehouse,
    factory floor, store, shop, supermarket, mall, shopping mall, elevator, bakery, diner,
    apartment, indoors, indoor, cockpit, dining room, dining table, fireplace, throne room,
    ballroom, arena, boxing ring, stadium, swimming hall, greenhouse, barn interior,
    cabin interior, train carriage, spaceship interior, kitchen table, recording studio,
    concert hall, concert, dance floor, window sill, windowsill
setting name:space biome:field rank:3 elsewhere: time:night = space, outer space, deep space,
    galaxy, universe, cosmos, nebula, milky way, asteroid field, asteroid belt,
    orbit around earth, lunar surface, moon surface, surface of the moon, mars, surface of mars,
    martian landscape, alien planet, planet, alien world, black hole, wormhole, on the moon,
    solar system, jupiter, saturn, zero gravity
setting name:sky rank:0 = sky, skies, air, heavens, horizon, blue sky,
    distance of sky, skyward, heaven, stratosphere, atmosphere of earth, sky above
)";

// Time, weather, season, light and the parts of the sky.
const std::string_view kConditions = R"(
setting name:day time:day = day, daytime, day time, midday, mid day, noon, daylight,
    broad daylight, afternoon, late morning, high noon, in the daytime, at noon
setting name:sunlight time:day weather:clear clouds:0.2 = sunlight, sunshine, sunny day,
    bright sunlight, bright sun, clear day, clear sky, clear skies, clear blue sky,
    clear blue skies, bright day, sunny weather, sunny skies, sunny sky, sunny afternoon,
    sun rays, sunbeam, sun beam, sunray, dappled sunlight, dappled light, god rays, light rays,
    rays of light, rays of sunlight, shaft of light, light shafts, harsh sunlight, sunlit,
    summer day
setting name:sun = sun, blazing sun
setting name:dawn time:dawn = dawn, sunrise, daybreak, early morning, morning, first light,
    break of day, at dawn, crack of dawn, morning light, sun rise, rising sun, sun rising,
    morning sun, at sunrise
setting name:dawn time:dawn fog:0.35 = misty morning, foggy morning, morning mist, morning fog,
    misty dawn
setting name:sunset time:sunset = sunset, sundown, golden hour, late afternoon, evening sun,
    setting sun, sun setting, golden light, golden sunlight, at sunset, sun sets, evening light,
    warm golden light, orange sky, red sky, golden hour light, evening glow, golden hour lighting,
    sun set, sun goes down, sun going down, late afternoon sun, low sun, sunsets, golden sky,
    crimson sky, warm sunlight, afterglow, alpenglow
setting name:dusk time:dusk = dusk, twilight, evening, nightfall, blue hour, gloaming, at dusk,
    gloom, early evening, purple sky, pink sky
setting name:night time:night = night, nighttime, night time, midnight, night sky, at night,
    in the dark, darkness, by night, dark night, dead of night, dark sky
setting name:moon time:night = moonlight, moonlit, moon, full moon, crescent moon, moonlit night,
    moonbeam, moonlit sky
setting name:star time:night = stars, starry night, starry sky, starlight, star light,
    constellation, constellations, star filled sky, sky full of stars
setting name:meteor time:night = shooting star, shooting stars, meteor shower
setting name:aurora time:night = northern lights, aurora, aurora borealis
setting name:lamplight time:night = campfire light, candlelight, lamplight
adjective name:night time:night = nocturnal, nightly
adjective name:moon time:night = moonlit
adjective name:star time:night = starry, starlit
adjective name:sunlight time:day weather:clear clouds:0.2 = sunny, sunlit, sun drenched,
    cloudless, sun soaked, sun kissed, sundrenched, clear and sunny
setting name:cloud clouds:0 weather:clear = cloudless sky, cloudless skies, no clouds
adjective name:dark time:dusk = dark, dim, dimly lit, shadowy, moody, gloomy and dark, darkened
setting name:cloud clouds:0.75 = cloud, clouds, cloudscape, white clouds, fluffy clouds, cumulus,
    cumulus clouds, puffy clouds, rolling clouds, moving clouds, drifting clouds,
    clouds rolling in, cirrus, cirrus clouds, cloud cover, sea of clouds, cloud formation,
    cloud formations, wisps of cloud, dramatic clouds, dramatic sky, dramatic skies, cloudy sky,
    cloudy skies
setting name:cloud clouds:0.9 weather:cloudy = overcast, cloudy day, cloudy weather, gray sky,
    grey sky, overcast sky, dark clouds, thick clouds, heavy clouds, gray skies, grey skies,
    overcast skies, overcast day, gathering clouds
adjective name:cloud clouds:0.85 weather:cloudy = cloudy, overcast, clouded, gray and cloudy
adjective name:rain weather:rain clouds:0.9 = rainy, drizzly, wet, rain soaked, soggy, rain swept,
    rainswept
setting name:rain weather:rain clouds:0.9 = rain, drizzle, rainfall, downpour, shower,
    rain shower, heavy rain, light rain, pouring rain, raindrop, raindrops, monsoon, rainy day,
    rainy weather, raining, in the rain, rain drops, puddle, puddles, rainy season, rain falling,
    torrential rain
setting name:rain weather:rain clouds:0.9 time:night = rainy night, rainy evening
adjective name:snow weather:snow season:winter clouds:0.8 = snowing, blizzardy
adjective name:snow season:winter variant:snow = snowy, snow covered, snow capped, snowcapped,
    snow clad, icy, frozen, frosty, wintry, frost covered, snow dusted, frigid, snowbound
setting name:snow season:winter variant:snow = snow, ice, frost, snowbank, snow bank, snowdrift,
    deep snow, fresh snow, powder snow, icicles, hoarfrost, permafrost
setting name:snow weather:snow season:winter clouds:0.8 = snowfall, snowing, snowflake,
    snowflakes, falling snow, blizzard, snow storm, snowstorm, heavy snow, snow falling,
    light snow, snow flurries, sleet, hail, snow falls, snowy day, snow flurry, gentle snow
setting name:storm weather:storm clouds:1 = storm, thunderstorm, thunder, lightning,
    lightning bolt, lightning strike, tempest, hurricane, typhoon, cyclone, gale, storm cloud,
    storm clouds, thunder storm, thundercloud, squall, stormy weather, stormy sky, stormy skies,
    rainstorm, lightning storm, lightning flashes, thunderclap
adjective name:storm weather:storm clouds:1 = stormy, tempestuous, thunderous, storm tossed
adjective name:wind = windy, breezy, windswept, gusty, blustery, wind swept
setting name:wind = wind, breeze, gust, gusts, strong wind, windy day, gentle breeze, in the wind,
    in the breeze, light breeze
setting name:fog weather:fog fog:0.7 = fog, thick fog, dense fog, heavy fog, foggy day, fog bank,
    foggy weather, smog, rolling fog
setting name:fog fog:0.4 = mist, haze, light fog, vapor, vapour, steam, smoke, mists,
    morning haze, low fog, thin mist, light mist, ground fog
adjective name:fog fog:0.45 = misty, hazy, foggy, smoky, steamy, fog shrouded, mist covered,
    mist shrouded, fog covered
setting name:summer season:summer = summer, summertime, midsummer, summer time, summer season
setting name:spring season:spring = spring, springtime, spring time, cherry blossoms,
    cherry blossom season, spring season, spring day
setting name:autumn season:autumn variant:autumn = autumn, fall, autumnal, fall season, october,
    november, autumn day, in the fall, autumn season, autumn afternoon
setting name:winter season:winter = winter, wintertime, winter time, christmas, december, january,
    winter day, cold winter, winter season, christmas day, christmas eve
adjective name:warm = warm, hot, cool, cold, chilly, freezing, humid, scorching, dry, sweltering
setting grade:noir = noir, film noir, in black and white, black and white film,
    black and white photo,
    black and white footage, black and white movie, black and white video, black and white style,
    black and white photography, monochrome, b w, black white, grayscale,
    greyscale, monochromatic, noir style
adjective grade:noir = noir, monochrome, monochromatic
setting grade:anime = anime, anime style, manga, manga style, japanese animation, cel shaded,
    cel shading, comic book, comic style, comic book style, toon shading
setting grade:vintage = vintage, retro, old film, sepia, super 8, super 8mm, 8mm, 16mm, vhs,
    vhs style, old fashioned, 1950s, 1960s, 1970s, 1980s, 80s, 70s, 60s, 50s, 1920s, 1930s, 90s,
    1990s, nostalgic film, vintage film, polaroid, kodak, kodachrome, silent film, 80s style,
    lo fi, lofi, technicolor
setting grade:neon = neon, neon lights, neon light, cyberpunk, synthwave, vaporwave, neon glow,
    neon lit, neon sign, neon signs, neon colors, blade runner, outrun, neon lighting, cyber punk,
    neon style
setting grade:watercolour = watercolor, watercolour, watercolor painting, watercolour painting,
    water colour, watercolor style, watercolour style, ink wash, pastel, pastels, pastel colors,
    pastel colours, impressionist, impressionism, ink painting, chinese ink painting, gouache,
    storybook, storybook style, children book illustration
setting grade:film = cinematic, film look, filmic, cinematic lighting, cinematic look,
    movie style, cinematic style, hollywood, blockbuster, film style, cinematic quality, cinema,
    kodak film, cinematic film
setting mood:epic = epic style, drama, heroism
setting mood:calm = peace, silence, calmness, tranquility, serenity, stillness
setting mood:ominous = horror, terror, dread, menace, nightmare, apocalypse
setting mood:romantic = romance, love
setting mood:mysterious = mystery, magic, enchantment
setting mood:cheerful = joy, happiness, fun
)";

const std::string_view kCamera = R"(
setting shot:close_up = close up, closeup, close ups, close up shot, closeup shot, close shot,
    extreme close up, extreme closeup, macro, macro shot, tight shot, headshot, head shot,
    close up view, close up of, up close, macro lens, macro photography, tight close up,
    super close up, detail shot, big close up
setting shot:medium = medium shot, mid shot, waist shot, medium close up, medium closeup,
    waist up, half body, upper body, medium view, cowboy shot, bust shot, half length,
    mid range shot
setting shot:full = full shot, full body, full body shot, full length, head to toe, whole body,
    full figure, medium wide shot, medium long shot, medium full shot
setting shot:wide = wide shot, wide angle, wide angle shot, long shot, wide view, wide angle lens,
    wide, wide angle view, establishing shot, master shot, far shot, distant, wide lens,
    ultra wide angle, fisheye, from a distance, wide establishing shot
setting shot:extreme_wide = extreme wide shot, extreme long shot, very wide shot, panorama,
    panoramic, panoramic view, panoramic shot, in the distance, in a distance,
    in the far distance, far away, far off, vista, sweeping view, extreme wide, ultra wide shot,
    vast, expansive, sweeping landscape, seen from afar, from afar, on the horizon,
    far in the distance
setting shot:landscape = landscape shot, scenery, scenery shot, scenic view, landscape view,
    landscape video, nature footage
setting angle:eye = eye level, eye level shot, eye level view, straight on, at eye level, frontal,
    front view, side view, side shot, profile view, profile shot
setting angle:low = low angle, low angle shot, low angle view, from below, worm eye view,
    worms eye view, from the ground, ground level, looking up from below, low shot,
    ground level shot, hero shot, from ground level, knee level
setting angle:high = high angle, high angle shot, high angle view, from above,
    looking down from above, high shot, elevated view
setting angle:aerial = aerial, aerial shot, aerial view, drone, drone shot, drone footage,
    drone view, birds eye view, bird eye view, bird s eye view, birds eye, top down,
    top down view, top view, overhead, overhead shot, overhead view, helicopter shot,
    gods eye view, satellite view, fpv, fpv drone, aerial footage, aerial drone,
    aerial drone shot, drone flight, top down shot, drone camera, aerial cinematography,
    aerial perspective
setting angle:over_shoulder = over the shoulder, over shoulder, over the shoulder shot,
    from behind, seen from behind, over the shoulder view, third person, third person view,
    back view, rear view
setting angle:pov = pov, point of view, pov shot, first person, first person view,
    point of view shot, subjective camera, first person perspective, gopro, go pro, bodycam
setting move:static = static shot, static camera, still camera, fixed camera, locked camera,
    locked off, tripod, stationary camera, static, no camera movement, camera is static,
    camera fixed, camera remains still, fixed shot, locked off shot, camera stays still,
    locked shot, static frame, camera stays fixed, camera is still
setting move:push_in = push in, dolly in, dolly shot, push forward, camera pushes in,
    camera moves in, slow push in, moves closer, camera moves closer, move in, move closer,
    camera moves forward, moving forward, dolly forward, camera pushes forward, pushing in,
    camera approaches, dolly, camera moves towards, camera moves toward, camera dollies in,
    slow dolly in, dolly zoom, camera slowly moves in, camera slowly pushes in,
    camera glides forward, camera glides in, camera flies through, camera moves through,
    camera travels through, walkthrough, camera slowly approaches
setting move:pull_out = pull out, pull back, pullback, dolly out, camera pulls back,
    camera moves back, camera pulls out, pulling back, dolly back, pulls back, camera moves away,
    camera moves backward, camera moves backwards, camera backs away, camera retreats,
    reveal shot, camera slowly pulls back, pulling out, camera dollies out
setting move:track = tracking shot, tracking, track, follow shot, following shot, camera follows,
    camera tracks, the camera follows, follow cam, camera following, steadicam, steadicam shot,
    side tracking, tracking camera, camera tracking, following camera, camera moves alongside,
    side scrolling, camera moving alongside, dynamic tracking shot, chase cam, follow camera,
    camera moves with, gimbal, gimbal shot
setting move:pan_left = pan left, pans left, panning left, camera pans left, pan to the left,
    camera pans to the left, camera pans from right to left, pan from right to left,
    camera turns left, pans to the left
setting move:pan_right = pan right, pans right, panning right, camera pans right,
    pan to the right, pan, panning, camera pans, panning shot, pan shot, slow pan,
    camera pans across, camera panning, sweeping shot, sweeping, camera sweeps,
    camera pans to the right, whip pan, camera pans from left to right, pan from left to right,
    camera turns right, pans to the right, pans, pans across, camera slowly pans
setting move:tilt_up = tilt up, tilts up, tilting up, camera tilts up, camera tilts upward, tilt,
    tilt shot, camera tilts, camera looks up, pan up, pans up, camera pans up, tilts upward
setting move:tilt_down = tilt down, tilts down, tilting down, camera tilts down,
    camera tilts downward, camera looks down, pan down, pans down, camera pans down,
    tilts downward
setting move:orbit = orbit shot, orbiting shot, camera orbits, orbiting camera, arc shot, 360,
    360 shot, camera circles, rotating camera, camera rotates, circling camera,
    camera rotates around, camera circles around, orbital shot, camera orbits around, 360 degree,
    camera spins around, circling shot, revolving shot, bullet time, 360 degree view,
    rotating shot, turntable, 360 degrees
setting move:crane_up = crane shot, crane up, camera rises, camera cranes up, rising shot,
    boom up, jib shot, pedestal up, camera ascends, camera goes up, jib up, camera moves up,
    camera lifts, camera rising, crane, camera moves upward, ascending shot
setting move:crane_down = crane down, camera descends, camera lowers, boom down, pedestal down,
    camera cranes down, camera moves down, camera goes down, jib down, descending shot,
    camera moves downward
setting move:truck_left = truck left, slide left, camera moves left, camera slides left,
    camera trucks left, dolly left, tracking left, camera moves to the left, move left,
    slider left, camera moves from right to left
setting move:truck_right = truck right, slide right, camera moves right, camera slides right,
    camera trucks right, dolly right, tracking right, camera moves to the right, slider shot,
    lateral shot, move right, camera slides, lateral tracking shot, slider,
    camera moves from left to right
setting move:handheld = handheld, hand held, handheld camera, shaky cam, shaky camera,
    handheld shot, shaky, found footage, camera shake, camera shakes, handheld footage,
    documentary style, hand held camera, vlog, vlog style, shaky footage, selfie video
setting move:zoom_in = zoom in, zooms in, zooming in, camera zooms in, zoom, crash zoom,
    slow zoom, slow zoom in, camera zooms, zoom shot, zooming, camera slowly zooms in,
    camera zooming in, zooms in on, zoom in on, camera zooms in on
setting move:zoom_out = zoom out, zooms out, zooming out, camera zooms out, slow zoom out,
    camera slowly zooms out, camera zooming out
setting move:fly_over = fly over shot, flyover, flythrough, fly through,
    camera flies over, camera flies, camera glides over, camera soars, fly by, flyby,
    camera soars over, camera flying over, drone flyover, drone flies over, camera glides,
    camera flying, hyperlapse flight, camera drifts
setting speed:0.4 = slow motion, slowmotion, slow mo, slomo, slo mo, super slow motion,
    ultra slow motion, in slow motion, high speed camera, 120fps, 240fps, bullet time slow,
    slowed down, extreme slow motion
setting speed:0.7 = slowly, gently moving, leisurely, lazily, unhurriedly, slow, sluggishly,
    slow paced, at a slow pace
setting speed:1.4 = quickly, rapidly, fast, swiftly, speedily, hurriedly, at high speed, briskly,
    at full speed, at top speed, quick, high speed, lightning fast
setting speed:2 = fast forward, fast motion, sped up, speed up, fast forwarded
setting speed:6 = timelapse, time lapse, hyperlapse, hyper lapse, time lapse footage,
    timelapse footage, time lapse video, time lapse of, timelapse video
)";

}  // namespace rushes::previz::tables
