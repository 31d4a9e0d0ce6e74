//! What the machine says of itself, and this process: read from `/proc`, in less than a millisecond.
use crate::base::metrics as names;
use procfs::{
    Current as _, CurrentSI as _, KernelStats, LoadAverage, Meminfo, net::InterfaceDeviceStatus,
};
use std::sync::OnceLock;

/// Sets the gauges of the machine and of this process. What cannot be read stays as it was.
pub fn measure(unix_seconds: f64) {
    static PROCESS: OnceLock<metrics_process::Collector> = OnceLock::new();
    PROCESS.get_or_init(Default::default).collect();
    let boot = KernelStats::current().inspect(cpu).ok();
    if let Some(started) = boot.and_then(|stats| started(stats.btime)) {
        metrics::gauge!(names::PROCESS_UPTIME).set((unix_seconds - started).max(0.0));
    }
    if let Ok(load) = LoadAverage::current() {
        metrics::gauge!(names::SYSTEM_LOAD1).set(f64::from(load.one));
        metrics::gauge!(names::SYSTEM_LOAD5).set(f64::from(load.five));
        metrics::gauge!(names::SYSTEM_LOAD15).set(f64::from(load.fifteen));
    }
    if let Ok(memory) = Meminfo::current() {
        let available = memory.mem_available.unwrap_or(memory.mem_free);
        metrics::gauge!(names::SYSTEM_MEMORY_TOTAL).set(memory.mem_total as f64);
        metrics::gauge!(names::SYSTEM_MEMORY_AVAILABLE).set(available as f64);
    }
    if let Ok(InterfaceDeviceStatus(devices)) = InterfaceDeviceStatus::current() {
        let outside = || devices.values().filter(|device| device.name != "lo");
        let received: u64 = outside().map(|device| device.recv_bytes).sum();
        let sent: u64 = outside().map(|device| device.sent_bytes).sum();
        metrics::gauge!(names::SYSTEM_RECEIVED).set(received as f64);
        metrics::gauge!(names::SYSTEM_TRANSMITTED).set(sent as f64);
    }
}

fn cpu(stats: &KernelStats) {
    let total = &stats.total;
    let modes = [
        ("user", Some(total.user_ms())),
        ("nice", Some(total.nice_ms())),
        ("system", Some(total.system_ms())),
        ("idle", Some(total.idle_ms())),
        ("iowait", total.iowait_ms()),
        ("irq", total.irq_ms()),
        ("softirq", total.softirq_ms()),
        ("steal", total.steal_ms()),
    ];
    for (mode, ms) in modes {
        if let Some(ms) = ms {
            metrics::gauge!(names::SYSTEM_CPU, "mode" => mode).set(ms as f64 / 1e3);
        }
    }
    metrics::gauge!(names::SYSTEM_CORES).set(stats.cpu_time.len() as f64);
}

/// When this process started, in seconds since 1970; it does not change, so it is found out once.
fn started(boot: u64) -> Option<f64> {
    static STARTED: OnceLock<Option<f64>> = OnceLock::new();
    *STARTED.get_or_init(|| {
        let stat = procfs::process::Process::myself().ok()?.stat().ok()?;
        Some(boot as f64 + stat.starttime as f64 / procfs::ticks_per_second() as f64)
    })
}
