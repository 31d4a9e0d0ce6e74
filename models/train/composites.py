"""Garments laid on grounds: pictures whose mask is known, to train and to measure the mask network on.

A catalogue picture on white gives a cut-out. What it is laid on comes from home photos: the whole photo with its
garment filled in from around it, a strip of its border repeated, an enlarged corner, or two of them side by side.
"""

import csv
import io
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from scipy import ndimage

from data import on_white_mask

GROUND = 144                       # side of a ground: home photos are squeezed to it
WHOLE = (0.08, 0.80)               # share of a catalogue picture that a usable cut-out covers
SKIN = 0.10                        # with more skin than this, a person is in the picture
NO_GARMENTS = {"Personal Care", "Sporting Goods", "Free Items"}


def cut_out(picture, worn):
    """RGBA of what is on the white of a catalogue picture, cut to its box; None when that cannot be told.

    `worn`: people may wear it, so a picture with much skin is left out.
    """
    mask = on_white_mask(picture)
    if not WHOLE[0] < mask.mean() < WHOLE[1]:
        return None
    regions, count = ndimage.label(mask > 0.5)
    sizes = ndimage.sum_labels(np.ones_like(mask), regions, range(1, count + 1))
    solid = mask * np.isin(regions, 1 + np.flatnonzero(sizes >= 0.04 * sizes.max()))
    # A white garment is eaten by the white around it: its outline is torn.
    core = ndimage.binary_opening(solid > 0.5, iterations=2)
    if core.sum() < 0.8 * (solid > 0.5).sum():
        return None
    red, green, blue = (picture[:, :, i].astype(np.float32) for i in range(3))
    skin = (red > 95) & (red - green > 15) & (red - green < 75) & (green > blue)
    skin &= (red - blue > 25) & (red - blue < 120)
    if worn and (skin & (solid > 0.5)).sum() > SKIN * (solid > 0.5).sum():
        return None
    ys, xs = np.flatnonzero(solid.max(1) > 0.1), np.flatnonzero(solid.max(0) > 0.1)
    rgba = np.dstack([picture, (solid * 255).astype(np.uint8)])
    return np.ascontiguousarray(rgba[ys[0]:ys[-1] + 1, xs[0]:xs[-1] + 1])


def cut_outs(data, split):
    """"Kind-id" → cut-out of the larger catalogue pictures of garments in a split."""
    folder = Path(data) / "products"
    with open(folder / "products.csv", newline="", encoding="utf-8") as handle:
        rows = [row for row in csv.DictReader(handle) if row["has_224"] == "1" and row["split"] == split]
    found = {}
    with zipfile.ZipFile(folder / "images_224.zip") as archive:
        for row in sorted(rows, key=lambda row: int(row["id"])):
            if row["masterCategory"] in NO_GARMENTS:
                continue
            with Image.open(io.BytesIO(archive.read(f"{row['id']}.jpg"))) as image:
                cut = cut_out(np.asarray(image.convert("RGB")), row["masterCategory"] == "Apparel")
            if cut is not None:
                found[f"{row['subCategory']}-{row['id']}"] = cut
    return found


def filled(photo, mask):
    """The photo with what `mask` covers mirrored in from around it, then blurred a little."""
    mask = ndimage.binary_dilation(mask, iterations=5)
    if mask.mean() > 0.85:
        return None
    rows, columns = ndimage.distance_transform_edt(mask, return_distances=False, return_indices=True)
    ys, xs = np.indices(mask.shape)
    far_y = np.clip(2 * rows - ys, 0, mask.shape[0] - 1)
    far_x = np.clip(2 * columns - xs, 0, mask.shape[1] - 1)
    lost = mask[far_y, far_x]
    far_y, far_x = np.where(lost, rows, far_y), np.where(lost, columns, far_x)
    whole = photo[far_y, far_x]
    soft = np.asarray(Image.fromarray(whole).filter(ImageFilter.GaussianBlur(1.2)))
    return np.where(mask[:, :, None], soft, photo)


