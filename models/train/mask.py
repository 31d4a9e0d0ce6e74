"""The mask network: which pixels of a photo are the garment. Trained on garments laid on grounds, then also on home
photos by what it is sure of itself.

    python models/train/mask.py --data ../shared/data --work models/train/.work
"""

import argparse
import csv
import hashlib
import json
import re
import time
import tomllib
from collections import Counter
from pathlib import Path

import numpy as np
import onnxruntime
import torch
import torch.nn.functional as F
from PIL import Image
from scipy import ndimage
from torch import nn

import composites
from backbone import Conv
from checkpoints import pretrained
from data import MEAN, STD, pixel_values
from export import _onnx as write_onnx
from parity import on_white

SIDE = 96                          # the whole photo, stretched to a square
BATCH = 32
LAID = {"first": 1000, "second": 1600}  # composites
ASKED, TEACH = 1200, 700           # home photos that are asked for their masks, and how many teach theirs
STEPS = {"first": 140, "second": 300}
GROUNDS = {"first": 6000, "second": 2000}
# How often a kind of garment is laid: as often as people photograph it, roughly. The rest share what is left.
SHARES = {"Topwear": 0.42, "Bottomwear": 0.17, "Shoes": 0.12, "Dress": 0.03, "Headwear": 0.04, "Bags": 0.04,
          "Sandal": 0.03, "Flip Flops": 0.02, "Innerwear": 0.05}
KEPT = 10                          # blocks of the backbone: to 64 channels at a sixteenth of the size
TAPS = (0, 2, 5, 9)                # the last blocks at 1/2, 1/4, 1/8 and 1/16 of the size
THRESHOLD = 0.5
FILE = "mask.onnx"


class Join(nn.Module):
    """Coarse features enlarged and mixed with finer ones."""

    def __init__(self, coarse, fine, outputs):
        super().__init__()
        self.fine = Conv(fine, outputs, 1)
        self.coarse = Conv(coarse, outputs, 1)
        self.filter = nn.Sequential(Conv(outputs, outputs, 3, groups=outputs), Conv(outputs, outputs, 1))

    def forward(self, coarse, fine):
        wide = F.interpolate(self.coarse(coarse), scale_factor=2, mode="nearest")
        return self.filter(wide + self.fine(fine))


class MaskNet(nn.Module):
    """Pixels [N,3,SIDE,SIDE] → logits [N,1,SIDE,SIDE]. Only what comes after the backbone is trained."""

    def __init__(self, net):
        super().__init__()
        self.backbone = Backbone(net)
        self.whole = Conv(64, 64, 1)
        self.joins = nn.ModuleList([Join(64, 32, 48), Join(48, 24, 32), Join(32, 16, 24)])
        self.out = nn.Conv2d(24, 4, 3, padding=1)

    def forward(self, pixels):
        return self.decode(self.backbone(pixels))

    def decode(self, taps):
        """What the backbone gave, from fine to coarse → logits."""
        x = taps[-1] + self.whole(taps[-1].mean((2, 3), keepdim=True))
        for join, fine in zip(self.joins, taps[-2::-1]):
            x = join(x, fine)
        return F.pixel_shuffle(self.out(x), 2)


class Backbone(nn.Module):
    """The first blocks of MobileNetV2 with their ImageNet weights → features at a half to a sixteenth of the size."""

    def __init__(self, net):
        super().__init__()
        self.stem, self.blocks = net.stem, net.blocks[:KEPT]
        self.requires_grad_(False)

    def forward(self, pixels):
        x, taps = self.stem(pixels), []
        for i, block in enumerate(self.blocks):
            x = block(x)
            if i in TAPS:
                taps.append(x)
        return taps


