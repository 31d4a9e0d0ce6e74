//! What stands between a client and a handler, and what it costs: `cargo bench --bench edge`. Everything is in this
//! process, over loopback; rounds of the bare and of the whole take turns. Prints Markdown tables.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on should stop"
)]
#![expect(clippy::print_stdout, reason = "the figures are the output")]
use actix_cors::Cors;
use actix_web::{
    App, HttpResponse, HttpServer,
    dev::Server,
    middleware::{NormalizePath, TrailingSlash, from_fn},
    web::{self, Data},
};
use flashfit::{
    app::{Settings, sources},
    base::{clock::Clock, secret::Secret},
    features::accounts::{self, Accounts, Foundations, Role},
    platform::{
        cache::Cache,
        db::{Db, migrations},
        embedded::{Durability, Embedded},
        http::{
            self, compress::compress, limits::RateLimiter, listen, observe::observe,
            security::security_headers,
        },
        tasks::Tasks,
        telemetry,
        tls::{self, ServerCertificate},
    },
};
use rcgen::{CertificateParams, KeyPair};
use reqwest::Client;
use serde_json::{Value, json};
use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use utoipa_actix_web::{AppExt as _, scope};

/// Rounds of each that count, after one that does not.
const ROUNDS: usize = 15;
const CLIENTS: usize = 4;
/// Requests per client and round.
const ASKS: usize = 150;
const HANDSHAKES: usize = 60;
const PASSWORD: &str = "correct horse battery";

#[actix_web::main]
async fn main() {
    // `cargo test --all-targets` starts benchmarks too, to see whether they are built.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    tls::use_ring();
    let _exporter = telemetry::exporter().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let services = Services::start(folder.path()).await;
    println!(
        "{CLIENTS} clients, each with a connection that it keeps; medians of {ROUNDS} rounds of each, and the"
    );
    println!("lowest and highest difference of two rounds that followed each other.\n");
    println!("| small JSON answer | bare | whole | more | of one request |");
    println!("|---|--:|--:|--:|--:|");
    let bare = services.serve(false);
    let whole = services.serve(true);
    let token = services.token(whole).await;
    for (name, path) in [
        ("of a handler that does nothing", "/api/nothing"),
        ("who am I (session from PostgreSQL)", "/api/auth/me"),
    ] {
        let ask = async |client: &Client, to: SocketAddr| {
            let request = client.get(format!("http://{to}{path}"));
            let answer = request.bearer_auth(&token).send().await.unwrap();
            assert_eq!(answer.status(), 200);
            answer.bytes().await.unwrap();
        };
        let figures = compare(bare, whole, ASKS, ask).await;
        figures.print(name);
    }
    handshakes(folder.path(), &services.settings.http).await;
}

/// TLS 1.3, a connection for each request.
async fn handshakes(folder: &Path, settings: &http::Settings) {
    let key = KeyPair::generate().unwrap();
    let wish = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let made = wish.self_signed(&key).unwrap();
    let (certificate, private) = (folder.join("cert.pem"), folder.join("key.pem"));
    fs_err::write(&certificate, made.pem()).unwrap();
    fs_err::write(&private, key.serialize_pem()).unwrap();
    let shown = ServerCertificate::load(&certificate, &private, Clock::system().now());
    let shown = Arc::new(shown.unwrap());

    let plain = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(
            vec![made.der().clone()],
            key.serialize_der().try_into().unwrap(),
        );
    let (listener, bare) = listener();
    // Without it, the answer waits for the client to acknowledge the handshake.
    let server = HttpServer::new(|| App::new().route("/", web::get().to(nothing)))
        .tcp_nodelay(true)
        .workers(1)
        .disable_signals()
        .listen_rustls_0_23(listener, plain.unwrap());
    actix_web::rt::spawn(server.unwrap().run());
    let (listener, whole) = self::listener();
    let tls = shown.config().unwrap();
    let factory = || App::new().route("/", web::get().to(nothing));
    run(listen::build(factory, listener, Some(tls), settings).unwrap());

    let shake = async |_: &Client, to: SocketAddr| {
        let client = Client::builder().danger_accept_invalid_certs(true);
        let client = client.http1_only().build().unwrap();
        let answer = client.get(format!("https://{to}/")).send().await;
        assert_eq!(answer.unwrap().status(), 200);
    };
    let figures = compare(bare, whole, HANDSHAKES, shake).await;
    println!(
        "\n| TLS 1.3, a handshake and a request | rustls + actix | FlashFit | more | of one handshake |"
    );
    println!("|---|--:|--:|--:|--:|");
    figures.print("new connections");
}

async fn nothing() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "up", "version": "1.2.3" }))
}

fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

fn run(server: Server) {
    actix_web::rt::spawn(server);
}

/// What the servers are made from.
struct Services {
    settings: Settings,
    accounts: Accounts,
    limiter: RateLimiter,
    _embedded: Embedded,
}

