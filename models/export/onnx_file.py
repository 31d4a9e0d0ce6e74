"""Writes networks as ONNX files, their large weights in half precision (computed in single precision)."""

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

HALVE_FROM = 512                   # tensors with fewer numbers stay in single precision
LARGEST_HALF = 65504


def write(model, sample, path, inputs, outputs, axes, halve=True):
    """`model` as it answers to `sample`; `axes` names the open sides."""
    with torch.no_grad():
        torch.onnx.export(model.eval(), sample, str(path), dynamo=False, opset_version=17, do_constant_folding=False,
                          input_names=inputs, output_names=outputs, dynamic_axes=axes)
    model = onnx.load(path)
    if halve:
        _halve(model.graph)
    model.graph.doc_string = model.doc_string = ""
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    onnx.save(model, path)
    onnx.checker.check_model(str(path))


def _halve(graph):
    """Stores the large weights as f16 behind a Cast, which ONNX Runtime folds away when it loads the file."""
    casts, kept = [], []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        is_large = tensor.data_type == TensorProto.FLOAT and values.size >= HALVE_FROM
        if not is_large or np.abs(values).max() > LARGEST_HALF:
            kept.append(tensor)
            continue
        kept.append(numpy_helper.from_array(values.astype(np.float16), tensor.name + ".f16"))
        casts.append(helper.make_node("Cast", [tensor.name + ".f16"], [tensor.name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend(nodes)
