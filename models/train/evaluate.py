"""Measures a pack on validation people and products, through ONNX Runtime, as FlashFit would run it.

    python models/train/evaluate.py --data ../shared/data --pack models/default
"""

import argparse
import re
import time
import tomllib
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

import blip
import clip
import data as pictures_of
import labels
import texts
from captions import captions
from export import sessions

DRAWS = 1000


def softmax(logits):
    e = np.exp(logits - logits.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def interval(values, people, seed=0):
    """(mean, low, high): a 95 % bootstrap interval that draws whole people."""
    values, people = np.asarray(values, float), np.asarray(people)
    names, owner = np.unique(people, return_inverse=True)
    total, count = np.bincount(owner, values), np.bincount(owner)
    draws = np.random.default_rng(seed).integers(0, len(names), (DRAWS, len(names)))
    means = total[draws].sum(1) / count[draws].sum(1)
    return values.mean(), *np.quantile(means, [0.025, 0.975])


class Report:
    """Rows of the model card's table."""

    def __init__(self):
        self.rows = []

    def add(self, name, values, people, percent=True):
        mean, low, high = interval(values, people)
        form = (lambda v: f"{100 * v:.1f} %") if percent else (lambda v: f"{v:.2f}")
        self.rows.append(f"| {name} | {form(mean)} | {form(low)} to {form(high)} | {len(values)} |")
        print(self.rows[-1], flush=True)


def fashion_outputs(models, pictures, size=32):
    """`embeds` and every head's logits for some pictures."""
    names = [o.name for o in models["fashion"].get_outputs()]
    parts = [models["fashion"].run(None, {"pixel_values": pictures_of.pixel_values(pictures[s:s + size])})
             for s in range(0, len(pictures), size)]
    columns = [np.concatenate(column) for column in zip(*parts)]
    return {name.removesuffix("_logits"): column for name, column in zip(names, columns)}


def run_fashion(models, pictures, rows, temperatures):
    """(normalised embeddings, head → calibrated probabilities)."""
    out = fashion_outputs(models, pictures[rows])
    return unit(out["image_embeds"]), {h: softmax(out[h] / temperatures[h]) for h in labels.HEADS}


def ten_table(items):
    """P(one of the ten classes | category, sleeve long or not), counted on annotated training photos."""
    counts = np.full((len(labels.CATEGORIES), 2, 10), 1e-3)
    for item in items:
        if item.domain == "home" and item.split == "train" and item.caption and item.row["label"] in labels.TEN_OF:
            for category in item.labels["category"] if len(item.labels["category"]) == 1 else []:
                long = int(item.labels["sleeve"] == ["long"])
                counts[labels.CATEGORIES.index(category), long, labels.TEN_OF[item.row["label"]]] += 1
    return counts / counts.sum(2, keepdims=True)


def ten_classes(probabilities, table):
    long = probabilities["sleeve"][:, labels.HEADS["sleeve"].index("long")]
    sleeves = np.stack([1 - long, long], 1)
    return np.einsum("nc,ns,cst->nt", probabilities["category"], sleeves, table)


def calibration_error(confidence, right, bins=10):
    edges = np.minimum((confidence * bins).astype(int), bins - 1)
    return sum(abs(confidence[edges == b].mean() - right[edges == b].mean()) * (edges == b).mean()
               for b in np.unique(edges))


def _heads(report, items, rows, people, probabilities, table):
    known = [n for n, r in enumerate(rows) if items[r].row["label"] in labels.TEN_OF]
    truth = np.array([labels.TEN_OF[items[rows[n]].row["label"]] for n in known])
    guess = ten_classes(probabilities, table)[known].argmax(1)
    report.add("ten common classes, top-1", guess == truth, people[known])
    for k in (1, 3):
        named = [n for n, r in enumerate(rows) if len(items[r].labels["category"]) == 1 and items[r].caption]
        truth = np.array([labels.CATEGORIES.index(items[rows[n]].labels["category"][0]) for n in named])
        best = np.argsort(-probabilities["category"][named], 1)[:, :k]
        right = (best == truth[:, None]).any(1)
        report.add(f"category (46 names), top-{k}", right, people[named])
        if k == 1:
            confidence = probabilities["category"][named].max(1)
            error = calibration_error(confidence, right)
            report.rows.append(f"| category, expected calibration error | {error:.3f} | | {len(named)} |")
            for bar in (0.5, 0.8):
                sure = confidence >= bar
                report.add(f"category top-1 where p ≥ {bar} ({100 * sure.mean():.0f} % of photos)", right[sure],
                           people[named][sure])
    for head in ("pattern", "sleeve", "audience", "colour"):
        truth = np.array([labels.HEADS[head].index(items[r].labels[head][0]) for r in rows])
        report.add(f"{head}, top-1", probabilities[head].argmax(1) == truth, people)
    for head in ("formality", "warmth"):
        truth = np.array([float(items[r].labels[head][0]) for r in rows])
        expected = probabilities[head] @ np.arange(1, 6)
        report.add(f"{head}, mean absolute error", np.abs(expected - truth), people, percent=False)
    report.add("home photo taken for a garment", probabilities["garment"][:, 0] > 0.5, people)


def _products(report, items, pictures, models, temperatures):
    rows = np.array([i for i, item in enumerate(items) if item.domain == "product" and item.split == "validation"])
    _, probabilities = run_fashion(models, pictures, rows, temperatures)
    keys = np.array([items[r].key for r in rows])
    allowed = [items[r].labels.get("category", []) for r in rows]
    named = [n for n, a in enumerate(allowed) if a]
    guess = probabilities["category"].argmax(1)
    right = np.array([labels.CATEGORIES[guess[n]] in allowed[n] for n in named])
    report.add("products: category among those its type allows", right, keys[named])
    for value, name in enumerate(labels.HEADS["garment"]):
        some = [n for n, r in enumerate(rows) if items[r].labels.get("garment") == [name]]
        report.add(f"products: {name} recognised", probabilities["garment"][some].argmax(1) == value, keys[some])


def _search(report, items, pictures, models, tok, rows, people):
    images = np.concatenate([unit(models["clip_image"].run(None, {
        "pixel_values": pictures_of.pixel_values(pictures[rows[s:s + 32]])})[0]) for s in range(0, len(rows), 32)])
    found = []
    for row in rows:
        ids, mask = clip.ids_of(tok, [items[row].caption])
        found.append(models["clip_text"].run(None, {"input_ids": ids.numpy(), "attention_mask": mask.numpy()})[0][0])
    scores = unit(np.stack(found)) @ images.T
    rank = (scores > np.diag(scores)[:, None]).sum(1)
    for k in (1, 10):
        report.add(f"caption → its photo among {len(rows)}, recall at {k}", rank < k, people)


def _says(line, value, words):
    options = words.get(value, value.replace("-", " ")).split("|")
    return any(re.search(rf"\b{re.escape(w)}\b", line) for w in options)


def _captions(report, items, pictures, models, tok, rows, people, begin, end, longest, beams):
    lines = []
    for row in rows:
        hidden = models["blip_vision"].run(None, {"pixel_values": pictures_of.pixel_values(pictures[[row]])})[0]
        lines.append(tok.decode(captions(models["blip_decoder"], hidden, begin, end, longest, beams)))
    for title, told in ((f"caption ({beams} beams)", lines), ("for comparison, the annotator's own caption",
                                                              [items[r].caption for r in rows])):
        kind = np.array([_says(t, items[r].labels["category"][0], texts.WORDS) for t, r in zip(told, rows)])
        colour = np.array([_says(t, items[r].labels["colour"][0], texts.COLOUR_WORDS) for t, r in zip(told, rows)])
        report.add(f"{title}: names the type", kind, people)
        report.add(f"{title}: names the colour", colour, people)
        report.add(f"{title}: names both", kind & colour, people)
    return lines


def latency(models):
    """Milliseconds per model on one core: the fastest of 20 runs of one picture or text."""
    x = np.zeros((1, 3, pictures_of.SIZE, pictures_of.SIZE), np.float32)
    ids = np.ones((1, 12), np.int64)
    feeds = {"clip_image": {"pixel_values": x}, "blip_vision": {"pixel_values": x}, "fashion": {"pixel_values": x},
             "clip_text": {"input_ids": ids, "attention_mask": ids},
             "blip_decoder": {"input_ids": ids, "encoder_hidden_states": np.zeros((1, blip.PATCHES + len(blip.TAGS), blip.WIDTH), np.float32)}}
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
    """Prints the table of the model card."""
    items, pictures = pictures_of.load(data, work)
    models = sessions(pack)
    told = tomllib.loads((Path(pack) / "pack.toml").read_text(encoding="utf-8"))
    temperatures = {h["name"]: h["temperature"] for h in told["fashion"]["heads"]}
    rows = np.array([i for i, item in enumerate(items)
                     if item.domain == "home" and item.split == "validation" and item.caption])
    people = np.array([items[r].person for r in rows])
    result = Report()
    _, probabilities = run_fashion(models, pictures, rows, temperatures)
    named = np.array([n for n, r in enumerate(rows) if items[r].labels.get("category")])
    _heads(result, items, rows, people, probabilities, ten_table(items))
    _products(result, items, pictures, models, temperatures)
    _search(result, items, pictures, models, Tokenizer.from_file(str(Path(pack) / "clip_tokenizer.json")), rows, people)
    t = told["blip"]["text"]
    lines = _captions(result, items, pictures, models, Tokenizer.from_file(str(Path(pack) / "blip_tokenizer.json")),
                      rows[named], people[named], t["begin_id"], t["end_id"], t["max_tokens"], t["beams"])
    for line, row in list(zip(lines, rows[named]))[::40]:
        print(f"{line}   [annotated: {items[row].caption}]")
    print({name: f"{ms:.1f} ms" for name, ms in latency(models).items()})
    print("| measure | value | 95 % interval | n |\n|---|---|---|---|\n" + "\n".join(result.rows))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--pack", default=str(Path(__file__).resolve().parent.parent / "default"))
    parser.add_argument("--work", default=str(Path(__file__).resolve().parent / ".work"))
    chosen = parser.parse_args()
    report(chosen.data, chosen.work, chosen.pack)
