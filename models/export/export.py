"""Turns published models into a FlashFit pack.

    python models/export/export.py --clip openai/clip-vit-base-patch32 --fashion patrickjohncyh/fashion-clip \\
        --blip Salesforce/blip-image-captioning-base --out packs/clip-b32
"""

import argparse
import hashlib
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from tokenizers import Tokenizer

import onnx_file
import parity
import prompts
import published
import towers
import words

FILES = ["clip_image.onnx", "clip_text.onnx", "clip_tokenizer.json", "blip_vision.onnx", "blip_decoder.onnx",
         "blip_tokenizer.json", "fashion.onnx"]
MAX_TOKENS, BEAMS = 20, 3          # as BLIP's authors caption


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    pairs = [name for name, model in published.MODELS.items() if model.family != "blip"]
    tellers = [name for name, model in published.MODELS.items() if model.family == "blip"]
    parser.add_argument("--clip", choices=pairs, default=pairs[0], help="pictures and texts in one space")
    parser.add_argument("--fashion", choices=pairs, default=pairs[1], help="garments: its picture half is used")
    parser.add_argument("--blip", choices=tellers, default=tellers[0], help="captions")
    parser.add_argument("--out", required=True, type=Path, help="folder of the pack")
    parser.add_argument("--weights", type=Path, help="folder with the models' folders; else the Hugging Face cache")
    parser.add_argument("--random-weights", action="store_true", help="the same architectures without the weights")
    parser.add_argument("--small", action="store_true", help="with --random-weights: tiny architectures")
    parser.add_argument("--seed", type=int, default=1, help="of the random weights")
    parser.add_argument("--bpe", type=Path, help="bpe_simple_vocab_16e6.txt.gz, for CLIP without local weights")
    parser.add_argument("--single", action="store_true", help="store weights in single precision: twice the size")
    parser.add_argument("--without-cache", action="store_true", help="a decoder that reads a caption anew per token")
    parser.add_argument("--name", help="name of the pack")
    parser.add_argument("--version", default="1", help="version of the pack: bump it at every replacement")
    parser.add_argument("--parity", type=Path, help="folder for pictures and what PyTorch says of them")
    options = parser.parse_args()
    if options.small and not options.random_weights:
        parser.error("--small needs --random-weights: tiny models are not published")
    return options


class Source:
    """One published model, with its own weights or with random ones."""

    def __init__(self, name, options):
        self.name, self.published = name, published.MODELS[name]
        self.folder = None if options.random_weights else published.folder_of(name, options.weights)
        if not options.random_weights and self.folder is None:
            raise SystemExit(f"{name} is neither in --weights nor in the Hugging Face cache; "
                             "give its folder or, to try the path, --random-weights")
        self.model = (published.local_model(name, self.folder) if self.folder
                      else published.random_model(name, options.small, options.seed))
        self.config = self.model.config
        self.size = self.config.vision_config.image_size

    def tokenizer(self, options):
        family, small = self.published.family, options.small
        if self.folder:
            path = self.folder / "tokenizer.json"
            if not path.exists():
                raise SystemExit(f"{path} is missing")
            return words.siglip(path) if family == "siglip" else Tokenizer.from_file(str(path))
        if family == "blip":
            return words.blip_stand_in(self.config.text_config)
        if family == "siglip":
            return words.siglip_stand_in(self.config.text_config.vocab_size)
        if small:
            count = self.config.text_config.vocab_size - 514
            return words.clip(words.learnt_merges(words.corpus(), count))
        if options.bpe is None:
            raise SystemExit("--bpe: CLIP's tokenizer needs bpe_simple_vocab_16e6.txt.gz (see README.md)")
        return words.clip(words.published_merges(options.bpe))

    def image_tower(self):
        return towers.ClipImage(self.model) if self.published.family == "clip" else towers.SiglipImage(self.model)

    def text_tower(self):
        return towers.ClipText(self.model) if self.published.family == "clip" else towers.SiglipText(self.model)

    def dimension(self):
        return getattr(self.config, "projection_dim", None) if self.published.family == "clip" else (
            self.config.vision_config.hidden_size)

    def image_section(self, key):
        told = self.published
        rounding = 'rounding = "down"\n' if told.resize == "crop" else ""
        return (f'\n[{key}.image]\ndimension = {self.dimension()}\nheight = {self.size}\nwidth = {self.size}\n'
                f'resize = "{told.resize}"\n{rounding}interpolation = "bicubic"\n'
                f'mean = {list(told.mean)}\nstd = {list(told.std)}\n')

    def pixels(self):
        return torch.zeros(2, 3, self.size, self.size)


