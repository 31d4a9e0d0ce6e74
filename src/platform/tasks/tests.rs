//! What is promised of background tasks.
use super::*;

const SOON: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_panic_stays_inside_its_task_and_is_counted() {
    let tasks = Tasks::new();
    tasks.spawn("clumsy", async { panic!("dropped it") });
    let (done, waited) = tokio::sync::oneshot::channel();
    tasks.spawn("careful", async move { done.send(7).unwrap() });
    assert_eq!(waited.await.unwrap(), 7);
    assert!(tasks.stop(SOON).await.is_empty());
    assert_eq!(tasks.panicked(), 1);
    assert!(tasks.running().is_empty());
}

#[tokio::test]
async fn a_supervised_task_is_started_again_until_it_succeeds() {
    let tasks = Tasks::new();
    let tries = Arc::new(AtomicUsize::new(0));
    let (done, mut waited) = tokio::sync::mpsc::channel(1);
    let counter = tries.clone();
    tasks.supervise("stubborn", move || {
        let (counter, done) = (counter.clone(), done.clone());
        async move {
            match counter.fetch_add(1, Ordering::SeqCst) {
                0 => anyhow::bail!("not yet"),
                1 => panic!("still not"),
                _ => Ok(done.send(()).await?),
            }
        }
    });
    waited.recv().await.unwrap();
    assert!(tasks.stop(SOON).await.is_empty());
    assert_eq!(tries.load(Ordering::SeqCst), 3);
    assert_eq!(tasks.panicked(), 1);
}

#[tokio::test]
async fn stopping_waits_for_tasks_that_watch_and_names_those_that_do_not() {
    let tasks = Tasks::new();
    let stopping = tasks.stopping();
    let (done, waited) = tokio::sync::oneshot::channel();
    tasks.spawn("polite", async move {
        stopping.cancelled().await;
        tokio::task::yield_now().await;
        done.send(()).unwrap();
    });
    tasks.spawn("deaf", std::future::pending());
    assert_eq!(tasks.stop(Duration::from_millis(50)).await, ["deaf"]);
    waited.await.unwrap();
    tasks.0.tracker.wait().await;
}

#[tokio::test]
async fn a_failing_task_does_not_delay_the_stop() {
    let tasks = Tasks::new();
    let (tried, mut waited) = tokio::sync::mpsc::channel(8);
    tasks.supervise("broken", move || {
        let tried = tried.clone();
        async move {
            tried.send(()).await?;
            anyhow::bail!("broken")
        }
    });
    waited.recv().await.unwrap();
    assert!(tasks.stop(SOON).await.is_empty());
}

#[tokio::test]
async fn blocking_work_returns_its_value_and_reports_its_panic() {
    assert_eq!(blocking(|| 2 + 2).await.unwrap(), 4);
    let lost = blocking(|| panic!("no")).await.unwrap_err();
    assert!(lost.to_string().contains("panicked"), "{lost}");
}
