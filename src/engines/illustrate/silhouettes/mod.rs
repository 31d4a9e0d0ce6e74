//! How each kind of garment is cut and put together.
mod accessories;
mod boots;
mod bottoms;
mod dresses;
mod headwear;
mod heels;
mod jackets;
mod knitwear;
mod legs;
mod outer;
mod shoes;
mod skirts;
mod small;
mod tops;
mod torso;

use crate::base::garment::Category;
use crate::engines::illustrate::canvas::Sheet;
use crate::engines::illustrate::cloth::Cloth;
use crate::engines::illustrate::palette::Rgb;

/// A variety of a kind of garment; a cut that the kind does not know is drawn as `Regular`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cut {
    /// As the kind usually is.
    Regular,
    /// Close to the figure: slim trousers, pencil skirts, stilettos.
    Fitted,
    /// Wide: flared trousers, swinging skirts.
    Wide,
    /// A pointed neckline.
    VNeck,
    /// A collar that is rolled over.
    RollNeck,
    /// Laid in pleats.
    Pleated,
    /// Shorter than usual: mini skirts, ankle boots, cropped jackets.
    Short,
    /// Longer than usual: maxi skirts, knee boots.
    Long,
    /// A denim jacket with yoke and chest pockets.
    Trucker,
    /// A bomber jacket with ribbed edges.
    Bomber,
    /// A quilted, padded jacket.
    Puffer,
    /// A leather jacket with a slanted zip.
    Biker,
    /// A belted, double-breasted coat.
    Trench,
    /// A coat with a hood.
    Parka,
    /// Shoes without laces: loafers, Chelsea boots.
    SlipOn,
    /// A bag worn on the back.
    Backpack,
    /// A large open bag.
    Tote,
}

/// What a silhouette needs to know of a design.
pub(crate) struct Model {
    pub(crate) cloth: Cloth,
    pub(crate) cut: Cut,
    pub(crate) sleeve: &'static str,
    /// Chooses between equal details, such as printed motifs.
    pub(crate) variant: u32,
}

impl Model {
    /// Whether trimmings take the second colour.
    fn is_two_tone(&self) -> bool {
        self.cloth.pattern == "colour-block"
    }

    /// Buttons that suit the cloth.
    fn buttons(&self) -> Rgb {
        let colour = self.cloth.colour;
        if colour.lightness() > 0.8 {
            Rgb(226, 220, 208)
        } else if self.cloth.pattern != "plain" {
            Rgb(238, 232, 218)
        } else if colour.lightness() < 0.25 {
            colour.lighter(0.30)
        } else {
            colour.darker(0.42)
        }
    }
}

/// Draws one garment of the category.
pub(crate) fn draw(sheet: &mut Sheet, category: Category, model: &Model) {
    match category {
        Category::TShirt | Category::Bodysuit | Category::Other => tops::t_shirt(sheet, model),
        Category::TankTop | Category::Underwear | Category::Swimwear => {
            tops::tank_top(sheet, model)
        }
        Category::Polo => tops::polo(sheet, model),
        Category::Shirt | Category::Pyjamas => tops::shirt(sheet, model),
        Category::Blouse => tops::blouse(sheet, model),
        Category::Sweater | Category::Sweatshirt => knitwear::sweater(sheet, model),
        Category::Hoodie => knitwear::hoodie(sheet, model),
        Category::Cardigan => knitwear::cardigan(sheet, model),
        Category::Jeans => bottoms::jeans(sheet, model),
        Category::Trousers => bottoms::trousers(sheet, model),
        Category::Joggers | Category::Leggings | Category::Tights => bottoms::joggers(sheet, model),
        Category::Shorts => bottoms::shorts(sheet, model),
        Category::Skirt => skirts::skirt(sheet, model),
        Category::Dress => dresses::dress(sheet, model),
        Category::Jumpsuit => dresses::jumpsuit(sheet, model),
        Category::Blazer => outer::blazer(sheet, model),
        Category::Coat => outer::coat(sheet, model),
        Category::Jacket => jackets::jacket(sheet, model),
        Category::Vest => jackets::vest(sheet, model),
        Category::Sneakers => shoes::sneakers(sheet, model),
        Category::DressShoes | Category::Flats | Category::Slippers => {
            shoes::dress_shoes(sheet, model)
        }
        Category::Boots => boots::boots(sheet, model),
        Category::Sandals => shoes::sandals(sheet, model),
        Category::Heels => heels::heels(sheet, model),
        Category::Hat => headwear::hat(sheet, model),
        Category::Cap => headwear::cap(sheet, model),
        Category::Beanie => headwear::beanie(sheet, model),
        Category::Bag => accessories::bag(sheet, model),
        Category::Scarf => accessories::scarf(sheet, model),
        Category::Socks => small::socks(sheet, model),
        Category::Gloves => small::gloves(sheet, model),
        Category::Tie => small::tie(sheet, model),
        Category::Belt | Category::Watch | Category::Jewellery => small::belt(sheet, model),
        Category::Sunglasses => small::sunglasses(sheet, model),
    }
}
