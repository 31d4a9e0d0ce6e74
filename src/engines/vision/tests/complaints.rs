//! What is wrong with a pack is said in one line that names the file.
use super::{
    NEXT, TinyPack, WORDS, decoder,
    onnx_file::{Graph, Kind},
    options, tokenizer,
};
use crate::engines::vision::{Pack, Vision};
use std::fs;

/// What is replaced in `pack.toml`, by what, and what is said then.
const MISTAKES: &[(&str, &str, &str)] = &[
    (
        "format = 1",
        "format = 2",
        "format is 2, this program reads 1",
    ),
    (
        "licence = \"MIT\"",
        "licence = \"MIT\"\ncolour = 1",
        "line 5: unknown field `colour`",
    ),
    (
        "name = \"tiny\"",
        "name = \"Tiny pack\"",
        "not made of [a-z0-9-]",
    ),
    ("version = \"1\"", "version = \"\"", "version \"\" is empty"),
    (
        "dimension = 3\ncontext",
        "dimension = 4\ncontext",
        "clip.text.dimension is 4",
    ),
    ("\"stretch\"", "\"squeeze\"", "squeeze"),
    (
        "\"stretch\"",
        "\"stretch\"\nfill = [1, 2, 3]",
        "fill is only for resize = \"pad\"",
    ),
    (
        "\"stretch\"",
        "\"stretch\"\nrounding = \"down\"",
        "rounding is only for resize = \"crop\"",
    ),
    ("height = 8", "height = 0", "not sensible sizes"),
    ("std = [1.0", "std = [0.0", "std above zero"),
    (
        "\"coat\"",
        "\"spacesuit\"",
        "label \"spacesuit\" is not in the vocabulary",
    ),
    ("\"coat\"", "\"shirt\"", "each once"),
    (
        "name = \"category\"",
        "name = \"smell\"",
        "\"smell\" is not one that FlashFit knows",
    ),
    (
        "name = \"category\"",
        "name = \"garment\"",
        "label \"shirt\" is not in the vocabulary",
    ),
    ("temperature = 1.0", "temperature = 0.0", "temperature is 0"),
    ("threshold = 0.5", "threshold = 50", "threshold is 50"),
    ("beams = 1", "beams = 0", "beams is 0"),
    ("max_tokens = 5", "max_tokens = 9000", "max_tokens is 9000"),
    (
        "\"fashion.onnx\"",
        "\"../fashion.onnx\"",
        "does not list fashion.onnx",
    ),
];

#[test]
fn pack_toml_is_read_strictly() {
    for (from, to, expected) in MISTAKES {
        let pack = TinyPack::new();
        pack.edit(from, to);
        let said = pack.complaint();
        assert!(
            said.contains("pack.toml: ") && said.contains(expected),
            "{to}: {said}"
        );
    }
}

#[test]
fn files_are_checked_before_they_are_used() {
    let pack = TinyPack::new();
    fs::remove_file(pack.path("blip_vision.onnx")).unwrap();
    assert!(pack.complaint().ends_with("blip_vision.onnx is missing"));
    pack.write("blip_vision.onnx", b"something else");
    let said = pack.complaint();
    assert!(said.contains("blip_vision.onnx has SHA-256 "), "{said}");
    fs::remove_file(pack.path("pack.toml")).unwrap();
    assert!(pack.complaint().ends_with("pack.toml is missing"));
    let nowhere = Pack::open(&pack.path("nowhere")).unwrap_err().to_string();
    assert!(
        nowhere.contains("nowhere: pack.toml is missing"),
        "{nowhere}"
    );
}

