"""The captioner: a vision encoder that gives 25 vectors per picture, and a causal text decoder over them."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import texts
from backbone import Encoder
from clip import BEGIN, END, PAD
from fashion import SHAPING, Average, Cosine, Sampler, Targets, one_cycle, set_loss
from transformer import Layer, causal

WIDTH = 192
PATCHES = 25
LONGEST = 26                       # begin token and 24 new ones, and one to spare
VOCABULARY = 2000


class Vision(nn.Module):
    """Pixels → last_hidden_state [N,25,192]: deep features and colour codes per patch, then one layer."""

    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder.frozen()
        self.mix = nn.Conv2d(Encoder.PATCH, WIDTH, 1)
        self.places = nn.Parameter(torch.randn(PATCHES, WIDTH) * 0.02)
        self.layer, self.norm = Layer(WIDTH, 4), nn.LayerNorm(WIDTH)

    def from_patches(self, patches):
        x = self.mix(patches).flatten(2).transpose(1, 2)
        return self.norm(self.layer(x + self.places))

    def forward(self, pixels):
        top = self.encoder.top(self.encoder.net.early(pixels, self.encoder.FROZEN))
        return self.from_patches(self.encoder.patches(top, F.avg_pool2d(pixels, 8)))


class Decoder(nn.Module):
    """Token ids so far and the picture's vectors → logits of the next token at every place."""

    def __init__(self, vocabulary):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, WIDTH)
        nn.init.normal_(self.tokens.weight, std=0.05)
        self.places = nn.Parameter(torch.randn(LONGEST + 6, WIDTH) * 0.02)
        self.layers = nn.ModuleList([Layer(WIDTH, 4, cross=True, drop=0.15) for _ in range(2)])
        self.norm, self.out = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, vocabulary)

    def forward(self, input_ids, encoder_hidden_states):
        length = input_ids.shape[1]
        x = self.tokens(input_ids) + self.places[:length]
        bias = causal(length, input_ids.device)
        for layer in self.layers:
            x = layer(x, bias, encoder_hidden_states)
        return self.out(self.norm(x))


class Captioner(nn.Module):
    """Both halves, and classifiers on the mean vector, which is the embedding of the BLIP space."""

    def __init__(self, encoder, vocabulary):
        super().__init__()
        self.vision, self.decoder = Vision(encoder), Decoder(vocabulary)
        self.shaping = Cosine(WIDTH, SHAPING)


def _captions(items, index, tok, rng):
    """Ids with begin and end, padded; the rows for which there is a caption."""
    rows, lines = [], []
    for position, i in enumerate(index):
        line = texts.caption_like(items[i], rng)
        if line:
            rows.append(position)
            lines.append(line)
    encoded = [[BEGIN, *e.ids[:LONGEST - 2], END] for e in tok.encode_batch(lines)]
    ids = torch.full((len(rows), max(map(len, encoded))), PAD)
    for i, row in enumerate(encoded):
        ids[i, :len(row)] = torch.tensor(row)
    return torch.tensor(rows), ids


def train(items, features, encoder, tok, steps, seed=3, size=64, log=print):
    """A trained captioner; its vision half builds on `encoder`, whose patches `features` holds."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model = Captioner(encoder, tok.get_vocab_size()).train()
    average = Average(model)
    shaped = Targets(items, SHAPING)
    sampler = Sampler(items, features.jobs, seed, shares=(0.7, 0.0, 0.3, 0.0), among=features.encoded)
    optimiser = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], 1e-3, weight_decay=0.05)
    schedule = one_cycle(optimiser, steps)
    jobs = np.array(features.jobs)
    for step in range(steps):
        rows = sampler.batch(size)
        index = jobs[rows, 0]
        hidden = model.vision.from_patches(features.floats(features.patches, rows))
        loss = 0
        for head, out in model.shaping(F.normalize(hidden.mean(1), dim=1)).items():
            loss = loss + 0.2 * set_loss(out, shaped.masks[head][torch.from_numpy(index)])
        told, ids = _captions(items, index, tok, rng)
        logits = model.decoder(ids[:, :-1], hidden[told])
        loss = loss + F.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten(), ignore_index=PAD,
                                      label_smoothing=0.05)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step()
        schedule.step()
        average.update(model)
        if step % 50 == 0:
            log(f"blip {step}/{steps} loss {loss.item():.3f}")
    return average.model
