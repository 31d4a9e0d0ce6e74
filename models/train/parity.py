"""Writes down what the pack says of pictures, for the Rust tests to compare with: every embedding, caption and head.

    python models/train/parity.py                                                   # tests/fixtures/pack_parity
    python models/train/parity.py --photos ../shared/data/clothing --out DIR        # 50 photos, outside the project
    flashfit demo --export DIR && python models/train/parity.py --draw DIR          # the fixture's pictures, too

Photos are handed over decoded, since decoders of JPEG may differ by a few steps; `--jpeg` hands over the files.
"""

import argparse
import base64
import csv
import json
import tomllib
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from tokenizers import Tokenizer

import clip
from captions import captions
from data import fit, pixel_values
from export import sessions

PROJECT = Path(__file__).resolve().parent.parent.parent
TEXTS = ["navy striped tee", "something warm in dark blue", "a pair of white trainers, for running",
         "red dress", "black leather boots for winter", "light blue checked shirt for the office"]
PHOTOS = 50
# The fixture keeps every sixth pixel in both directions, starting elsewhere in each picture.
STEP = 6


def _shirt():
    """Upright: a striped shape on a gradient."""
    image = Image.new("RGB", (210, 280))
    image.putdata([(200 + x // 6, 190 + y // 8, 180) for y in range(280) for x in range(210)])
    draw = ImageDraw.Draw(image)
    draw.polygon([(60, 50), (150, 50), (205, 110), (175, 135), (155, 110), (155, 250), (55, 250), (55, 110),
                  (35, 135), (5, 110)], fill=(25, 35, 90))
    for y in range(70, 240, 24):
        draw.rectangle((56, y, 154, y + 9), fill=(235, 235, 230))
    return image


def _shoe():
    """Lying: a red shape on white, smaller than the model's input on its short side."""
    image = Image.new("RGB", (193, 121), (255, 255, 255))
    draw = ImageDraw.Draw(image)
    draw.ellipse((15, 40, 100, 105), fill=(190, 30, 40))
    draw.ellipse((60, 60, 180, 105), fill=(190, 30, 40))
    draw.rectangle((15, 98, 180, 108), fill=(40, 40, 40))
    return image


def _seethrough():
    """Square, with transparency: laid on white before anything else."""
    image = Image.new("RGBA", (320, 320), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.polygon([(110, 40), (210, 40), (290, 300), (30, 300)], fill=(20, 120, 70, 255))
    for x in range(60, 280, 44):
        draw.ellipse((x, 180, x + 20, 200), fill=(240, 220, 90, 128))
    return image


def draw_fixture(drawings, out):
    """The project's own drawings in many small sizes and few colours, two of them lying; and three odd pictures."""
    for old in out.glob("*.png"):
        old.unlink()
    for name, picture in (("upright", _shirt), ("lying", _shoe), ("transparent", _seethrough)):
        picture().save(out / f"{name}.png", optimize=True)
    files = sorted(Path(drawings).glob("*.jpg"))
    for n, path in enumerate(files + files[:2]):
        width = 141 + n * 37 % 120
        height = width * 5 // 4 + n * 13 % 23 - 11
        with Image.open(path) as image:
            small = image.resize((width, height), Image.Resampling.LANCZOS).quantize(32, dither=Image.Dither.NONE)
        is_lying = n >= len(files)
        small = small.transpose(Image.Transpose.ROTATE_90) if is_lying else small
        small.save(out / f"{path.stem}{'-lying' if is_lying else ''}.png", optimize=True)


def photos_of(folder, out, as_stored):
    """Photos of validation people, evenly spread; decoded into `out` unless wanted as they are stored."""
    with open(Path(folder) / "images.csv", newline="", encoding="utf-8") as handle:
        rows = [row for row in csv.DictReader(handle) if row["split"] == "validation"]
    names = [row["image"] for row in rows[::len(rows) // PHOTOS]][:PHOTOS]
    stored = [(Path(folder) / "images" / f"{name}.jpg").resolve() for name in names]
    if as_stored:
        return stored
    for path in stored:
        with Image.open(path) as image:
            image.convert("RGB").save(out / f"{path.stem}.png")
    return [(out / f"{path.stem}.png").resolve() for path in stored]


def on_white(image):
    """The picture in RGB, transparency laid on white."""
    image = image.convert("RGBA")
    white = Image.new("RGBA", image.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, image).convert("RGB")


def softmax(logits):
    """Probabilities of logits along the last axis."""
    e = np.exp(logits - logits.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def unit(x):
    """Vectors of length one along the last axis."""
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def _packed(values, kind="<f4"):
    return base64.b64encode(np.ascontiguousarray(values, kind).tobytes()).decode()


def _said(head, fashion, voters):
    """The probabilities of a head's labels, all votes counted."""
    votes = sum(share * voters[model][head["output"]][0] for model, share in head.get("votes", {}).items())
    return softmax((fashion[head["output"]][0] + votes) / head["temperature"])


class Pack:
    """The networks of a pack, and what they say."""

    def __init__(self, folder):
        folder = Path(folder)
        self.told = tomllib.loads((folder / "pack.toml").read_text(encoding="utf-8"))
        self.models = sessions(folder)
        self.words = Tokenizer.from_file(str(folder / "clip_tokenizer.json"))
        self.captioner = Tokenizer.from_file(str(folder / "blip_tokenizer.json"))

    def _caption(self, hidden, beams):
        text = self.told["blip"]["text"]
        return captions(self.models["blip_decoder"], hidden, text["begin_id"], text["end_id"], text["max_tokens"], beams)

    def picture(self, name, image, step, start):
        """Everything said of a picture; of its pixels, every `step`-th from `start`."""
        square = np.asarray(fit(on_white(image)))
        x = pixel_values(square[None])
        hidden = self._run("blip_vision", x)["last_hidden_state"]
        ids = self._caption(hidden, self.told["blip"]["text"]["beams"])
        clip_image, fashion = self._run("clip_image", x), self._run("fashion", x)
        voters = {"clip": clip_image, "blip": self._run("blip_vision", x)}
        return {
            "file": name,
            "pixels": {"step": step, "start": start,
                       "bytes": _packed(square[start[0]::step, start[1]::step].transpose(2, 0, 1), "u1")},
            "embeddings": [_packed(unit(clip_image["image_embeds"])[0]), _packed(unit(hidden.mean(1))[0]),
                           _packed(unit(fashion["image_embeds"])[0])],
            "greedy_ids": self._caption(hidden, 1), "caption_ids": ids, "caption": self.captioner.decode(ids),
            "heads": {head["name"]: _packed(_said(head, fashion, voters)) for head in self.told["fashion"]["heads"]},
        }

    def _run(self, name, x):
        outputs = [o.name for o in self.models[name].get_outputs()]
        return dict(zip(outputs, self.models[name].run(None, {"pixel_values": x})))

    def text(self, line):
        """The tokens of a text and where it lies."""
        ids, mask = clip.ids_of(self.words, [line])
        embed = self.models["clip_text"].run(None, {"input_ids": ids.numpy(), "attention_mask": mask.numpy()})[0]
        return {"text": line, "ids": ids[0].tolist(), "embedding": _packed(unit(embed)[0])}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pack", default=str(PROJECT / "models" / "default"))
    parser.add_argument("--out", default=str(PROJECT / "tests" / "fixtures" / "pack_parity"))
    parser.add_argument("--draw", help="make the pictures anew from the drawings in this folder")
    parser.add_argument("--photos", help="take photos of this data set instead of the fixture's pictures")
    parser.add_argument("--jpeg", action="store_true", help="with --photos: compare the decoders, too")
    chosen = parser.parse_args()
    out = Path(chosen.out)
    if chosen.photos and PROJECT in out.resolve().parents:
        parser.error("--photos needs an --out outside the project: photos are never committed")
    out.mkdir(parents=True, exist_ok=True)
    if chosen.draw:
        draw_fixture(chosen.draw, out)
    pack = Pack(chosen.pack)
    files = photos_of(chosen.photos, out, chosen.jpeg) if chosen.photos else sorted(out.glob("*.png"))
    pictures = []
    for n, path in enumerate(files):
        with Image.open(path) as image:
            name = str(path) if chosen.photos else path.name
            step, start = (1, [0, 0]) if chosen.photos else (STEP, [n % STEP, n * 5 % STEP])
            pictures.append(pack.picture(name, image, step, start))
    lines = [("pack", f"{pack.told['name']}@{pack.told['version']}"),
             ("pictures", pictures), ("texts", [pack.text(line) for line in TEXTS])]
    rows = []
    for key, value in lines:
        some = value if isinstance(value, list) else None
        told = json.dumps(value) if some is None else "[\n  " + ",\n  ".join(json.dumps(v) for v in some) + "\n ]"
        rows.append(f' "{key}": {told}')
    (out / "expected.json").write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
