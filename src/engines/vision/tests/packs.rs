//! A small pack that is as it should be: what it sees, reads and says.
use super::{
    NEXT, TinyPack, decoder,
    onnx_file::{Graph, Kind},
    options,
};
use crate::{
    base::embedding::Space,
    engines::vision::{Photo, Vision, VisionError},
};
use std::fs;

fn red() -> Photo {
    Photo::from_rgb(20, 30, [200, 20, 30].repeat(600)).unwrap()
}

#[test]
fn a_tiny_pack_sees_and_reads() {
    let vision = TinyPack::new().load();
    assert_eq!(vision.pack_id(), "tiny@1");
    assert_eq!(Space::ALL.map(|s| vision.dimension(s)), [3, 8, 3]);
    let sight = vision.look(&red()).unwrap();
    for (space, embedding) in Space::ALL.into_iter().zip(&sight.embeddings) {
        assert_eq!(embedding.space(), space);
        assert_eq!(embedding.dimension(), vision.dimension(space));
    }
    let category = &sight.attributes[0];
    assert_eq!(
        (category.name.as_str(), category.value.as_str()),
        ("category", "shirt")
    );
    assert_eq!(sight.colours[0].name, "red");
    assert!(sight.timings.iter().any(|(stage, _)| *stage == "fashion"));
    let again = vision.look(&red()).unwrap();
    assert_eq!(again.embeddings, sight.embeddings);
    assert_eq!(
        vision.embed_text("Red").unwrap(),
        vision.embed_text("red").unwrap()
    );
    assert_eq!(vision.embed_text("  ").unwrap_err(), VisionError::EmptyText);
}

#[test]
fn greedy_takes_the_next_word_and_beams_look_further() {
    let pack = TinyPack::new();
    assert_eq!(pack.load().look(&red()).unwrap().caption, "red");
    pack.edit("beams = 1", "beams = 3");
    assert_eq!(pack.load().look(&red()).unwrap().caption, "red shirt");
}

#[test]
fn the_pair_votes_on_a_head_that_lets_it() {
    let pack = TinyPack::new();
    let alone = pack.load().look(&red()).unwrap().attributes[0].clone();
    pack.edit("threshold = 0.5", "threshold = 0.5\nvotes = { clip = 1.0 }");
    let said = pack.complaint();
    assert!(
        said.starts_with("clip_image.onnx: it has no output `category_logits`"),
        "{said}"
    );
    // The pair now says the same as the encoder, so what was likely gets likelier.
    let network = fs::read(pack.path("fashion.onnx")).unwrap();
    pack.write("clip_image.onnx", &network);
    let toml = fs::read_to_string(pack.path("pack.toml")).unwrap();
    let [old, new] = ["clip_image.onnx", "fashion.onnx"].map(|file| {
        let line = toml.lines().find(|l| l.starts_with(&format!("\"{file}\"")));
        line.unwrap().split('"').nth(3).unwrap().to_owned()
    });
    pack.edit(&old, &new);
    let together = pack.load().look(&red()).unwrap().attributes[0].clone();
    assert_eq!(together.value, alone.value);
    assert!(together.probability > alone.probability + 0.05);
    pack.edit("clip = 1.0", "clip = -1.0");
    assert!(
        pack.complaint()
            .contains("category: votes are -1 and 0, expected 0 to 10")
    );
}

#[test]
fn a_caption_that_never_ends_is_ended() {
    let pack = TinyPack::new();
    let mut table = NEXT.concat();
    table
        .iter_mut()
        .skip(2)
        .step_by(7)
        .for_each(|end| *end = -99.0);
    pack.write("blip_decoder.onnx", &decoder(&table, 7).bytes());
    pack.seal("");
    let caption = pack.load().look(&red()).unwrap().caption;
    assert_eq!(caption.split(' ').count(), 5, "{caption}");
}

#[test]
fn long_texts_are_cut_and_keep_their_end() {
    let vision = TinyPack::new().load();
    let ids = vision.0.clip.text_ids(&"red ".repeat(50)).unwrap();
    assert_eq!(ids, [1, 3, 3, 3, 3, 2]);
}

