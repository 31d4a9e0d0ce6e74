"""Tokenizers: CLIP's from its published merges, those that come with local weights, and stand-ins of the same type."""

import gzip
import string
from collections import Counter

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

import prompts

BEGIN, END = "<|startoftext|>", "<|endoftext|>"
PIECES = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
MERGES = 49152 - 256 - 2           # that CLIP takes of its file, which has more


def corpus():
    """The words of the prompts with how often they come."""
    lines = [prompt.lower() for _, asked, _ in prompts.asked().values() for prompt in asked]
    cleaned = " ".join(lines).translate(str.maketrans(string.punctuation, " " * len(string.punctuation)))
    return Counter(cleaned.split())


def _bytes():
    """A visible character for each byte, in the order of CLIP's vocabulary."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in shown]
    return [chr(byte) for byte in shown] + [chr(256 + i) for i in range(len(hidden))]


def learnt_merges(words, count):
    """The first merges of byte pair encoding over `words`, most frequent first."""
    split = {word: [*word[:-1], word[-1] + "</w>"] for word in words}
    merges = []
    while len(merges) < count:
        pairs = Counter()
        for word, parts in split.items():
            for pair in zip(parts, parts[1:]):
                pairs[pair] += words[word]
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        for word, parts in split.items():
            at = 0
            while at + 1 < len(parts):
                if (parts[at], parts[at + 1]) == best:
                    parts[at:at + 2] = ["".join(best)]
                at += 1
    return merges


def clip(merges):
    """CLIP's tokenizer over these merges."""
    alphabet = _bytes()
    tokens = [*alphabet, *(c + "</w>" for c in alphabet), *("".join(pair) for pair in merges), BEGIN, END]
    vocabulary = {token: i for i, token in enumerate(tokens)}
    tok = Tokenizer(models.BPE(vocab=vocabulary, merges=merges, continuing_subword_prefix="",
                               end_of_word_suffix="</w>", fuse_unk=False, unk_token=END))
    tok.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])
    tok.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(PIECES), behavior="removed", invert=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)])
    tok.decoder = decoders.ByteLevel()
    tok.add_special_tokens([BEGIN, END])
    ends = [(token, vocabulary[token]) for token in (END, BEGIN)]
    tok.post_processor = processors.RobertaProcessing(*ends, trim_offsets=False, add_prefix_space=False)
    return tok


def published_merges(path):
    """The merges of `bpe_simple_vocab_16e6.txt.gz`, which OpenAI's and OpenCLIP's packages carry."""
    lines = gzip.decompress(path.read_bytes()).decode("utf-8").split("\n")
    return [tuple(line.split()) for line in lines[1:1 + MERGES]]


def canonical():
    """What SigLIP does to a text before its tokenizer: no punctuation, lower case, single blanks."""
    marks = "".join("\\" + c for c in string.punctuation if c != "_")
    return [normalizers.Replace("_", " "), normalizers.Replace(Regex(f"[{marks}]"), ""), normalizers.Lowercase(),
            normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]


def siglip(path):
    """The published tokenizer in `path`, which also does what is otherwise done before it."""
    tok = Tokenizer.from_file(str(path))
    tok.normalizer = normalizers.Sequence([*canonical(), *([tok.normalizer] if tok.normalizer else [])])
    return tok


def siglip_stand_in(size):
    """A unigram tokenizer with SigLIP's special tokens over the words of the prompts."""
    words = corpus()
    total = sum(words.values())
    pieces = [("▁" + word, count / total) for word, count in sorted(words.items())]
    letters = [(c, 1e-6) for c in "▁" + string.ascii_lowercase + string.digits]
    from math import log
    entries = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)] + [(p, log(share)) for p, share in pieces + letters]
    tok = Tokenizer(models.Unigram(entries[:size], unk_id=2, byte_fallback=False))
    tok.normalizer = normalizers.Sequence(canonical())
    tok.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tok.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tok.add_special_tokens(["<pad>", "</s>", "<unk>"])
    tok.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    return tok


def blip_stand_in(config):
    """A WordPiece tokenizer with the special tokens of `config` where BLIP has them, over the words of the prompts."""
    size, end, begin = config.vocab_size, config.sep_token_id, config.bos_token_id
    special = {config.pad_token_id: "[PAD]", end: "[SEP]", end - 1: "[CLS]", end + 1: "[UNK]", begin: "[DEC]",
               begin + 1: "[ENC]"}
    pieces = [*corpus(), *string.ascii_lowercase, *("##" + c for c in string.ascii_lowercase + string.digits)]
    ordinary = iter(dict.fromkeys(pieces))
    after = max(end + 2, 5)
    ids = {i: special.get(i) or (next(ordinary, None) if i >= after else None) or f"[unused{i}]" for i in range(size)}
    tok = Tokenizer(models.WordPiece({token: i for i, token in ids.items()}, unk_token="[UNK]"))
    tok.normalizer = normalizers.BertNormalizer(lowercase=True)
    tok.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tok.decoder = decoders.WordPiece()
    tok.add_special_tokens(list(special.values()))
    tok.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", end - 1), ("[SEP]", end)])
    return tok