def write_networks(out, clip, blip, fashion, options):
    halve = not options.single
    ids = torch.ones(2, 5, dtype=torch.int64)
    by_picture = {"pixel_values": {0: "N"}, "image_embeds": {0: "N"}}
    for source, file in ((clip, "clip_image.onnx"), (fashion, "fashion.onnx")):
        onnx_file.write(source.image_tower(), (source.pixels(),), out / file, ["pixel_values"], ["image_embeds"],
                        by_picture, halve)
    tokens = {0: "N", 1: "T"}
    onnx_file.write(clip.text_tower(), (ids, torch.ones_like(ids)), out / "clip_text.onnx",
                    ["input_ids", "attention_mask"], ["text_embeds"],
                    {"input_ids": tokens, "attention_mask": tokens, "text_embeds": {0: "N"}}, halve)
    onnx_file.write(towers.BlipVision(blip.model), (blip.pixels(),), out / "blip_vision.onnx", ["pixel_values"],
                    ["last_hidden_state"], {"pixel_values": {0: "N"}, "last_hidden_state": {0: "N"}}, halve)
    decoder, text = towers.BlipDecoder(blip.model, not options.without_cache), blip.config.text_config
    names, width = decoder.names(), text.hidden_size // text.num_attention_heads
    past = [torch.zeros(2, text.num_attention_heads, 3, width)] * len(names)
    before, after = [f"past_key_values.{name}" for name in names], [f"present.{name}" for name in names]
    axes = {"input_ids": tokens, "encoder_hidden_states": {0: "N", 1: "P"}, "logits": tokens}
    axes.update({name: {0: "N", 2: f"{name.split('.')[0]}_length"} for name in before + after})
    onnx_file.write(decoder, (ids, torch.zeros(2, 4, text.encoder_hidden_size), *past), out / "blip_decoder.onnx",
                    ["input_ids", "encoder_hidden_states", *before], ["logits", *after], axes, halve)


def is_deterministic(out, sources):
    """Whether a picture gets the same bits alone and among four."""
    generator, same = np.random.default_rng(0), True
    for file, source in sources:
        session = onnxruntime.InferenceSession(str(out / file), providers=["CPUExecutionProvider"])
        x = generator.standard_normal((4, 3, source.size, source.size)).astype(np.float32)
        together = session.run(None, {"pixel_values": x})[0]
        same &= all(np.array_equal(session.run(None, {"pixel_values": x[i:i + 1]})[0][0], together[i])
                    for i in range(4))
    return same


def quoted(values):
    return "[" + ", ".join(f'"{value}"' for value in values) + "]"


def manifest(options, clip, blip, fashion, sums, deterministic):
    """The text of pack.toml."""
    sources = {source.name: source for source in (clip, blip, fashion)}
    kind = "-small" if options.small else ""
    default = f"{clip.name.split('/')[1]}-{fashion.name.split('/')[1]}{kind}".lower()
    name = options.name or default + ("-random" if options.random_weights else "")
    licence = " AND ".join(sorted({source.published.licence for source in sources.values()}))
    what = (f"random weights (seed {options.seed}) in the architectures of" if options.random_weights
            else "published weights of")
    text = clip.config.text_config
    is_clip = clip.published.family == "clip"
    files = "\n".join(f'"{file}" = "{digest}"' for file, digest in sums.items())
    captions = blip.config.text_config
    asked = "".join(
        f'\n[[zero_shot]]\nname = "{key}"\nlabels = {quoted(labels)}\nprompts = {quoted(lines)}\n'
        f'temperature = 1.0\nthreshold = {threshold}\n' for key, (labels, lines, threshold) in prompts.asked().items())
    return f"""format = 1
name = "{name}"
version = "{options.version}"
licence = "{licence}"
provenance = "models/export: {what} {', '.join(sources)}."
deterministic = {str(deterministic).lower()}

[files]
{files}
{clip.image_section("clip")}
[clip.text]
dimension = {clip.dimension()}
context_length = {text.max_position_embeddings}
pad_id = {text.vocab_size - 1 if is_clip else text.pad_token_id}
lowercase = true
logit_scale = {float(clip.model.logit_scale.detach().exp()):.3f}
{blip.image_section("blip")}
[blip.text]
begin_id = {captions.bos_token_id}
end_id = {captions.sep_token_id}
max_tokens = {MAX_TOKENS}
beams = {BEAMS}
{fashion.image_section("fashion")}{asked}"""


def main():
    options = arguments()
    made = {name: Source(name, options) for name in {options.clip, options.blip, options.fashion}}
    clip, blip, fashion = (made[name] for name in (options.clip, options.blip, options.fashion))
    options.out.mkdir(parents=True, exist_ok=True)
    clip.tokenizer(options).save(str(options.out / "clip_tokenizer.json"))
    blip.tokenizer(options).save(str(options.out / "blip_tokenizer.json"))
    write_networks(options.out, clip, blip, fashion, options)
    same = is_deterministic(options.out, [("clip_image.onnx", clip), ("blip_vision.onnx", blip),
                                          ("fashion.onnx", fashion)])
    sums = {file: hashlib.sha256((options.out / file).read_bytes()).hexdigest() for file in FILES}
    text = manifest(options, clip, blip, fashion, sums, same)
    (options.out / "pack.toml").write_text(text, encoding="utf-8")
    size = sum((options.out / file).stat().st_size for file in FILES)
    print(f"{options.out}: {size / 1e6:.1f} MB")
    if options.parity:
        parity.write(options.parity, options.out, clip, blip, fashion, MAX_TOKENS)


if __name__ == "__main__":
    main()
