"""Learns which kinds of garments people wear together, from outfits given as lists of categories.

Two models come out of the same outfits:

- the *grammar*, over the outfits' own categories: a set model that says how likely each category is to complete the
  others. `flashfit eval outfits` measures it; it is written next to the code that reads it.
- the *table*, over FlashFit's categories: how much likelier a kind is beside another one than its slot alone says. It
  goes into a pack as `compat.onnx`, and the pack's `pack.toml` lists it.

    compat.py --data ../shared/data/outfits --pack models/default

Of the training outfits a tenth is kept out to choose between settings; the test outfits are not read.
"""

import argparse
import csv
import hashlib
import json
import re
import time
import tomllib
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

ROOT = Path(__file__).resolve().parents[2]
GRAMMAR = ROOT / "src/engines/quality/grammar"
SEED = 7
KEPT_OUT = 10                      # one outfit in so many chooses between settings
HIDDEN = 64                        # half of them rectified, half linear
BATCH = 512
SETTINGS = [dict(decay=decay, drop=drop) for decay in (0.03, 0.3) for drop in (0.1, 0.3)]
PENALTIES = [1e-3, 3e-4, 1e-4, 3e-5, 1e-5]   # of the table, on squares
WITHIN = 1.005                     # the strongest penalty that costs less than this much is taken: rare kinds say little


def read(folder):
    """Training outfits as rows of zeros and ones over the categories they use."""
    path = folder / "polyvore_categories_train.json"
    text = path.read_bytes()
    outfits = [outfit["items_category"] for outfit in json.loads(text)]
    ids = sorted({category for outfit in outfits for category in outfit})
    place = {category: i for i, category in enumerate(ids)}
    rows = np.zeros((len(outfits), len(ids)), np.float32)
    for n, outfit in enumerate(outfits):
        rows[n, [place[category] for category in outfit]] = 1
    return ids, torch.from_numpy(rows), hashlib.sha256(text).hexdigest()


def split(rows):
    order = torch.randperm(len(rows), generator=torch.Generator().manual_seed(SEED))
    kept = len(rows) // KEPT_OUT
    return rows[order[kept:]], rows[order[:kept]]


def blanks(rows):
    """Every outfit once per piece: the row, and which piece is to be guessed."""
    at, piece = torch.nonzero(rows, as_tuple=True)
    return at, piece


class Grammar(nn.Module):
    """Categories present → logit of each category to complete them. A sum over embeddings, so order says nothing."""

    def __init__(self, size, start, drop):
        super().__init__()
        self.enter, self.leave = nn.Linear(size, HIDDEN), nn.Linear(HIDDEN, size)
        self.drop = nn.Dropout(drop)
        nn.init.normal_(self.enter.weight, std=0.3)
        nn.init.normal_(self.leave.weight, std=0.05)
        self.leave.bias.data.copy_(start)

    def forward(self, present):
        inside = self.enter(present)
        half = HIDDEN // 2
        inside = torch.cat([torch.relu(inside[:, :half]), inside[:, half:]], 1)
        return self.leave(self.drop(inside))


def hole(rows, piece):
    """The rest of each outfit."""
    rest = rows.clone()
    rest[torch.arange(len(rows)), piece] = 0
    return rest


def guess_loss(net, rows, piece):
    rest = hole(rows, piece)
    logits = net(rest).masked_fill(rest > 0, -30.0)   # no category comes twice
    return nn.functional.cross_entropy(logits, piece)


def train_grammar(rows, check, setting, epochs=8):
    torch.manual_seed(SEED)
    frequency = rows.sum(0) + 0.5
    net = Grammar(rows.shape[1], (frequency / frequency.sum()).log(), setting["drop"])
    optimiser = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=setting["decay"])
    at, piece = blanks(rows)
    steps = len(at) // BATCH
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, 6e-3, total_steps=epochs * steps)
    for _ in range(epochs):
        order = torch.randperm(len(at))
        for chosen in order[:steps * BATCH].split(BATCH):
            loss = guess_loss(net, rows[at[chosen]], piece[chosen])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            rate.step()
    net.eval()
    at, piece = blanks(check)
    with torch.no_grad():
        return net, guess_loss(net, check[at], piece).item()


def numbers(tensor):
    return [round(float(v), 4) for v in tensor.detach().flatten()]


