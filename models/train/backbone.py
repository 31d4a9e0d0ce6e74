"""MobileNetV2 as plain convolutions with bias, started from the int8 TFLite checkpoints.

The checkpoints carry no batch norm (it is folded into the convolutions), so neither do we. Padding is
TensorFlow's SAME: on stride 2 the extra pixel goes to the right and the bottom.
"""

import copy
import warnings
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

# expansion, output channels, repeats, stride of the first repeat
STAGES = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
# Two trainings of the same network; the second is there for an encoder that should err differently.
CHECKPOINTS = {
    "keras": "backbones/tf2_mobilenet_v2_1.0_224_ptq.tflite",
    "slim": "backbones/mobilenet_v2_1.0_224_quant.tflite",
}


class Conv(nn.Module):
    """A convolution with bias, SAME padding and, where asked, ReLU6."""

    def __init__(self, inputs, outputs, kernel, stride=1, groups=1, relu=True):
        super().__init__()
        padding = 0 if kernel == 1 or stride == 2 else 1
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, padding, groups=groups)
        self.pad_after = kernel == 3 and stride == 2
        self.relu = relu

    def forward(self, x):
        if self.pad_after:
            x = F.pad(x, (0, 1, 0, 1))
        x = self.conv(x)
        return F.relu6(x) if self.relu else x


class Block(nn.Module):
    """An inverted residual: widen, filter per channel, narrow."""

    def __init__(self, inputs, outputs, stride, expansion):
        super().__init__()
        wide = inputs * expansion
        layers = [] if expansion == 1 else [Conv(inputs, wide, 1)]
        layers += [Conv(wide, wide, 3, stride, groups=wide), Conv(wide, outputs, 1, relu=False)]
        self.layers = nn.Sequential(*layers)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x):
        y = self.layers(x)
        return x + y if self.residual else y


class MobileNetV2(nn.Module):
    """Stem, 17 blocks and the last 1x1 convolution to 1280 channels."""

    def __init__(self):
        super().__init__()
        self.stem = Conv(3, 32, 3, 2)
        blocks, channels = [], 32
        for expansion, outputs, repeats, stride in STAGES:
            for i in range(repeats):
                blocks.append(Block(channels, outputs, stride if i == 0 else 1, expansion))
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


def _float_weights(path):
    """The float (weight, bias) of every convolution of a TFLite file, in the order it runs them."""
    import tflite

    model = tflite.Model.GetRootAsModel(Path(path).read_bytes(), 0)
    graph = model.Subgraphs(0)
    kinds = {3: np.uint8, 9: np.int8, 2: np.int32}

    def dequantised(index, axis):
        tensor = graph.Tensors(index)
        raw = model.Buffers(tensor.Buffer()).DataAsNumpy()
        values = np.frombuffer(raw.tobytes(), kinds[tensor.Type()]).reshape(tensor.ShapeAsNumpy())
        q = tensor.Quantization()
        scale = q.ScaleAsNumpy().astype(np.float64)
        zero = q.ZeroPointAsNumpy() if q.ZeroPointLength() else np.zeros(1)
        shape = [1] * values.ndim
        if scale.size > 1:
            shape[axis] = -1
        return ((values.astype(np.float64) - zero.reshape(shape if zero.size > 1 else -1))
                * scale.reshape(shape)).astype(np.float32)

    found = []
    for i in range(graph.OperatorsLength()):
        op = graph.Operators(i)
        entry = model.OperatorCodes(op.OpcodeIndex())
        code = max(entry.BuiltinCode(), entry.DeprecatedBuiltinCode())
        if code not in (tflite.BuiltinOperator.CONV_2D, tflite.BuiltinOperator.DEPTHWISE_CONV_2D):
            continue
        _, weight, bias = op.InputsAsNumpy()[:3]
        depthwise = code == tflite.BuiltinOperator.DEPTHWISE_CONV_2D
        w = dequantised(weight, 3 if depthwise else 0)
        # TFLite: OHWI, depthwise 1HWO; PyTorch: OIHW, depthwise O1HW.
        w = w.transpose(3, 0, 1, 2) if depthwise else w.transpose(0, 3, 1, 2)
        found.append((np.ascontiguousarray(w), dequantised(bias, 0)))
    return found


def pretrained(data, which):
    """A MobileNetV2 with the weights of checkpoint `which`, and its ImageNet classifier (1001 classes)."""
    warnings.filterwarnings("ignore", message=".*not writable.*")
    weights = _float_weights(Path(data) / CHECKPOINTS[which])
    net = MobileNetV2()
    convs = [m for m in net.modules() if isinstance(m, nn.Conv2d)]
    classifier = nn.Conv2d(1280, 1001, 1)
    assert len(weights) == len(convs) + 1, (len(weights), len(convs))
    for conv, (w, b) in zip(convs + [classifier], weights):
        assert conv.weight.shape == w.shape, (conv.weight.shape, w.shape)
        with torch.no_grad():
            conv.weight.copy_(torch.from_numpy(w))
            conv.bias.copy_(torch.from_numpy(b))
    return net, classifier


class ColourBranch(nn.Module):
    """What colours the garment has: colour codes of small patches, weighed by where the garment is.

    A deep network forgets colour; this keeps it. The attention comes from the features of block 13, one per
    16x16 pixels.
    """

    WIDTH, EYES = 48, 2

    def __init__(self):
        super().__init__()
        self.code = nn.Sequential(nn.Conv2d(3, 32, 1), nn.ReLU(), nn.Conv2d(32, self.WIDTH, 1), nn.ReLU())
        self.look = nn.Conv2d(96, self.EYES, 1)

    def forward(self, small, kept):
        codes = F.avg_pool2d(self.code(small), 2).flatten(2)        # N, W, cells
        eyes = self.look(kept).flatten(2).softmax(-1)               # N, 2, cells
        # Sums instead of a matrix product, whose rounding depends on the batch size.
        return torch.cat([(codes * eyes[:, i:i + 1]).sum(-1) for i in range(self.EYES)], 1)


class Encoder(nn.Module):
    """Pixels → one vector: pooled deep features beside the colours.

    The first `FROZEN` blocks keep their ImageNet weights at first, so training starts from their cached output; the
    second stage opens those from `OPEN` on.
    """

    FROZEN, OPEN = 13, 7
    WIDTH = 1280 + ColourBranch.WIDTH * ColourBranch.EYES
    PATCH = 320 + ColourBranch.WIDTH

    def __init__(self, net):
        super().__init__()
        self.net = net
        self.colour = ColourBranch()
        self.drop = nn.Dropout(0.2)
        self.freeze(self.FROZEN)

    def freeze(self, count):
        """Keeps the weights of the first `count` blocks as they are, and opens the others."""
        self.net.requires_grad_(True)
        for module in [self.net.stem, *self.net.blocks[:count]]:
            module.requires_grad_(False)

    def features(self, *seen):
        """(top, kept, small) of a batch, given as its pixels or as (kept, small).

        `kept`: what the first blocks give, a vector of 96 per 16x16 pixels; `small`: pixels pooled 8x8; `top`: what
        the other blocks make of `kept`.
        """
        if len(seen) == 1:
            seen = self.net.early(seen[0], self.FROZEN), F.avg_pool2d(seen[0], 8)
        kept, small = seen
        return self.net.late(kept, self.FROZEN), kept, small

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
