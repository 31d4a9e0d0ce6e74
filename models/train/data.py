"""Reads the data sets into small square pictures (kept in memory as bytes) with their labels.

Nothing of the data is written into the repository; the cache lives in the work folder.
"""

import csv
import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage

import catalogue
import labels

SIZE = 192
MEAN, STD = 0.5, 0.5
# Annotated for this project, in the columns of the data's own annotations.csv.
OWN_ANNOTATIONS = Path(__file__).resolve().parent / "annotations.csv"
THUMBS = 5000                      # how many of the 60x80 pictures are used beside the larger ones


@dataclass
class Item:
    """One picture: where it is from, what is known about it."""

    key: str
    domain: str                    # "home" or "product"
    split: str
    person: str
    row: dict
    labels: dict = field(default_factory=dict)
    caption: str = ""

    def is_large(self):
        """Whether there is more of it than a thumbnail."""
        return self.domain == "home" or self.row["has_224"] == "1"


def fit(image, size=SIZE):
    """The picture with its shorter side scaled to `size`, cut to the centre: the pack's `resize = "crop"`."""
    w, h = image.size
    scale = size / min(w, h)
    w, h = (max(size, int(side * scale + 0.5)) for side in (w, h))
    left, top = (w - size) // 2, (h - size) // 2
    return image.resize((w, h), Image.Resampling.BILINEAR).crop((left, top, left + size, top + size))


def pixel_values(pictures):
    """Bytes [N,H,W,3] → what the models read, f32 [N,3,H,W]."""
    x = np.asarray(pictures, np.float32) / np.float32(255)
    return np.ascontiguousarray(((x - np.float32(MEAN)) / np.float32(STD)).transpose(0, 3, 1, 2))


def _read(path):
    with open(path, newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def home_items(data):
    """Every home photo; annotated ones carry a caption."""
    folder = Path(data) / "clothing"
    notes = {row["image"]: row for path in (OWN_ANNOTATIONS, folder / "annotations.csv") for row in _read(path)}
    return [
        Item(row["image"], "home", row["split"], row["sender_id"], row,
             labels.home_labels(row, notes.get(row["image"])), notes.get(row["image"], {}).get("caption", ""))
        for row in _read(folder / "images.csv")
    ]


def product(row):
    """A row of the catalogue."""
    return Item(row["id"], "product", row["split"], row["id"], row, labels.product_labels(row))


def product_items(data):
    """Catalogue pictures: all the larger ones, and a fixed choice of thumbnails that favours rare types."""
    rows = catalogue.rows(data)
    large = [row for row in rows if row["has_224"] == "1"]
    small = [row for row in rows if row["has_224"] != "1" and row["split"] == "train"]
    rng = np.random.default_rng(7)
    counts = {}
    for row in small:
        counts[row["articleType"]] = counts.get(row["articleType"], 0) + 1
    weight = np.array([counts[row["articleType"]] ** -0.5 for row in small])
    chosen = rng.choice(len(small), THUMBS, replace=False, p=weight / weight.sum())
    picked = large + [small[i] for i in sorted(chosen)]
    return [product(row) for row in picked]


def _decode_home(data, items):
    folder = Path(data) / "clothing" / "images"
    for item in items:
        with Image.open(folder / f"{item.key}.jpg") as image:
            yield np.asarray(fit(image.convert("RGB")))


def _decode_products(data, items):
    folder = Path(data) / "products"
    with zipfile.ZipFile(folder / "images_224.zip") as large, zipfile.ZipFile(folder / "thumbs_60x80.zip") as small:
        for item in items:
            source = large if item.row["has_224"] == "1" else small
            with Image.open(io.BytesIO(source.read(f"{item.key}.jpg"))) as image:
                yield np.asarray(fit(image.convert("RGB")))


def load(data, work):
    """(items, pictures uint8 [N,SIZE,SIZE,3]) of both domains, home photos first; decoded once, then cached."""
    home, products = home_items(data), product_items(data)
    items = home + products
    path = Path(work) / f"pictures-{SIZE}-{len(items)}.npy"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".part.npy")
        out = np.lib.format.open_memmap(temporary, "w+", np.uint8, (len(items), SIZE, SIZE, 3))
        for decode, some, start in ((_decode_home, home, 0), (_decode_products, products, len(home))):
            for offset, picture in enumerate(decode(data, some)):
                out[start + offset] = picture
        out.flush()
        temporary.rename(path)
    return items, np.load(path, mmap_mode="r")