#[test]
fn prompts_stand_in_for_heads() {
    let pack = TinyPack::new();
    pack.seal(
        "\n[[zero_shot]]\nname = \"audience\"\nlabels = [\"women\", \"men\"]\n\
         prompts = [\"red shirt\", \"blue\"]\nthreshold = 0.5\n\
         [[zero_shot]]\nname = \"sleeve\"\nlabels = [\"none\", \"long\"]\n\
         prompts = [\"red shirt\", \"blue\"]\ntemperature = 2.0\nthreshold = 0.5\n\
         [[zero_shot]]\nname = \"season\"\nlabels = [\"summer\", \"winter\"]\n\
         prompts = [\"red {}\", \"{} shirt\"]\ntemperature = 1.0\nthreshold = 0.5\n",
    );
    let opened = pack.open();
    assert_eq!(
        opened.attributes().collect::<Vec<_>>(),
        ["category", "audience", "sleeve", "season"]
    );
    let vision = pack.load();
    let sight = vision.look(&red()).unwrap();
    let cosine = |text: &str| sight.embeddings[0].cosine(&vision.embed_text(text).unwrap());
    let said = |attribute: usize, label: &str| {
        let mut all = sight.attributes[attribute].alternatives.iter();
        all.find(|(other, _)| other == label).unwrap().1
    };
    // The pair's own logit scale, divided by the temperature; by 1 where there is none.
    let logits = 10.0 * (cosine("red shirt") - cosine("blue"));
    for (attribute, label, temperature) in [(1, "women", 1.0), (2, "none", 2.0)] {
        let odds = (logits / temperature).exp();
        let difference = said(attribute, label) - odds / (1.0 + odds);
        assert!(difference.abs() < 1e-4, "{label}: {difference}");
    }
    let season = &sight.attributes[3];
    assert!(
        (season.probability - 0.5).abs() < 1e-4,
        "both words are unknown"
    );
}

#[test]
fn heads_that_only_measuring_asks_for_are_no_attributes() {
    let pack = TinyPack::new();
    let pixels = ("pixel_values", Kind::Float, &[-1, 3, 8, 8][..]);
    let mut fashion = Graph::new().input(pixels);
    for output in ["image_embeds", "category_logits", "types"] {
        fashion = fashion.output((output, Kind::Float, &[-1, 3]));
        fashion = fashion.mean("pixel_values", output, &[2, 3]);
    }
    pack.write("fashion.onnx", &fashion.bytes());
    let head = "\n[[fashion.heads]]\nname = \"article_type\"\noutput = \"types\"\n\
                labels = [\"tshirts\", \"jeans\", \"night-suits\"]\ntemperature = 0.5\nthreshold = 0.5\n";
    pack.seal(head);
    assert_eq!(pack.open().attributes().collect::<Vec<_>>(), ["category"]);
    let vision = pack.load();
    let sight = vision.look(&red()).unwrap();
    assert_eq!(sight.attributes.len(), 1);
    let types = sight.beliefs.iter().find(|b| b.name == "article_type");
    let types = types.unwrap();
    assert_eq!(types.ranked()[0], "tshirts");
    assert!(types.of("tshirts").unwrap() > 0.5 && types.of("coat").is_none());
    let (place, beliefs) = vision.classify(&red()).unwrap();
    assert_eq!((&place, &beliefs), (&sight.embeddings[0], &sight.beliefs));
    pack.seal(&head.replace("night-suits", "Night suits"));
    assert!(
        pack.complaint()
            .contains("\"Night suits\" is not in the vocabulary")
    );
    pack.seal(
        "\n[[zero_shot]]\nname = \"kind\"\nlabels = [\"shirt\", \"hat\"]\n\
         prompts = [\"a {}\"]\ntemperature = 1.0\nthreshold = 0.5\n",
    );
    assert!(
        pack.complaint()
            .contains("kind cannot be read from prompts")
    );
}

#[test]
fn many_threads_share_the_sessions() {
    let vision = Vision::load(TinyPack::new().open(), &options(2)).unwrap();
    let expected = vision.look(&red()).unwrap().embeddings;
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                for _ in 0..5 {
                    assert_eq!(vision.look(&red()).unwrap().embeddings, expected);
                }
            });
        }
    });
}