/// Image encoders that break the contract, and what is said of them.
fn wrong_encoders() -> Vec<(Vec<u8>, &'static str)> {
    let pixels = ("pixel_values", Kind::Float, &[-1, 3, 8, 8][..]);
    let mean = |graph: Graph, to: &str| graph.mean("pixel_values", to, &[2, 3]).bytes();
    let named = mean(
        Graph::new()
            .input(pixels)
            .output(("embeds", Kind::Float, &[-1, 3])),
        "embeds",
    );
    let open = Graph::new()
        .input(pixels)
        .output(("image_embeds", Kind::Float, &[-1, 3]));
    let sized = ("pixel_values", Kind::Float, &[-1, 3, 16, 8][..]);
    let sized = Graph::new()
        .input(sized)
        .output(("image_embeds", Kind::Float, &[-1, 3]));
    let typed = ("pixel_values", Kind::Int, &[-1, 3, 8, 8][..]);
    let typed = Graph::new()
        .input(typed)
        .output(("image_embeds", Kind::Int, &[-1, 3]));
    let wide = Graph::new()
        .input(pixels)
        .output(("image_embeds", Kind::Float, &[-1, 8]));
    let wide = wide
        .mean("pixel_values", "rows", &[1, 2])
        .apply("Identity", "rows", "image_embeds");
    let more = open.clone().input(("prompt", Kind::Float, &[-1, 3]));
    let nan = open
        .clone()
        .mean("pixel_values", "mean", &[2, 3])
        .apply("Abs", "mean", "abs");
    let nan = nan
        .apply("Neg", "abs", "negative")
        .apply("Log", "negative", "image_embeds");
    let whole = mean(open, "image_embeds");
    vec![
        (named, "it has no output `image_embeds`, only `embeds`"),
        (
            mean(sized, "image_embeds"),
            "input `pixel_values` has the shape [-1, 3, 16, 8]",
        ),
        (mean(typed, "image_embeds"), "input `pixel_values` holds"),
        (
            wide.bytes(),
            "output `image_embeds` has the shape [-1, 8], expected [N, 3]",
        ),
        (
            mean(more, "image_embeds"),
            "input `prompt` that nobody gives",
        ),
        (
            nan.bytes(),
            "output `image_embeds` is not finite: value 0 is NaN",
        ),
        (whole[..whole.len() / 2].to_vec(), ""),
        (vec![], ""),
        (b"not a network".to_vec(), ""),
    ]
}

#[test]
fn networks_must_have_the_names_and_shapes_of_the_contract() {
    for (bytes, expected) in wrong_encoders() {
        let pack = TinyPack::new();
        pack.write("clip_image.onnx", &bytes);
        pack.seal("");
        let said = pack.complaint();
        assert!(said.starts_with("clip_image.onnx: "), "{said}");
        assert!(said.len() > 20 && said.contains(expected), "{said}");
    }
}

#[test]
fn networks_of_the_future_say_how_to_export_them() {
    let pixels = ("pixel_values", Kind::Float, &[-1, 3, 8, 8][..]);
    let graph = Graph::new()
        .input(pixels)
        .output(("image_embeds", Kind::Float, &[-1, 3]))
        .mean("pixel_values", "image_embeds", &[2, 3]);
    for (version, opset) in [(8, 999), (999, 13)] {
        let pack = TinyPack::new();
        pack.write("clip_image.onnx", &graph.bytes_of(version, opset));
        pack.seal("");
        let said = pack.complaint();
        assert!(
            said.starts_with("clip_image.onnx: ") && said.contains("export it again"),
            "{said}"
        );
    }
}

#[test]
fn tokenizers_must_fit_their_networks() {
    let more: Vec<&str> = WORDS.into_iter().chain(["dress"]).collect();
    for file in ["clip_tokenizer.json", "blip_tokenizer.json"] {
        let pack = TinyPack::new();
        pack.write(file, tokenizer(&more).as_bytes());
        pack.seal("");
        let said = pack.complaint();
        assert!(
            said.starts_with(&format!("{file}: ")) && said.contains("token id 7"),
            "{said}"
        );
        pack.write(file, b"{\"half\": ");
        pack.seal("");
        assert!(pack.complaint().starts_with(&format!("{file}: ")));
    }
}

#[test]
fn keys_and_values_must_say_how_large_they_are() {
    let pack = TinyPack::new();
    let past = |name, shape| decoder(&NEXT.concat(), 7).input((name, Kind::Float, shape));
    let of_tokens = "past_key_values.0.decoder.key";
    let of_picture = "past_key_values.0.encoder.key";
    for (name, shape, expected) in [
        (of_tokens, &[-1, -1, -1, 4][..], "heads and their width"),
        (
            of_tokens,
            &[-1, 2, 3, 4],
            "[-1, 2, 3, 4], expected [N, 2, open, 4]",
        ),
        (
            of_tokens,
            &[-1, 2, -1, 4],
            "no output `present.0.decoder.key`",
        ),
        (of_picture, &[-1, 2, -1, 4], "but none of tokens"),
        ("use_cache_branch", &[1], "that nobody gives"),
    ] {
        pack.write("blip_decoder.onnx", &past(name, shape).bytes());
        pack.seal("");
        let said = pack.complaint();
        assert!(
            said.starts_with("blip_decoder.onnx: ") && said.contains(expected),
            "{name}: {said}"
        );
    }
}

#[test]
fn a_missing_library_is_named() {
    let pack = TinyPack::new();
    let mut options = options(1);
    options.library = Some(pack.path("libonnxruntime.so"));
    let said = Vision::load(pack.open(), &options).unwrap_err().to_string();
    assert!(
        said.starts_with("ONNX Runtime at ") && said.contains("libonnxruntime.so: "),
        "{said}"
    );
}
