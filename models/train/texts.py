"""Texts for a picture: composed from its labels in many wordings, its annotated caption, its product name.

A composed text comes with its criteria (head → labels it speaks of), so that training knows which other
pictures of a batch it describes just as well.
"""

import json
import re
from pathlib import Path

import numpy as np

import labels

# What people call the types and colours; `flashfit eval` reads captions by the same table.
_TOLD = json.loads((Path(__file__).resolve().parent / "words.json").read_text(encoding="utf-8"))
WORDS = {label: "|".join(words) for label, words in _TOLD["category"].items()}
COLOUR_WORDS = {label: "|".join(words) for label, words in _TOLD["colour"].items()}
GROUPS = {
    "top": labels.TOPS, "shoes|footwear|pair of shoes": labels.SHOES, "headwear|something for the head": {"hat", "cap", "beanie"},
    "bottoms|something for the legs": {"skirt", "jeans", "trousers", "leggings", "joggers", "shorts"},
    "outerwear|something to wear over": {"blazer", "jacket", "coat", "vest"}, "knitwear": {"sweater", "cardigan"},
    "accessory": {"scarf", "gloves", "socks", "tights", "belt", "tie", "sunglasses", "watch", "jewellery"},
}
PATTERN_WORDS = {
    "plain": "plain|solid|unpatterned|simple", "striped": "striped|stripy|with stripes|stripe", "checked":
    "checked|plaid|tartan|check|chequered", "floral": "floral|flowery|with flowers|flower print", "dotted":
    "dotted|polka dot|with dots|spotted", "graphic": "graphic|printed|with a print|with a picture", "lettering":
    "lettering|with lettering|with text|with a logo|slogan", "camouflage": "camouflage|camo", "animal":
    "animal print|leopard print", "colour-block": "colour-block|two-tone|colour block", "denim-wash": "denim|washed denim",
    "knit": "knit|knitted|cable knit", "lace": "lace|lacy", "geometric": "geometric|abstract print|geometric print",
    "paisley": "paisley", "tie-dye": "tie-dye|batik", "other": "patterned|with a pattern",
}
SLEEVE_WORDS = {"none": "sleeveless|without sleeves", "short": "short-sleeve|short sleeved|with short sleeves",
                "three-quarter": "three-quarter sleeve|3/4 sleeve", "long": "long-sleeve|long sleeved|with long sleeves"}
AUDIENCE_WORDS = {"women": "women's|womens|for women|ladies|for her", "men": "men's|mens|for men|for him",
                  "kids": "kids|children's|for children|baby|for kids", "unisex": "unisex"}
FORMALITY_WORDS = [
    ("1", "sporty|for sport|for the gym|for home|lounge|for running"), ("12", "casual|everyday|relaxed"),
    ("23", "smart casual|for every day"), ("34", "smart|for the office|for work|business"),
    ("45", "formal|elegant|for the evening|for a party|dressy|for a wedding"),
]
WARMTH_WORDS = [
    ("1", "for hot weather|for summer|light|summery|for the beach"), ("12", "light|for a warm day|for summer"),
    ("34", "warm|cosy|for autumn|for cool weather"), ("45", "warm|for winter|for cold weather|very warm|for snow"),
    ("345", "warm|something warm|cosy"),
]
ORDERS = [
    "{formality} {colour} {pattern} {sleeve} {noun}", "{colour} {pattern} {noun} {warmth}", "{pattern} {colour} {noun}",
    "{noun} in {colour} {pattern}", "{audience} {colour} {noun} {formality}", "{colour} {noun}", "{warmth} {noun} in {colour}",
    "{warmth} {colour} {noun} {audience}", "{sleeve} {pattern} {noun} in {colour}", "{colour} {noun} {pattern} {sleeve}",
    "something {warmth} in {colour}", "something {formality} in {colour}", "{pattern} {noun} {warmth}", "{noun}",
]
PREFIX = ["", "", "", "", "a ", "a photo of a ", "a picture of ", "my ", "a pair of "]
# Colours that people name differently for the same garment: never counted as wrong.
NEAR = [
    "black navy grey", "navy blue black", "blue navy light-blue teal", "light-blue blue teal grey", "grey silver black beige",
    "beige cream brown grey gold", "cream white beige", "white cream grey", "brown beige burgundy", "burgundy red purple brown",
    "red burgundy orange pink", "pink red purple orange", "purple pink burgundy", "green olive teal", "olive green brown beige",
    "orange red yellow pink", "yellow orange gold cream", "gold yellow beige", "silver grey white", "teal blue green light-blue",
]
MENTIONED = ("category", "colour", "pattern", "sleeve", "formality", "warmth", "audience")
VOCABULARY = {head: labels.HEADS.get(head, labels.COLOURS) for head in MENTIONED}


def bits(head, values):
    """A set of labels as an integer."""
    return sum(1 << VOCABULARY[head].index(v) for v in set(values))


def known(item):
    """Per mentioned head: (what the picture surely is, what it may be) as bits; 0 where nothing is known."""
    sure, possible = [], []
    for head in MENTIONED:
        values = item.labels.get(head, [])
        mask = bits(head, values)
        wide = mask
        if head == "colour" and values:
            near = {w for line in NEAR if line.split()[0] in values for w in line.split()}
            wide |= bits(head, near) | bits(head, item.labels.get("colour2", []))
        sure.append(mask)
        possible.append(wide)
    return sure, possible


