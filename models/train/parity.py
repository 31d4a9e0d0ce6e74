"""Makes the fixture that the Rust tests compare against: synthetic pictures, and what the pack says of them.

    python models/train/parity.py --pack models/default --out tests/fixtures/pack_parity
"""

import argparse
import json
import tomllib
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from tokenizers import Tokenizer

import clip
from captions import captions
from data import fit, pixel_values
from evaluate import softmax, unit
from export import sessions

TEXTS = ["navy striped tee", "something warm in dark blue", "a pair of white trainers, for running"]
PLACES = [(c, y, x) for c in range(3) for y, x in ((0, 0), (37, 121), (80, 80), (159, 158))]


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


def on_white(image):
    """The picture in RGB, transparency laid on white."""
    image = image.convert("RGBA")
    white = Image.new("RGBA", image.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, image).convert("RGB")


def _first(vector, count=8):
    return [round(float(v), 6) for v in vector[:count]]


def _picture(name, image, models, told):
    x = pixel_values(np.asarray(fit(on_white(image)))[None])
    out = {"file": f"{name}.png", "pixel_values": [
        {"at": list(place), "value": round(float(x[(0, *place)]), 6)} for place in PLACES]}
    out["pixel_values_mean"] = round(float(x.mean()), 6)
    out["clip"] = {"embedding": _first(unit(models["clip_image"].run(None, {"pixel_values": x})[0])[0])}
    hidden = models["blip_vision"].run(None, {"pixel_values": x})[0]
    text = told["blip"]["text"]
    greedy = captions(models["blip_decoder"], hidden, text["begin_id"], text["end_id"], text["max_tokens"], 1)
    out["blip"] = {"embedding": _first(unit(hidden.mean(1))[0]), "greedy_ids": greedy}
    outputs = models["fashion"].run(None, {"pixel_values": x})
    heads = {head["name"]: {label: round(float(p), 6) for label, p in zip(
        head["labels"], softmax(logits[0] / head["temperature"]))} for head, logits in zip(
            told["fashion"]["heads"], outputs[1:])}
    out["fashion"] = {"embedding": _first(unit(outputs[0])[0]), "heads": heads}
    return out


def main():
    here = Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pack", default=str(here.parent / "default"))
    parser.add_argument("--out", default=str(here.parent.parent / "tests" / "fixtures" / "pack_parity"))
    chosen = parser.parse_args()
    out = Path(chosen.out)
    out.mkdir(parents=True, exist_ok=True)
    told = tomllib.loads((Path(chosen.pack) / "pack.toml").read_text(encoding="utf-8"))
    models = sessions(chosen.pack)
    expected = {"pack": f"{told['name']}@{told['version']}", "pictures": [], "texts": []}
    for name, draw in (("upright", _shirt), ("lying", _shoe), ("transparent", _seethrough)):
        draw().save(out / f"{name}.png", optimize=True)
        with Image.open(out / f"{name}.png") as image:
            expected["pictures"].append(_picture(name, image, models, told))
    words = Tokenizer.from_file(str(Path(chosen.pack) / "clip_tokenizer.json"))
    for line in TEXTS:
        ids, mask = clip.ids_of(words, [line])
        embed = models["clip_text"].run(None, {"input_ids": ids.numpy(), "attention_mask": mask.numpy()})[0]
        expected["texts"].append({"text": line, "ids": ids[0].tolist(), "embedding": _first(unit(embed)[0])})
    captioner = Tokenizer.from_file(str(Path(chosen.pack) / "blip_tokenizer.json"))
    for picture in expected["pictures"]:
        picture["blip"]["greedy_text"] = captioner.decode(picture["blip"]["greedy_ids"])
    (out / "expected.json").write_text(json.dumps(expected, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
