"""The fashion encoder: an embedding of the garment and calibrated attribute heads."""

import copy

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import labels
from backbone import Encoder, Linear

DIMENSION = 128
# What shapes the embedding beside the heads; these classifiers are not exported.
SHAPING = {"kind": labels.TEN_NAMES, "category": labels.CATEGORIES, "colour": labels.COLOURS,
           "pattern": labels.HEADS["pattern"], "sleeve": labels.HEADS["sleeve"], "audience": labels.HEADS["audience"]}
# Heads that the pair and the captioner have as well: the three vote.
VOTING = ("category", "kind", "colour", "pattern", "sleeve", "formality", "warmth", "audience")
WEIGHTS = {"category": 1.0, "garment": 0.3, "pattern": 0.5, "sleeve": 0.5, "formality": 0.4, "warmth": 0.4,
           "audience": 0.3, "season": 0.15, "colour": 0.6, "kind": 0.7, "article_type": 0.5, "base_colour": 0.4}
MIXED = 0.5                        # share of the batches that are mixed, and how much: Beta(0.3, 0.3)


class Cosine(nn.Module):
    """Classifiers on a normalised vector: what they need, its directions must carry."""

    def __init__(self, dimension, heads):
        super().__init__()
        self.centres = nn.ParameterDict(
            {h: nn.Parameter(torch.randn(len(names), dimension) * 0.05) for h, names in heads.items()})
        self.scale = 12.0

    def forward(self, unit):
        return {h: self.scale * unit @ F.normalize(c, dim=1).T for h, c in self.centres.items()}


class Fashion(nn.Module):
    """Pixels → (image_embeds, one tensor of logits per head)."""

    def __init__(self, net):
        super().__init__()
        self.encoder = Encoder(net)
        self.embed = Linear(Encoder.WIDTH, DIMENSION)
        self.heads = nn.ModuleDict({h: Linear(Encoder.WIDTH, len(names)) for h, names in labels.HEADS.items()})
        self.shaping = Cosine(DIMENSION, SHAPING)

    def forward(self, *seen):
        x = self.encoder(*seen)
        return (self.embed(x), *(head(x) for head in self.heads.values()))


class Twins(nn.Module):
    """Two fashion encoders: embeddings side by side, logits averaged."""

    def __init__(self, members):
        super().__init__()
        self.members = nn.ModuleList(members)

    def forward(self, pixels):
        embeds, *logits = zip(*(member(pixels) for member in self.members))
        return (torch.cat([F.normalize(e, dim=1) for e in embeds], 1), *(sum(one) / len(one) for one in logits))


class Targets:
    """Allowed labels of every item as masks, per head."""

    def __init__(self, items, heads):
        self.masks = {}
        for head, names in heads.items():
            mask = torch.zeros(len(items), len(names))
            for i, item in enumerate(items):
                for value in item.labels.get(head, []):
                    mask[i, names.index(value)] = 1
            self.masks[head] = mask


def set_loss(logits, allowed, smoothing=0.05):
    """-log of the probability of the allowed set, averaged over the rows where something is known."""
    rows = allowed.sum(1) > 0
    if not rows.any():
        return logits.sum() * 0
    logp = logits[rows].log_softmax(1)
    inside = (logp + allowed[rows].clamp(min=1e-9).log()).logsumexp(1)
    return -((1 - smoothing) * inside + smoothing * logp.mean(1)).mean()


class Sampler:
    """Batches of jobs: home photos with annotations, other home photos, products (rare types favoured), fakes."""

    def __init__(self, items, jobs, seed, left_out=(), shares=(0.54, 0.02, 0.38, 0.06), among=None):
        self.rng = np.random.default_rng(seed)
        groups = [[], [], [], []]
        for row in range(len(jobs)) if among is None else among:
            index, variant = jobs[row]
            item = items[index]
            if item.split != "train" or item.person in left_out:
                continue
            kind = 3 if variant < 0 else 2 if item.domain == "product" else 0 if item.caption else 1
            groups[kind].append(row)
        self.groups, self.shares = [np.array(g) for g in groups], shares
        kinds = [items[jobs[row][0]].row["articleType"] for row in self.groups[2]]
        counts = {k: kinds.count(k) for k in set(kinds)}
        weight = np.array([counts[k] ** -0.5 for k in kinds])
        self.weight = weight / weight.sum()

    def batch(self, size):
        picked = []
        for kind, share in enumerate(self.shares):
            count = int(round(size * share))
            if count and len(self.groups[kind]):
                p = self.weight if kind == 2 else None
                picked.append(self.rng.choice(self.groups[kind], count, p=p, replace=False))
        return np.concatenate(picked)