class Features:
    """Runs the backbone in ONNX Runtime: it is not trained, so each picture goes through it once."""

    def __init__(self, backbone, work, threads):
        path = Path(work) / "mask-backbone.onnx"
        names = [f"tap{i}" for i in TAPS]
        torch.onnx.export(backbone.eval(), (torch.zeros(2, 3, SIDE, SIDE),), str(path), dynamo=False, opset_version=17,
                          input_names=["pixel_values"], output_names=names,
                          dynamic_axes={name: {0: "N"} for name in ["pixel_values", *names]})
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def of(self, pictures):
        """uint8 [N,SIDE,SIDE,3] → a list of f16 arrays."""
        parts = [self.session.run(None, {"pixel_values": pixel_values(pictures[i:i + 32])})
                 for i in range(0, len(pictures), 32)]
        return [np.concatenate([part[k].astype(np.float16) for part in parts]) for k in range(len(TAPS))]


def _cached(path, make):
    """The array at `path`; made first when it is not there."""
    if not path.exists():
        temporary = path.with_suffix(".part.npy")
        np.save(temporary, make())
        temporary.rename(path)
    return np.load(path, mmap_mode="r")


def home_photos(data, work, split="train"):
    """(ids, uint8 [N,GROUND,GROUND,3]) of the home photos of a split, stretched."""
    folder = Path(data) / "clothing"
    with open(folder / "images.csv", newline="", encoding="utf-8") as handle:
        ids = [row["image"] for row in csv.DictReader(handle) if row["split"] == split]

    def read():
        out = np.empty((len(ids), composites.GROUND, composites.GROUND, 3), np.uint8)
        for i, key in enumerate(ids):
            with Image.open(folder / "images" / f"{key}.jpg") as image:
                size = (composites.GROUND, composites.GROUND)
                out[i] = np.asarray(image.convert("RGB").resize(size, Image.Resampling.BILINEAR))
        return out

    return ids, _cached(Path(work) / f"mask-home-{split}.npy", read)


def grounds(photos, work, masks=None):
    """Grounds to lay garments on. Whole photos are used only where `masks` says what to fill in."""
    name = "first" if masks is None else "second"

    def make():
        side, rng = composites.GROUND, np.random.default_rng(31)
        out = np.empty((GROUNDS[name], side, side, 3), np.uint8)
        for i in range(len(out)):
            j = int(rng.integers(len(photos)))
            kind = str(rng.choice(["strip", "corner"], p=[0.7, 0.3])) if masks is None else None
            out[i] = composites.ground(photos[j], None if masks is None else masks[j], rng, kind)
        return out

    return _cached(Path(work) / f"mask-grounds-{name}.npy", make)


def cut_outs(data, work, split="train"):
    """(kind, cut-out) of every usable catalogue picture of a split, in the order of their ids."""
    path = Path(work) / f"mask-cut-{split}.npz"
    if not path.exists():
        np.savez(path, **composites.cut_outs(data, split))
    with np.load(path) as stored:
        return [(key.rsplit("-", 1)[0], stored[key]) for key in stored.files]


class Lessons:
    """Pictures with masks, each made from its own number: composites, or home photos that are sure of theirs."""

    def __init__(self, cuts, grounds):
        self.cuts, self.grounds = cuts, grounds
        counts = Counter(kind for kind, _ in cuts)
        rest = sum(count for kind, count in counts.items() if kind not in SHARES)
        left = 1 - sum(SHARES[kind] for kind in SHARES if kind in counts)
        often = np.array([SHARES[kind] / counts[kind] if kind in SHARES else left / rest for kind, _ in cuts])
        self.often = np.cumsum(often / often.sum())

    def laid(self, number):
        """A garment on a ground: (picture, mask, weight of each pixel)."""
        rng = np.random.default_rng([41, number])
        some = [self.cuts[min(i, len(self.cuts) - 1)][1] for i in np.searchsorted(self.often, rng.random(2))]
        below = [self.grounds[i] for i in rng.integers(len(self.grounds), size=2)]
        squeeze = float(rng.choice([4 / 3, 3 / 4, 16 / 9, 1], p=[0.7, 0.15, 0.05, 0.1]))
        other = some[1] if rng.random() < 0.12 else None
        picture, mask = composites.compose(some[0], below, rng, (SIDE, SIDE), squeeze, other)
        return picture, mask, np.ones_like(mask)


