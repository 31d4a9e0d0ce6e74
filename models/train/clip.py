"""The image and text pair: one space for photos and free text."""

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from torch import nn

import labels
import texts
from backbone import Encoder, Linear
from fashion import SHAPING, VOTING, Average, Cosine, Sampler, Targets, one_cycle, set_loss, step_on
from transformer import HIDDEN, Layer

DIMENSION = 128
CONTEXT = 32
WIDTH = 160
HIDDEN_WIDTH = 384                 # of the image tower's two last layers
VOCABULARY = 3000
PAD, BEGIN, END, UNKNOWN = 0, 1, 2, 3
PER_IMAGE = 2                      # texts per picture in a batch


def tokenizer(corpus, size, begin_and_end):
    """A byte-pair tokenizer of the corpus; words are kept apart by the Metaspace mark."""
    tok = Tokenizer(models.BPE(unk_token="[UNK]"))
    tok.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    metaspace = pre_tokenizers.Metaspace("▁", "always")
    # Captions are joined again, so their tokenizer keeps "t-shirt" whole.
    apart = pre_tokenizers.Punctuation("isolated")
    tok.pre_tokenizer = pre_tokenizers.Sequence([apart, metaspace]) if begin_and_end else metaspace
    tok.decoder = decoders.Metaspace("▁", "always")
    special = ["[PAD]", "[BEGIN]", "[END]", "[UNK]"]
    tok.train_from_iterator(corpus, trainers.BpeTrainer(vocab_size=size, special_tokens=special, min_frequency=2,
                                                        show_progress=False))
    if begin_and_end:
        tok.post_processor = processors.TemplateProcessing(
            single="[BEGIN] $A [END]", special_tokens=[("[BEGIN]", BEGIN), ("[END]", END)])
    return tok


def ids_of(tok, lines, limit=CONTEXT):
    """(input_ids, attention_mask); a text that is too long is cut and keeps its end token."""
    rows = [e.ids if len(e.ids) <= limit else [*e.ids[:limit - 1], e.ids[-1]] for e in tok.encode_batch(lines)]
    ids = torch.full((len(rows), max(map(len, rows))), PAD)
    for i, row in enumerate(rows):
        ids[i, :len(row)] = torch.tensor(row)
    return ids, (torch.arange(ids.shape[1])[None] < torch.tensor([[len(r)] for r in rows])).long()


class Image(nn.Module):
    """Pixels → (image_embeds, the logits of each voting head)."""

    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder.copy()
        self.embed = nn.Sequential(
            nn.Conv2d(Encoder.WIDTH, HIDDEN_WIDTH, 1), nn.GELU(), Linear(HIDDEN_WIDTH, DIMENSION))
        self.heads = nn.ModuleDict({h: Linear(Encoder.WIDTH, len(labels.HEADS[h])) for h in VOTING})

    def forward(self, *seen):
        x = self.encoder(*seen)
        return (self.embed(x), *(head(x) for head in self.heads.values()))


class Text(nn.Module):
    """Token ids → text_embeds: two layers, then the mean over the tokens that count."""

    def __init__(self, vocabulary):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, WIDTH)
        self.places = nn.Parameter(torch.randn(CONTEXT, WIDTH) * 0.02)
        nn.init.normal_(self.tokens.weight, std=0.05)
        self.layers = nn.ModuleList([Layer(WIDTH, 4) for _ in range(2)])
        self.norm, self.project = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, DIMENSION)

    def forward(self, input_ids, attention_mask):
        mask = attention_mask.to(torch.float32)
        x = self.tokens(input_ids) + self.places[:input_ids.shape[1]]
        bias = (1 - mask)[:, None, None, :] * HIDDEN
        for layer in self.layers:
            x = layer(x, bias)
        x = self.project(self.norm(x)) * mask[:, :, None]
        return x.sum(1) / mask.sum(1, keepdim=True).clamp(min=1.0)


class Pair(nn.Module):
    """Both towers, the scale of the cosine, and classifiers that help the image tower along."""

    def __init__(self, encoder, vocabulary):
        super().__init__()
        self.image, self.text = Image(encoder), Text(vocabulary)
        self.log_scale = nn.Parameter(torch.tensor(2.7))
        self.shaping = Cosine(DIMENSION, SHAPING)

    def scale(self):
        return self.log_scale.exp().clamp(max=40.0)