def write_grammar(net, ids, rows, digest, loss, setting):
    frequency = rows.sum(0)
    data = {
        "about": "Written by models/train/compat.py: do not edit.",
        "training_sha256": digest, "outfits": len(rows), "kept_out_loss": round(loss, 4), "setting": setting,
        "ids": ids, "frequency": [int(v) for v in frequency],
        "enter": numbers(net.enter.weight.T), "enter_bias": numbers(net.enter.bias),
        "leave": numbers(net.leave.weight), "leave_bias": numbers(net.leave.bias),
    }
    # What the Rust reading of it must give, to the digits kept.
    with torch.no_grad():
        for name in ("enter", "leave"):
            layer = getattr(net, name)
            layer.weight.data = (layer.weight.data * 1e4).round() / 1e4
            layer.bias.data = (layer.bias.data * 1e4).round() / 1e4
        present = torch.zeros(1, len(ids))
        present[0, [ids.index(c) for c in (21, 237, 49)]] = 1
        data["example"] = {"present": [21, 237, 49], "logits": numbers(net(present))}
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in data.items())
    (GRAMMAR / "learned.json").write_text("{\n" + lines + "\n}\n")


def vocabulary():
    """FlashFit's categories and their slots, read from the program's own source."""
    text = (ROOT / "src/base/garment.rs").read_text()
    block = re.search(r"Category \{(.*?)\n    \}", text, re.S).group(1)
    names = dict(re.findall(r'(\w+) = "([a-z-]+)"', block))
    arms = re.findall(r"((?:Self::\w+[\s|]*)+)=> Slot::(\w+)", text)
    slots = {names[kind]: slot for kinds, slot in arms for kind in re.findall(r"Self::(\w+)", kinds)}
    return list(names.values()), slots


def translation(ids, ours):
    """Rows of shares: which of our categories each of theirs may be."""
    with open(GRAMMAR / "polyvore.csv", newline="", encoding="utf-8") as handle:
        known = {int(row["id"]): row["ours"].split() for row in csv.DictReader(handle)}
    shares = torch.zeros(len(ids), len(ours))
    for i, category in enumerate(ids):
        for name in known[category]:
            shares[i, ours.index(name)] = 1 / len(known[category])
    return shares


def garment_blanks(rows, shares, same_slot):
    """The rest of each outfit in our categories, what the missing piece may be, and what else fills its slot."""
    at, piece = blanks(rows)
    may = shares[piece] > 0
    fits = (may.float() @ same_slot) > 0
    keep = may.any(1) & fits.sum(1).gt(may.sum(1))    # slots with a single kind teach nothing
    at, piece, may, fits = at[keep], piece[keep], may[keep], fits[keep]
    return (hole(rows[at], piece) @ shares).clamp(max=1), may, fits


def table_loss(half, usual, blank):
    rest, may, fits = blank
    pairs = (half + half.T) / 2
    logs = torch.log_softmax((usual + rest @ pairs).masked_fill(~fits, -30.0), 1)
    # Each thing that the piece may be counts alike: to sum their chances would leave the rarer word to whoever alone uses it.
    return -((logs * may).sum(1) / may.sum(1)).mean()


def train_table(blank, check, count, penalty, epochs=6):
    """Symmetric pair logits: which kind of its slot goes with the rest, beyond how common the kind is."""
    torch.manual_seed(SEED)
    half = torch.zeros(count, count, requires_grad=True)
    usual = torch.zeros(count, requires_grad=True)
    optimiser = torch.optim.Adam([half, usual], lr=0.03)
    steps = len(blank[0]) // BATCH
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, 0.03, total_steps=epochs * steps)
    for _ in range(epochs):
        for chosen in torch.randperm(len(blank[0]))[:steps * BATCH].split(BATCH):
            pairs = (half + half.T) / 2
            loss = table_loss(half, usual, [part[chosen] for part in blank])
            loss = loss + penalty * (pairs.square().sum() + 0.01 * usual.square().sum())
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            rate.step()
    with torch.no_grad():
        return (half + half.T) / 2, table_loss(half, usual, check).item(), usual


def centred(pairs, ours, slots, weight):
    """Each slot beside each slot has the mean zero, weighed by how common the kinds are; what is unknown is zero."""
    pairs = pairs.clone()
    for _ in range(20):
        for a in set(slots.values()):
            for b in set(slots.values()):
                rows = [i for i, name in enumerate(ours) if slots.get(name) == a]
                columns = [i for i, name in enumerate(ours) if slots.get(name) == b]
                block = pairs[rows][:, columns]
                share = weight[rows][:, None] * weight[columns][None]
                if share.sum() == 0:
                    continue
                mean = (block * share).sum() / share.sum()
                pairs[np.ix_(rows, columns)] = torch.where(share > 0, block - mean, 0.0)
    return (pairs + pairs.T) / 2


