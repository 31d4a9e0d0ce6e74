//! Models that know nothing any more, and models that have become slow.
use crate::{
    drill::{Drill, NOT_TRIED},
    rules,
    shuffled_pack::shuffled_pack,
};
use chrono::Utc;
use flashfit::{
    engines::illustrate::{Design, demo_wardrobe},
    features::demo,
};
use std::process::Command;
use tempfile::TempDir;

/// Usually the models are tried at the start, and every five minutes.
const TRIED_OFTEN: (&str, &str) = ("FLASHFIT_MODELS__SELF_TEST_INTERVAL", "1s");

/// After so many more self tests it is known how long they usually take.
const USUAL: f64 = 3.0;

pub(crate) async fn are_replaced_by_shuffled_ones() {
    let mut drill = Drill::begin("ModelSelfTestFailing", &[NOT_TRIED]).await;
    drill.operator.upload(photo(&demo_wardrobe()[0])).await;
    let pack = tokio::task::spawn_blocking(shuffled_pack).await.unwrap();
    let path = pack.path().to_str().unwrap();
    drill.restart(&[("FLASHFIT_MODELS__PACK", path)]).await;
    let fault_at = Utc::now();
    drill.told().await;
    let noticed = drill
        .noticed(fault_at, "model_self_test_accuracy_ratio[5m]", |share| {
            share < 0.5
        })
        .await;
    // A fault outlives a restart, and so does its alert: nobody is told that it is over.
    drill.restart(&[("FLASHFIT_MODELS__PACK", path)]).await;
    let restarted_at = Utc::now();
    drill
        .wait("evaluation after the restart", async || {
            let at = drill.operator.evaluated_at().await;
            at.is_some_and(|at| at > restarted_at)
        })
        .await;
    assert_eq!(drill.subjects(), ["[FIRING:1] ModelSelfTestFailing"]);
    drill.restart(&[]).await;
    drill.expect_end(&noticed).await;
    drill.end().await;
}

pub(crate) async fn become_ten_times_slower() {
    let runtime = tokio::task::spawn_blocking(Runtime::build).await.unwrap();
    let variables = [
        TRIED_OFTEN,
        ("FLASHFIT_MODELS__ONNXRUNTIME", &runtime.path("slow.so")),
        ("DRILL_RUNTIME", &runtime.path("real.so")),
        ("DRILL_BRAKE", &runtime.path("brake")),
    ];
    let drill = Drill::begin("InferenceSlow", &variables).await;
    // The first time, at the start, they are slower; and what is usual must not be forgotten while they are slow.
    let again = "changes(model_self_test_timestamp_seconds[5m])";
    let is_usual_known = async || drill.operator.value(again).await >= Some(USUAL);
    drill.wait("more self tests", is_usual_known).await;
    let fault_at = Utc::now();
    runtime.brake();
    drill.told().await;
    // It is seen by the self test or by what comes meanwhile, whichever says it first.
    let slow = format!("({})[5m:1s]", rules::expression("InferenceSlow"));
    let noticed = drill.noticed(fault_at, &slow, |_| true).await;
    runtime.release();
    drill.expect_end(&noticed).await;
    drill.end().await;
}

/// A photo of a garment, as a JPEG file.
pub(crate) fn photo(design: &Design) -> Vec<u8> {
    demo::photo(design).unwrap()
}

/// ONNX Runtime with a brake, for a server to load.
struct Runtime {
    folder: TempDir,
}

impl Runtime {
    /// Compiles `slow_runtime.rs`, and unpacks what it puts itself before.
    fn build() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runtime = Self { folder };
        let packed = fs_err::File::open(env!("FLASHFIT_ONNXRUNTIME_ZST")).unwrap();
        let real = fs_err::File::create(runtime.path("real.so")).unwrap();
        zstd::stream::copy_decode(packed, real).unwrap();
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/drill/slow_runtime.rs");
        let compiled = Command::new("rustc")
            .args(["--edition", "2024", "-O", "-o"])
            .args([runtime.path("slow.so").as_str(), source])
            .status();
        assert!(compiled.unwrap().success());
        runtime
    }

    fn path(&self, name: &str) -> String {
        let path = self.folder.path().join(name);
        path.to_str().unwrap().to_owned()
    }

    /// Each run of a network takes ten times as long.
    fn brake(&self) {
        fs_err::write(self.path("brake"), "").unwrap();
    }

    fn release(&self) {
        fs_err::remove_file(self.path("brake")).unwrap();
    }
}
