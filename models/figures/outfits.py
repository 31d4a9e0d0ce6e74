"""Draws what `flashfit eval people --outfits` wrote down: a sheet of outfits per wardrobe, to look at.

    python models/figures/outfits.py --json outfits.json --photos ../shared/data/clothing --gallery test-results/gallery

The sheets show people's photos and stay in a folder that is not committed.
"""

import argparse
import json
from pathlib import Path

from PIL import Image, ImageDraw

from gallery import BAD, GAP, INK, LINE, QUIET, font, wrapped

ACROSS, SIDE, PIECES = 3, 92, 6
WIDTH = PIECES * (SIDE + 4)
# Lines of text under an outfit.
LINES, LETTERS = 7, 92


def outfit(sheet, draw, place, shown, photos):
    x, y = place
    for n, piece in enumerate(shown["pieces"][:PIECES]):
        left = x + n * (SIDE + 4)
        with Image.open(photos / "images" / f"{piece['image']}.jpg") as photo:
            photo = photo.convert("RGB")
            photo.thumbnail((SIDE, SIDE))
            sheet.paste(photo, (left, y))
        draw.text((left, y + SIDE + 2), piece["seen"], fill=INK, font=font(10))
        if piece["is"] != piece["seen"]:
            draw.text((left, y + SIDE + 13), f"is {piece['is']}", fill=BAD, font=font(10))
    told = [(f"{100 * shown['probability']:.0f} %  {shown['sentence']}", INK)]
    told += [(change, QUIET) for change in shown["changes"]]
    y += SIDE + 28
    for text, colour in told:
        for line in wrapped(text, LETTERS).split("\n"):
            # The font has no no-break space.
            draw.text((x, y), line.replace("\u00a0", " "), fill=colour, font=font(11))
            y += LINE


def sheet_of(wardrobe, photos):
    height = 22 + SIDE + 28 + LINES * LINE + GAP
    size = (ACROSS * (WIDTH + GAP) + GAP, 34 + len(wardrobe["answers"]) * height)
    sheet = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(sheet)
    draw.text((GAP, 8), f"{wardrobe['wardrobe']}, {wardrobe['garments']} garments", fill=INK, font=font(15))
    for row, answer in enumerate(wardrobe["answers"]):
        y = 34 + row * height
        draw.text((GAP, y), ". ".join([answer["ask"], *answer["notes"]]), fill=INK, font=font(13))
        for n, shown in enumerate(answer["outfits"][:ACROSS]):
            outfit(sheet, draw, (GAP + n * (WIDTH + GAP), y + 22), shown, photos)
    return sheet


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", required=True, help="what `flashfit eval people --outfits` wrote")
    parser.add_argument("--photos", required=True, help="the data set with the photos")
    parser.add_argument("--gallery", required=True, help="write the sheets here")
    chosen = parser.parse_args()
    out = Path(chosen.gallery)
    out.mkdir(parents=True, exist_ok=True)
    for n, wardrobe in enumerate(json.loads(Path(chosen.json).read_text(encoding="utf-8"))):
        sheet_of(wardrobe, Path(chosen.photos)).save(out / f"outfits-{n + 1}.png")


if __name__ == "__main__":
    main()
