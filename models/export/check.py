"""Compares what is written out here with OpenCLIP: CLIP's tokenizer, and SigLIP's renamed weights.

    python models/export/check.py --bpe bpe_simple_vocab_16e6.txt.gz
"""

import argparse
from pathlib import Path

import open_clip
import torch
from open_clip.tokenizer import SimpleTokenizer
from transformers import SiglipConfig, SiglipModel

import openclip
import prompts
import published
import words

TEXTS = ["a navy striped t-shirt", "Something WARM, in dark blue!", "it's  a\tpair of 2 white trainers; they'll run",
         "naïve café-au-lait coat №7", "洋服とスカート", "émigré's 👗 100%", "don't we've I'm you'd she's", "  ", "x_y__z",
         *(prompt for _, lines, _ in prompts.asked().values() for prompt in lines)]


def check_words(path):
    ours, theirs = words.clip(words.published_merges(path)), SimpleTokenizer(str(path))
    for text in TEXTS:
        expected = [theirs.sot_token_id, *theirs.encode(text), theirs.eot_token_id]
        got = ours.encode(text).ids
        assert got == expected, (text, got, expected)
    print(f"CLIP's tokenizer: {len(TEXTS)} texts the same")


@torch.no_grad()
def check_siglip():
    torch.manual_seed(3)
    theirs = open_clip.create_model("ViT-B-16-SigLIP").eval()
    for parameter in theirs.parameters():
        if parameter.dim() > 0:
            parameter.add_(torch.randn_like(parameter) * 0.02)
    ours = SiglipModel(SiglipConfig(**published.SIGLIP)).eval()
    ours.load_state_dict(openclip.renamed(theirs.state_dict()))
    pixels, ids = torch.randn(2, 3, 224, 224), torch.randint(2, 32000, (2, 64))
    for name, got, expected in (
            ("pictures", ours.get_image_features(pixel_values=pixels), theirs.encode_image(pixels)),
            ("texts", ours.get_text_features(input_ids=ids), theirs.encode_text(ids))):
        got = got if torch.is_tensor(got) else got.pooler_output
        close = torch.nn.functional.cosine_similarity(got, expected).min().item()
        assert close > 0.99999, (name, close)
        print(f"SigLIP, {name}: cosine {close:.7f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bpe", required=True, type=Path)
    check_words(parser.parse_args().bpe)
    check_siglip()


if __name__ == "__main__":
    main()
