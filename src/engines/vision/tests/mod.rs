//! Tests that need more than one file of this folder, and the packs they are made with.
mod colours;
mod compat;
mod complaints;
mod exported;
mod masks;
mod onnx_file;
mod packs;
mod parity;
mod photos;

use super::{Options, Pack, Vision, pack::hex};
use onnx_file::{Graph, Kind};
use sha2::{Digest as _, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Of the machine rather than of one test: the library in it is 30 MB.
fn options(sessions: usize) -> Options {
    Options {
        library: None,
        cache_dir: std::env::temp_dir().join("flashfit-tests-onnxruntime"),
        sessions,
    }
}

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A pack of a few hundred bytes that answers with means and look-ups; tests bend it.
struct TinyPack {
    dir: tempfile::TempDir,
}

/// Tokens of the tiny pack, by id; the first three are padding, begin and end.
const WORDS: [&str; 7] = ["[PAD]", "[B]", "[E]", "red", "green", "blue", "shirt"];

/// log-probabilities, up to a constant, of the word after each word.
const NEXT: [[f32; 7]; 7] = [
    [0.0; 7],
    // begin → red 0.4, green 0.35: greedy takes red …
    [-9.0, -9.0, -9.0, -0.9, -1.05, -1.4, -9.0],
    [0.0; 7],
    // … after which nothing is likely, while "green shirt" is nearly certain.
    [-9.0, -9.0, -1.2, -1.6, -1.6, -1.6, -1.7],
    [-9.0, -9.0, -6.0, -9.0, -9.0, -9.0, 0.0],
    [-9.0, -9.0, -1.2, -1.6, -1.6, -1.6, -1.7],
    [-9.0, -9.0, 0.0, -9.0, -9.0, -9.0, -6.0],
];

impl TinyPack {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let pack = Self { dir };
        let pixels = ("pixel_values", Kind::Float, &[-1, 3, 8, 8][..]);
        let ids = ("input_ids", Kind::Int, &[-1, -1][..]);
        let row = |name| (name, Kind::Float, &[-1, 3][..]);
        let over = |axes: &[i64]| axes.to_vec();
        let image = Graph::new().input(pixels).output(row("image_embeds"));
        let image = image.mean("pixel_values", "image_embeds", &over(&[2, 3]));
        pack.write("clip_image.onnx", &image.bytes());
        let fashion = image.clone().output(row("category_logits"));
        let fashion = fashion.mean("pixel_values", "category_logits", &over(&[2, 3]));
        pack.write("fashion.onnx", &fashion.bytes());
        let table: Vec<f32> = (0..21).map(|i| ((i * 5) % 7) as f32 - 2.0).collect();
        let text = Graph::new()
            .input(ids)
            .input(("attention_mask", Kind::Int, &[-1, -1]))
            .output(row("text_embeds"))
            .table("table", &[7, 3], &table)
            .gather("table", "input_ids", "rows")
            .mean("rows", "text_embeds", &over(&[1]));
        pack.write("clip_text.onnx", &text.bytes());
        let hidden = ("last_hidden_state", Kind::Float, &[-1, -1, 8][..]);
        let vision = Graph::new().input(pixels).output(hidden);
        let vision = vision.mean("pixel_values", "last_hidden_state", &over(&[2]));
        pack.write("blip_vision.onnx", &vision.bytes());
        pack.write("blip_decoder.onnx", &decoder(&NEXT.concat(), 7).bytes());
        let tokenizer = tokenizer(&WORDS);
        pack.write("clip_tokenizer.json", tokenizer.as_bytes());
        pack.write("blip_tokenizer.json", tokenizer.as_bytes());
        pack.seal("");
        pack
    }

    fn path(&self, file: &str) -> PathBuf {
        self.dir.path().join(file)
    }

    fn write(&self, file: &str, bytes: &[u8]) {
        fs::write(self.path(file), bytes).unwrap();
    }

    /// Writes `pack.toml` with the checksums of what is there, and `extra` at its end.
    fn seal(&self, extra: &str) {
        let mut text =
            "format = 1\nname = \"tiny\"\nversion = \"1\"\nlicence = \"MIT\"\n".to_owned();
        text += "provenance = \"made by a test\"\ndeterministic = true\n\n[files]\n";
        for file in super::manifest::REQUIRED {
            let bytes = fs::read(self.path(file)).unwrap();
            text += &format!("\"{file}\" = \"{}\"\n", hex(&Sha256::digest(bytes)));
        }
        let image = |key, dimension| {
            format!(
                "\n[{key}.image]\ndimension = {dimension}\nheight = 8\nwidth = 8\nresize = \"stretch\"\n\
                 interpolation = \"bilinear\"\nmean = [0.0, 0.0, 0.0]\nstd = [1.0, 1.0, 1.0]\n"
            )
        };
        text += &image("clip", 3);
        text += "\n[clip.text]\ndimension = 3\ncontext_length = 6\npad_id = 0\nlowercase = true\nlogit_scale = 10.0\n";
        text += &image("blip", 8);
        text += "\n[blip.text]\nbegin_id = 1\nend_id = 2\nmax_tokens = 5\nbeams = 1\n";
        text += &image("fashion", 3);
        text += "\n[[fashion.heads]]\nname = \"category\"\noutput = \"category_logits\"\n\
                 labels = [\"shirt\", \"coat\", \"hat\"]\ntemperature = 1.0\nthreshold = 0.5\n";
        text += extra;
        self.write("pack.toml", text.as_bytes());
    }

    /// Replaces `from` by `to` in `pack.toml`.
    fn edit(&self, from: &str, to: &str) {
        let text = fs::read_to_string(self.path("pack.toml")).unwrap();
        assert!(text.contains(from), "{from}");
        self.write("pack.toml", text.replacen(from, to, 1).as_bytes());
    }

    fn open(&self) -> Pack {
        Pack::open(self.dir.path()).unwrap()
    }

    fn load(&self) -> Vision {
        Vision::load(self.open(), &options(1)).unwrap()
    }

    /// What is said about the pack as it is now.
    fn complaint(&self) -> String {
        let said = match Pack::open(self.dir.path()) {
            Ok(pack) => Vision::load(pack, &options(1)).unwrap_err().to_string(),
            Err(e) => e.to_string(),
        };
        assert!(!said.contains('\n'), "one line: {said}");
        said
    }
}

