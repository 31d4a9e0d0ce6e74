//! TLS in front of a server, with certificates of an authority that nobody knows.
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd,
};
use std::{net::SocketAddr, sync::Arc};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, pki_types::PrivatePkcs8KeyDer},
};

/// An authority of a company's own.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// What a server shows.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shows {
    /// A certificate for the loopback.
    Right,
    /// A certificate for another host.
    AnothersName,
    /// One that was right once.
    Expired,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(vec![]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// Its certificate, as operators keep it.
    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate and its key.
    pub(crate) fn issue(&self, shows: Shows) -> (Certificate, KeyPair) {
        let name = match shows {
            Shows::Right | Shows::Expired => "127.0.0.1",
            Shows::AnothersName => "models.example.org",
        };
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        if matches!(shows, Shows::Expired) {
            params.not_after = date_time_ymd(2001, 1, 1);
        }
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.0).unwrap(), key)
    }

    fn signs(&self, shows: Shows) -> ServerConfig {
        let (certificate, key) = self.issue(shows);
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key.into())
            .unwrap()
    }

    /// Puts TLS in front of what listens at `behind`, an address that begins with `http://`.
    pub(crate) async fn guard(&self, behind: &str, shows: Shows) -> Guarded {
        let behind: SocketAddr = behind.strip_prefix("http://").unwrap().parse().unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(self.signs(shows)));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move {
            while let Ok((caller, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    // Who does not believe the certificate hangs up.
                    let Ok(mut caller) = acceptor.accept(caller).await else {
                        return;
                    };
                    let mut server = TcpStream::connect(behind).await.unwrap();
                    let _ended = copy_bidirectional(&mut caller, &mut server).await;
                });
            }
        });
        Guarded { url, serving }
    }
}

/// A server that speaks TLS.
pub(crate) struct Guarded {
    pub(crate) url: String,
    serving: JoinHandle<()>,
}

impl Drop for Guarded {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
