"""Trains the default pack from the data sets and writes it.

    python models/train/train.py --data ../shared/data --version 2026.11.4
"""

import argparse
import random
import shutil
import time
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

import blip
import clip
import data as pictures_of
import evaluate
import export
import fashion
import features
import labels
import texts
from backbone import pretrained

HERE = Path(__file__).resolve().parent
STEPS = {"keras": 1500, "slim": 1500, "clip": 1000, "blip": 1200}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="folder of the data sets")
    parser.add_argument("--out", default=str(HERE.parent / "default"), help="where the pack goes")
    parser.add_argument("--version", required=True, help="version of the pack: bump it at every replacement")
    parser.add_argument("--work", default=str(HERE / ".work"), help="caches; may be deleted at any time")
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies the number of steps (0: export only)")
    parser.add_argument("--reuse", action="store_true", help="take encoders that an earlier run left in --work")
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


def tokenizers(items, work, reuse):
    """The tokenizers of the texts and of the captions; with `reuse`, those of an earlier run."""
    paths = work / "clip_tokenizer.json", work / "blip_tokenizer.json"
    if not (reuse and all(path.exists() for path in paths)):
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
        self.tokens_clip, self.tokens_blip = tokenizers(self.items, self.work, options.reuse)
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
        model = learn(int(STEPS[name] * self.options.scale))
        torch.save(model.state_dict(), path)
        self.log(f"{name} trained")
        if name == self.options.only:
            raise SystemExit
        return model

    def seen(self, which):
        """What the frozen blocks of a checkpoint make of the pictures."""
        return features.cached(self.options.data, self.options.work, which, self.options.threads)[1]

    def fashion(self, which, seed):
        net, _ = pretrained(self.options.data, which)
        return self.trained(which, lambda: fashion.Fashion(net), lambda steps: fashion.train(
            self.items, self.seen(which), net, steps, calibration_people(self.items), seed, log=self.log))

    def clip(self, encoder):
        words = self.tokens_clip
        return self.trained("clip", lambda: clip.Pair(encoder, words.get_vocab_size()), lambda steps: clip.train(
            self.items, self.seen("slim"), encoder, words, steps, log=self.log))

    def blip(self, encoder):
        words = self.tokens_blip
        return self.trained("blip", lambda: blip.Captioner(encoder, words.get_vocab_size()), lambda steps: blip.train(
            self.items, self.seen("keras"), encoder, words, steps, log=self.log))

    def temperatures(self, pack):
        """Per head, fitted on the photos of the people who were kept out of the fashion encoders' training."""
        people = calibration_people(self.items)
        rows = np.array([i for i, item in enumerate(self.items) if item.person in people and item.caption])
        logits = evaluate.fashion_outputs(export.sessions(pack, self.options.threads), self.pictures[rows])
        fakes = [features.picture(self.pictures, int(row), -1) for row in rows[::3]]
        strange = evaluate.fashion_outputs(export.sessions(pack, self.options.threads), np.stack(fakes))
        masks = fashion.Targets([self.items[row] for row in rows], labels.HEADS).masks
        found = {}
        for head in labels.HEADS:
            scores, allowed = torch.from_numpy(logits[head]), masks[head]
            if head == "garment":
                scores = torch.cat([scores, torch.from_numpy(strange[head])])
                allowed = torch.cat([allowed, torch.tensor([[0.0, 1.0]]).repeat(len(fakes), 1)])
            found[head] = fashion.temperature(scores, allowed)
        return found


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    run = Run(options)
    first, second = run.fashion("keras", 1), run.fashion("slim", 4)
    pair, teller = run.clip(second.encoder), run.blip(first.encoder)
    built = run.work / "pack"
    shutil.rmtree(built, ignore_errors=True)
    export.write(built, options.version, fashion.Twins([first, second]), pair, teller, run.tokens_clip, run.tokens_blip)
    run.log(f"padding changes a text by at most {export.check_batches(built, run.pictures):.1e}")
    if options.scale:
        heats = run.temperatures(built)
        run.log(f"temperatures {heats}")
        export.describe(built, options.version, float(pair.scale().detach()), heats)
    export.publish(built, options.out)
    run.log("pack written")
    if options.scale:
        evaluate.report(options.data, options.work, options.out)


if __name__ == "__main__":
    main()
