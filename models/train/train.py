"""Trains the default pack from the data sets and writes it.

    python models/train/train.py --data ../shared/data --version 2026.11.2
"""

import argparse
import random
import shutil
import time
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
STEPS = {"fashion": 800, "clip": 400, "blip": 300}


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
    """A sixth of the training people: not trained on by the fashion encoder, used for its temperatures."""
    people = sorted({i.person for i in items if i.domain == "home" and i.split == "train"}, key=int)
    return set(random.Random(4).sample(people, len(people) // 6))


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
        if options.scale:
            self.items, self.cache = features.cached(options.data, options.work, "keras", options.threads)
        else:
            self.items, self.cache = pictures_of.load(options.data, options.work)[0], None
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

    def fashion(self):
        net, _ = pretrained(self.options.data, "keras")
        people = calibration_people(self.items)
        model = self.trained("fashion", lambda: fashion.Fashion(net), lambda steps: fashion.train(
            self.items, self.cache, net, steps, people, log=self.log))
        if self.cache:
            if not self.options.reuse:
                for name in ("patches.npy", "pooled.npy"):
                    (self.work / name).unlink(missing_ok=True)
            self.cache.add_encoded(model.encoder, self.items, self.work)
            self.log("encoded")
        return model

    def temperatures(self, model):
        if not self.cache:
            return {head: 1.0 for head in labels.HEADS}
        return fashion.temperatures(model, self.items, self.cache, calibration_people(self.items))

    def clip(self, encoder):
        words = self.tokens_clip
        return self.trained("clip", lambda: clip.Pair(encoder, words.get_vocab_size()), lambda steps: clip.train(
            self.items, self.cache, encoder, words, steps, log=self.log))

    def blip(self, encoder):
        words = self.tokens_blip
        return self.trained("blip", lambda: blip.Captioner(encoder, words.get_vocab_size()), lambda steps: blip.train(
            self.items, self.cache, encoder, words, steps, log=self.log))


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    run = Run(options)
    dressed = run.fashion()
    pair, teller = run.clip(dressed.encoder), run.blip(dressed.encoder)
    heats = run.temperatures(dressed)
    run.log(f"temperatures {heats}")
    built = run.work / "pack"
    shutil.rmtree(built, ignore_errors=True)
    export.write(built, options.version, dressed, pair, teller, run.tokens_clip, run.tokens_blip, heats)
    pictures = pictures_of.load(options.data, options.work)[1]
    run.log(f"padding changes a text by at most {export.check_batches(built, pictures):.1e}")
    export.publish(built, options.out)
    run.log("pack written")
    if options.scale:
        evaluate.report(options.data, options.work, options.out)


if __name__ == "__main__":
    main()
