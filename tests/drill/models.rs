//! Models that know nothing any more, and models that have become slow.
use crate::{drill::Drill, program::signal, shuffled_pack::shuffled_pack};
use chrono::Utc;
use flashfit::{
    engines::illustrate::{Design, demo_wardrobe},
    features::demo,
};
use rustix::process::{Pid, Signal};
use std::{
    sync::mpsc::{self, RecvTimeoutError, Sender},
    thread::JoinHandle,
    time::Duration,
};

const OFTEN: (&str, &str) = ("FLASHFIT_MODELS__SELF_TEST_INTERVAL", "1s");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pack_with_shuffled_weights_takes_the_place_of_the_good_one() {
    let mut drill = Drill::begin("ModelSelfTestFailing", &[]).await;
    drill.operator.upload(photo(&demo_wardrobe()[0])).await;
    let pack = shuffled_pack();
    let path = pack.path().to_str().unwrap();
    drill.restart(&[("FLASHFIT_MODELS__PACK", path)]).await;
    let fault_at = Utc::now();
    drill.told().await;
    let noticed = drill
        .noticed(fault_at, "model_self_test_accuracy_ratio", |share| {
            share < 0.5
        })
        .await;
    drill.restart(&[]).await;
    drill.expect_end(&noticed, &[]).await;
    drill.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_models_become_ten_times_slower() {
    let drill = Drill::begin("InferenceSlow", &[OFTEN]).await;
    let usual = "quantile_over_time(0.25, model_self_test_duration_seconds[24h])";
    let usual = drill.operator.value(usual).await.unwrap();
    let fault_at = Utc::now();
    let brake = Brake::on(drill.server().id());
    drill.told().await;
    let noticed = drill
        .noticed(fault_at, "model_self_test_duration_seconds", |took| {
            took > 5.0 * usual
        })
        .await;
    drop(brake);
    drill.expect_end(&noticed, &[]).await;
    drill.end().await;
}

/// A photo of a garment, as a JPEG file.
pub(crate) fn photo(design: &Design) -> Vec<u8> {
    demo::photo(design).unwrap()
}

/// Lets a process run for a tenth of the time only, whatever else the machine does; let go when it is dropped.
struct Brake {
    release: Option<Sender<()>>,
    foot: Option<JoinHandle<()>>,
}

impl Brake {
    fn on(process: Pid) -> Self {
        let (release, is_released) = mpsc::channel();
        let goes_on = move |ms| {
            let waited = is_released.recv_timeout(Duration::from_millis(ms));
            waited == Err(RecvTimeoutError::Timeout)
        };
        let foot = std::thread::spawn(move || {
            let mut is_on = true;
            while is_on {
                signal(&[process], Signal::STOP);
                is_on = goes_on(45);
                signal(&[process], Signal::CONT);
                is_on = is_on && goes_on(5);
            }
        });
        Self {
            release: Some(release),
            foot: Some(foot),
        }
    }
}

impl Drop for Brake {
    fn drop(&mut self) {
        drop(self.release.take());
        self.foot.take().unwrap().join().unwrap();
    }
}