def relation(criteria, sure, possible):
    """For texts × pictures: +1 the text fits, -1 it does not, 0 unknown. Masks are int64 per mentioned head."""
    asked = criteria[:, None, :]
    have, may = sure[None], possible[None]
    silent = asked == 0
    fits = silent | ((have != 0) & ((have & ~asked) == 0))
    contradicts = ~silent & (may != 0) & ((may & asked) == 0)
    out = np.zeros(fits.shape[:2], np.int64)
    out[fits.all(2) & ~silent.all(2)] = 1
    out[contradicts.any(2)] = -1
    return out


def contrast(logits, positive, ignored):
    """Multi-positive InfoNCE over rows."""
    logits = logits.masked_fill(ignored & ~positive, -1e4)
    logp = logits.log_softmax(1)
    weight = positive.float()
    return -((logp * weight).sum(1) / weight.sum(1).clamp(min=1)).mean()


def _texts_for(items, index, rng):
    """Texts, their criteria as masks, and whether each tells of its picture alone."""
    lines, criteria, exact = [], [], []
    for i in index:
        text, asked, alone = texts.told(items[i], rng)
        words = text.split()
        if len(words) > 3 and rng.random() < 0.3:
            words.pop(rng.integers(len(words)))
        lines.append(" ".join(words))
        criteria.append([texts.bits(h, asked.get(h, [])) for h in texts.MENTIONED])
        exact.append(alone)
    return lines, np.array(criteria, np.int64), np.array(exact)


def train(seen, encoder, tok, steps, left_out, seed=2, size=72, log=print):
    """A trained pair, whose image tower goes on from `encoder`; it sees nothing of the people `left_out`."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model = Pair(encoder, tok.get_vocab_size()).train()
    model.image.to(memory_format=torch.channels_last).encoder.unfreeze()
    average = Average(model)
    masks = [texts.known(item) for item in seen.items]
    sure = np.array([m[0] for m in masks], np.int64)
    possible = np.array([m[1] for m in masks], np.int64)
    heads = Targets(seen.items, {**SHAPING, **{h: labels.HEADS[h] for h in VOTING}})
    sampler = Sampler(seen.items, seen.jobs, seed, left_out, shares=(0.58, 0.0, 0.42, 0.0))
    new = [p for part in (model.image.embed, model.image.heads, model.text, model.shaping) for p in part.parameters()]
    optimiser = torch.optim.AdamW(
        [*model.image.encoder.parameter_groups(1e-4, 5e-4), {"params": new},
         {"params": [model.log_scale], "weight_decay": 0.0}], 2e-3, weight_decay=0.05)
    schedule = one_cycle(optimiser, steps)
    jobs = np.array(seen.jobs)
    for step in range(steps):
        rows = sampler.batch(size)
        index = jobs[rows, 0]
        image, *votes = model.image(*seen.batch(rows))
        image = F.normalize(image, dim=1)
        loss = _contrast_of(model, image, _texts_for(seen.items, index[np.tile(np.arange(len(rows)), PER_IMAGE)], rng),
                            (sure[index], possible[index]), tok)
        for share, found in ((0.15, model.shaping(image)), (0.3, dict(zip(VOTING, votes)))):
            for head, out in found.items():
                loss = loss + share * set_loss(out, heads.masks[head][torch.from_numpy(index)])
        step_on(model, optimiser, loss)
        schedule.step()
        average.update(model)
        if step % 50 == 0:
            log(f"clip {step}/{steps} loss {loss.item():.3f} scale {model.scale().item():.1f}")
    return average.model


def _contrast_of(model, image, told, known, tok):
    """The contrastive loss both ways of pictures and their texts, `PER_IMAGE` for each."""
    lines, criteria, exact = told
    owner = np.tile(np.arange(len(image)), PER_IMAGE)
    text = F.normalize(model.text(*ids_of(tok, lines)), dim=1)
    fit = relation(criteria, *known)
    own = owner[:, None] == np.arange(len(image))[None]
    positive = torch.from_numpy(own | ((fit > 0) & ~exact[:, None]))
    ignored = torch.from_numpy(np.where(exact[:, None], fit > 0, fit == 0))
    logits = model.scale() * text @ image.T
    return contrast(logits, positive, ignored) + contrast(logits.T, positive.T, ignored.T)
