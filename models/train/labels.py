"""What the data's many labels say in the pack's vocabulary.

A label that fits several of our categories becomes the set of them; the loss sums the probability over it.
Nothing known is the empty set, which the loss leaves out.
"""

import json
import re
from pathlib import Path

from catalogue import ARTICLE_TYPES, BASE_COLOURS, label_of

# The ten common classes, each with the labels of the home photos it covers.
TEN = {
    "t-shirt": "T-Shirt Polo Undershirt Top", "longsleeve": "Longsleeve Hoodie", "pants": "Pants", "shoes": "Shoes",
    "shirt": "Shirt Blouse", "dress": "Dress", "outwear": "Outwear Blazer", "shorts": "Shorts", "hat": "Hat",
    "skirt": "Skirt",
}
TEN_NAMES = list(TEN)
TEN_OF = {label: i for i, labels in enumerate(TEN.values()) for label in labels.split()}
CATEGORIES = (
    "t-shirt polo tank-top shirt blouse sweater hoodie sweatshirt cardigan bodysuit "
    "skirt jeans trousers leggings joggers shorts dress jumpsuit blazer jacket coat vest "
    "sneakers dress-shoes boots sandals heels flats slippers hat cap beanie bag "
    "scarf gloves socks tights belt tie sunglasses watch jewellery underwear swimwear pyjamas other"
).split()
COLOURS = ("black white grey beige brown navy blue light-blue green olive yellow orange red burgundy pink purple "
           "teal cream gold silver multicolour").split()
HEADS = {
    "category": CATEGORIES,
    "garment": ["garment", "other"],
    "pattern": ("plain striped checked floral dotted graphic lettering camouflage animal colour-block denim-wash "
                "knit lace geometric paisley tie-dye other").split(),
    "sleeve": "none short three-quarter long na".split(),
    "formality": list("12345"),
    "warmth": list("12345"),
    "audience": "women men unisex kids".split(),
    "season": "summer winter all-year".split(),
    "colour": COLOURS,
    "kind": TEN_NAMES,
    "article_type": ARTICLE_TYPES,
    "base_colour": BASE_COLOURS,
}
TOPS = set("t-shirt polo tank-top shirt blouse sweater hoodie sweatshirt cardigan bodysuit".split())
SHOES = set("sneakers dress-shoes boots sandals heels flats slippers".split())
SLEEVED = TOPS | {"dress", "jumpsuit", "blazer", "jacket", "coat", "vest", "pyjamas", "swimwear", "underwear", "other"}

# Home photos: the coarse label → the categories that it was seen to stand for.
HOME = {
    "T-Shirt": "t-shirt blouse", "Longsleeve": "sweater sweatshirt cardigan t-shirt blouse jacket",
    "Pants": "jeans trousers leggings joggers pyjamas", "Shoes": " ".join(sorted(SHOES)), "Shirt": "shirt blouse",
    "Dress": "dress", "Outwear": "jacket coat vest blazer", "Shorts": "shorts", "Hat": "hat cap beanie",
    "Skirt": "skirt", "Polo": "polo", "Undershirt": "tank-top t-shirt", "Blazer": "blazer jacket",
    "Hoodie": "hoodie sweatshirt jacket", "Body": "bodysuit jumpsuit pyjamas", "Top": "tank-top t-shirt blouse",
    "Blouse": "blouse t-shirt",
}

# What the catalogue's names mean; `flashfit eval` reads the same table.
_MEANINGS = json.loads((Path(__file__).resolve().parent / "products.json").read_text(encoding="utf-8"))
PRODUCT = {name: " ".join(meant) for name, meant in _MEANINGS["categories"].items()}
COLOUR_OF = {name: " ".join(meant) for name, meant in _MEANINGS["colours"].items()}
WARMTH_OF_TYPE = {
    "coat": "45", "jacket": "345", "sweater": "34", "cardigan": "34", "hoodie": "34", "sweatshirt": "34",
    "beanie": "45", "scarf": "345", "gloves": "45", "shorts": "1", "tank-top": "1", "sandals": "1",
    "slippers": "12", "swimwear": "1", "jeans": "23", "boots": "345", "skirt": "12", "cap": "12",
}
PRINT = "graphic lettering floral geometric dotted animal paisley tie-dye other"
PATTERN_WORDS = [
    (r"strip", "striped"), (r"\bcheck|plaid|tartan", "checked"), (r"floral|flower", "floral"),
    (r"polka|\bdots?\b|dotted", "dotted"), (r"camo", "camouflage"), (r"animal|leopard|zebra|snake", "animal"),
    (r"paisley", "paisley"), (r"\blace\b", "lace"), (r"\bsolid\b|\bplain\b", "plain"), (r"print|graphic", PRINT),
]
SLEEVE_WORDS = [
    (r"sleeveless|strapless|tank", "none"), (r"long[- ]sleeve|full[- ]sleeve", "long"),
    (r"(half|short|cap)[- ]sleeve", "short"), (r"3/4|three[- ]quarter", "three-quarter"),
]