def at_home(photo, told, number):
    """A home photo cut and relit, with the mask that was told of it; unsure pixels weigh nothing."""
    rng = np.random.default_rng([43, number])
    part = composites.GROUND * rng.uniform(0.7, 1.0)
    left, top = rng.uniform(0, composites.GROUND - part, 2)
    flip = rng.random() < 0.5

    def cut(array):
        image = Image.fromarray(np.ascontiguousarray(array))
        image = image.resize((SIDE, SIDE), Image.Resampling.BILINEAR, (left, top, left + part, top + part))
        return np.asarray(image.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if flip else image, np.float32) / 255

    picture, told = composites.kept(composites.relit(cut(photo), rng, 1.0), rng), cut(told)
    return picture, (told > 0.5).astype(np.float32), (np.abs(told - 0.5) > 0.35).astype(np.float32)


def _lesson(made, features):
    """Pictures with masks and weights → what the decoder is trained on."""
    pictures, masks, weights = (np.stack(part) for part in zip(*made))
    return features.of(pictures), masks.astype(np.float16), weights.astype(np.float16)


def _loss(logits, mask, weight):
    """Cross entropy, heavier along the outline, and the overlap (soft Dice)."""
    outline = F.max_pool2d(mask, 5, 1, 2) + F.max_pool2d(-mask, 5, 1, 2)
    weight = weight * (1 + 2 * outline)
    cross = F.binary_cross_entropy_with_logits(logits, mask, reduction="none")
    p = logits.sigmoid()
    both, all_of = (p * mask * weight).sum((1, 2, 3)), ((p + mask) * weight).sum((1, 2, 3))
    return (cross * weight).sum() / weight.sum() + (1 - (2 * both + 1) / (all_of + 1)).mean()


def _train(net, lesson, steps, rate, log):
    """Trains what comes after the backbone, then puts the moving average of its weights in."""
    taps, masks, weights = lesson
    learning = [p for p in net.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(learning, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps, pct_start=0.15)
    average, rng = [p.detach().clone() for p in learning], np.random.default_rng(47)
    started, running = time.time(), None
    for step in range(steps):
        rows = np.sort(rng.choice(len(masks), BATCH, replace=False))
        some = [torch.from_numpy(a[rows].astype(np.float32)) for a in (*taps, masks, weights)]
        loss = _loss(net.decode(some[:-2]), some[-2][:, None], some[-1][:, None])
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learning, 2.0)
        optimiser.step()
        schedule.step()
        keep = min(0.98, (step + 1) / (step + 10))
        with torch.no_grad():
            for slow, fast in zip(average, learning):
                slow.lerp_(fast, 1 - keep)
        running = loss.item() if running is None else 0.95 * running + 0.05 * loss.item()
        if step % 25 == 24:
            log(f"mask: step {step + 1} of {steps}, loss {running:.3f}, {time.time() - started:.0f} s")
    with torch.no_grad():
        for slow, fast in zip(average, learning):
            fast.copy_(slow)


def probabilities(net, features, photos):
    """uint8 [N,GROUND,GROUND]: how sure the network is, asked about each photo and its mirror image."""
    out = np.empty(photos.shape[:3], np.uint8)
    with torch.inference_mode():
        for start in range(0, len(photos), 64):
            some = np.stack([np.asarray(Image.fromarray(p).resize((SIDE, SIDE), Image.Resampling.BILINEAR))
                             for p in photos[start:start + 64]])
            taps, mirrored = ([torch.from_numpy(t.astype(np.float32)) for t in features.of(np.ascontiguousarray(x))]
                              for x in (some, some[:, :, ::-1]))
            p = (net.decode(taps).sigmoid() + net.decode(mirrored).sigmoid().flip(3)) / 2
            p = F.interpolate(p, photos.shape[1:3], mode="bilinear")[:, 0]
            out[start:start + 64] = (p * 255).round().to(torch.uint8).numpy()
    return out