def write_compat(pairs, path):
    """`logit` of two categories; the embeddings are there to be read by a network that can."""
    count = len(pairs)
    table = numpy_helper.from_array(pairs.numpy().astype(np.float32).reshape(-1), "pairs")
    size = numpy_helper.from_array(np.array(count, np.int64), "count")
    nodes = [helper.make_node("Mul", ["category_a", "count"], ["row"]),
             helper.make_node("Add", ["row", "category_b"], ["at"]),
             helper.make_node("Gather", ["pairs", "at"], ["logit"])]
    inputs = [helper.make_tensor_value_info(f"category_{side}", TensorProto.INT64, ["N"]) for side in "ab"]
    inputs += [helper.make_tensor_value_info(f"image_embeds_{side}", TensorProto.FLOAT, ["N", "D"]) for side in "ab"]
    outputs = [helper.make_tensor_value_info("logit", TensorProto.FLOAT, ["N"])]
    graph = helper.make_graph(nodes, "compat", inputs, outputs, [table, size])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def kinds_of(pack):
    """The labels of the pack's category head, in its order."""
    with open(pack / "pack.toml", "rb") as handle:
        data = tomllib.load(handle)
    heads = data["fashion"].get("heads", []) + data.get("zero_shot", [])
    return next(head["labels"] for head in heads if head["name"] == "category")


def list_file(pack):
    """Puts the file's checksum into [files] of pack.toml, once."""
    digest = hashlib.sha256((pack / "compat.onnx").read_bytes()).hexdigest()
    text = (pack / "pack.toml").read_text()
    line = f'"compat.onnx" = "{digest}"\n'
    if '"compat.onnx"' in text:
        text = re.sub(r'"compat\.onnx" = "[0-9a-f]*"\n', line, text)
    else:
        text = text.replace("[files]\n", "[files]\n" + line, 1)
    (pack / "pack.toml").write_text(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with polyvore_categories_train.json")
    parser.add_argument("--pack", type=Path, help="pack that gets compat.onnx")
    parser.add_argument("--only", choices=["grammar", "table"])
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    ids, rows, digest = read(options.data)
    learn, check = split(rows)
    started = time.time()
    if options.only != "table":
        tried = []
        for setting in SETTINGS:
            net, loss = train_grammar(learn, check, setting)
            tried.append((loss, setting, net))
            print(f"grammar {setting}: {loss:.4f} on kept-out outfits, {time.time() - started:.0f} s", flush=True)
        loss, setting, net = min(tried, key=lambda t: t[0])
        write_grammar(net, ids, learn, digest, loss, setting)
    if options.only != "grammar":
        ours, slots = vocabulary()
        shares = translation(ids, ours)
        same_slot = torch.tensor([[float(a in slots and slots[a] == slots.get(b)) for b in ours] for a in ours])
        blank, held = (garment_blanks(part, shares, same_slot) for part in (learn, check))
        tried = []
        for penalty in PENALTIES:
            pairs, loss, usual = train_table(blank, held, len(ours), penalty)
            tried.append((loss, penalty, pairs))
            print(f"table, penalty {penalty}: {loss:.4f}, {time.time() - started:.0f} s", flush=True)
        alone = table_loss(torch.zeros(len(ours), len(ours)), usual, held).item()
        best = min(loss for loss, *_ in tried)
        loss, penalty, pairs = next(t for t in tried if t[0] <= WITHIN * best)
        print(f"table: {loss:.4f} with penalty {penalty}, {alone:.4f} without the others")
        pairs = centred(pairs, ours, slots, (learn @ shares).sum(0))
        if options.pack:
            places = [ours.index(name) for name in kinds_of(options.pack)]
            write_compat(pairs[places][:, places], options.pack / "compat.onnx")
            list_file(options.pack)
        order = [(float(pairs[i, j]), ours[i], ours[j]) for i in range(len(ours)) for j in range(i)]
        order.sort()
        for value, a, b in order[:12] + order[-12:]:
            print(f"  {a} + {b}: {value:+.2f}")


if __name__ == "__main__":
    main()
