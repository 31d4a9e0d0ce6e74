"""Parts of an earlier pack, for one that keeps what is not trained again."""

import shutil
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

FILES = {
    "clip": ("clip_image.onnx", "clip_text.onnx", "clip_tokenizer.json"),
    "blip": ("blip_vision.onnx", "blip_decoder.onnx", "blip_tokenizer.json"),
    "mask": ("mask.onnx",),
    "compat": ("compat.onnx",),
}


def member(pack, place, model):
    """`model` with the weights of that member of a pack's fashion encoder; what is not exported stays as it is."""
    prefix, weights = f"members.{place}.", {}
    for tensor in onnx.load(Path(pack) / "fashion.onnx").graph.initializer:
        if tensor.name.startswith(prefix):
            values = numpy_helper.to_array(tensor).astype(np.float32)
            weights[tensor.name.removeprefix(prefix).removesuffix(".f16")] = torch.from_numpy(values)
    missing, unknown = model.load_state_dict(weights, strict=False)
    assert not unknown and all(name.startswith("shaping.") for name in missing), (missing, unknown)
    return model.eval()


def copy(pack, part, folder):
    """Copies the files of a part as they are."""
    for name in FILES[part]:
        shutil.copyfile(Path(pack) / name, Path(folder) / name)