def _pick(rng, words):
    options = words.split("|")
    return options[min(int(rng.exponential(1.3)), len(options) - 1)]


def _subset(words, values, rng):
    """A wording from `words` ((labels, wording) pairs) whose labels cover all of `values`."""
    fitting = [(keys, w) for keys, w in words if set(values) <= set(keys)]
    return fitting[rng.integers(len(fitting))] if fitting else None


def compose(item, rng):
    """A text for a picture and its criteria, as {head: labels}; (None, {}) where too little is known."""
    parts, criteria = {}, {}
    category = item.labels.get("category", [])
    if not category or category == ["other"]:
        kind = item.row.get("articleType", "")
        if not kind:
            return None, {}
        parts["noun"] = kind.lower()
    else:
        group = next(((w, g) for w, g in GROUPS.items() if set(category) <= g), None)
        if group and (rng.random() < 0.1 or len(category) > 3):
            parts["noun"], criteria["category"] = _pick(rng, group[0]), list(group[1])
        else:
            parts["noun"], criteria["category"] = _pick(rng, WORDS[category[rng.integers(len(category))]]), category
        kind = item.row.get("articleType", "").lower()
        if kind and rng.random() < 0.3:
            parts["noun"] = kind if rng.random() < 0.5 else re.sub("s$", "", kind)
    for head, words in (("colour", COLOUR_WORDS), ("pattern", PATTERN_WORDS), ("sleeve", SLEEVE_WORDS),
                        ("audience", AUDIENCE_WORDS)):
        values = item.labels.get(head, [])
        value = values[0] if values else "na"
        if value == "na" or (head == "pattern" and len(values) > 1):
            continue
        parts[head] = _pick(rng, words.get(value, value.replace("-", " ")))
        criteria[head] = values
        if head == "colour" and item.labels.get("colour2") and rng.random() < 0.3:
            parts[head] += " and " + _pick(rng, words.get(item.labels["colour2"][0], item.labels["colour2"][0]))
    for head, words in (("formality", FORMALITY_WORDS), ("warmth", WARMTH_WORDS)):
        found = _subset(words, item.labels[head], rng) if item.labels.get(head) else None
        if found:
            criteria[head], parts[head] = list(found[0]), _pick(rng, found[1])
    return _arrange(parts, criteria, rng)


def _arrange(parts, criteria, rng):
    order = ORDERS[rng.integers(len(ORDERS))]
    wanted = re.findall(r"{(\w+)}", order)
    if not any(w in parts for w in wanted):
        order, wanted = "{noun}", ["noun"]
    text = order.replace(" in {colour}", "") if "colour" not in parts else order
    for name in wanted:
        text = text.replace("{" + name + "}", parts.get(name, ""))
    text = " ".join(text.split())
    prefix = PREFIX[rng.integers(len(PREFIX))] if wanted[0] != "noun" or rng.random() < 0.3 else ""
    used = {h: v for h, v in criteria.items() if (h if h != "category" else "noun") in wanted}
    return prefix + text, used


def product_name(item):
    """A product's name without its brand (the words before the audience), in lower case."""
    name = item.row.get("productDisplayName", "")
    cut = re.search(r"\b(Men|Women|Unisex|Boys?|Girls?|Kids?|Mens|Womens)('s)?\b(.*)", name)
    words = re.sub(r"[^a-z0-9 /'-]", " ", (cut.group(0) if cut else name).lower())
    return " ".join(words.split())


def told(item, rng):
    """Any text for a picture: (text, criteria, exact), exact when it tells of this picture alone."""
    if item.caption and rng.random() < 0.6:
        return item.caption, _own(item), True
    if item.domain == "product" and rng.random() < 0.35:
        return product_name(item), _own(item), True
    text, criteria = compose(item, rng)
    return (text, criteria, False) if text else (product_name(item) or "a garment", _own(item), True)


def _own(item):
    return {h: item.labels[h] for h in ("category", "colour", "pattern") if item.labels.get(h)}


def caption_like(item, rng):
    """A short caption in the style of the annotated ones: colour, pattern, sleeve, type."""
    if item.caption and rng.random() < 0.85:
        return item.caption
    category = item.labels.get("category", [])
    if not category:
        return ""

    def worded(head, words):
        values = item.labels.get(head, [])
        return _pick(rng, words.get(values[0], values[0].replace("-", " "))) if len(values) == 1 else ""

    noun = WORDS[category[0]].split("|")[0] if category != ["other"] else item.row.get("articleType", "item").lower()
    colour, pattern, sleeve = (worded("colour", COLOUR_WORDS), worded("pattern", PATTERN_WORDS),
                               worded("sleeve", SLEEVE_WORDS))
    parts = [colour, "" if sleeve == "na" else sleeve, noun]
    place = len(parts) if pattern.startswith("with ") else 0 if pattern == "plain" else 2
    parts.insert(place, pattern)
    return " ".join(" ".join(parts).split())


def corpus(items, seed=5):
    """Texts of the training pictures, for the tokenizers."""
    rng = np.random.default_rng(seed)
    out = []
    for item in items:
        if item.split == "train":
            out += [told(item, rng)[0] for _ in range(4)]
            out += [item.caption] * 2 if item.caption else []
    tables = (WORDS, COLOUR_WORDS, PATTERN_WORDS)
    return out + [w for table in tables for line in table.values() for w in line.split("|")] * 5
