"""The captioner: a vision encoder that gives a few vectors per picture, and a causal text decoder over them."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import data as pictures_of
import labels
import texts
from backbone import Encoder, Linear
from clip import BEGIN, END, PAD
from fashion import SHAPING, VOTING, Average, Cosine, Sampler, Targets, one_cycle, set_loss, step_on
from transformer import Layer, causal

WIDTH = 192
HEADS = 4                          # of each attention in the decoder
PATCHES = (pictures_of.SIZE // 32) ** 2
TAGS = {h: labels.HEADS[h] for h in VOTING}
LONGEST = 26                       # begin token and 24 new ones, and one to spare
VOCABULARY = 2000


class Vision(nn.Module):
    """Pixels → (last_hidden_state [N,PATCHES+TAGS,192], the logits of each tag): deep features and colour codes per patch, one layer over them,
    and what each tag (type, colour, pattern, …) seems to be.

    The tags keep the decoder's words to what was recognised; after Huang et al., Tag2Text (2023).
    """

    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder.copy()
        self.mix = nn.Conv2d(Encoder.PATCH, WIDTH, 1)
        self.places = nn.Parameter(torch.randn(PATCHES, WIDTH) * 0.02)
        self.layer, self.norm = Layer(WIDTH, 4), nn.LayerNorm(WIDTH)
        self.tags = nn.ModuleDict({h: Linear(Encoder.WIDTH, len(names)) for h, names in TAGS.items()})
        self.words = nn.ParameterDict({h: nn.Parameter(torch.randn(len(n), WIDTH) * 0.5) for h, n in TAGS.items()})

    def forward(self, *seen):
        top, kept, small = self.encoder.features(*seen)
        x = self.mix(self.encoder.patches(top, small)).flatten(2).transpose(1, 2)
        patches = self.norm(self.layer(x + self.places))
        pooled = self.encoder.pooled(top, kept, small)
        logits = [tag(pooled) for tag in self.tags.values()]
        # A sum over the last axis: the rounding of others, and of matrix products, depends on the batch size.
        words = [(l.softmax(1)[:, None] * self.words[h].T).sum(-1) for h, l in zip(TAGS, logits)]
        return (torch.cat([patches, torch.stack(words, 1)], 1), *logits)


class Decoder(nn.Module):
    """Token ids so far and the picture's vectors → logits of the next token at every place."""

    def __init__(self, vocabulary):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, WIDTH)
        nn.init.normal_(self.tokens.weight, std=0.05)
        self.places = nn.Parameter(torch.randn(LONGEST + 6, WIDTH) * 0.02)
        self.layers = nn.ModuleList([Layer(WIDTH, HEADS, cross=True, drop=0.15) for _ in range(2)])
        self.norm, self.out = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, vocabulary)

    def forward(self, input_ids, encoder_hidden_states):
        length = input_ids.shape[1]
        x = self.tokens(input_ids) + self.places[:length]
        bias = causal(length, input_ids.device)
        for layer in self.layers:
            x = layer(x, bias, encoder_hidden_states)
        return self.out(self.norm(x))


class Resumable(nn.Module):
    """The decoder as it is exported: what it has read comes out as keys and values, and goes in for the next token.

    Tokens and vectors are added to what is in `past`, so that each is read once; there may be none of either.
    """

    def __init__(self, decoder):
        super().__init__()
        self.decoder = decoder

    def names(self):
        """The names of `past`, without the `past_key_values` or `present` before them."""
        return [f"{i}.{of}.{part}" for i in range(len(self.decoder.layers))
                for of in ("decoder", "encoder") for part in ("key", "value")]

    def forward(self, input_ids, encoder_hidden_states, *past):
        before, decoder = past[0].shape[2], self.decoder
        length = before + input_ids.shape[1]
        x = decoder.tokens(input_ids) + decoder.places[before:length]
        bias, present = causal(length, input_ids.device, before), []
        for i, layer in enumerate(decoder.layers):
            x, read = layer.resume(x, bias, encoder_hidden_states, past[4 * i:4 * i + 4])
            present.extend(read)
        return decoder.out(decoder.norm(x)), *present


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


def train(seen, encoder, tok, steps, left_out, seed=3, size=64, log=print):
    """A trained captioner, whose vision half goes on from `encoder`; it sees nothing of the people `left_out`."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model = Captioner(encoder, tok.get_vocab_size()).train()
    vision = model.vision
    vision.encoder.to(memory_format=torch.channels_last).unfreeze()
    average = Average(model)
    targets = Targets(seen.items, {**SHAPING, **TAGS})
    sampler = Sampler(seen.items, seen.jobs, seed, left_out, shares=(0.7, 0.0, 0.3, 0.0))
    new = [p for m in (vision.mix, vision.layer, vision.norm, vision.tags, vision.words, model.decoder, model.shaping)
           for p in m.parameters()]
    optimiser = torch.optim.AdamW([*vision.encoder.parameter_groups(1e-4, 5e-4), {"params": [*new, vision.places]}],
                                  1e-3, weight_decay=0.05)
    schedule = one_cycle(optimiser, steps)
    jobs = np.array(seen.jobs)
    for step in range(steps):
        rows = sampler.batch(size)
        index = jobs[rows, 0]
        hidden, *tags = vision(*seen.batch(rows))
        loss = 0
        for share, found in ((0.1, model.shaping(F.normalize(hidden.mean(1), dim=1))), (0.3, dict(zip(TAGS, tags)))):
            for head, out in found.items():
                loss = loss + share * set_loss(out, targets.masks[head][torch.from_numpy(index)])
        told, ids = _captions(seen.items, index, tok, rng)
        logits = model.decoder(ids[:, :-1], hidden[told])
        loss = loss + F.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten(), ignore_index=PAD,
                                      label_smoothing=0.05)
        step_on(model, optimiser, loss)
        schedule.step()
        average.update(model)
        if step % 50 == 0:
            log(f"blip {step}/{steps} loss {loss.item():.3f}")
    return average.model
