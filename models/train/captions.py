"""Writes a caption with the exported decoder: beam search by mean log-probability, one beam is greedy."""

import numpy as np


def _log_softmax(logits):
    logits = logits.astype(np.float64)
    logits -= logits.max(-1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(-1, keepdims=True))


def captions(decoder, hidden, begin, end, longest, beams):
    """The token ids of the caption of one picture, without begin and end."""
    alive, finished = [([begin], 0.0)], []
    for _ in range(longest):
        ids = np.array([tokens for tokens, _ in alive], np.int64)
        states = np.repeat(hidden, len(alive), 0)
        logits = decoder.run(None, {"input_ids": ids, "encoder_hidden_states": states})[0][:, -1]
        scores = _log_softmax(logits) + np.array([[score] for _, score in alive])
        grown = []
        for place in np.argsort(-scores, axis=None, kind="stable")[:beams]:
            row, token = divmod(int(place), scores.shape[1])
            tokens, score = [*alive[row][0], token], float(scores[row, token])
            (finished if token == end else grown).append((tokens, score))
        alive = grown
        if not alive or len(finished) >= beams:
            break
    tokens, _ = max(finished + alive, key=lambda beam: beam[1] / (len(beam[0]) - 1))
    return [t for t in tokens[1:] if t != end]
