//! The cryptography under TLS: ring, chosen once per process.

/// Chooses ring. Clients and listeners are made after this; saying it again does nothing.
pub fn use_ring() {
    // An error says that the choice was made before.
    let _chosen = rustls::crypto::ring::default_provider().install_default();
}
