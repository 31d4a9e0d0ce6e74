"""The networks that the encoders go on from, as plain convolutions with bias.

Their batch norm is folded into the convolutions. Padding is TensorFlow's SAME: on stride 2 the odd pixel goes to the
right and the bottom. Where their weights come from is in `checkpoints.py`.
"""

import copy
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn


@dataclass(frozen=True)
class Shape:
    """What tells one network of inverted residuals from another.

    `stages`: expansion, output channels, repeats, stride of the first repeat, kernel. `frozen` blocks give a vector of
    `kept` numbers per 16x16 pixels; the second stage of training opens those from `open` on.
    """

    stages: tuple
    frozen: int
    kept: int
    open: int


MOBILENET_V2 = Shape(
    ((1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 32, 3, 2, 3), (6, 64, 4, 2, 3), (6, 96, 3, 1, 3), (6, 160, 3, 2, 3),
     (6, 320, 1, 1, 3)), frozen=13, kept=96, open=7)
EFFICIENTNET_LITE0 = Shape(
    ((1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 40, 2, 2, 5), (6, 80, 3, 2, 3), (6, 112, 3, 1, 5), (6, 192, 4, 2, 5),
     (6, 320, 1, 1, 3)), frozen=11, kept=112, open=3)


class Conv(nn.Module):
    """A convolution with bias, SAME padding and, where asked, ReLU6."""

    def __init__(self, inputs, outputs, kernel, stride=1, groups=1, relu=True):
        super().__init__()
        before = (kernel - stride) // 2        # on even sides; an odd pixel of padding goes behind
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, 0 if stride == 2 else before, groups=groups)
        self.pad = (before, kernel - stride - before) * 2 if stride == 2 else None
        self.relu = relu

    def forward(self, x):
        if self.pad:
            x = F.pad(x, self.pad)
        x = self.conv(x)
        return F.relu6(x) if self.relu else x


class Block(nn.Module):
    """An inverted residual: widen, filter per channel, narrow."""

    def __init__(self, inputs, outputs, stride, expansion, kernel):
        super().__init__()
        wide = inputs * expansion
        layers = [] if expansion == 1 else [Conv(inputs, wide, 1)]
        layers += [Conv(wide, wide, kernel, stride, groups=wide), Conv(wide, outputs, 1, relu=False)]
        self.layers = nn.Sequential(*layers)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x):
        y = self.layers(x)
        return x + y if self.residual else y


class Network(nn.Module):
    """Stem, blocks and the last 1x1 convolution to 1280 channels."""

    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.stem = Conv(3, 32, 3, 2)
        blocks, channels = [], 32
        for expansion, outputs, repeats, stride, kernel in shape.stages:
            for i in range(repeats):
                blocks.append(Block(channels, outputs, stride if i == 0 else 1, expansion, kernel))
                channels = outputs
        self.blocks = nn.ModuleList(blocks)
        self.last = Conv(320, 1280, 1)

    def early(self, x, count):
        """The stem and the first `count` blocks."""
        x = self.stem(x)
        for block in self.blocks[:count]:
            x = block(x)
        return x

    def late(self, x, first):
        """The blocks from `first` on."""
        for block in self.blocks[first:]:
            x = block(x)
        return x


class ColourBranch(nn.Module):
    """What colours the garment has: colour codes of small patches, weighed by where the garment is.

    A deep network forgets colour; this keeps it. The attention comes from what the network keeps, `kept` numbers per
    16x16 pixels.
    """

    WIDTH, EYES = 48, 2

    def __init__(self, kept):
        super().__init__()
        self.code = nn.Sequential(nn.Conv2d(3, 32, 1), nn.ReLU(), nn.Conv2d(32, self.WIDTH, 1), nn.ReLU())
        self.look = nn.Conv2d(kept, self.EYES, 1)

    def forward(self, small, kept):
        codes = F.avg_pool2d(self.code(small), 2).flatten(2)        # N, W, cells
        eyes = self.look(kept).flatten(2).softmax(-1)               # N, 2, cells
        # Sums instead of a matrix product, whose rounding depends on the batch size.
        return torch.cat([(codes * eyes[:, i:i + 1]).sum(-1) for i in range(self.EYES)], 1)


class Encoder(nn.Module):
    """Pixels → one vector: pooled deep features beside the colours.

    The first `frozen` blocks keep their ImageNet weights at first, so training may start from their cached output; the
    second stage opens more.
    """

    WIDTH = 1280 + ColourBranch.WIDTH * ColourBranch.EYES
    PATCH = 320 + ColourBranch.WIDTH

    def __init__(self, net):
        super().__init__()
        self.net = net
        self.colour = ColourBranch(net.shape.kept)
        self.drop = nn.Dropout(0.2)
        self.freeze(net.shape.frozen)

    def unfreeze(self):
        """Opens the blocks that the second stage trains."""
        self.freeze(self.net.shape.open)

    def freeze(self, count):
        """Keeps the weights of the first `count` blocks as they are, and opens the others."""
        self.net.requires_grad_(True)
        for module in [self.net.stem, *self.net.blocks[:count]]:
            module.requires_grad_(False)

    def features(self, *seen):
        """(top, kept, small) of a batch, given as its pixels or as (kept, small).

        `kept`: what the first blocks give, a vector per 16x16 pixels; `small`: pixels pooled 8x8; `top`: what
        the other blocks make of `kept`.
        """
        if len(seen) == 1:
            seen = self.net.early(seen[0], self.net.shape.frozen), F.avg_pool2d(seen[0], 8)
        kept, small = seen
        return self.net.late(kept, self.net.shape.frozen), kept, small

    def pooled(self, top, kept, small):
        """The one vector, [N,WIDTH,1,1]."""
        deep = self.net.last(top).mean((2, 3))
        return self.drop(torch.cat([deep, self.colour(small, kept)], 1))[:, :, None, None]

    def forward(self, *seen):
        return self.pooled(*self.features(*seen))

    def patches(self, top, small):
        """Deep features beside colour codes, per 32x32 pixels."""
        return torch.cat([top, F.avg_pool2d(self.colour.code(small), 4)], 1)

    def copy(self):
        """One that is trained further on its own."""
        return copy.deepcopy(self)

    def parameter_groups(self, slow, fast):
        """Pretrained weights learn at `slow`, new ones at `fast`."""
        old = [p for p in self.net.parameters() if p.requires_grad]
        return [{"params": old, "lr": slow}, {"params": list(self.colour.parameters()), "lr": fast}]


class Linear(nn.Conv2d):
    """A linear layer on [N,C,1,1] that gives [N,out]: as a convolution its rounding does not depend on N."""

    def __init__(self, inputs, outputs):
        super().__init__(inputs, outputs, 1)

    def forward(self, x):
        return super().forward(x).flatten(1)
