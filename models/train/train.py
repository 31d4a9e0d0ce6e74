"""Trains the default pack from the data sets and writes it.

    python models/train/train.py --data ../shared/data --version 2026.12.1
"""

import argparse
import copy
import random
import shutil
import time
from collections import Counter
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

import blip
import catalogue
import clip
import compat
import data as pictures_of
import earlier
import export
import fashion
import features
import labels
import mask
import sold
import texts
import views
from checkpoints import pretrained

HERE = Path(__file__).resolve().parent
# Steps of each part; the last two are passes over cached features instead.
STEPS = {"keras": 1500, "lite": 1800, "clip": 900, "blip": 900, "keras-2": 800, "keras-3": 1, "lite-3": 1}
VOTES = (0.0, 0.25, 0.5, 0.75, 1.0)          # what the pair's and the captioner's say may count beside the encoder's


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="folder of the data sets")
    parser.add_argument("--out", default=str(HERE.parent / "default"), help="where the pack goes")
    parser.add_argument("--version", required=True, help="version of the pack: bump it at every replacement")
    parser.add_argument("--work", default=str(HERE / ".work"), help="caches; may be deleted at any time")
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies the number of steps (0: export only)")
    parser.add_argument("--reuse", action="store_true", help="take encoders that an earlier run left in --work")
    parser.add_argument("--keep", metavar="PACK", help="keep captioner, mask, which kinds go together, and the first "
                        "half of the fashion encoder of this earlier pack")
    parser.add_argument("--only", choices=list(STEPS), help="train this encoder and stop, for use with --reuse")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def calibration_people(items):
    """Training people with a tenth of the photos: not trained on by the fashion encoders, used for their temperatures.

    People with many photos stay in training: there are few of them, and they are most of what there is.
    """
    counts = Counter(i.person for i in items if i.domain == "home" and i.split == "train")
    few = sorted((person for person, count in counts.items() if count <= 40), key=int)
    random.Random(4).shuffle(few)
    chosen, photos = set(), 0
    for person in few:
        if photos < sum(counts.values()) / 10:
            chosen.add(person)
            photos += counts[person]
    return chosen


def tokenizers(items, work, reuse, pack=None):
    """The tokenizers of the texts and of the captions; with `reuse`, those of an earlier run, or those of a pack."""
    paths = work / "clip_tokenizer.json", work / "blip_tokenizer.json"
    for path in paths if pack else ():
        shutil.copyfile(Path(pack) / path.name, path)
    if not pack and not (reuse and all(path.exists() for path in paths)):
        rng = np.random.default_rng(6)
        lines = [texts.caption_like(i, rng) for i in items if i.split == "train" for _ in range(3)]
        clip.tokenizer(texts.corpus(items), clip.VOCABULARY, True).save(str(paths[0]))
        clip.tokenizer(lines, blip.VOCABULARY, False).save(str(paths[1]))
    return [Tokenizer.from_file(str(path)) for path in paths]


