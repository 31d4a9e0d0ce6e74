"""Runs a finished pack for training and for the Rust tests' fixture, and times its networks.

How good it is, `flashfit eval models` measures.

    python models/train/evaluate.py --pack models/default
"""

import argparse
import time
import tomllib
from pathlib import Path

import numpy as np

import data as pictures_of
from export import sessions


def softmax(logits):
    e = np.exp(logits - logits.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def fashion_outputs(models, pictures, size=32):
    """`embeds` and every head's logits for some pictures."""
    names = [o.name for o in models["fashion"].get_outputs()]
    parts = [models["fashion"].run(None, {"pixel_values": pictures_of.pixel_values(pictures[s:s + size])})
             for s in range(0, len(pictures), size)]
    columns = [np.concatenate(column) for column in zip(*parts)]
    return {name.removesuffix("_logits"): column for name, column in zip(names, columns)}


def latency(models, side):
    """Milliseconds per network on one core: the fastest of 20 runs of one picture, 12 tokens or one step."""
    x = np.zeros((1, 3, side, side), np.float32)
    ids = np.ones((1, 12), np.int64)
    hidden = models["blip_vision"].run(None, {"pixel_values": x})[0]
    feeds = {"clip_image": {"pixel_values": x}, "blip_vision": {"pixel_values": x}, "fashion": {"pixel_values": x},
             "clip_text": {"input_ids": ids, "attention_mask": ids},
             "blip_decoder": {"input_ids": ids, "encoder_hidden_states": hidden}}
    out = {}
    for name, feed in feeds.items():
        times = []
        for _ in range(20):
            start = time.perf_counter()
            models[name].run(None, feed)
            times.append(time.perf_counter() - start)
        out[name] = 1000 * min(times)
    return out


def report(data, work, pack):
    """Prints how long each network takes, and what measures the rest on which data."""
    told = tomllib.loads((Path(pack) / "pack.toml").read_text(encoding="utf-8"))
    times = latency(sessions(pack), told["fashion"]["image"]["height"])
    print(", ".join(f"{name} {ms:.1f} ms" for name, ms in times.items()))
    print(f"what it is worth: scripts/eval --data {data}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--pack", default=str(Path(__file__).resolve().parent.parent / "default"))
    chosen = parser.parse_args()
    report(chosen.data, None, chosen.pack)
