#!/usr/bin/env python3
"""Packs the Noto icons and their CLDR names: icons.py NODE_MODULES OUT.pack

Icons are grouped into blocks of BLOCK_ICONS and each block is deflated by itself, so that reading
one icon inflates one block. The order is by name and the output depends on the input only.
"""

import json
import os
import sys
import zlib

from pack import Pack

MAGIC = b"RUSHICO1"
BLOCK_ICONS = 24
LOCALES = ("en", "en-gb", "zh", "zh-hant")

# How a key of the name table came to its icon; data.h has the same numbers.
OWN_NAME, LABEL, KEYWORD = 0, 1, 2

# The classes of data.h, in its order.
CLASSES = ("other", "face", "person", "body", "animal", "plant", "food", "place", "transport",
           "object", "sky", "symbol", "flag")

GROUP_CLASS = {"smileys-emotion": "face", "people-body": "person", "animals-nature": "animal",
               "food-drink": "food", "travel-places": "place", "activities": "object",
               "objects": "object", "symbols": "symbol", "flags": "flag"}
SUBGROUP_CLASS = {"heart": "symbol", "emotion": "symbol", "person-symbol": "symbol",
                  "body-parts": "body", "dishware": "object", "hotel": "object", "time": "object",
                  "sky-weather": "sky"}
# What CLDR files under the weather.
NAME_CLASS = {"umbrella": "object", "closed-umbrella": "object", "umbrella-on-ground": "object",
              "umbrella-with-rain-drops": "object", "teapot": "object"}
SUBGROUP_PREFIX_CLASS = {"hand": "body", "plant": "plant", "transport": "transport"}


def load(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return json.load(file)


def class_of(emoji, groups):
    group = groups["groups"].get(str(emoji.get("group")), "")
    subgroup = groups["subgroups"].get(str(emoji.get("subgroup")), "")
    if subgroup in SUBGROUP_CLASS:
        return SUBGROUP_CLASS[subgroup]
    return SUBGROUP_PREFIX_CLASS.get(subgroup.split("-")[0], GROUP_CLASS.get(group, "other"))


def normal(key):
    """The spelling of the language component: lower case, plain letters, single spaces."""
    key = key.lower().replace("’", "").replace("'", "")
    for mark in "-–_,.:;!“”\"()&":
        key = key.replace(mark, " ")
    return " ".join(key.split())


def is_wanted(name, icon):
    return "skin-tone" not in name and "-tone" not in name and not icon.get("hidden")


def add_key(keys, key, entry):
    key = normal(key)
    if key and len(key.encode()) <= 48 and entry not in keys.setdefault(key, []):
        keys[key].append(entry)


def main(modules, out):
    noto = load(modules, "@iconify-json", "noto", "icons.json")
    chars = load(modules, "@iconify-json", "noto", "chars.json")
    emoji_root = os.path.join(modules, "emojibase-data")
    groups = load(emoji_root, "meta", "groups.json")
    icons = {name: icon["body"] for name, icon in noto["icons"].items() if is_wanted(name, icon)}
    names = sorted(icons)
    body_of = {name: index for index, name in enumerate(names)}
    for alias, target in noto["aliases"].items():
        if is_wanted(alias, target) and target["parent"] in icons:
            body_of.setdefault(alias, body_of[target["parent"]])

    classes = ["other"] * len(names)
    keys = {}
    for name in body_of:
        add_key(keys, name, OWN_NAME << 24 | body_of[name])
    for locale in LOCALES:
        for emoji in load(emoji_root, locale, "data.json"):
            code = emoji["hexcode"].lower()
            name = chars.get(code) or chars.get(code.replace("-fe0f", ""))
            if name not in body_of:
                continue
            body = body_of[name]
            classes[body] = NAME_CLASS.get(name) or class_of(emoji, groups)
            add_key(keys, emoji["label"], LABEL << 24 | body)
            add_key(keys, emoji["emoji"].replace("\ufe0f", ""), LABEL << 24 | body)
            for tag in emoji.get("tags", []):
                add_key(keys, tag, KEYWORD << 24 | body)

    pack = Pack(MAGIC)
    spellings = sorted(body_of, key=str.encode)
    pack.add_texts(spellings)
    pack.add_numbers(body_of[name] for name in spellings)
    pack.add_texts(names)

    places, blocks, blob = [], [], bytearray()
    for first in range(0, len(names), BLOCK_ICONS):
        plain = bytearray()
        for name in names[first:first + BLOCK_ICONS]:
            body = icons[name].encode()
            places += [len(blocks) // 3, len(plain), len(body), CLASSES.index(classes[body_of[name]])]
            plain += body
        deflated = zlib.compress(bytes(plain), 9)
        blocks += [len(blob), len(deflated), len(plain)]
        blob += deflated
    pack.add_numbers(places)
    pack.add_numbers(blocks)
    pack.add_bytes(blob)

    spelled = sorted(keys, key=str.encode)
    pack.add_texts(spelled)
    pack.add_lists([sorted(keys[key]) for key in spelled])
    pack.write(out)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