class Run:
    """One run: its options, the data, and the encoders as they get trained."""

    def __init__(self, options):
        self.options, self.work, self.started = options, Path(options.work), time.time()
        self.work.mkdir(parents=True, exist_ok=True)
        self.items, self.pictures = pictures_of.load(options.data, options.work)
        self.tokens_clip, self.tokens_blip = tokenizers(self.items, self.work, options.reuse, options.keep)
        self.log("data and tokenizers ready")

    def log(self, line):
        print(f"[{(time.time() - self.started) / 60:5.1f} min] {line}", flush=True)

    def trained(self, name, make, learn):
        """The encoder of an earlier run, a newly trained one, or (for a dry run) the untrained one."""
        path = self.work / f"{name}.pt"
        earlier = self.options.reuse and path.exists() and name != self.options.only
        if not self.options.scale or earlier or (self.options.only and name != self.options.only):
            model = make()
            if earlier:
                model.load_state_dict(torch.load(path))
            return model.eval()
        model = learn(max(1, int(STEPS[name] * self.options.scale)))
        torch.save(model.state_dict(), path)
        self.log(f"{name} trained")
        if name == self.options.only:
            raise SystemExit
        return model

    @cached_property
    def views(self):
        """Whole pictures, freshly augmented."""
        return views.Views(self.options.data, seed=8)

    def left_out(self):
        return calibration_people(self.items)

    def fashion(self, which, seed):
        """The first stage: the last blocks, on cached features."""
        model = fashion.Fashion(pretrained(self.options.data, which))

        def learn(steps):
            seen = features.cached(self.options.data, self.options.work, which, self.options.threads)
            return fashion.train(seen, model, steps, self.left_out(), seed, log=self.log)

        return self.trained(which, lambda: model, learn)

    def deeper(self, which, first, seed):
        """The second stage: more blocks, on fresh views."""
        model = copy.deepcopy(first)
        model.encoder.unfreeze()
        return self.trained(f"{which}-2", lambda: model, lambda steps: fashion.train(
            self.views, model, steps, self.left_out(), seed, (1.2e-4, 3e-4, 6e-4), log=self.log))

    def at_once(self, which, seed):
        """Both stages in one: the later blocks from ImageNet on, on fresh views."""
        model = fashion.Fashion(pretrained(self.options.data, which))
        model.encoder.unfreeze()
        return self.trained(which, lambda: model, lambda steps: fashion.train(
            self.views, model, steps, self.left_out(), seed, (2e-4, 1e-3, 1e-3), log=self.log))

    def sold(self, which, deeper, seed):
        """The catalogue's heads fitted to all of it."""
        model = copy.deepcopy(deeper)
        return self.trained(f"{which}-3", lambda: model,
                            lambda _: sold.fit(model, self.views, seed, self.log))

    def mask(self):
        """The network that finds the garment, after the lesson that was measured; kept in --work by itself."""
        if not self.options.scale:
            return mask.MaskNet(pretrained(self.options.data, "keras"))
        return mask.train(self.options.data, self.options.work, self.log, self.options.threads, lessons=1)

    def clip(self, encoder):
        words = self.tokens_clip
        return self.trained("clip", lambda: clip.Pair(encoder, words.get_vocab_size()), lambda steps: clip.train(
            self.views, encoder, words, steps, self.left_out(), log=self.log))

    def blip(self, encoder):
        words = self.tokens_blip
        return self.trained("blip", lambda: blip.Captioner(encoder, words.get_vocab_size()), lambda steps: blip.train(
            self.views, encoder, words, steps, self.left_out(), log=self.log))

    def calibration(self, pack):
        """Head → (temperature, what the votes of pair and captioner count), fitted on the people left out."""
        people = self.left_out()
        rows = np.array([i for i, item in enumerate(self.items) if item.person in people and item.caption])
        products = np.array([i for i, item in enumerate(self.items)
                             if item.domain == "product" and item.split == "train" and catalogue.is_kept(item.key)])
        fakes = np.stack([features.picture(self.pictures, int(row), -1) for row in rows[::3]])
        models = export.sessions(pack, self.options.threads)
        seen, shop, strange = (export.outputs(models, pictures)
                               for pictures in (self.pictures[rows], self.pictures[products], fakes))
        found = {}
        for head in labels.HEADS:
            some, chosen = (shop, products) if head in sold.HEADS else (seen, rows)
            allowed = fashion.Targets([self.items[row] for row in chosen], {head: labels.HEADS[head]}).masks[head]
            scores = {model: torch.from_numpy(logits[head]) for model, logits in some.items() if head in logits}
            if head == "garment":
                scores = {"fashion": torch.cat([scores["fashion"], torch.from_numpy(strange["fashion"][head])])}
                allowed = torch.cat([allowed, torch.tensor([[0.0, 1.0]]).repeat(len(fakes), 1)])
            found[head] = fitted(scores, allowed)
        return found

    def members(self, second):
        """Both halves of the fashion encoder; `second` is what the other one is before the catalogue's heads."""
        if self.options.keep:
            first = earlier.member(self.options.keep, 0, fashion.Fashion(pretrained(self.options.data, "keras")))
        else:
            first = self.sold("keras", self.deeper("keras", self.first, 11), 11)
        return [first, self.sold("lite", second, 14)]

    @cached_property
    def first(self):
        """The first stage of the first half, from which the captioner goes on."""
        return self.fashion("keras", 1)

    def write(self, folder):
        """Trains what is not kept and writes it into `folder`; the scale of the pair."""
        kept, second = self.options.keep, self.at_once("lite", 14)
        pair = self.clip(second.encoder)
        export.write_pair(pair, self.tokens_clip, folder)
        if kept:
            earlier.copy(kept, "blip", folder)
        else:
            export.write_captioner(self.blip(self.first.encoder), self.tokens_blip, folder)
        export.write_fashion(fashion.Twins(self.members(second)), folder)
        return float(pair.scale().detach())


def fitted(scores, allowed):
    """(temperature, votes) with the least log-loss, of logits per model."""
    own = scores["fashion"]
    if len(scores) == 1:
        return fashion.temperature(own, allowed)[0], {}
    tried = []
    for a in VOTES:
        for b in VOTES:
            heat, loss = fashion.temperature(own + a * scores["clip"] + b * scores["blip"], allowed)
            tried.append((loss, heat, {"clip": a, "blip": b}))
    _, heat, votes = min(tried, key=lambda one: one[0])
    return heat, votes


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    run = Run(options)
    built = run.work / "pack"
    shutil.rmtree(built, ignore_errors=True)
    built.mkdir()
    scale = run.write(built)
    export.describe(built, options.version, scale)
    run.log(f"padding changes a text by at most {export.check_batches(built, run.pictures):.1e}")
    if options.scale:
        found = run.calibration(built)
        run.log(f"calibration {found}")
        export.describe(built, options.version, scale, found)
    if options.keep:
        earlier.copy(options.keep, "mask", built)
        mask.describe(built)
        earlier.copy(options.keep, "compat", built)
        compat.list_file(built)
    else:
        mask.add(run.mask(), built)
    export.publish(built, options.out)
    run.log("pack written")


if __name__ == "__main__":
    main()
