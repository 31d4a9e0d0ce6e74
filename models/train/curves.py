"""What more photos bring: the first stage of one fashion encoder on a growing share of the training people, measured on
the validation people; writes curves.csv.

    python models/train/curves.py --data ../shared/data --work models/train/.work
"""

import argparse
import csv
from pathlib import Path

import numpy as np
import torch

import fashion
import features
import labels
from checkpoints import pretrained
from train import calibration_people

SHARES = (0.125, 0.25, 0.5, 1.0)
STEPS = 400
DRAWS = 1000


def interval(right, people, seed=0):
    """(mean, low, high): a 95 % bootstrap interval that draws whole people."""
    right, people = np.asarray(right, float), np.asarray(people)
    names, owner = np.unique(people, return_inverse=True)
    total, count = np.bincount(owner, right), np.bincount(owner)
    draws = np.random.default_rng(seed).integers(0, len(names), (DRAWS, len(names)))
    means = total[draws].sum(1) / count[draws].sum(1)
    return [round(float(v), 4) for v in (right.mean(), *np.quantile(means, [0.025, 0.975]))]


@torch.no_grad()
def measured(model, seen, rows):
    """Head → interval of how often its likeliest label is the one label there is."""
    said = [model.eval()(*seen.batch(rows[start:start + 64])) for start in range(0, len(rows), 64)]
    items = [seen.items[seen.jobs[row][0]] for row in rows]
    found = {}
    for head in ("kind", "category"):
        place = 1 + list(labels.HEADS).index(head)
        likely = torch.cat([outputs[place] for outputs in said]).argmax(1).tolist()
        known = [(labels.HEADS[head][guess] == item.labels[head][0], item.person)
                 for item, guess in zip(items, likely) if len(item.labels.get(head, [])) == 1]
        found[head] = interval(*zip(*known))
    return found


def main():
    here = Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="folder of the data sets")
    parser.add_argument("--work", default=str(here / ".work"), help="caches of train.py")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    seen = features.cached(options.data, options.work, "keras", options.threads)
    home = [item for item in seen.items if item.domain == "home" and item.split == "train"]
    kept = calibration_people(seen.items)
    people = sorted({item.person for item in home} - kept, key=int)
    np.random.default_rng(16).shuffle(people)
    photos = {person: sum(item.person == person for item in home) for person in people}
    rows = np.array([row for row, (index, copy) in enumerate(seen.jobs)
                     if copy == 0 and seen.items[index].domain == "home" and seen.items[index].split == "validation"])
    lines = []
    for share in SHARES:
        running = np.cumsum([photos[person] for person in people])
        chosen = people[:int(np.searchsorted(running, share * running[-1])) + 1]
        count = sum(photos[person] for person in chosen)
        model = fashion.Fashion(pretrained(options.data, "keras"))
        left_out = kept | (set(people) - set(chosen))
        model = fashion.train(seen, model, STEPS, left_out, 17, log=lambda line: None)
        for head, (mean, low, high) in measured(model, seen, rows).items():
            name = {"kind": "ten classes", "category": "category"}[head]
            lines.append({"curve": name, "x": count, "y": mean, "low": low, "high": high})
            print(lines[-1], flush=True)
    with open(here / "curves.csv", "w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, list(lines[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)


if __name__ == "__main__":
    main()
