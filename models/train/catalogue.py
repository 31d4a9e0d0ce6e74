"""The catalogue's own vocabulary: its article types and base colours, as labels of a head."""

import csv
import io
import zipfile
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

FOLDER = "products"
THUMB = (80, 60)
ARTICLE_TYPES = (
    "accessory-gift-set baby-dolls backpacks bangle basketballs bath-robe beauty-accessory belts blazers body-lotion "
    "body-wash-and-scrub booties boxers bra bracelet briefs camisoles capris caps casual-shoes churidar clothing-set "
    "clutches compact concealer cufflinks cushion-covers deodorant dresses duffel-bag dupatta earrings eye-cream "
    "eyeshadow face-moisturisers face-scrub-and-exfoliator face-serum-and-gel face-wash-and-cleanser flats flip-flops "
    "footballs formal-shoes foundation-and-primer fragrance-gift-set free-gifts gloves hair-accessory hair-colour "
    "handbags hat headband heels highlighter-and-blush innerwear-vests ipad jackets jeans jeggings jewellery-set "
    "jumpsuit kajal-and-eyeliner key-chain kurta-sets kurtas kurtis laptop-bag leggings lehenga-choli lip-care "
    "lip-gloss lip-liner lip-plumper lipstick lounge-pants lounge-shorts lounge-tshirts makeup-remover mascara "
    "mask-and-peel mens-grooming-kit messenger-bag mobile-pouch mufflers nail-essentials nail-polish "
    "necklace-and-chains nehru-jackets night-suits nightdress patiala pendant perfume-and-body-mist rain-jacket ring "
    "robe rompers rucksacks salwar salwar-and-dupatta sandals sarees scarves shapewear shirts shoe-accessories "
    "shoe-laces shorts shrug skirts socks sports-sandals sports-shoes stockings stoles sunglasses sunscreen "
    "suspenders sweaters sweatshirts swimwear tablet-sleeve ties ties-and-cufflinks tights tops track-pants "
    "tracksuits travel-accessory trolley-bag trousers trunk tshirts tunics umbrellas waist-pouch waistcoat wallets "
    "watches water-bottle wristbands"
).split()
BASE_COLOURS = (
    "beige black blue bronze brown burgundy charcoal coffee-brown copper cream fluorescent-green gold green grey "
    "grey-melange khaki lavender lime-green magenta maroon mauve metallic multi mushroom-brown mustard navy-blue nude "
    "off-white olive orange peach pink purple red rose rust sea-green silver skin steel tan taupe teal turquoise-blue "
    "white yellow"
).split()


def label_of(name):
    """A name of the catalogue as a label: "Hat & Cap" → "hat-and-cap"."""
    return name.lower().replace("&", "and").replace(" ", "-")


def is_kept(key):
    """Whether a product of training is kept for the temperatures of the catalogue's heads: every twentieth."""
    return int(key) % 20 == 0


@cache
def rows(data):
    """Every row of the catalogue."""
    with open(Path(data) / FOLDER / "products.csv", newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def thumbs(data, wanted):
    """The 60x80 pictures of some ids, u8 [N,80,60,3]."""
    out = np.empty((len(wanted), *THUMB, 3), np.uint8)
    with zipfile.ZipFile(Path(data) / FOLDER / "thumbs_60x80.zip") as small:
        for position, key in enumerate(wanted):
            with Image.open(io.BytesIO(small.read(f"{key}.jpg"))) as image:
                out[position] = np.asarray(image.convert("RGB").resize(THUMB[::-1]))
    return out
