//! What FlashFit is made of, and under which licences: the texts that go with the program.
use super::ui;
use std::borrow::Cow;

/// Each part: what it is, and the text.
#[must_use]
pub fn parts() -> Vec<(&'static str, Cow<'static, str>)> {
    let ui = ui::licences().map_or(
        Cow::Borrowed("This FlashFit was built without its web UI, and carries nothing of it."),
        Cow::Owned,
    );
    vec![
        ("FlashFit", Cow::Borrowed(include_str!("../../LICENSE"))),
        (
            "Parts from others",
            Cow::Borrowed(include_str!("../../THIRD_PARTY.md")),
        ),
        (
            "Weights derived from MobileNetV2 and EfficientNet-Lite0, Swagger UI: Apache License 2.0",
            Cow::Borrowed(include_str!("../../models/default/LICENSE-APACHE-2.0")),
        ),
        ("The web UI", ui),
        (
            "ONNX Runtime, and what it is made of",
            Cow::Borrowed(include_str!("../../licences/onnxruntime.txt")),
        ),
        (
            "Rust crates",
            Cow::Borrowed(include_str!("../../licences/rust.txt")),
        ),
    ]
}

/// All of it as one text.
#[must_use]
pub fn text() -> String {
    let bar = "=".repeat(80);
    let mut text = String::new();
    for (title, part) in parts() {
        for line in [&bar, title, &bar, "", part.trim_end(), "\n"] {
            text += line;
            text.push('\n');
        }
    }
    text
}
