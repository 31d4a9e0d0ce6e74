"""Caches what the frozen part of a backbone makes of every picture and of its augmented copies.

The frozen part runs once, in ONNX Runtime, which is several times faster on a CPU than training through it.
"""

from pathlib import Path

import numpy as np
import onnxruntime
import torch
import torch.nn.functional as F
from torch import nn

import data as pictures_of
from checkpoints import pretrained

COPIES = {"home": 4, "product": 2}          # the picture itself and augmented copies
FAKES = {"train": 700, "validation": 150}   # pictures of no garment, cut from home photos of that split
BATCH = 16


class Trunk(nn.Module):
    """The frozen blocks alone."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, pixels):
        return self.net.early(pixels, self.net.shape.frozen)


def plan(items):
    """The list of (item, copy): copy 0 is the picture itself, 1.. are augmented, -1 is no garment."""
    rng = np.random.default_rng(11)
    jobs = []
    for split, count in FAKES.items():
        homes = [i for i, item in enumerate(items) if item.domain == "home" and item.split == split]
        jobs += [(int(i), -1) for i in rng.choice(homes, count)]
    clean = [(i, 0) for i in range(len(items))]
    copies = [(i, c) for c in range(1, max(COPIES.values())) for i, item in enumerate(items)
              if item.split == "train" and c < COPIES[item.domain] and item.is_large()]
    return clean + jobs + copies


def picture(pictures, item, copy, domain="home", grounds=()):
    """A job's picture; `grounds` are the home photos that products are laid on."""
    rng = np.random.default_rng((item, copy + 1))
    if copy == 0:
        return pictures[item]
    if copy < 0:
        return pictures_of.not_a_garment(pictures[item], rng)
    if domain == "product" and rng.random() < 0.8:
        return pictures_of.augment(pictures_of.at_home(pictures[item], pictures[rng.choice(grounds)], rng), rng)
    return pictures_of.augment(pictures[item], rng)


def _export_trunk(net, path):
    sample = torch.zeros(2, 3, pictures_of.SIZE, pictures_of.SIZE)
    torch.onnx.export(Trunk(net).eval(), (sample,), str(path), dynamo=False, opset_version=17,
                      input_names=["x"], output_names=["y"], dynamic_axes={"x": {0: "n"}, "y": {0: "n"}})


class Features:
    """`kept[j]` f16 [96,GRID,GRID] and `small[j]` u8 [SIZE/4,SIZE/4,3] for every job j of `jobs`."""

    def __init__(self, items, jobs, kept, small):
        self.items, self.jobs, self.kept, self.small = items, jobs, kept, small

    def batch(self, rows):
        """The tensors of some jobs, as training wants them."""
        kept = torch.from_numpy(self.kept[rows].astype(np.float32))
        small = torch.from_numpy(pictures_of.pixel_values(self.small[rows]))
        return kept, F.avg_pool2d(small, 2)


def cached(data, work, which, threads=2):
    """The features of every job for checkpoint `which`; computed at the first call."""
    items, pictures = pictures_of.load(data, work)
    jobs = plan(items)
    work = Path(work)
    done = work / f"features-{which}-{pictures_of.SIZE}-{len(jobs)}.ok"
    paths = [work / f"{name}-{which}-{pictures_of.SIZE}-{len(jobs)}.npy" for name in ("kept", "small")]
    if not done.exists():
        net = pretrained(data, which)
        grounds = [i for i, item in enumerate(items) if item.domain == "home" and item.split == "train"]
        trunk = work / f"trunk-{which}.onnx"
        _export_trunk(net, trunk)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        session = onnxruntime.InferenceSession(str(trunk), options, providers=["CPUExecutionProvider"])
        grid, side = pictures_of.SIZE // 16, pictures_of.SIZE // 4
        kept = np.lib.format.open_memmap(paths[0], "w+", np.float16, (len(jobs), 96, grid, grid))
        small = np.lib.format.open_memmap(paths[1], "w+", np.uint8, (len(jobs), side, side, 3))
        for start in range(0, len(jobs), BATCH):
            stack = np.stack([picture(pictures, item, copy, items[item].domain, grounds)
                              for item, copy in jobs[start:start + BATCH]])
            kept[start:start + BATCH] = session.run(None, {"x": pictures_of.pixel_values(stack)})[0]
            pooled = stack.reshape(-1, side, 4, side, 4, 3).mean((2, 4), dtype=np.float32)
            small[start:start + BATCH] = (pooled + 0.5).astype(np.uint8)
            if start % (BATCH * 25) == 0:
                print(f"features {which}: {start}/{len(jobs)}", flush=True)
        kept.flush()
        small.flush()
        done.touch()
    return Features(items, jobs, np.load(paths[0], mmap_mode="r"), np.load(paths[1], mmap_mode="r"))
