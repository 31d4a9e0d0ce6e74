//! nginx as a child of the test, with the files that are deployed, at other ports and in another folder.
use crate::{
    program::PATIENCE,
    text_of,
    tls::{Authority, Shows},
};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::Duration,
};
use tempfile::TempDir;
use tokio::{
    net::TcpStream,
    process::{Child, Command},
};
use tokio_rustls::{TlsConnector, client::TlsStream};

const MISSING: &str = "this test needs nginx, which could not be run: `apt-get install nginx`, or let \
     scripts/test install it";
const ATTEMPTS: usize = 3;

/// Ends with the test.
pub(crate) struct Nginx {
    pub(crate) http: SocketAddr,
    pub(crate) https: SocketAddr,
    authority: String,
    child: Child,
    folder: TempDir,
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// The site's file for a folder and two ports.
fn site(folder: &Path, http: u16, https: u16) -> String {
    let folder = folder.to_str().unwrap();
    let mut site = text_of("config/nginx/flashfit.conf");
    for (there, here) in [
        ("listen 80 ", format!("listen 127.0.0.1:{http} ")),
        ("listen 443 ", format!("listen 127.0.0.1:{https} ")),
        ("/etc/nginx/flashfit/", format!("{folder}/")),
        ("/var/log/nginx/", format!("{folder}/")),
        ("/var/www/acme", format!("{folder}/acme")),
    ] {
        assert!(site.contains(there), "{there}");
        site = site.replace(there, &here);
    }
    // Whether this machine speaks IPv6 is not the question.
    let lines = site.lines().filter(|line| !line.contains("listen [::]:"));
    lines.collect::<Vec<_>>().join("\n")
}

/// What Debian's nginx.conf has around the site.
fn around(folder: &Path) -> String {
    let folder = folder.to_str().unwrap();
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let temporary = temporary.map(|kind| format!("{kind}_temp_path {folder}/{kind};"));
    format!(
        "daemon off; master_process off; pid {folder}/pid; error_log stderr warn;\n\
         events {{ worker_connections 1024; }}\n\
         http {{ include /etc/nginx/mime.types; {}\n\
         include {folder}/conf.d/*.conf; }}\n",
        temporary.join(" ")
    )
}

impl Nginx {
    /// Starts it with this file of addresses.
    pub(crate) async fn start(addresses: &str) -> Self {
        flashfit::platform::tls::use_ring();
        for _ in 0..ATTEMPTS {
            let mut nginx = Self::spawn(addresses);
            if nginx.answers().await {
                return nginx;
            }
        }
        panic!("nginx did not start");
    }

    /// In front of a server on this machine, as on a VM.
    pub(crate) async fn before(url: &str) -> Self {
        Self::start(&at(url, free_port(), free_port())).await
    }

    fn spawn(addresses: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (http, https) = (free_port(), free_port());
        let authority = Authority::new();
        let (certificate, key) = authority.issue(Shows::Right);
        fs_err::create_dir(folder.path().join("conf.d")).unwrap();
        for (name, content) in [
            ("fullchain.pem", certificate.pem()),
            ("privkey.pem", key.serialize_pem()),
            ("conf.d/flashfit.conf", site(folder.path(), http, https)),
            ("conf.d/addresses.conf", addresses.to_owned()),
            ("nginx.conf", around(folder.path())),
        ] {
            fs_err::write(folder.path().join(name), content).unwrap();
        }
        let child = Command::new(crate::server_program("nginx"))
            .arg("-p")
            .arg(folder.path())
            .arg("-c")
            .arg(folder.path().join("nginx.conf"))
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|e| panic!("{MISSING} ({e})"));
        let local = |port| SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port);
        Self {
            http: local(http),
            https: local(https),
            authority: authority.pem(),
            child,
            folder,
        }
    }

    /// False if it ended instead, as it does if somebody else took one of its ports.
    async fn answers(&mut self) -> bool {
        let waiting = async {
            while self.child.try_wait().unwrap().is_none() {
                if TcpStream::connect(self.https).await.is_ok() {
                    return true;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            false
        };
        tokio::time::timeout(PATIENCE, waiting).await.unwrap()
    }

    /// A file that it reads or writes.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Lets an operator in, as docs/deployment.md says.
    pub(crate) async fn admit(&self, name: &str, password: &str) {
        let mut hash = Command::new("openssl");
        hash.args(["passwd", "-apr1", password]);
        let hash = String::from_utf8(hash.output().await.unwrap().stdout).unwrap();
        fs_err::write(self.path("operators"), format!("{name}:{hash}")).unwrap();
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("https://{}{path}", self.https)
    }

    /// A connection on which a test may say whatever it likes.
    pub(crate) async fn raw(&self) -> TlsStream<TcpStream> {
        let authority = CertificateDer::from_pem_slice(self.authority.as_bytes()).unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(authority).unwrap();
        let config = ClientConfig::builder()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let stream = TcpStream::connect(self.https).await.unwrap();
        let name = ServerName::from(self.https.ip());
        let connector = TlsConnector::from(Arc::new(config));
        connector.connect(name, stream).await.unwrap()
    }

    /// A client that calls from this address, follows no redirects and decodes nothing.
    pub(crate) fn client(&self, from: [u8; 4]) -> reqwest::Client {
        let authority = reqwest::Certificate::from_pem(self.authority.as_bytes()).unwrap();
        reqwest::Client::builder()
            .tls_certs_only([authority])
            .local_address(IpAddr::from(from))
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .no_proxy()
            .build()
            .unwrap()
    }
}

/// `addresses.conf` with other ports.
pub(crate) fn at(url: &str, grafana: u16, prometheus: u16) -> String {
    let mut addresses = text_of("config/nginx/addresses.conf");
    for (there, here) in [
        (
            "127.0.0.1:8080",
            url.strip_prefix("http://").unwrap().to_owned(),
        ),
        ("127.0.0.1:3000", format!("127.0.0.1:{grafana}")),
        ("127.0.0.1:9090", format!("127.0.0.1:{prometheus}")),
    ] {
        assert!(addresses.contains(there), "{there}");
        addresses = addresses.replace(there, &here);
    }
    addresses
}