def ground(photo, mask, rng, kind=None):
    """A ground [GROUND,GROUND,3] made from one home photo whose garment is roughly `mask`."""
    kind = kind or rng.choice(["whole", "strip", "corner"], p=[0.45, 0.35, 0.2])
    size = photo.shape[0]
    out = filled(photo, mask) if kind == "whole" else None
    if kind == "strip" or (kind == "whole" and out is None):
        wide = int(size * rng.uniform(0.08, 0.16))
        turns = int(rng.integers(4))
        strip = np.rot90(photo, turns)[:, :wide]
        pair = np.concatenate([strip, strip[:, ::-1]], 1)
        out = np.rot90(np.tile(pair, (1, size // pair.shape[1] + 1, 1))[:, :size], -turns)
    elif kind == "corner":
        side = int(rng.integers(size // 6, size // 3))
        top, left = int(rng.choice([0, size - side])), int(rng.choice([0, size - side]))
        out = photo[top:top + side, left:left + side]
    image = Image.fromarray(np.ascontiguousarray(out))
    return np.asarray(image.resize((GROUND, GROUND), Image.Resampling.BICUBIC))


def relit(x, rng, strength):
    """Contrast, brightness, a colour cast, and light that falls off to one side."""
    x = (x - 0.5) * np.exp(rng.normal(0, 0.16 * strength)) + 0.5 + rng.normal(0, 0.07 * strength)
    x = x * np.exp(rng.normal(0, 0.06 * strength, 3)).astype(np.float32)
    ramp = np.linspace(-1, 1, x.shape[0])[:, None] * rng.normal() + np.linspace(-1, 1, x.shape[1])[None] * rng.normal()
    return x * (1 + 0.08 * strength * ramp[:, :, None].astype(np.float32))


def _repainted(x, rng):
    """The garment in other colours: inverted, with channels swapped, tinted, washed out."""
    if rng.random() < 0.18:
        x = 1 - x
    if rng.random() < 0.3:
        x = x[:, :, rng.permutation(3)]
    if rng.random() < 0.25:
        grey = x.mean(2, keepdims=True)
        x = grey + (x - grey) * np.float32(rng.uniform(0, 0.8))
    if rng.random() < 0.3:
        low, high = np.sort(rng.uniform(0, 1, 2))
        x = low + x * max(high - low, 0.25)
    if rng.random() < 0.2:
        x = x * rng.uniform(0.3, 1, 3).astype(np.float32)
    return np.clip(x, 0, 1).astype(np.float32)


def laid(cut, size, rng, scale, squeeze=1.0, drift=0.08):
    """RGBA [h,w,4] of a cut-out turned, sized and placed on nothing; `scale` is its longer side in the picture's."""
    width, height = size
    h, w = cut.shape[:2]
    mirror = -1.0 if rng.random() < 0.5 else 1.0
    angle = rng.normal(0, 12) if rng.random() < 0.85 else rng.uniform(-180, 180)
    cos, sin = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    skew = rng.normal(0, 0.06)
    grow = scale * min(width / squeeze, height) / max(h, w * 0.9)
    forth = np.array([[squeeze, 0], [0, 1]]) @ np.array([[cos, -sin], [sin, cos]])
    forth = forth @ np.array([[mirror, skew], [0, 1]]) * grow
    back = np.linalg.inv(forth)
    middle = np.array([width * (0.5 + rng.normal(0, drift)), height * (0.5 + rng.normal(0, drift))])
    shift = np.array([w / 2, h / 2]) - back @ middle
    matrix = (*back[0], shift[0], *back[1], shift[1])
    shrink = 1 / grow
    image = Image.fromarray(cut)
    if shrink > 1.4:               # a transform does not average
        image = image.resize((max(1, int(w / shrink)), max(1, int(h / shrink))), Image.Resampling.BILINEAR)
        fx, fy = image.width / w, image.height / h
        matrix = tuple(np.array(matrix) * [fx, fx, fx, fy, fy, fy])
    return np.asarray(image.transform(size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR))


def _blurred(plane, radius):
    return np.asarray(Image.fromarray((plane * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(radius)),
                      np.float32) / 255


def _hanger(below, mask, rng):
    """Draws a hanger that comes out above the garment."""
    image, (h, w) = Image.fromarray((below * 255).astype(np.uint8)), mask.shape
    ys, xs = np.nonzero(mask > 0.5)
    if not len(ys):
        return below
    top = int(np.quantile(ys, 0.01))
    x = int(np.median(xs[ys <= top + 3]))
    colour = tuple(int(v) for v in rng.choice([20, 90, 160, 230]) * rng.uniform(0.8, 1, 3))
    draw, thick = ImageDraw.Draw(image), max(1, round(h * rng.uniform(0.008, 0.025)))
    reach, drop = int(w * rng.uniform(0.12, 0.25)), int(h * rng.uniform(0.04, 0.1))
    for side in (-1, 1):
        draw.line((x, top - drop // 3, x + side * reach, top + drop), fill=colour, width=thick)
    draw.line((x, top - drop // 3, x, top - drop), fill=colour, width=max(1, thick // 2))
    hook = (x - drop // 2, top - 2 * drop, x + drop // 2, top - drop)
    draw.arc(hook, 180, 450, fill=colour, width=max(1, thick // 2))
    return np.asarray(image, np.float32) / 255


def _spread(one, size, rng):
    """A ground in the picture's size: a random part of it, turned and mirrored."""
    part = GROUND * rng.uniform(0.55, 1.0)
    left, top = rng.uniform(0, GROUND - part, 2)
    image = Image.fromarray(np.ascontiguousarray(np.rot90(one, int(rng.integers(4)))))
    image = image.resize(size, Image.Resampling.BILINEAR, (left, top, left + part, top + part))
    return np.asarray(image, np.float32) / 255


def _two(first, second, rng):
    """Two grounds with a straight edge between them: a bed on a floor, a floor before a wall."""
    h, w = first.shape[:2]
    angle = rng.uniform(0, 2 * np.pi)
    ys, xs = np.indices((h, w), np.float32)
    across = (xs / w - 0.5) * np.cos(angle) + (ys / h - 0.5) * np.sin(angle) - rng.uniform(-0.35, 0.35)
    return np.where((across > 0)[:, :, None], first, second)


def compose(cut, grounds, rng, size, squeeze=1.0, other=None, repaint=True):
    """(picture uint8 [h,w,3], mask f32 [h,w]): a cut-out on one ground or two, in some light, as a phone keeps it.

    `other` is a cut-out that is in the way at the edge of the picture, under the garment.
    """
    width, height = size
    below = _spread(grounds[0], size, rng)
    if len(grounds) > 1 and rng.random() < 0.35:
        below = _two(below, _spread(grounds[1], size, rng), rng)
    below = relit(below, rng, 1.0)
    if other is not None:
        piece = laid(other, size, rng, rng.uniform(0.2, 0.45), squeeze, 0.0)
        shift = [int(s * rng.choice([-1, 1]) * rng.uniform(0.38, 0.5)) for s in (height, width)]
        piece = np.roll(piece, shift, (0, 1)).astype(np.float32) / 255
        below = below + (piece[:, :, :3] - below) * piece[:, :, 3:]
    scale = rng.uniform(0.4, 1.1) if rng.random() < 0.9 else rng.uniform(1.1, 1.5)
    top = laid(cut, size, rng, scale, squeeze).astype(np.float32) / 255
    mask = np.clip((top[:, :, 3] - 0.15) / 0.7, 0, 1)
    if rng.random() < 0.25:
        below = _hanger(np.clip(below, 0, 1), mask, rng)
    drop = (int(rng.integers(-3, 7) * height / 128), int(rng.integers(-5, 6) * width / 128))
    shadow = np.roll(_blurred(mask, rng.uniform(0.8, 6) * width / 128), drop, (0, 1)) * rng.uniform(0, 0.6)
    below = below * (1 - (shadow * (1 - mask))[:, :, None])
    over = relit(_repainted(top[:, :, :3], rng) if repaint else top[:, :, :3], rng, 1.2)
    x = relit(below + (over - below) * mask[:, :, None], rng, 0.7)
    return kept(x, rng), mask


def kept(x, rng):
    """What a phone makes of it: blur, noise, JPEG."""
    image = Image.fromarray((np.clip(x, 0, 1) * 255).astype(np.uint8))
    if rng.random() < 0.3:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.0)))
    if rng.random() < 0.4:
        noisy = np.asarray(image, np.float32) + rng.normal(0, rng.uniform(1, 9), (image.height, image.width, 1))
        image = Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))
    if rng.random() < 0.5:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=int(rng.integers(40, 92)))
        image = Image.open(buffer).convert("RGB")
    return np.asarray(image)
