//! A pack may say which kinds of garments go together.
use super::{
    TinyPack,
    onnx_file::{Graph, Kind},
    options,
};
use crate::{base::garment::Category, engines::vision::Vision};
use sha2::{Digest as _, Sha256};

/// Says of each two kinds what it says of the first.
fn compat(wide: i64) -> Graph {
    let ids = |name| (name, Kind::Int, &[-1][..]);
    let shape = [-1, wide];
    Graph::new()
        .input(ids("category_a"))
        .input(ids("category_b"))
        .input(("image_embeds_a", Kind::Float, &shape))
        .input(("image_embeds_b", Kind::Float, &shape))
        .output(("logit", Kind::Float, &[-1]))
        .table("table", &[3], &[0.5, -1.0, 2.0])
        .gather("table", "category_a", "logit")
}

fn with(graph: &Graph) -> TinyPack {
    let pack = TinyPack::new();
    let bytes = graph.bytes();
    pack.write("compat.onnx", &bytes);
    let sum = super::hex(&Sha256::digest(&bytes));
    pack.edit(
        "[files]\n",
        &format!("[files]\n\"compat.onnx\" = \"{sum}\"\n"),
    );
    pack
}

#[test]
fn what_the_network_says_is_kept_by_our_own_words() {
    let pack = with(&compat(3));
    let vision = pack.load();
    let all = Category::ALL.len();
    let table = vision.togetherness().unwrap();
    let of = |a: Category, b: Category| table[a as usize * all + b as usize];
    assert_eq!(table.len(), all * all);
    assert_eq!(of(Category::Shirt, Category::Hat), 0.5);
    assert_eq!(of(Category::Coat, Category::Shirt), -1.0);
    assert_eq!(of(Category::Hat, Category::Hat), 2.0);
    assert_eq!(
        of(Category::Hat, Category::Jeans),
        0.0,
        "the pack knows no jeans"
    );
    let alone = Vision::togetherness_of(&pack.open(), &options(1)).unwrap();
    assert_eq!(alone.as_deref(), Some(table));
}

#[test]
fn a_pack_without_the_network_says_nothing() {
    assert_eq!(TinyPack::new().load().togetherness(), None);
}

#[test]
fn a_network_of_another_shape_is_named() {
    let said = with(&compat(5)).complaint();
    assert!(
        said.starts_with("compat.onnx: input `image_embeds_a`"),
        "{said}"
    );
    let said = with(&Graph::new().output(("logit", Kind::Float, &[-1]))).complaint();
    assert!(said.starts_with("compat.onnx: "), "{said}");
}