def augment(picture, rng):
    """A mirrored, slightly turned, scaled, shifted and relit copy; what comes in at the edges is white."""
    image = Image.fromarray(picture)
    if rng.random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    angle, scale = np.deg2rad(rng.normal(0, 7)), np.exp(rng.uniform(-0.25, 0.10))
    cos, sin = np.cos(angle) * scale, np.sin(angle) * scale
    cx, cy = SIZE / 2 + rng.uniform(-SIZE, SIZE) / 20, SIZE / 2 + rng.uniform(-SIZE, SIZE) / 20
    matrix = (cos, sin, SIZE / 2 - cos * cx - sin * cy, -sin, cos, SIZE / 2 + sin * cx - cos * cy)
    image = image.transform((SIZE, SIZE), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR,
                            fillcolor=(255, 255, 255))
    x = np.asarray(image, np.float32) / 255
    x = (x - 0.5) * np.exp(rng.normal(0, 0.1)) + 0.5 + rng.normal(0, 0.05)
    x = x * np.exp(rng.normal(0, 0.03, 3)).astype(np.float32)
    return (np.clip(x, 0, 1) * 255).astype(np.uint8)


def on_white_mask(picture):
    """Where a catalogue picture shows something: what is not white, or is enclosed by it; softened, 0 to 1."""
    bright = picture.min(2) > 238
    regions, count = ndimage.label(bright)
    rim = np.unique(np.concatenate([regions[0], regions[-1], regions[:, 0], regions[:, -1]]))
    ground = np.isin(regions, rim[rim > 0]) if count else np.zeros(bright.shape, bool)
    return ndimage.gaussian_filter(ndimage.binary_erosion(~ground).astype(np.float32), 0.7)


def at_home(picture, home, rng):
    """A catalogue picture cut out and laid on a ground: a corner of a home photo, enlarged, and a shadow."""
    mask = on_white_mask(picture)
    if not 0.05 < mask.mean() < 0.9:
        return picture
    side = int(rng.integers(SIZE // 5, SIZE // 3))
    top = int(rng.choice([0, SIZE - side]))
    left = int(rng.choice([0, home.shape[1] - side]))
    ground = Image.fromarray(np.ascontiguousarray(home[top:top + side, left:left + side]))
    ground = np.asarray(ground.resize((SIZE, SIZE), Image.Resampling.BICUBIC), np.float32)
    shadow = ndimage.gaussian_filter(np.roll(mask, (3, int(rng.integers(-4, 5))), (0, 1)), 4) * rng.uniform(0, 0.5)
    ground = ground * (1 - shadow[:, :, None] * (1 - mask[:, :, None]))
    return (picture * mask[:, :, None] + ground * (1 - mask[:, :, None])).astype(np.uint8)


def not_a_garment(picture, rng):
    """A stand-in for "not a garment": a far corner of a home photo, enlarged, or a plain gradient."""
    if rng.random() < 0.2:
        a, b = rng.uniform(0, 255, (2, 3))
        ramp = np.linspace(0, 1, SIZE)[:, None, None] if rng.random() < 0.5 else np.linspace(0, 1, SIZE)[None, :, None]
        noise = rng.normal(0, rng.uniform(0, 40), (SIZE, SIZE, 3))
        return np.clip(a + (b - a) * ramp + noise, 0, 255).astype(np.uint8)
    side = int(rng.integers(SIZE // 11, SIZE // 6))
    top = 0 if rng.random() < 0.5 else SIZE - side
    left = 0 if rng.random() < 0.5 else picture.shape[1] - side
    patch = Image.fromarray(np.ascontiguousarray(picture[top:top + side, left:left + side]))
    return np.asarray(patch.resize((SIZE, SIZE), Image.Resampling.BICUBIC))
