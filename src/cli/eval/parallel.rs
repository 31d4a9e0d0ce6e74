//! The same work on many things, on several threads.
use anyhow::Context as _;
use std::sync::Mutex;

/// What `work` makes of each, `threads` at a time; in their order. Ends soon after the first failure.
pub(super) fn in_parallel<T: Sync, R: Send>(
    things: &[T],
    threads: usize,
    work: impl Fn(usize, &T) -> anyhow::Result<R> + Sync,
) -> anyhow::Result<Vec<R>> {
    let left = Mutex::new(0..things.len());
    let next = || left.lock().ok().and_then(|mut left| left.next());
    let give_up = || left.lock().map(|mut left| left.start = left.end);
    let one_thread = || -> anyhow::Result<Vec<(usize, R)>> {
        let mut made = vec![];
        while let Some(at) = next() {
            match work(at, &things[at]) {
                Ok(result) => made.push((at, result)),
                Err(error) => {
                    let _unlocked = give_up();
                    return Err(error);
                }
            }
        }
        Ok(made)
    };
    let mut all = std::thread::scope(|scope| -> anyhow::Result<Vec<(usize, R)>> {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(one_thread)).collect();
        let mut all = vec![];
        for thread in running {
            all.extend(thread.join().ok().context("a thread panicked")??);
        }
        Ok(all)
    })?;
    all.sort_by_key(|(at, _)| *at);
    Ok(all.into_iter().map(|(_, made)| made).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn results_keep_the_order_and_a_failure_ends_it() {
        let things: Vec<usize> = (0..50).collect();
        let twice = in_parallel(&things, 3, |at, thing| Ok(at + thing)).unwrap();
        assert_eq!(twice, (0..50).map(|n| 2 * n).collect::<Vec<_>>());
        let tried = AtomicUsize::new(0);
        let failed = in_parallel(&things, 1, |at, _| {
            tried.fetch_add(1, Ordering::Relaxed);
            anyhow::ensure!(at < 5, "enough");
            Ok(())
        });
        assert_eq!(failed.unwrap_err().to_string(), "enough");
        assert_eq!(tried.into_inner(), 6);
    }
}
