"""Fresh augmentations of whole pictures, for training that starts from the pixels."""

import io
import zipfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image

import catalogue
import data as pictures_of
from data import SIZE


QUARTER = 0.08                     # share of the home photos that lie on their side, as some do that people take


class Views:
    """Pictures to cut from, home photos first: those and the larger catalogue pictures in full, the others as
    thumbnails. `jobs`: (item, 0), or (item, -1) for a stand-in for "not a garment"."""

    def __init__(self, data, seed):
        folder = Path(data)
        home = pictures_of.home_items(data)
        products = [pictures_of.product(row) for row in catalogue.rows(data) if row["split"] == "train"]
        self.items, self.rng = home + products, np.random.default_rng(seed)
        self.pictures = []
        for item in home:
            with Image.open(folder / "clothing" / "images" / f"{item.key}.jpg") as image:
                self.pictures.append(np.asarray(image.convert("RGB")))
        with zipfile.ZipFile(folder / "products" / "images_224.zip") as large:
            for item in products:
                if item.row["has_224"] == "1":
                    with Image.open(io.BytesIO(large.read(f"{item.key}.jpg"))) as image:
                        self.pictures.append(np.asarray(image.convert("RGB")))
                else:
                    self.pictures.append(None)
        small = [len(home) + i for i, item in enumerate(products) if item.row["has_224"] != "1"]
        for row, picture in zip(small, catalogue.thumbs(data, [products[row - len(home)].key for row in small])):
            self.pictures[row] = picture
        self.grounds = [i for i, item in enumerate(home) if item.split == "train"]
        self.homes = len(home)
        self.jobs = [(row, 0) for row in range(len(self.items))] + [(row, -1) for row in self.grounds]

    def batch(self, rows):
        """The pixels of some jobs, as training wants them."""
        jobs = [self.jobs[row] for row in rows]
        pixels = torch.from_numpy(pictures_of.pixel_values(np.stack([self._view(*job) for job in jobs])))
        return (pixels.contiguous(memory_format=torch.channels_last),)

    def _view(self, row, copy):
        rng, picture = self.rng, self.pictures[row]
        if copy < 0:
            return pictures_of.not_a_garment(np.asarray(pictures_of.fit(Image.fromarray(picture))), rng)
        if row >= self.homes and rng.random() < 0.6:
            picture = np.asarray(pictures_of.fit(Image.fromarray(picture)))
            picture = pictures_of.at_home(picture, self.pictures[rng.choice(self.grounds)], rng)
        if row < self.homes and rng.random() < QUARTER:
            picture = np.ascontiguousarray(np.rot90(picture, rng.choice((1, 3))))
        return relight(turned(picture, rng), rng)


def turned(picture, rng):
    """A mirrored, turned, stretched and shifted cut; what lies outside the picture is white."""
    image = Image.fromarray(picture)
    if rng.random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    width, height = image.size
    side = min(width, height)
    angle, stretch = np.deg2rad(rng.normal(0, 8)), np.exp(rng.normal(0, 0.06))
    scale = side / SIZE * np.exp(rng.uniform(-0.28, 0.18))
    cos, sin = np.cos(angle) * scale, np.sin(angle) * scale
    long_x, long_y = (max(0.08 * side, 0.35 * (length - side)) for length in (width, height))
    cx, cy = width / 2 + rng.uniform(-1, 1) * long_x, height / 2 + rng.uniform(-1, 1) * long_y
    a, b, d, e = cos * stretch, sin / stretch, -sin * stretch, cos / stretch
    half = SIZE / 2
    matrix = (a, b, cx - (a + b) * half, d, e, cy - (d + e) * half)
    image = image.transform((SIZE, SIZE), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR,
                            fillcolor=(255, 255, 255))
    return np.asarray(image)


def relight(picture, rng):
    """Other light and contrast, and sometimes a hidden patch."""
    x = picture.astype(np.float32) / 255
    gain = np.exp(rng.normal(0, 0.12)) * np.exp(rng.normal(0, 0.03, 3))
    x = (x - 0.5) * gain.astype(np.float32) + np.float32(0.5 + rng.normal(0, 0.06))
    if rng.random() < 0.25:
        high, wide = rng.integers(SIZE // 10, SIZE // 3, 2)
        top, left = rng.integers(0, SIZE - high), rng.integers(0, SIZE - wide)
        x[top:top + high, left:left + wide] = rng.uniform(0, 1, 3)
    return (np.clip(x, 0, 1) * 255).astype(np.uint8)
