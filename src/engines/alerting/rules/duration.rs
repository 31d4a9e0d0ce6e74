//! Durations as Prometheus writes them.