def _first(words, text):
    return next((sets for pattern, sets in words if re.search(pattern, text)), "")


def home_labels(row, annotated):
    """Head → allowed labels for a home photo; `annotated` is its annotation or None."""
    out = {"garment": "garment", "category": HOME.get(row["label"], "")}
    if row["label"] in ("Skip", "Other"):
        out["garment"] = ""
    if row["kids"] == "True":
        out["audience"] = "kids"
    if row["label"] in ("Pants", "Shoes", "Shorts", "Hat", "Skirt"):
        out["sleeve"] = "na"
    if row["label"] == "Longsleeve":
        out["sleeve"] = "long three-quarter"
    if row["label"] in ("Shorts", "Undershirt"):
        out["warmth"] = "1 2"
    if row["label"] == "Outwear":
        out["warmth"] = "3 4 5"
    if annotated:
        kind = annotated["type"]
        if kind in CATEGORIES:
            out["category"] = kind
        if kind in CATEGORIES and kind != "other":
            out["garment"] = "garment"
        for head in ("pattern", "sleeve", "formality", "warmth", "audience"):
            out[head] = annotated[head]
        warmth = int(annotated["warmth"])
        out["season"] = "summer" if warmth == 1 else "winter" if warmth >= 4 else "all-year"
        out["colour"] = annotated["colour"]
        out["colour2"] = annotated["colour2"]
    if row["label"] in TEN_OF:
        out["kind"] = TEN_NAMES[TEN_OF[row["label"]]]
    return {k: v.split() for k, v in out.items() if v}


def _product_category(row, name):
    kind = row["articleType"]
    if kind == "Tshirts" and re.search(r"\bpolo\b", name) and "polo assn" not in name:
        return "polo"
    if kind == "Casual Shoes" and "boot" in name:
        return "boots"
    if kind == "Sweatshirts" and "hood" in name:
        return "hoodie"
    if kind == "Casual Shoes" and "sneaker" in name:
        return "sneakers"
    return PRODUCT.get(kind, "")


def product_labels(row):
    """Head → allowed labels for a catalogue picture."""
    name = row["productDisplayName"].lower()
    category = _product_category(row, name)
    first = category.split(" ")[0]
    out = {"category": category, "colour": COLOUR_OF.get(row["baseColour"], ""),
           "article_type": label_of(row["articleType"]), "base_colour": label_of(row["baseColour"])}
    foreign = row["masterCategory"] in ("Personal Care", "Sporting Goods") or row["articleType"] in (
        "Key chain", "Water Bottle", "Umbrellas", "Ipad", "Mobile Pouch")
    if foreign:
        out["category"], out["garment"] = "other", "other"
    elif category and category != "other":
        out["garment"] = "garment"
    elif row["articleType"] in ("Sarees", "Kurta Sets", "Suspenders"):
        out["category"], out["garment"] = "other", "garment"
    if category and first not in SLEEVED:
        out["sleeve"] = "na"
    elif first in SLEEVED:
        out["sleeve"] = _first(SLEEVE_WORDS, name)
    out["pattern"] = _first(PATTERN_WORDS, name)
    if foreign:
        out["pattern"] = out["sleeve"] = ""
    else:
        out["formality"] = {"Sports": "1", "Casual": "1 2 3", "Formal": "4 5", "Smart Casual": "3", "Party": "4 5",
                            "Ethnic": "3 4"}.get(row["usage"], "")
        out["warmth"] = " ".join(WARMTH_OF_TYPE.get(first, ""))
        out["audience"] = {"Men": "men", "Women": "women", "Unisex": "unisex"}.get(row["gender"], "kids")
        warm = {"Summer": "summer all-year", "Spring": "summer all-year", "Fall": "winter all-year",
                "Winter": "winter all-year"}
        out["season"] = warm.get(row["season"], "")
    return {k: v.split() for k, v in out.items() if v}