def agreed(photo, told, bins=16):
    """The mask that the network and the photo's colours agree on, 0 to 1: unsure where they do not.

    Colours are the garment's as far as there is more of them where the network sees it than elsewhere.
    """
    p = np.clip(told.astype(np.float32) / 255, 0.02, 0.98)
    index = photo.astype(np.int32) * bins // 256
    index = (index[..., 0] * bins + index[..., 1]) * bins + index[..., 2]
    counts = (np.bincount(index.ravel(), w.ravel(), bins ** 3).reshape([bins] * 3) / w.sum() for w in (p, 1 - p))
    inside, outside = (ndimage.gaussian_filter(count, 0.8) for count in counts)
    by_colour = np.log((inside + 1e-4) / (outside + 1e-4)).ravel()[index]
    by_look = np.log(p / (1 - p))
    together = ndimage.gaussian_filter(0.6 * np.clip(by_colour, -3, 3) + 0.8 * by_look, 0.8)
    return (255 / (1 + np.exp(-1.5 * together))).astype(np.uint8)


def teachers(told, count):
    """The home photos whose masks are surest, of a sensible size and in one piece."""
    found = []
    for i, one in enumerate(told):
        mask = one > 127
        regions, pieces = ndimage.label(mask)
        if 0.06 < mask.mean() < 0.85 and np.bincount(regions.ravel())[1:].max() > 0.85 * mask.sum():
            found.append(((np.abs(one.astype(np.int16) - 127) > 90).mean(), i))
    return [i for _, i in sorted(found)[-count:]]


def train(data, work, log=print, threads=2, lessons=2):
    """The network after one lesson or two. `work` keeps what takes long to make."""
    Path(work).mkdir(parents=True, exist_ok=True)
    torch.manual_seed(17)
    net = MaskNet(pretrained(data, "keras"))
    stored = [Path(work) / f"mask-{name}.pt" for name in STEPS]
    if stored[lessons - 1].exists():
        net.load_state_dict(torch.load(stored[lessons - 1]))
        return net
    cuts, (_, photos) = cut_outs(data, work), home_photos(data, work)
    features = Features(net.backbone, work, threads)
    pupil = Lessons(cuts, grounds(photos, work))
    log(f"mask: {len(cuts)} cut-outs, {len(pupil.grounds)} grounds, {len(photos)} home photos")
    made = [pupil.laid(i) for i in range(LAID["first"])]
    if stored[0].exists():
        net.load_state_dict(torch.load(stored[0]))
    else:
        _train(net, _lesson(made, features), STEPS["first"], 4e-3, log)
        torch.save(net.state_dict(), stored[0])
    if lessons > 1:
        made += _second(net, features, cuts, (photos, work), log)
        _train(net, _lesson(made, features), STEPS["second"], 2e-3, log)
        torch.save(net.state_dict(), stored[1])
    return net


def _second(net, features, cuts, home, log):
    """What the second lesson adds: home photos with the masks agreed on, and garments on whole home photos."""
    photos, work = home
    asked = photos[np.sort(np.random.default_rng(53).choice(len(photos), ASKED, replace=False))]
    told = probabilities(net, features, asked)
    told = np.stack([agreed(photo, one) for photo, one in zip(asked, told)])
    rows = teachers(told, TEACH)
    pupil = Lessons(cuts, grounds(asked, work, told > 100))
    log(f"mask: {len(rows)} of {ASKED} home photos teach")
    made = [pupil.laid(LAID["first"] + i) for i in range(LAID["second"])]
    return made + [at_home(asked[i], told[i], i) for i in rows]