impl Services {
    async fn start(folder: &Path) -> Self {
        let embedded = Embedded::start(folder, Durability::Throwaway)
            .await
            .unwrap();
        let mut settings: Settings = sources::layers(None, &vec![]).extract().unwrap();
        settings.database.url = Secret::new(embedded.postgres_url());
        settings.cache.url = Secret::new(embedded.redis_url());
        settings.http.workers = 1;
        // Counted for each request, and never reached.
        settings.http.rate_per_minute = 60_000_000;
        settings.http.login_rate_per_minute = 0;
        migrations::run(settings.database.url.expose())
            .await
            .unwrap();
        let db = Db::new(&settings.database).unwrap();
        let cache = Cache::new(&settings.cache).unwrap();
        let foundations = Foundations {
            db,
            cache: cache.clone(),
            tasks: Tasks::new(),
            outbox: None,
        };
        let accounts = Accounts::new(foundations, &settings.accounts, Clock::system()).unwrap();
        Self {
            limiter: RateLimiter::new(cache, Clock::system()),
            settings,
            accounts,
            _embedded: embedded,
        }
    }

    /// A server with the same handlers: alone, or with all that stands before them in `flashfit serve`.
    fn serve(&self, is_whole: bool) -> SocketAddr {
        let (listener, address) = listener();
        let settings = self.settings.http.clone();
        let data = (
            Data::new(self.accounts.clone()),
            Data::new(settings.clone()),
        );
        let limiter = Data::new(self.limiter.clone());
        let app = move || {
            App::new()
                .app_data(data.0.clone())
                .app_data(data.1.clone())
                .app_data(limiter.clone())
        };
        let api = || {
            scope::scope("/api")
                .configure(accounts::routes::routes)
                .route("/nothing", web::get().to(nothing))
        };
        if is_whole {
            let factory = move || {
                let api = api().wrap(from_fn(accounts::throttle));
                let (service, _) = app().into_utoipa_app().service(api).split_for_parts();
                service
                    .wrap(from_fn(security_headers))
                    .wrap(from_fn(compress))
                    .wrap(Cors::default())
                    .wrap(NormalizePath::new(TrailingSlash::MergeOnly))
                    .wrap(from_fn(observe))
            };
            run(listen::build(factory, listener, None, &settings).unwrap());
        } else {
            let factory = move || app().into_utoipa_app().service(api()).into_app();
            let server = HttpServer::new(factory)
                .workers(1)
                .tcp_nodelay(true)
                .disable_signals();
            actix_web::rt::spawn(server.listen(listener).unwrap().run());
        }
        address
    }

    /// Somebody's session.
    async fn token(&self, server: SocketAddr) -> String {
        let password = Secret::new(PASSWORD.to_owned());
        let made = self
            .accounts
            .create_user("a@example.org", password, None, Role::Member);
        made.await.unwrap();
        let login = json!({ "email": "a@example.org", "password": PASSWORD });
        let request = Client::new().post(format!("http://{server}/api/auth/login"));
        let session: Value = request
            .json(&login)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        session["token"].as_str().unwrap().to_owned()
    }
}

/// Times of one request in each round.
struct Figures {
    bare: Vec<Duration>,
    whole: Vec<Duration>,
}

/// Rounds of both in turn, so that what else the machine does meets both.
async fn compare(
    bare: SocketAddr,
    whole: SocketAddr,
    asks: usize,
    ask: impl AsyncFn(&Client, SocketAddr),
) -> Figures {
    let clients = vec![Client::new(); CLIENTS];
    let mut figures = Figures {
        bare: vec![],
        whole: vec![],
    };
    for _ in 0..=ROUNDS {
        for (server, times) in [(bare, &mut figures.bare), (whole, &mut figures.whole)] {
            let started = Instant::now();
            let each = clients.iter().map(async |client| {
                for _ in 0..asks {
                    ask(client, server).await;
                }
            });
            futures_util::future::join_all(each).await;
            let requests = u32::try_from(asks * CLIENTS).unwrap();
            times.push(started.elapsed() / requests);
        }
    }
    // The first round warms caches and pools.
    figures.bare.remove(0);
    figures.whole.remove(0);
    figures
}

impl Figures {
    fn print(&self, name: &str) {
        let shares = self.bare.iter().zip(&self.whole);
        let mut shares: Vec<f64> = shares
            .map(|(bare, whole)| 100.0 * (whole.as_secs_f64() / bare.as_secs_f64() - 1.0))
            .collect();
        shares.sort_by(f64::total_cmp);
        println!(
            "| {name} | {:.1} µs | {:.1} µs | {:+.1} % | {:+.1} to {:+.1} % |",
            us(&self.bare),
            us(&self.whole),
            shares[shares.len() / 2],
            shares[0],
            shares[shares.len() - 1],
        );
    }
}

/// The median.
fn us(times: &[Duration]) -> f64 {
    let mut times = times.to_vec();
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1e6
}
