"""The heads about catalogue pictures, fitted once more to all of them as they are: the catalogue's common types are
common there, and its pictures are neither turned nor relit."""

import numpy as np
import torch
from PIL import Image

import catalogue
import data as pictures_of
import labels
from fashion import Targets, set_loss

HEADS = ("article_type", "base_colour")
EPOCHS, SIZE, RATE, DECAY = 25, 512, 2e-3, 1e-2


@torch.no_grad()
def _pooled(model, views, rows, log):
    """What the encoder makes of the products `rows`, f32 [N,WIDTH,1,1]."""
    out = []
    for start in range(0, len(rows), 64):
        stack = np.stack([np.asarray(pictures_of.fit(Image.fromarray(views.pictures[row])))
                          for row in rows[start:start + 64]])
        pixels = torch.from_numpy(pictures_of.pixel_values(stack)).contiguous(memory_format=torch.channels_last)
        out.append(model.encoder(pixels))
        if start % (64 * 50) == 0:
            log(f"products {start}/{len(rows)}")
    return torch.cat(out)


def fit(model, views, seed, log=print):
    """The encoder with those heads fitted anew; nothing else of it changes."""
    torch.manual_seed(seed)
    model = model.eval().to(memory_format=torch.channels_last)
    products = range(views.homes, len(views.items))
    chosen = [row for row in products if not catalogue.is_kept(views.items[row].key)]
    pooled = _pooled(model, views, chosen, log)
    heads = {head: model.heads[head] for head in HEADS}
    masks = Targets([views.items[row] for row in chosen], {head: labels.HEADS[head] for head in HEADS}).masks
    optimiser = torch.optim.AdamW([p for head in heads.values() for p in head.parameters()], RATE, weight_decay=DECAY)
    batches = len(pooled) // SIZE
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, EPOCHS * batches)
    for epoch in range(EPOCHS):
        for rows in torch.randperm(len(pooled))[:batches * SIZE].split(SIZE):
            loss = sum(set_loss(layer(pooled[rows]), masks[head][rows]) for head, layer in heads.items())
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        log(f"catalogue heads, epoch {epoch}: loss {loss.item():.3f}")
    return model
