"""What is asked of a pair of networks that has no heads: one prompt per label, in FlashFit's vocabulary."""

CATEGORIES = {
    "t-shirt": "a t-shirt", "polo": "a polo shirt with a collar", "tank-top": "a sleeveless tank top",
    "shirt": "a button-up shirt with a collar", "blouse": "a women's blouse", "sweater": "a knitted sweater",
    "hoodie": "a hoodie with a hood", "sweatshirt": "a sweatshirt without a hood", "cardigan": "an open knitted cardigan",
    "bodysuit": "a bodysuit", "skirt": "a skirt", "jeans": "a pair of denim jeans", "trousers": "a pair of trousers",
    "leggings": "a pair of tight leggings", "joggers": "a pair of jogging pants", "shorts": "a pair of shorts",
    "dress": "a dress", "jumpsuit": "a jumpsuit", "blazer": "a blazer", "jacket": "a jacket", "coat": "a long coat",
    "vest": "a sleeveless vest worn over a shirt", "sneakers": "a pair of sneakers",
    "dress-shoes": "a pair of leather dress shoes", "boots": "a pair of boots", "sandals": "a pair of sandals",
    "heels": "a pair of high heels", "flats": "a pair of ballet flats", "slippers": "a pair of house slippers",
    "hat": "a hat with a brim", "cap": "a baseball cap", "beanie": "a knitted beanie", "bag": "a bag",
    "scarf": "a scarf", "gloves": "a pair of gloves", "socks": "a pair of socks", "tights": "a pair of tights",
    "belt": "a belt", "tie": "a necktie", "sunglasses": "a pair of sunglasses", "watch": "a wristwatch",
    "jewellery": "a piece of jewellery", "underwear": "a piece of underwear", "swimwear": "a piece of swimwear",
    "pyjamas": "a pair of pyjamas"}
PATTERNS = {
    "plain": "a plain piece of clothing in one colour", "striped": "a striped piece of clothing",
    "checked": "a checked or plaid piece of clothing", "floral": "a piece of clothing with a floral print",
    "dotted": "a piece of clothing with polka dots", "graphic": "a piece of clothing with a graphic print",
    "lettering": "a piece of clothing with letters printed on it", "camouflage": "a camouflage piece of clothing",
    "animal": "a piece of clothing with an animal print", "colour-block": "a piece of clothing with large blocks of colour",
    "denim-wash": "a piece of clothing made of washed denim", "knit": "a piece of clothing with a knitted texture",
    "lace": "a piece of clothing made of lace", "geometric": "a piece of clothing with a geometric pattern",
    "paisley": "a piece of clothing with a paisley pattern", "tie-dye": "a tie-dye piece of clothing"}
SLEEVES = {
    "none": "a sleeveless top or dress", "short": "a top or dress with short sleeves",
    "three-quarter": "a top or dress with three-quarter sleeves", "long": "a top or dress with long sleeves",
    "na": "trousers, a skirt, shoes or an accessory"}
FORMALITY = {
    "1": "clothes to wear at home", "2": "casual sports clothes", "3": "everyday casual clothes",
    "4": "smart business clothes", "5": "formal evening clothes"}
WARMTH = {
    "1": "very light clothes for hot weather", "2": "light clothes for a mild summer day",
    "3": "clothes for a cool spring day", "4": "warm clothes for cold weather",
    "5": "thick padded clothes for deep winter"}
AUDIENCE = {
    "women": "women's clothing", "men": "men's clothing", "unisex": "unisex clothing", "kids": "children's clothing"}
SEASON = {
    "summer": "summer clothing", "winter": "winter clothing", "all-year": "clothing for every season of the year"}
GARMENT = {
    "garment": "a piece of clothing, a pair of shoes or a fashion accessory",
    "other": "a room, a landscape, food, an animal or a document, no clothing"}

# Grades are often split between neighbours: half the probability would be asked of none of them.
ATTRIBUTES = {"category": (CATEGORIES, 0.5), "garment": (GARMENT, 0.5), "pattern": (PATTERNS, 0.5),
              "sleeve": (SLEEVES, 0.5), "formality": (FORMALITY, 0.35), "warmth": (WARMTH, 0.35),
              "audience": (AUDIENCE, 0.5), "season": (SEASON, 0.5)}


def asked():
    """Attribute → (labels, prompts, threshold)."""
    return {name: (list(phrases), [f"a photo of {phrase}" for phrase in phrases.values()], threshold)
            for name, (phrases, threshold) in ATTRIBUTES.items()}