class Average:
    """An exponential moving average of the trained weights, which is what gets exported."""

    def __init__(self, model, decay=0.995):
        self.model, self.decay, self.step = copy.deepcopy(model).eval(), decay, 0

    @torch.no_grad()
    def update(self, model):
        self.step += 1
        decay = min(self.decay, self.step / (self.step + 10))
        for mine, theirs in zip(self.model.parameters(), model.parameters()):
            if theirs.requires_grad:
                mine.lerp_(theirs, 1 - decay)


def one_cycle(optimiser, steps, warm=0.08):
    """Learning rates that rise for a short while, then fall along a cosine."""
    def factor(step):
        done = step / max(1, steps)
        return done / warm if done < warm else 0.5 * (1 + np.cos(np.pi * (done - warm) / (1 - warm))) + 0.01
    return torch.optim.lr_scheduler.LambdaLR(optimiser, factor)


class Objective:
    """The sum over heads; pictures of no garment only speak to the garment head and the category."""

    def __init__(self, items):
        self.targets, self.shaped = Targets(items, labels.HEADS), Targets(items, SHAPING)

    def __call__(self, model, outputs, index, fake):
        total = 0
        for head, logits in zip(labels.HEADS, outputs[1:]):
            allowed = self.targets.masks[head][index].clone()
            allowed[fake] = 0
            if head in ("garment", "category"):
                allowed[fake, -1] = 1
            total = total + WEIGHTS[head] * set_loss(logits, allowed)
        for head, logits in model.shaping(F.normalize(outputs[0], dim=1)).items():
            allowed = self.shaped.masks[head][index].clone()
            allowed[fake] = 0
            total = total + 0.3 * set_loss(logits, allowed)
        return total


def train(seen, model, steps, left_out, seed, rates=(2e-4, 1e-3, 1e-3), size=64, log=print):
    """The encoder trained on what is `seen`; `left_out` people are kept for the temperatures.

    `rates`: of pretrained weights, the colour branch, all else.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model = model.train().to(memory_format=torch.channels_last)
    average, objective = Average(model), Objective(seen.items)
    sampler = Sampler(seen.items, seen.jobs, seed, left_out)
    new = [*model.embed.parameters(), *model.heads.parameters(), *model.shaping.parameters()]
    slow, fast, fresh = rates
    optimiser = torch.optim.AdamW([*model.encoder.parameter_groups(slow, fast), {"params": new, "lr": fresh}],
                                  weight_decay=0.03)
    schedule = one_cycle(optimiser, steps)
    jobs = np.array(seen.jobs)
    for step in range(steps):
        rows = sampler.batch(size)
        batch = seen.batch(rows)
        index, fake = torch.from_numpy(jobs[rows, 0]), torch.from_numpy(jobs[rows, 1] < 0)
        if rng.random() < MIXED:
            share, other = float(rng.beta(0.3, 0.3)), torch.from_numpy(rng.permutation(len(rows)))
            outputs = model(*(share * x + (1 - share) * x[other] for x in batch))
            loss = share * objective(model, outputs, index, fake)
            loss = loss + (1 - share) * objective(model, outputs, index[other], fake[other])
        else:
            loss = objective(model, model(*batch), index, fake)
        step_on(model, optimiser, loss)
        schedule.step()
        average.update(model)
        if step % 50 == 0:
            log(f"fashion {step}/{steps} loss {loss.item():.3f}")
    return average.model


def step_on(model, optimiser, loss):
    """One step down the gradient, which is kept from exploding."""
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 5.0)
    optimiser.step()


def temperature(logits, allowed):
    """The temperature with the least log-loss, and that loss."""
    grid = np.exp(np.linspace(np.log(0.3), np.log(4), 80))
    losses = [set_loss(logits / t, allowed, 0.0).item() for t in grid]
    best = int(np.argmin(losses))
    return round(float(grid[best]), 3), losses[best]
