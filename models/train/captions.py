"""Writes a caption with the exported decoder, as FlashFit does: beam search by mean log-probability, one beam is greedy."""

import numpy as np


def _log_softmax(logits):
    logits = logits.astype(np.float64)
    logits -= logits.max(-1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(-1, keepdims=True))


def captions(decoder, hidden, begin, end, longest, beams):
    """The token ids of the caption of one picture, without begin and end.

    There are always `beams` unfinished captions to go on with; they are taken only where too few came to an end.
    """
    alive, finished = [([begin], 0.0)], []
    for _ in range(longest):
        ids = np.array([tokens for tokens, _ in alive], np.int64)
        states = np.repeat(hidden, len(alive), 0)
        logits = decoder.run(None, {"input_ids": ids, "encoder_hidden_states": states})[0][:, -1]
        scores = _log_softmax(logits) + np.array([[score] for _, score in alive])
        grown = []
        # One token of each beam is the end at most, so twice as many hold enough that go on.
        for rank, place in enumerate(np.argsort(-scores, axis=None, kind="stable")[:2 * beams]):
            row, token = divmod(int(place), scores.shape[1])
            beam = ([*alive[row][0], token], float(scores[row, token]))
            if token == end and rank < beams:
                finished.append(beam)
            elif token != end and len(grown) < beams:
                grown.append(beam)
        alive = grown
        if len(finished) >= beams:
            break
    tokens, _ = max(finished if len(finished) >= beams else finished + alive,
                    key=lambda beam: beam[1] / (len(beam[0]) - 1))
    return [t for t in tokens[1:] if t != end]
