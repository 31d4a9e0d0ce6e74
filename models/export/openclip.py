"""Renames the weights of an OpenCLIP SigLIP (timm's vision transformer and its own text tower) to those of transformers."""

import torch
from safetensors.torch import load_file

BLOCK = {"norm1": "layer_norm1", "norm2": "layer_norm2", "ln_1": "layer_norm1", "ln_2": "layer_norm2",
         "attn.proj": "self_attn.out_proj", "attn.out_proj": "self_attn.out_proj",
         "mlp.fc1": "mlp.fc1", "mlp.fc2": "mlp.fc2", "mlp.c_fc": "mlp.fc1", "mlp.c_proj": "mlp.fc2"}
POOL = "vision_model.head"


def _block(prefix, rest, value):
    """Names and values of one tensor of a transformer block."""
    if rest in ("attn.qkv.weight", "attn.qkv.bias", "attn.in_proj_weight", "attn.in_proj_bias"):
        kind = "weight" if rest.endswith("weight") else "bias"
        return {f"{prefix}.self_attn.{part}_proj.{kind}": piece for part, piece in zip("qkv", value.chunk(3))}
    module, kind = rest.rsplit(".", 1)
    return {f"{prefix}.{BLOCK[module]}.{kind}": value}


def _vision(name, value):
    if name.startswith("blocks."):
        _, index, rest = name.split(".", 2)
        return _block(f"vision_model.encoder.layers.{index}", rest, value)
    if name == "pos_embed":
        return {"vision_model.embeddings.position_embedding.weight": value[0]}
    plain = {"patch_embed.proj": "vision_model.embeddings.patch_embedding", "norm": "vision_model.post_layernorm",
             "attn_pool.proj": f"{POOL}.attention.out_proj", "attn_pool.norm": f"{POOL}.layernorm",
             "attn_pool.mlp.fc1": f"{POOL}.mlp.fc1", "attn_pool.mlp.fc2": f"{POOL}.mlp.fc2"}
    if name == "attn_pool.latent":
        return {f"{POOL}.probe": value}
    module, kind = name.rsplit(".", 1)
    return {f"{plain[module]}.{kind}": value} if module in plain else {}


def _text(name, value):
    if name.startswith("transformer.resblocks."):
        _, _, index, rest = name.split(".", 3)
        return _block(f"text_model.encoder.layers.{index}", rest, value)
    plain = {"token_embedding.weight": "embeddings.token_embedding.weight",
             "positional_embedding": "embeddings.position_embedding.weight",
             "ln_final.weight": "final_layer_norm.weight", "ln_final.bias": "final_layer_norm.bias",
             "text_projection.weight": "head.weight", "text_projection.bias": "head.bias"}
    return {f"text_model.{plain[name]}": value}


def renamed(weights):
    """The state of a `SiglipModel`, from that of an OpenCLIP model."""
    found = {}
    for name, value in weights.items():
        if name.startswith("visual.trunk."):
            found.update(_vision(name.removeprefix("visual.trunk."), value))
        elif name.startswith("text."):
            found.update(_text(name.removeprefix("text."), value))
        elif name in ("logit_scale", "logit_bias"):
            found[name] = value.reshape(1)
    for kind in ("weight", "bias"):
        both = weights[f"visual.trunk.attn_pool.q.{kind}"], weights[f"visual.trunk.attn_pool.kv.{kind}"]
        found[f"{POOL}.attention.in_proj_{kind}"] = torch.cat(both)
    return found


def siglip(path, config):
    """The same from a file; `config` says how many layers there must be."""
    found = {name: value.float() for name, value in renamed(load_file(path)).items()}
    layers = {name.split(".")[3] for name in found if name.startswith("vision_model.encoder.layers.")}
    if len(layers) != config.vision_config.num_hidden_layers:
        raise SystemExit(f"{path}: {len(layers)} layers, {config.vision_config.num_hidden_layers} were expected")
    return found
