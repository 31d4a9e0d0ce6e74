//! Floor 3: the outside world behind small faces. Knows no garment.
pub mod cache;
pub mod db;
pub mod disk;
pub mod download;
pub mod embedded;
pub mod http;
pub mod machine;
pub mod notify;
pub mod tasks;
pub mod telemetry;
pub mod tls;
