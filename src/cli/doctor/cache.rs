//! Redis: whether it answers, lets FlashFit in, and makes room when it is full.
use super::finding::Finding;
use crate::{
    app::Settings,
    platform::cache::{self, Trouble},
};

const CHECK: &str = "cache";

pub(super) async fn look(settings: &Settings) -> Finding {
    let without = "FlashFit runs without, but more slowly";
    let seen = match cache::examine(&settings.cache).await {
        Ok(seen) => seen,
        Err(trouble @ (Trouble::Away | Trouble::Refused(_))) => {
            return Finding::fail(CHECK, trouble).advise(without);
        }
        Err(trouble @ (Trouble::Password(_) | Trouble::Address(_))) => {
            let advice = format!("correct it; until then {without}");
            return Finding::fail(CHECK, trouble).advise(advice);
        }
    };
    let (used, most) = (seen.info.memory_used_bytes, seen.info.memory_max_bytes);
    let (version, policy) = (seen.version, seen.policy);
    if most == 0 {
        let what =
            format!("Redis answers, version {version}, and may take all memory of its machine");
        return Finding::warn(CHECK, what)
            .advise("set its maxmemory, and maxmemory-policy to allkeys-lru");
    }
    let what = format!(
        "Redis answers, version {version}, {} of {} MiB used, {policy}",
        used >> 20,
        most >> 20
    );
    match policy.as_str() {
        "noeviction" => Finding::warn(CHECK, what)
            .advise("when it is full it takes nothing new: set maxmemory-policy to allkeys-lru"),
        _ => Finding::ok(CHECK, what),
    }
}
