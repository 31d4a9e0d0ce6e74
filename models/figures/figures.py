"""Draws what `flashfit eval models --json` wrote down.

    python models/figures/figures.py --json told.json --drawings DIR
    python models/figures/figures.py --json told.json --gallery test-results/gallery --photos ../shared/data/clothing

The figures go to docs/images/models. Galleries show people's photos and stay in a folder that is not committed.
"""

import argparse
import csv
import json
from pathlib import Path

import numpy as np
from PIL import Image

import gallery
from style import BLUE, FAINT, INK, LINES, NORMAL, QUIET, SHADES, SMALL, TITLE, WIDTH, plt, save

PROJECT = Path(__file__).resolve().parent.parent.parent
CURVES = PROJECT / "models" / "train" / "curves.csv"
WORDS = PROJECT / "models" / "train" / "words.json"    # its categories are in the order of the vocabulary
CLASSES = "t-shirt longsleeve pants shoes shirt dress outwear shorts hat skirt".split()
HEADS = ["category", "pattern", "sleeve", "audience", "formality", "warmth"]
BINS = 10
# Rarer categories are left out of the matrix: a row of three photos says nothing.
LEAST_PHOTOS = 5
# Drawn garments that are shown, by file.
SHOWN = ["navy-striped-tee", "red-checked-shirt", "camel-sweater", "blue-jeans", "floral-summer-dress", "denim-jacket",
         "pleated-sage-skirt", "navy-blazer", "khaki-shorts"]


def likeliest(shares):
    return max(shares, key=shares.get)


def matrix(pairs, rows, columns):
    """Counts of (truth, said), and how many there are of each truth."""
    counts = np.zeros((len(rows), len(columns)))
    for truth, said in pairs:
        if truth in rows:
            counts[rows.index(truth), columns.index(said if said in columns else columns[-1])] += 1
    totals = counts.sum(1)
    return counts / np.maximum(totals, 1)[:, None], totals