def section(threshold=THRESHOLD):
    """`[mask]` of pack.toml."""
    return f"""
[mask]
threshold = {threshold}

[mask.image]
dimension = 1
height = {SIDE}
width = {SIDE}
resize = "stretch"
interpolation = "bilinear"
mean = [{MEAN}, {MEAN}, {MEAN}]
std = [{STD}, {STD}, {STD}]
"""


def add(net, pack):
    """Puts the network into the pack in a folder: writes mask.onnx, and says so in its pack.toml."""
    pack = Path(pack)
    temporary = pack / ".mask.onnx.part"
    write_onnx(net, (torch.zeros(2, 3, SIDE, SIDE),), temporary, ["pixel_values"], ["mask_logits"],
               {"pixel_values": {0: "N"}, "mask_logits": {0: "N"}})
    check_batches(temporary)
    temporary.replace(pack / FILE)
    describe(pack)


def describe(pack):
    """Says in the pack.toml of a pack that has a mask.onnx which one it is."""
    text = (pack / "pack.toml").read_text(encoding="utf-8")
    text = re.sub(r"\n\[mask\]\n.*?(?=\n\[(?!mask)|\Z)", "", text, flags=re.DOTALL)
    text = re.sub(rf'"{re.escape(FILE)}" = .*\n', "", text)
    digest = hashlib.sha256((pack / FILE).read_bytes()).hexdigest()
    text = re.sub(r'("fashion\.onnx" = .*\n)', rf'\1"{FILE}" = "{digest}"\n', text)
    temporary = pack / ".pack.toml.part"
    temporary.write_text(text.rstrip("\n") + "\n" + section(), encoding="utf-8")
    temporary.replace(pack / "pack.toml")


def check_batches(path):
    """Asserts that a picture gets the same bits alone and among eight."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    x = np.random.default_rng(59).uniform(-1, 1, (8, 3, SIDE, SIDE)).astype(np.float32)
    together = session.run(None, {"pixel_values": x})[0]
    assert together.shape == (8, 1, SIDE, SIDE) and np.isfinite(together).all(), together.shape
    for i in range(len(x)):
        assert np.array_equal(session.run(None, {"pixel_values": x[i:i + 1]})[0][0], together[i]), i


def parity(pack, fixture):
    """Writes what the network says of the pictures in the folder of a fixture, for the Rust tests."""
    session = onnxruntime.InferenceSession(str(Path(pack) / FILE), providers=["CPUExecutionProvider"])
    told = tomllib.loads((Path(pack) / "pack.toml").read_text(encoding="utf-8"))
    out = {"mask": told["files"][FILE], "pictures": []}
    for path in sorted(Path(fixture).glob("*.png")):
        with Image.open(path) as image:
            small = on_white(image).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
        logits = session.run(None, {"pixel_values": pixel_values(np.asarray(small)[None])})[0][0, 0]
        places = [(y, x) for y in range(8, SIDE, 20) for x in range(8, SIDE, 20)]
        out["pictures"].append({"file": path.name, "logits": [
            {"at": [y, x], "value": round(float(logits[y, x]), 4)} for y, x in places]})
    (Path(fixture) / "mask.json").write_text(json.dumps(out) + "\n", encoding="utf-8")


def arguments():
    here = Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="folder of the data sets")
    parser.add_argument("--work", default=str(here / ".work"), help="caches; may be deleted at any time")
    parser.add_argument("--out", default=str(here.parent / "default"), help="the pack that gets the network")
    parser.add_argument("--fixture", default=str(here.parent.parent / "tests" / "fixtures" / "pack_parity"))
    parser.add_argument("--lessons", type=int, choices=(1, 2), default=2, help="1: only garments laid on grounds")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    net = train(options.data, options.work, lambda line: print(line, flush=True), options.threads, options.lessons)
    add(net, options.out)
    parity(options.out, options.fixture)


if __name__ == "__main__":
    main()
