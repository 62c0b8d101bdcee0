#!/usr/bin/env python3
"""Packs what the language needs of WordNet 3.0: words.py WORDNET_DIR OUT.pack

Kept: every lemma of up to three words with its parts of speech and how often each occurs in the
tagged corpora; of nouns the first three senses in physical classes, each with its class, its
synonyms and its first hypernym; the exception lists of nouns and verbs. Left out: abstract
senses, glosses, names of single persons and places (instance-of), names of genera and families.
"""

import os
import re
import sys

from pack import Pack

MAGIC = b"RUSHWRD1"
SENSES_MAX = 3
WORDS_MAX = 3
# Lexicographer files (lexnames(5WN)) that hold what a picture can show.
PHYSICAL = {5, 6, 8, 13, 14, 15, 17, 18, 19, 20, 27}
# The tops of the hierarchy have a file of their own; those that are kept belong to the class below.
TOPS = {"animal": 5, "artifact": 6, "food": 13, "group": 14, "location": 15, "object": 17,
        "person": 18, "plant": 20, "substance": 27}
TAXON = re.compile(r"^(genus|family|order|class|phylum|suborder|subfamily|superfamily|division)_")
GOOD = re.compile(r"^[a-z0-9]+( [a-z0-9]+)*$")
POSES = {"noun": 1, "verb": 2, "adj": 4, "adv": 8}
COUNT_POS = {"1": 0, "2": 1, "3": 2, "5": 2}


def normal(lemma):
    """The spelling of the language component: hyphens are spaces, apostrophes and dots are gone."""
    lemma = re.sub(r"\((a|p|ip)\)$", "", lemma).lower()
    return re.sub(r"[-_/ ]+", " ", re.sub(r"['.]", "", lemma)).strip()


def is_good(lemma):
    return bool(GOOD.match(lemma)) and lemma.count(" ") < WORDS_MAX and len(lemma) <= 40


def lines(root, name):
    with open(os.path.join(root, name), encoding="latin-1") as file:
        for line in file:
            if not line.startswith(" "):
                yield line


def read_synsets(root):
    """offset -> (lexicographer file, lemmas, first hypernym's offset or None), physical only."""
    synsets = {}
    for line in lines(root, "data.noun"):
        fields = line.split("|")[0].split()
        lex, count = int(fields[1]), int(fields[3], 16)
        words = fields[4:4 + 2 * count:2]
        lex = TOPS.get(words[0], lex) if lex == 3 else lex
        at = 4 + 2 * count
        pointers = [(fields[at + 1 + 4 * i], fields[at + 2 + 4 * i]) for i in range(int(fields[at]))]
        hypernyms = [target for kind, target in pointers if kind == "@"]
        is_name = not hypernyms and any(kind == "@i" for kind, _ in pointers)
        if lex not in PHYSICAL or is_name or any(TAXON.match(word) for word in words):
            continue
        lemmas = [lemma for lemma in map(normal, words) if is_good(lemma)]
        synsets[fields[0]] = (lex, lemmas, hypernyms[0] if hypernyms else None)
    return synsets


def read_counts(root):
    counts = {}
    for line in lines(root, "cntlist.rev"):
        key, _, count = line.split()
        lemma, sense = key.split("%")
        if sense[0] in COUNT_POS:
            row = counts.setdefault(normal(lemma), [0, 0, 0])
            row[COUNT_POS[sense[0]]] += int(count)
    return counts


def main(root, out):
    synsets = read_synsets(root)
    numbers = {offset: index for index, offset in enumerate(sorted(synsets))}
    flags, senses = {}, {}
    for pos, bit in POSES.items():
        for line in lines(root, f"index.{pos}"):
            fields = line.split()
            lemma = normal(fields[0])
            if not is_good(lemma):
                continue
            flags[lemma] = flags.get(lemma, 0) | bit
            if pos == "noun":
                offsets = fields[-int(fields[2]):]
                ranked = [(rank, numbers[o]) for rank, o in enumerate(offsets) if o in numbers]
                known = senses.setdefault(lemma, [])
                known += [min(rank, 255) << 24 | number for rank, number in ranked]

    # Multi-word adverbs and verbs ("in the end", "get up") say nothing that a picture needs.
    lemmas = sorted(l for l in flags if senses.get(l) or " " not in l)
    ids = {lemma: index for index, lemma in enumerate(lemmas)}
    counts = read_counts(root)
    pack = Pack(MAGIC)
    pack.add_texts(lemmas)
    pack.add_numbers(
        flags[l] | sum(min(n, 255) << (8 * (i + 1)) for i, n in enumerate(counts.get(l, (0, 0, 0))))
        for l in lemmas)
    pack.add_lists([sorted(senses.get(l, []), key=lambda s: s >> 24)[:SENSES_MAX] for l in lemmas])
    ordered = [synsets[offset] for offset in sorted(synsets)]
    pack.add_numbers(lex << 24 | (numbers[hypernym] + 1 if hypernym in numbers else 0)
                     for lex, _, hypernym in ordered)
    pack.add_lists([[ids[l] for l in words if l in ids] for _, words, _ in ordered])
    for name in ("noun.exc", "verb.exc"):
        pairs = {}
        for line in lines(root, name):
            fields = [normal(word) for word in line.split()]
            if len(fields) >= 2 and is_good(fields[0]) and fields[0] != fields[1]:
                pairs.setdefault(fields[0], fields[1])
        pack.add_texts(sorted(pairs))
        pack.add_texts(pairs[word] for word in sorted(pairs))
    pack.write(out)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
