"""Small transformer layers written out, so that the exported graphs are plain and never give NaN."""

import torch
from torch import nn

HIDDEN = -1e4      # added to attention scores that must not count; finite, so an empty row stays finite


class Attention(nn.Module):
    """Multi-head attention of `x` over `memory`; `bias` is added to the scores."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.width = heads, width
        self.query, self.key = nn.Linear(width, width), nn.Linear(width, width)
        self.value, self.out = nn.Linear(width, width), nn.Linear(width, width)

    def _split(self, x):
        return x.reshape(x.shape[0], -1, self.heads, self.width // self.heads).transpose(1, 2)

    def read(self, memory):
        """Keys and values of `memory`, each [N, heads, length, width of a head]."""
        return self._split(self.key(memory)), self._split(self.value(memory))

    def forward(self, x, memory, bias=None):
        return self.recall(x, *self.read(memory), bias)

    def recall(self, x, k, v, bias=None):
        """Attention over keys and values that were read before."""
        q = self._split(self.query(x))
        scores = (q @ k.transpose(-1, -2)) * (self.width // self.heads) ** -0.5
        if bias is not None:
            scores = scores + bias
        mixed = scores.softmax(-1) @ v
        return self.out(mixed.transpose(1, 2).reshape(x.shape[0], -1, self.width))


class Layer(nn.Module):
    """Self attention, where asked cross attention, then two linear layers; each on a normalised input."""

    def __init__(self, width, heads, cross=False, drop=0.1):
        super().__init__()
        self.attend, self.norm_attend = Attention(width, heads), nn.LayerNorm(width)
        self.cross, self.norm_cross = (Attention(width, heads), nn.LayerNorm(width)) if cross else (None, None)
        self.norm = nn.LayerNorm(width)
        self.feed = nn.Sequential(nn.Linear(width, 3 * width), nn.GELU(), nn.Linear(3 * width, width))
        self.drop = nn.Dropout(drop)

    def forward(self, x, bias=None, memory=None):
        y = self.norm_attend(x)
        x = x + self.drop(self.attend(y, y, bias))
        if self.cross is not None:
            x = x + self.drop(self.cross(self.norm_cross(x), memory))
        return x + self.drop(self.feed(self.norm(x)))

    def resume(self, x, bias, memory, past):
        """What `forward` gives for places that follow those in `past`, and `past` with theirs added.

        `past` is four tensors: keys and values of the places so far, then of the memory so far.
        """
        y = self.norm_attend(x)
        new = [*self.attend.read(y), *self.cross.read(memory)]
        key, value, memory_key, memory_value = present = [torch.cat(pair, 2) for pair in zip(past, new)]
        x = x + self.attend.recall(y, key, value, bias)
        x = x + self.cross.recall(self.norm_cross(x), memory_key, memory_value)
        return x + self.feed(self.norm(x)), present


def causal(length, device=None, before=0):
    """The bias that hides later positions, for those that follow the first `before`."""
    position = torch.arange(length, device=device)
    return (position[None, :] > position[before:, None]).to(torch.float32) * HIDDEN