def draw_matrix(title, shares, totals, names, size, write_from):
    """Row-normalised; numbers in per cent from `write_from` up."""
    rows, columns = names
    figure, axes = plt.subplots(figsize=size)
    axes.imshow(shares, cmap=SHADES, vmin=0, vmax=1, aspect="equal")
    axes.set_xticks(range(len(columns)), columns, rotation=90)
    axes.set_yticks(range(len(rows)), rows)
    axes.set_xticks(np.arange(len(columns)) - 0.5, minor=True)
    axes.set_yticks(np.arange(len(rows)) - 0.5, minor=True)
    axes.grid(which="minor", color="white", linewidth=1.0)
    axes.tick_params(which="minor", size=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    digits = SMALL if len(rows) <= 12 else SMALL - 3
    for y in range(len(rows)):
        for x in range(len(columns)):
            if shares[y, x] >= write_from:
                axes.text(x, y, f"{100 * shares[y, x]:.0f}", ha="center", va="center", fontsize=digits,
                          color="white" if shares[y, x] > 0.55 else INK)
        axes.text(len(columns) - 0.3, y, f"{totals[y]:.0f}", va="center", color=QUIET, fontsize=SMALL)
    axes.text(len(columns) - 0.3, -1, "n", va="center", color=QUIET, fontsize=SMALL)
    axes.set_xlabel("said, % of the row")
    axes.set_ylabel("true")
    axes.set_title(title, fontsize=TITLE, loc="left", pad=12)
    return figure


def classes(told):
    known = [p for p in told["photos"] if p["class"] and p["classes"]]
    shares, totals = matrix([(p["class"], likeliest(p["classes"])) for p in known], CLASSES, CLASSES)
    return draw_matrix("Ten common classes", shares, totals, (CLASSES, CLASSES), (WIDTH, WIDTH), 0.015)


def categories(told):
    pairs = [(p["truth"]["type"], likeliest(p["heads"]["category"])) for p in told["photos"]]
    vocabulary = json.loads(WORDS.read_text(encoding="utf-8"))["category"]
    truths = [truth for truth, _ in pairs]
    rows = [name for name in vocabulary if truths.count(name) >= LEAST_PHOTOS]
    columns = [*rows, "any other"]
    shares, totals = matrix(pairs, rows, columns)
    side = WIDTH * 1.25
    title = f"Categories with {LEAST_PHOTOS} photos or more"
    return draw_matrix(title, shares, totals, (rows, columns), (side, side), 0.1)


def reliability(told):
    figure, grid = plt.subplots(3, 2, figsize=(WIDTH, WIDTH * 1.35), sharex=True, sharey=True)
    for name, axes in zip(HEADS, grid.flat):
        known = [p for p in told["photos"] if name in p["right"]]
        said = np.array([max(p["heads"][name].values()) for p in known])
        right = np.array([p["right"][name] for p in known], float)
        bins = np.minimum((said * BINS).astype(int), BINS - 1)
        axes.plot([0, 1], [0, 1], color=FAINT, linewidth=1.2, zorder=1)
        error = 0.0
        for b in np.unique(bins):
            some = bins == b
            x, y, share = said[some].mean(), right[some].mean(), some.mean()
            error += abs(x - y) * share
            # Wilson's interval of the share that is right.
            n, z = some.sum(), 1.96
            middle, half = (y + z * z / 2 / n) / (1 + z * z / n), z * np.sqrt(y * (1 - y) / n + z * z / 4 / n / n) / (1 + z * z / n)
            axes.plot([x, x], [middle - half, middle + half], color=BLUE, linewidth=1, alpha=0.5, zorder=2, clip_on=False)
            axes.scatter(x, y, s=8 + 260 * share, color=BLUE, alpha=0.85, linewidths=0, zorder=3, clip_on=False)
        axes.set_title(f"{name}  ·  error {error:.3f}", loc="left", fontsize=NORMAL)
        axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
        axes.set_xticks([0, 0.5, 1], ["0", "50 %", "100 %"])
        axes.set_yticks([0, 0.5, 1], ["0", "50 %", "100 %"])
        axes.grid(True)
        axes.set_axisbelow(True)
    figure.supxlabel("probability given", fontsize=NORMAL, color=QUIET)
    figure.supylabel("share that was right", fontsize=NORMAL, color=QUIET)
    figure.suptitle("Is it as sure as it is right?", fontsize=TITLE, x=0.02, ha="left")
    figure.tight_layout()
    return figure


def curves(path):
    """Lines with their intervals: columns curve, x, y, low, high."""
    with open(path, newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    names = list(dict.fromkeys(row["curve"] for row in rows))
    figure, axes = plt.subplots(figsize=(WIDTH, WIDTH * 0.7))
    every_x = [float(row["x"]) for row in rows]
    for n, name in enumerate(names):
        points = sorted([float(row[c] or "nan") for c in ("x", "y", "low", "high")] for row in rows if row["curve"] == name)
        x, y, low, high = np.array(points).T
        colour = LINES[n % len(LINES)]
        axes.fill_between(x, low, high, color=colour, alpha=0.13, linewidth=0)
        axes.plot(x, y, color=colour, linewidth=1.6, marker="o", markersize=3)
        axes.annotate(name, (x[-1], y[-1]), xytext=(6, 0), textcoords="offset points", va="center", color=colour)
    if min(every_x) > 0 and max(every_x) > 20 * min(every_x):
        axes.set_xscale("log")
    if max(float(row["y"]) for row in rows) <= 1:
        axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
    axes.grid(True, axis="y")
    axes.set_xlabel("pictures to learn from")
    axes.set_title("What more pictures bring", fontsize=TITLE, loc="left", pad=10)
    return figure


def examples(told, drawings):
    """Drawn garments with what the models say of them."""
    pictures = {Path(p["file"]).stem: p for p in told["pictures"]}
    shown = [name for name in SHOWN if name in pictures]
    across = 3
    down = -(-len(shown) // across)
    figure, grid = plt.subplots(down, across, figsize=(WIDTH * 1.25, down * 3.1))
    for axes in grid.flat:
        axes.axis("off")
    for name, axes in zip(shown, grid.flat):
        picture = pictures[name]
        with Image.open(Path(drawings) / picture["file"]) as image:
            axes.imshow(image.convert("RGB").resize((240, 300), Image.Resampling.LANCZOS))
        kind = likeliest(picture["heads"]["category"])
        share = picture["heads"]["category"][kind]
        axes.text(0, 318, f"{kind}  {100 * share:.0f} %", fontsize=NORMAL, fontweight="bold", va="top")
        left = 0.0
        for colour in picture["colours"]:
            axes.add_patch(plt.Rectangle((left, 343), 240 * colour["share"], 12, color=colour["hex"], linewidth=0, clip_on=False))
            left += 240 * colour["share"]
        axes.add_patch(plt.Rectangle((0, 343), 240, 12, fill=False, edgecolor=FAINT, linewidth=0.5, clip_on=False))
        named = ", ".join(dict.fromkeys(c["name"] for c in picture["colours"][:3]))
        axes.text(0, 362, named, fontsize=SMALL, color=QUIET, va="top")
        axes.text(0, 384, gallery.wrapped(f"“{picture['caption']}”", 26), fontsize=SMALL, va="top", linespacing=1.25)
    figure.subplots_adjust(left=0.02, right=0.98, top=0.99, bottom=0.09, wspace=0.12, hspace=0.62)
    return figure


def save_small(figure, folder, name, preview):
    """As PNG of few colours: it holds pictures."""
    path = folder / f"{name}.png"
    figure.savefig(path, dpi=100, bbox_inches="tight", pad_inches=0.08)
    plt.close(figure)
    with Image.open(path) as image:
        image.convert("RGB").quantize(160, kmeans=3, dither=Image.Dither.NONE).save(path, optimize=True)
    if preview:
        (preview / path.name).write_bytes(path.read_bytes())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", required=True, help="what `flashfit eval models --json` wrote")
    parser.add_argument("--drawings", help="what `flashfit demo --export` wrote: draw the examples, too")
    parser.add_argument("--out", default=str(PROJECT / "docs" / "images" / "models"))
    parser.add_argument("--preview", help="write every figure as PNG here, too")
    parser.add_argument("--gallery", help="write galleries of photos here instead")
    parser.add_argument("--photos", help="the data set with the photos of the galleries")
    chosen = parser.parse_args()
    told = json.loads(Path(chosen.json).read_text(encoding="utf-8"))
    if chosen.gallery:
        gallery.write(told, Path(chosen.photos or parser.error("--gallery needs --photos")), Path(chosen.gallery))
        return
    out, preview = Path(chosen.out), Path(chosen.preview) if chosen.preview else None
    for folder in filter(None, (out, preview)):
        folder.mkdir(parents=True, exist_ok=True)
    save(classes(told), out, "classes", preview)
    save(categories(told), out, "categories", preview)
    save(reliability(told), out, "reliability", preview)
    if CURVES.exists():
        save(curves(CURVES), out, "learning", preview)
    if chosen.drawings:
        save_small(examples(told, chosen.drawings), out, "examples", preview)


if __name__ == "__main__":
    main()
