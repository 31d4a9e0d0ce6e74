"""The published models: what they are called, how they are built, how they see, under which licence they come."""

from dataclasses import dataclass
from math import log
from pathlib import Path

import torch
from transformers import BlipConfig, BlipForConditionalGeneration, CLIPConfig, CLIPModel, SiglipConfig, SiglipModel

import openclip

CLIP_MEAN, CLIP_STD = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]
HALF = [0.5, 0.5, 0.5]


@dataclass(frozen=True)
class Published:
    """A model on the Hugging Face hub, and what its configuration files say."""

    family: str                    # clip, siglip or blip
    licence: str
    config: dict
    resize: str                    # as in pack.toml
    mean: tuple = tuple(CLIP_MEAN)
    std: tuple = tuple(CLIP_STD)


def _clip(activation):
    text = {"vocab_size": 49408, "hidden_size": 512, "intermediate_size": 2048, "num_hidden_layers": 12,
            "num_attention_heads": 8, "max_position_embeddings": 77, "hidden_act": activation, "layer_norm_eps": 1e-5,
            "projection_dim": 512, "bos_token_id": 49406, "eos_token_id": 49407, "pad_token_id": 49407}
    vision = {"hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 12,
              "image_size": 224, "patch_size": 32, "hidden_act": activation, "layer_norm_eps": 1e-5,
              "projection_dim": 512}
    return {"text_config": text, "vision_config": vision, "projection_dim": 512}


SIGLIP = {
    "text_config": {"vocab_size": 32000, "hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12,
                    "num_attention_heads": 12, "max_position_embeddings": 64, "hidden_act": "gelu",
                    "layer_norm_eps": 1e-6, "projection_size": 768, "pad_token_id": 1, "eos_token_id": 1},
    "vision_config": {"hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12,
                      "num_attention_heads": 12, "image_size": 224, "patch_size": 16, "hidden_act": "gelu",
                      "layer_norm_eps": 1e-6}}
BLIP = {
    "text_config": {"vocab_size": 30524, "hidden_size": 768, "encoder_hidden_size": 768, "intermediate_size": 3072,
                    "num_hidden_layers": 12, "num_attention_heads": 12, "max_position_embeddings": 512,
                    "hidden_act": "gelu", "layer_norm_eps": 1e-12, "projection_dim": 768, "is_decoder": True,
                    "bos_token_id": 30522, "eos_token_id": 2, "pad_token_id": 0, "sep_token_id": 102},
    "vision_config": {"hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12,
                      "num_attention_heads": 12, "image_size": 384, "patch_size": 16, "hidden_act": "gelu",
                      "layer_norm_eps": 1e-5, "projection_dim": 512},
    "projection_dim": 512, "image_text_hidden_size": 256}

MODELS = {
    "openai/clip-vit-base-patch32": Published("clip", "MIT", _clip("quick_gelu"), "crop"),
    "patrickjohncyh/fashion-clip": Published("clip", "MIT", _clip("gelu"), "crop"),
    # Published in OpenCLIP's format, whose ViT has the exact GELU.
    "Marqo/marqo-fashionSigLIP": Published("siglip", "Apache-2.0", SIGLIP, "stretch", tuple(HALF), tuple(HALF)),
    "Salesforce/blip-image-captioning-base": Published("blip", "BSD-3-Clause", BLIP, "stretch"),
}
SMALL_TEXT = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
SMALL_VISION = {**SMALL_TEXT, "patch_size": 8}
SMALL = {
    "clip": {"text_config": {**SMALL_TEXT, "vocab_size": 800, "projection_dim": 12, "bos_token_id": 798,
                             "eos_token_id": 799, "pad_token_id": 799},
             "vision_config": {**SMALL_VISION, "image_size": 32, "projection_dim": 12}, "projection_dim": 12},
    "siglip": {"text_config": {**SMALL_TEXT, "vocab_size": 400, "projection_size": 16},
               "vision_config": {**SMALL_VISION, "image_size": 40}},
    "blip": {"text_config": {**SMALL_TEXT, "encoder_hidden_size": 16, "vocab_size": 400, "max_position_embeddings": 48,
                             "bos_token_id": 398, "sep_token_id": 2},
             "vision_config": {**SMALL_VISION, "image_size": 48}}}
LIKES = 2.0                        # how far apart a random decoder's logits are
CLASSES = {"clip": (CLIPConfig, CLIPModel), "siglip": (SiglipConfig, SiglipModel),
           "blip": (BlipConfig, BlipForConditionalGeneration)}


def _merged(config, change):
    return {key: {**value, **change.get(key, {})} if isinstance(value, dict) else change.get(key, value)
            for key, value in config.items()}


def _draw(model, seed):
    """Fills a model with seeded random weights of such a size that what comes out depends on what goes in."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in sorted(model.named_parameters()):
        if parameter.dim() == 0 or name.startswith("logit_"):
            continue
        scale = parameter[0].numel() ** -0.5 if parameter.dim() > 1 else 0.1
        if "embedding" in name and "patch" not in name:
            scale = LIKES * parameter.shape[-1] ** -0.5 if "word" in name else 0.5
        values = torch.randn(parameter.shape, generator=generator) * scale
        is_norm = parameter.dim() == 1 and "norm" in name.lower() and name.endswith("weight")
        parameter.data = values + 1 if is_norm else values


def random_model(name, small, seed):
    """The architecture of a published model with seeded random weights; `small`: the same in tiny."""
    published = MODELS[name]
    config, model = CLASSES[published.family]
    built = config(**_merged(published.config, SMALL[published.family] if small else {}))
    model = model(built).eval()
    _draw(model, seed + sorted(MODELS).index(name))
    if published.family != "blip":
        model.logit_scale.data.fill_(4.6052)
    if published.family == "blip":
        model.tie_weights()
        text, predictions = model.config.text_config, model.text_decoder.cls.predictions
        # The likeliest of so many random logits is about this large: now and then the end token is above it.
        likeliest = LIKES * (2 * log(text.vocab_size)) ** 0.5
        predictions.decoder.bias.data.zero_()
        predictions.decoder.bias.data[text.sep_token_id] = likeliest - 1.7 * LIKES
    return model


def folder_of(name, weights):
    """The folder with a model's files: below `weights`, or in the Hugging Face cache; None where there is none."""
    for folder in ([Path(weights) / name, Path(weights) / name.split("/")[1]] if weights else []):
        if folder.is_dir():
            return folder
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError
    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (HfHubHTTPError, LocalEntryNotFoundError, FileNotFoundError):
        return None


def local_model(name, folder):
    """A published model with its own weights."""
    published = MODELS[name]
    if published.family == "siglip" and (folder / "open_clip_model.safetensors").exists():
        model = SiglipModel(SiglipConfig(**published.config))
        model.load_state_dict(openclip.siglip(folder / "open_clip_model.safetensors", model.config))
        return model.eval()
    return CLASSES[published.family][1].from_pretrained(folder, dtype=torch.float32).eval()
