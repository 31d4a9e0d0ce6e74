"""Writes drawn pictures, and what transformers makes of them in PyTorch: what the Rust tests compare a pack with."""

import json

import numpy as np
import torch
from PIL import Image, ImageDraw
from tokenizers import Tokenizer
from transformers import BlipImageProcessorPil, CLIPImageProcessorPil, SiglipImageProcessorPil

PICTURES = 20
TEXTS = ["a navy striped t-shirt", "Something WARM, in dark blue!", "it's  a\tpair of 2 white trainers; for running",
         "café-au-lait coat, naïve 洋服 №7", "a photo of a dress " * 30]
PROCESSORS = {"clip": CLIPImageProcessorPil, "siglip": SiglipImageProcessorPil, "blip": BlipImageProcessorPil}


def drawn(number):
    """A garment-like shape in flat colours; sizes and shapes differ, some pictures are transparent."""
    random = np.random.default_rng(number)
    width, height = (int(side) for side in random.integers(23, 120, 2))
    alpha = 0 if number % 5 == 4 else 255
    ground, cloth, mark = (tuple(int(c) for c in random.integers(0, 256, 3)) for _ in range(3))
    image = Image.new("RGBA", (width, height), (*ground, alpha))
    draw = ImageDraw.Draw(image)
    x, y = width / 10, height / 10
    body = [(3 * x, y), (7 * x, y), (9.5 * x, 4 * y), (7 * x, 4 * y), (7.5 * x, 9 * y), (2 * x, 9.5 * y), (3 * x, 4 * y),
            (0.5 * x, 4 * y)]
    draw.polygon(body if number % 3 else [(3 * x, y), (7 * x, y), (9 * x, 9 * y), (x, 9 * y)], fill=(*cloth, 255))
    for line in range(number % 4):
        at = (3 + 2 * line) * y
        draw.rectangle((3 * x, at, 7 * x, at + 0.6 * y), fill=(*mark, 255 if number % 2 else 128))
    return image


def on_white(image):
    """The picture in RGB, transparency laid on white, as FlashFit does."""
    white = Image.new("RGBA", image.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, image).convert("RGB")


def pixel_values(source, pictures):
    """What the model's own image processor gives."""
    kind = PROCESSORS[source.published.family]
    if source.folder and (source.folder / "preprocessor_config.json").exists() and source.published.family != "siglip":
        processor = kind.from_pretrained(source.folder)
    else:
        size = ({"shortest_edge": source.size} if source.published.resize == "crop"
                else {"height": source.size, "width": source.size})
        crop = {"crop_size": {"height": source.size, "width": source.size}} if "shortest_edge" in size else {}
        processor = kind(size=size, resample=Image.Resampling.BICUBIC, image_mean=list(source.published.mean),
                         image_std=list(source.published.std), **crop)
    return torch.cat([processor(picture, return_tensors="pt")["pixel_values"] for picture in pictures])


def sheet(source, pixels):
    """The pictures as the network sees them, in bytes, one below the other."""
    mean, std = (torch.tensor(values).reshape(1, 3, 1, 1) for values in (source.published.mean, source.published.std))
    levels = ((pixels * std + mean) * 255).round().clamp(0, 255).to(torch.uint8)
    return Image.fromarray(levels.permute(0, 2, 3, 1).reshape(-1, source.size, 3).numpy())


def _features(found):
    return found if torch.is_tensor(found) else found.pooler_output


def _rows(values):
    unit = torch.nn.functional.normalize(values.double(), dim=1)
    return [[round(float(v), 6) for v in row] for row in unit]


def _text(source, tokenizer, line):
    """Ids as FlashFit makes them, and the embedding of what the model is trained to be given."""
    longest = source.config.text_config.max_position_embeddings
    ids = tokenizer.encode(line.lower()).ids
    ids = ids if len(ids) <= longest else [*ids[:longest - 1], ids[-1]]
    if source.published.family == "siglip":
        padded = [*ids, *[source.config.text_config.pad_token_id] * (longest - len(ids))]
        found = source.model.get_text_features(input_ids=torch.tensor([padded]))
    else:
        found = source.model.get_text_features(input_ids=torch.tensor([ids]), attention_mask=torch.ones(1, len(ids)))
    return {"text": line, "ids": ids, "embedding": _rows(_features(found))[0]}


@torch.no_grad()
def write(folder, pack, clip, blip, fashion, longest):
    """Pictures, sheets and expected.json."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"picture-{number:02}.png" for number in range(PICTURES)]
    for number, name in enumerate(names):
        drawn(number).save(folder / name, optimize=True)
    pictures = [on_white(Image.open(folder / name).convert("RGBA")) for name in names]
    seen = {}
    for key, source in (("clip", clip), ("blip", blip), ("fashion", fashion)):
        seen[key] = pixel_values(source, pictures)
        sheet(source, seen[key]).save(folder / f"{key}-pixels.png", optimize=True)
    embeddings = {
        "clip": _rows(_features(clip.model.get_image_features(pixel_values=seen["clip"]))),
        "blip": _rows(blip.model.vision_model(pixel_values=seen["blip"]).last_hidden_state.mean(1)),
        "fashion": _rows(_features(fashion.model.get_image_features(pixel_values=seen["fashion"])))}
    told = blip.config.text_config
    captions = []
    for pixels in seen["blip"]:
        ids = blip.model.generate(pixel_values=pixels[None], max_new_tokens=longest, num_beams=1, do_sample=False)
        captions.append([int(i) for i in ids[0][1:] if int(i) != told.sep_token_id])
    tokenizer = Tokenizer.from_file(str(pack / "clip_tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    expected = {
        "pictures": [{"file": name, "clip": embeddings["clip"][i], "blip": embeddings["blip"][i],
                      "fashion": embeddings["fashion"][i], "caption_ids": captions[i]} for i, name in enumerate(names)],
        "texts": [_text(clip, tokenizer, line) for line in TEXTS]}
    (folder / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n", encoding="utf-8")
    different = len({tuple(c) for c in captions})
    print(f"{folder}: {PICTURES} pictures, {different} different captions of {min(map(len, captions))} to "
          f"{max(map(len, captions))} tokens")
