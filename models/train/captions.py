"""Writes a caption with the exported decoder, as FlashFit does: beam search by mean log-probability, one beam is greedy."""

import numpy as np


def _log_softmax(logits):
    logits = logits.astype(np.float64)
    logits -= logits.max(-1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(-1, keepdims=True))


class Reader:
    """Asks a decoder for the next token of several beams, and keeps what it has read where it gives that out."""

    def __init__(self, decoder, hidden):
        self.decoder, self.hidden = decoder, hidden
        self.past = {i.name: np.zeros([1, i.shape[1], 0, i.shape[3]], np.float32)
                     for i in decoder.get_inputs() if i.name.startswith("past_key_values.")}

    def logits(self, ids, rows):
        """Logits of the token after each row of `ids`, which goes on from row `rows[i]` of the call before."""
        if not self.past:
            feeds = {"input_ids": ids, "encoder_hidden_states": np.repeat(self.hidden, len(ids), 0)}
            return self.decoder.run(None, feeds)[0][:, -1]
        feeds = {name: values[rows] for name, values in self.past.items()}
        hidden = np.repeat(self.hidden, len(ids), 0)
        logits, *present = self.decoder.run(None, {"input_ids": ids[:, -1:], "encoder_hidden_states": hidden, **feeds})
        names = [o.name.replace("present.", "past_key_values.") for o in self.decoder.get_outputs()[1:]]
        self.past, self.hidden = dict(zip(names, present)), self.hidden[:, :0]
        return logits[:, -1]


def captions(decoder, hidden, begin, end, longest, beams):
    """The token ids of the caption of one picture, without begin and end.

    There are always `beams` unfinished captions to go on with; they are taken only where too few came to an end.
    """
    reader = Reader(decoder, hidden)
    alive, finished, rows = [([begin], 0.0)], [], [0]
    for _ in range(longest):
        logits = reader.logits(np.array([tokens for tokens, _ in alive], np.int64), rows)
        scores = _log_softmax(logits) + np.array([[score] for _, score in alive])
        grown, rows = [], []
        # One token of each beam is the end at most, so twice as many hold enough that go on.
        for rank, place in enumerate(np.argsort(-scores, axis=None, kind="stable")[:2 * beams]):
            row, token = divmod(int(place), scores.shape[1])
            beam = ([*alive[row][0], token], float(scores[row, token]))
            if token == end and rank < beams:
                finished.append(beam)
            elif token != end and len(grown) < beams:
                grown.append(beam)
                rows.append(row)
        alive = grown
        if len(finished) >= beams:
            break
    tokens, _ = max(finished if len(finished) >= beams else finished + alive,
                    key=lambda beam: beam[1] / (len(beam[0]) - 1))
    return [t for t in tokens[1:] if t != end]
