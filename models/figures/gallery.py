"""Sheets of home photos with what the models say of them, to look at; never to be committed."""

import random
import textwrap

from PIL import Image, ImageDraw, ImageFont

ACROSS, DOWN, SIDE, LINE, GAP = 6, 4, 168, 14, 12
LINES = 6
GOOD, BAD, INK, QUIET = "#00785a", "#b8470a", "#2b2b2b", "#767676"


def wrapped(text, width):
    return "\n".join(textwrap.wrap(text, width))


def font(size):
    return ImageFont.load_default(size)


def likeliest(shares):
    return max(shares, key=shares.get)


class Sheets:
    """Pages of pictures with lines of text below each."""

    def __init__(self, photos, out):
        self.photos, self.out, self.pages = photos, out, []

    def cell(self, sheet, draw, place, image, lines):
        x, y = place
        with Image.open(self.photos / "images" / f"{image}.jpg") as photo:
            photo = photo.convert("RGB")
            photo.thumbnail((SIDE, SIDE))
            sheet.paste(photo, (x, y))
        for n, (text, colour) in enumerate(lines[:LINES]):
            draw.text((x, y + SIDE + 3 + n * LINE), text, fill=colour, font=font(11))

    def add(self, name, title, cells):
        """Pages of `cells`: pairs of an image and its lines, each a pair of text and colour."""
        height = SIDE + LINES * LINE + GAP
        for page, start in enumerate(range(0, len(cells), ACROSS * DOWN)):
            some = cells[start:start + ACROSS * DOWN]
            rows = -(-len(some) // ACROSS)
            sheet = Image.new("RGB", (ACROSS * (SIDE + GAP) + GAP, 34 + rows * height), "white")
            draw = ImageDraw.Draw(sheet)
            draw.text((GAP, 8), f"{title}, {page + 1}", fill=INK, font=font(15))
            for n, (image, lines) in enumerate(some):
                place = (GAP + n % ACROSS * (SIDE + GAP), 34 + n // ACROSS * height)
                self.cell(sheet, draw, place, image, lines)
            file = f"{name}-{page + 1}.png"
            sheet.save(self.out / file)
            self.pages.append((title, file))

    def index(self):
        images = "".join(f'<h2>{title}</h2><img src="{file}" alt="">' for title, file in self.pages)
        style = "body{font-family:sans-serif;margin:2em;color:#2b2b2b}img{max-width:100%}"
        (self.out / "index.html").write_text(
            f"<!doctype html><meta charset=utf-8><title>What the models say</title><style>{style}</style>{images}\n",
            encoding="utf-8")


def verdict(photo, head, truth):
    said = likeliest(photo["heads"][head])
    right = said == truth
    text = f"{said} {100 * photo['heads'][head][said]:.0f} %" + ("" if right else f"  (is {truth})")
    return text, GOOD if right else BAD


def lines_of(photo):
    truth = photo["truth"]
    colour = photo["colours"][0]["name"] if photo["colours"] else "?"
    caption = textwrap.wrap(photo["caption"], 30)[:2]
    is_right = colour == truth["colour"]
    return [verdict(photo, "category", truth["type"]),
            (colour + ("" if is_right else f"  (is {truth['colour']})"), GOOD if is_right else BAD),
            verdict(photo, "pattern", truth["pattern"]), *[(line, INK) for line in caption],
            (f"caption finds it at {photo['rank'] + 1}", QUIET)]


def caption_lines(photo):
    said, told = textwrap.wrap(photo["caption"], 30)[:3], textwrap.wrap(photo["truth"]["caption"], 30)[:3]
    names = photo["caption_names"]
    colour = GOOD if names["type"] and names["colour"] else BAD
    return [*[(line, colour) for line in said], *[(line, QUIET) for line in told]]


def write(told, photos, out):
    """Every gallery, and a page that shows them."""
    out.mkdir(parents=True, exist_ok=True)
    seen = told["photos"]
    by_image = {photo["image"]: photo for photo in seen}
    sheets = Sheets(photos, out)
    some = random.Random(1).sample(seen, min(len(seen), 48))
    sheets.add("results", "Any photos", [(p["image"], lines_of(p)) for p in some])
    wrong = [p for p in seen if not p["right"]["category"]]
    wrong.sort(key=lambda p: -max(p["heads"]["category"].values()))
    sheets.add("sure-and-wrong", "Surest and wrong about the category", [(p["image"], lines_of(p)) for p in wrong[:72]])
    worst = sorted(seen, key=lambda p: p["heads"]["category"].get(p["truth"]["type"], 0.0))
    sheets.add("least-likely", "The truth was held least likely", [(p["image"], lines_of(p)) for p in worst[:48]])
    off = [p for p in seen if p["colours"] and p["colours"][0]["name"] != p["truth"]["colour"]]
    off = random.Random(2).sample(off, min(len(off), 48))
    sheets.add("colours", "Another main colour than annotated", [(p["image"], lines_of(p)) for p in off])
    prints = [p for p in seen if not p["right"]["pattern"]]
    prints.sort(key=lambda p: -max(p["heads"]["pattern"].values()))
    sheets.add("patterns", "Surest and wrong about the pattern", [(p["image"], lines_of(p)) for p in prints[:48]])
    sheets.add("captions", "Captions, and the annotator's", [(p["image"], caption_lines(p)) for p in some])
    missed = sorted(seen, key=lambda p: -p["rank"])
    sheets.add("not-found", "Found last by their own caption", [(p["image"], caption_lines(p)) for p in missed[:24]])
    for n, search in enumerate(told["searches"]):
        cells = [(image, [(by_image[image]["truth"]["caption"][:30], QUIET)]) for image in search["found"][:ACROSS]]
        sheets.add(f"search-{n + 1}", f"“{search['text']}”", cells)
    sheets.index()