/// A decoder that looks the next word up by the last, whatever the picture.
fn decoder(table: &[f32], words: i64) -> Graph {
    Graph::new()
        .input(("input_ids", Kind::Int, &[-1, -1]))
        .input(("encoder_hidden_states", Kind::Float, &[-1, -1, 8]))
        .output(("logits", Kind::Float, &[-1, -1, words]))
        .table("table", &[words, words], table)
        .gather("table", "input_ids", "logits")
}

/// A tokenizer of whole words that adds begin and end.
fn tokenizer(words: &[&str]) -> String {
    let vocabulary: serde_json::Map<_, _> = words
        .iter()
        .enumerate()
        .map(|(id, word)| ((*word).to_owned(), id.into()))
        .collect();
    let special = |id: usize| {
        serde_json::json!({"id": id, "content": words[id], "single_word": false, "lstrip": false,
            "rstrip": false, "normalized": false, "special": true})
    };
    let token = |word: &str| serde_json::json!({"SpecialToken": {"id": word, "type_id": 0}});
    let text = serde_json::json!({"Sequence": {"id": "A", "type_id": 0}});
    serde_json::json!({
        "version": "1.0", "truncation": null, "padding": null,
        "added_tokens": [special(0), special(1), special(2)],
        "normalizer": null, "pre_tokenizer": {"type": "Whitespace"}, "decoder": null,
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [token("[B]"), text, token("[E]")],
            "pair": [text, text],
            "special_tokens": {
                "[B]": {"id": "[B]", "ids": [1], "tokens": ["[B]"]},
                "[E]": {"id": "[E]", "ids": [2], "tokens": ["[E]"]},
            },
        },
        "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "[PAD]"},
    })
    .to_string()
}
