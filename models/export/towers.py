"""The published networks written out plainly over their own layers, so that the exported graphs are small and never
give NaN. What they compute is compared with transformers in parity.py."""

import torch
import torch.nn.functional as F
from torch import nn

HIDDEN = -1e4      # added to attention scores that must not count; finite, so an empty row stays finite


def split(x, heads):
    """[N, length, width] → [N, heads, length, width of a head]."""
    return x.reshape(x.shape[0], -1, heads, x.shape[2] // heads).transpose(1, 2)


def recall(q, k, v, bias=None):
    """Attention of `q` over keys and values, all split into heads; [N, length, width]."""
    scores = q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5
    if bias is not None:
        scores = scores + bias
    mixed = (scores.softmax(-1) @ v).transpose(1, 2)
    return mixed.reshape(mixed.shape[0], -1, mixed.shape[2] * mixed.shape[3])


def _block(layer, x, heads, bias=None):
    """One layer of CLIP, SigLIP or BLIP's vision encoder."""
    y, attend = layer.layer_norm1(x), layer.self_attn
    if hasattr(attend, "qkv"):
        q, k, v = (split(part, heads) for part in attend.qkv(y).chunk(3, -1))
        x = x + attend.projection(recall(q, k, v, bias))
    else:
        q, k, v = (split(part(y), heads) for part in (attend.q_proj, attend.k_proj, attend.v_proj))
        x = x + attend.out_proj(recall(q, k, v, bias))
    return x + layer.mlp(layer.layer_norm2(x))


def _patches(convolution, pixels):
    return convolution(pixels).flatten(2).transpose(1, 2)


def _pool(head, x):
    """SigLIP's attention of one learnt query over the patches."""
    attend = head.attention
    weights, biases = attend.in_proj_weight.chunk(3), attend.in_proj_bias.chunk(3)
    query = head.probe.expand(x.shape[0], -1, -1)
    q, k, v = (split(F.linear(y, w, b), attend.num_heads) for y, w, b in zip((query, x, x), weights, biases))
    x = attend.out_proj(recall(q, k, v))
    return (x + head.mlp(head.layernorm(x)))[:, 0]


class ClipImage(nn.Module):
    """CLIP: pixels → image_embeds."""

    def __init__(self, model):
        super().__init__()
        self.tower, self.project = model.vision_model, model.visual_projection
        self.heads = model.config.vision_config.num_attention_heads

    def forward(self, pixels):
        tower, embed = self.tower, self.tower.embeddings
        x = _patches(embed.patch_embedding, pixels)
        first = embed.class_embedding.expand(x.shape[0], 1, -1)
        x = tower.pre_layrnorm(torch.cat([first, x], 1) + embed.position_embedding.weight)
        for layer in tower.encoder.layers:
            x = _block(layer, x, self.heads)
        return self.project(tower.post_layernorm(x[:, 0]))


class ClipText(nn.Module):
    """CLIP: token ids and which of them count → text_embeds, taken at the first end token."""

    def __init__(self, model):
        super().__init__()
        self.tower, self.project = model.text_model, model.text_projection
        config = model.config.text_config
        # Published configurations of old say 2 where the last id of the vocabulary is meant.
        self.heads, self.end = config.num_attention_heads, max(config.eos_token_id, config.vocab_size - 1)

    def forward(self, input_ids, attention_mask):
        tower, length = self.tower, input_ids.shape[1]
        x = tower.embeddings.token_embedding(input_ids) + tower.embeddings.position_embedding.weight[:length]
        place = torch.arange(length)
        bias = (place[None, :] > place[:, None]).float() * HIDDEN
        bias = bias + (1 - attention_mask[:, None, None, :].float()) * HIDDEN
        for layer in tower.encoder.layers:
            x = _block(layer, x, self.heads, bias)
        at_end = (input_ids == self.end).int().argmax(1)
        chosen = (place[None, :] == at_end[:, None]).float()
        return self.project((tower.final_layer_norm(x) * chosen[:, :, None]).sum(1))


class SiglipImage(nn.Module):
    """SigLIP: pixels → image_embeds."""

    def __init__(self, model):
        super().__init__()
        self.tower, self.heads = model.vision_model, model.config.vision_config.num_attention_heads

    def forward(self, pixels):
        tower = self.tower
        x = _patches(tower.embeddings.patch_embedding, pixels) + tower.embeddings.position_embedding.weight
        for layer in tower.encoder.layers:
            x = _block(layer, x, self.heads)
        return _pool(tower.head, tower.post_layernorm(x))


class SiglipText(nn.Module):
    """SigLIP: token ids → text_embeds. It was trained on texts padded to their full length, and looks at the padding:
    the graph pads, so that short texts may be given."""

    def __init__(self, model):
        super().__init__()
        config = model.config.text_config
        self.tower, self.heads, self.pad = model.text_model, config.num_attention_heads, config.pad_token_id
        self.register_buffer("padding", torch.full((1, config.max_position_embeddings), self.pad))

    def forward(self, input_ids, attention_mask):
        tower = self.tower
        ids = torch.where(attention_mask > 0, input_ids, self.pad)
        rest = self.padding[:, ids.shape[1]:].expand(ids.shape[0], -1)
        x = tower.embeddings.token_embedding(torch.cat([ids, rest], 1)) + tower.embeddings.position_embedding.weight
        for layer in tower.encoder.layers:
            x = _block(layer, x, self.heads)
        return tower.head(tower.final_layer_norm(x)[:, -1])


class BlipVision(nn.Module):
    """BLIP: pixels → last_hidden_state."""

    def __init__(self, model):
        super().__init__()
        self.tower, self.heads = model.vision_model, model.config.vision_config.num_attention_heads

    def forward(self, pixels):
        tower, embed = self.tower, self.tower.embeddings
        x = _patches(embed.patch_embedding, pixels)
        x = torch.cat([embed.class_embedding.expand(x.shape[0], 1, -1), x], 1) + embed.position_embedding
        for layer in tower.encoder.layers:
            x = _block(layer, x, self.heads)
        return tower.post_layernorm(x)


class BlipDecoder(nn.Module):
    """BLIP: token ids and the picture's vectors → logits. What it has read comes out as keys and values, and goes in
    for the next token: tokens and vectors are added to what is in `past`; there may be none of either.

    Without `cached`, there are neither keys and values that go in nor such that come out."""

    def __init__(self, model, cached=True):
        super().__init__()
        self.cached = cached
        self.bert, self.predict = model.text_decoder.bert, model.text_decoder.cls.predictions
        self.heads = model.config.text_config.num_attention_heads

    def names(self):
        """The names of `past`, without the `past_key_values` or `present` before them."""
        return [f"{i}.{of}.{part}" for i in range(len(self.bert.encoder.layer)) if self.cached
                for of in ("decoder", "encoder") for part in ("key", "value")]

    def _attend(self, attention, x, memory, past, bias=None):
        """The output of one attention over `past` and `memory`, and both as keys and values."""
        layer, out = getattr(attention, "self"), attention.output
        new = [split(layer.key(memory), self.heads), split(layer.value(memory), self.heads)]
        key, value = present = [torch.cat(pair, 2) for pair in zip(past, new)] if past else new
        mixed = recall(split(layer.query(x), self.heads), key, value, bias)
        return out.LayerNorm(out.dense(mixed) + x), present

    def forward(self, input_ids, encoder_hidden_states, *past):
        before, embed = past[0].shape[2] if past else 0, self.bert.embeddings
        place = torch.arange(before + input_ids.shape[1])
        x = embed.word_embeddings(input_ids) + embed.position_embeddings.weight[before:before + input_ids.shape[1]]
        x, presents = embed.LayerNorm(x), []
        bias = (place[None, :] > place[before:, None]).float() * HIDDEN
        for i, layer in enumerate(self.bert.encoder.layer):
            tokens, picture = past[4 * i:4 * i + 2], past[4 * i + 2:4 * i + 4]
            x, read = self._attend(layer.attention, x, x, tokens, bias)
            x, seen = self._attend(layer.crossattention, x, encoder_hidden_states, picture)
            inner = layer.intermediate.intermediate_act_fn(layer.intermediate.dense(x))
            x = layer.output.LayerNorm(layer.output.dense(inner) + x)
            presents += [*read, *seen]
        return (self.predict(x), *presents) if self.cached else self.predict(x)
