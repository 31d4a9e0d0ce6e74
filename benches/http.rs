//! The whole, over HTTP on loopback: a server of its own with the demo wardrobe, asked by one client and by
//! several: `cargo bench --bench http`. Prints a Markdown table.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on should stop"
)]
#![expect(clippy::print_stdout, reason = "the figures are the output")]
use flashfit::{
    engines::{illustrate::demo_wardrobe, vision::Photo},
    features::demo,
};
use reqwest::{
    Client, Method, RequestBuilder,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use std::{
    cell::Cell,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

/// Rounds that count, after one that does not.
const ROUNDS: usize = 7;
const CLIENTS: [usize; 2] = [1, 4];
/// Requests per client and round: quick ones, and photos.
const ASKS: usize = 40;
const PHOTOS: usize = 4;
/// A phone photo: 3000 × 4000 pixels, upright as the drawings are.
const PHONE: (u32, u32) = (3000, 4000);

#[tokio::main]
async fn main() {
    // `cargo test --all-targets` starts benchmarks too, to see whether they are built.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    flashfit::platform::tls::use_ring();
    let data = tempfile::tempdir().unwrap();
    let (mut server, url) = serve(data.path()).await;
    let person = Person::sign_in(&url).await;
    let garments = person.settle().await;
    let phone = phone_photo();
    println!("The demo wardrobe holds {garments} garments; an uploaded photo is a JPEG of 12 MP");
    println!("and {} KiB.\n", phone.len() >> 10);
    println!("| request | clients | median | p95 | medians of the rounds | per second |");
    println!("|---|--:|--:|--:|--:|--:|");
    let occasion = json!({ "occasion": "work", "weather": { "temperature_c": 12 } });
    let words = json!({ "text": "something warm for the office" });
    for clients in CLIENTS {
        person
            .ask("outfits for an occasion", clients, &occasion)
            .await;
        person.ask("outfits for words", clients, &words).await;
        person.page("a page of 50 garments", clients).await;
    }
    for clients in CLIENTS {
        person.upload(clients, &phone).await;
    }
    server.start_kill().unwrap();
    server.wait().await.unwrap();
}

async fn serve(data: &Path) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_flashfit"))
        .args(["serve", "--embedded", "--demo", "--port", "0"])
        .args(["--log-level", "error", "--data"])
        .arg(data)
        .env("FLASHFIT_HTTP__RATE_PER_MINUTE", "0")
        .current_dir(data)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = lines.next_line().await.unwrap().unwrap();
    let url = line.strip_prefix("listening on ").unwrap();
    (child, url.to_owned())
}

/// A drawn garment, enlarged.
fn phone_photo() -> Vec<u8> {
    let drawing = demo_wardrobe()[0].draw(1);
    let (width, height) = (PHONE.0 as usize, PHONE.1 as usize);
    let pixels = (0..width * height).flat_map(|at| {
        let x = at % width * drawing.width as usize / width;
        let y = at / width * drawing.height as usize / height;
        let from = (y * drawing.width as usize + x) * 3;
        drawing.rgb[from..from + 3].to_vec()
    });
    let photo = Photo::from_rgb(PHONE.0, PHONE.1, pixels.collect()).unwrap();
    photo.to_jpeg(90).unwrap()
}

/// The same picture in other bytes: a comment behind the start of the file.
fn with_comment(jpeg: &[u8], number: u32) -> Vec<u8> {
    let (start, rest) = jpeg.split_at(2);
    let comment = [&[0xff, 0xfe, 0, 6][..], &number.to_be_bytes()].concat();
    [start, &comment, rest].concat()
}

/// The owner of the demo wardrobe.
struct Person {
    client: Client,
    token: String,
    url: String,
    photos: Cell<u32>,
}

impl Person {
    async fn sign_in(url: &str) -> Self {
        let login = json!({ "email": demo::EMAIL, "password": demo::PASSWORD });
        let client = Client::new();
        let started = Instant::now();
        let token = loop {
            // The account is made right after the port opens.
            let request = client.post(format!("{url}/api/auth/login")).json(&login);
            let session: Value = request.send().await.unwrap().json().await.unwrap();
            match session["token"].as_str() {
                Some(token) => break token.to_owned(),
                None => assert!(started.elapsed().as_secs() < 60, "{session}"),
            }
            // Slower than sign-in is limited.
            tokio::time::sleep(Duration::from_secs(4)).await;
        };
        Self {
            client,
            token,
            url: url.to_owned(),
            photos: Cell::new(0),
        }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url));
        request.bearer_auth(&self.token)
    }

    /// Waits until the wardrobe has all of the demo and no photo waits for the models.
    async fn settle(&self) -> i64 {
        loop {
            let request = self.request(Method::GET, "/api/wardrobe/summary");
            let summary = answer(request, 200).await;
            let total = summary["total"].as_i64().unwrap();
            if summary["processing"] == 0 && total >= demo_wardrobe().len() as i64 {
                return total;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn ask(&self, name: &str, clients: usize, ask: &Value) {
        let mut figures = Figures::default();
        for _ in 0..=ROUNDS {
            let one = async || {
                let request = self.request(Method::POST, "/api/recommend").json(ask);
                let outfits = answer(request, 200).await["outfits"].clone();
                assert_eq!(outfits.as_array().unwrap().len(), 3);
            };
            figures.add(round(clients, ASKS, one).await);
        }
        figures.print(name, clients);
    }

    async fn page(&self, name: &str, clients: usize) {
        let mut figures = Figures::default();
        for _ in 0..=ROUNDS {
            let one = async || {
                answer(self.request(Method::GET, "/api/wardrobe?limit=50"), 200).await;
            };
            figures.add(round(clients, ASKS, one).await);
        }
        figures.print(name, clients);
    }

    /// Uploads, and how long it takes until the last photo is recognised. The garments go again.
    async fn upload(&self, clients: usize, phone: &[u8]) {
        let (mut figures, mut until_ready) = (Figures::default(), Figures::default());
        for _ in 0..=ROUNDS {
            let started = Instant::now();
            let made = std::cell::RefCell::new(vec![]);
            let one = async || {
                let number = self.photos.replace(self.photos.get() + 1);
                let part = Part::bytes(with_comment(phone, number)).file_name("photo.jpg");
                let request = self.request(Method::POST, "/api/wardrobe");
                let request = request.multipart(Form::new().part("photos", part));
                let result = answer(request, 202).await["results"][0].clone();
                assert_eq!(result["result"], "created", "{result:#}");
                let id = result["item"]["id"].as_str().unwrap().to_owned();
                made.borrow_mut().push(id);
            };
            figures.add(round(clients, PHOTOS, one).await);
            self.settle().await;
            let photos = clients * PHOTOS;
            let each = started.elapsed() / u32::try_from(photos).unwrap();
            until_ready.add((vec![each; photos], started.elapsed()));
            for id in made.take() {
                let path = format!("/api/wardrobe/{id}");
                answer(self.request(Method::DELETE, &path), 204).await;
            }
        }
        figures.print("upload of a photo, until 202", clients);
        until_ready.print("a photo, upload and recognition", clients);
    }
}

async fn answer(request: RequestBuilder, status: u16) -> Value {
    let response = request.send().await.unwrap();
    let got = response.status().as_u16();
    let bytes = response.bytes().await.unwrap();
    assert_eq!(got, status, "{}", String::from_utf8_lossy(&bytes));
    serde_json::from_slice(&bytes).unwrap_or_default()
}

/// Every client does its requests one after another; gives each one's time, and that of the round.
async fn round(clients: usize, requests: usize, one: impl AsyncFn()) -> (Vec<Duration>, Duration) {
    let started = Instant::now();
    let each = (0..clients).map(async |_| {
        let mut times = vec![];
        for _ in 0..requests {
            let started = Instant::now();
            one().await;
            times.push(started.elapsed());
        }
        times
    });
    let times = futures_util::future::join_all(each).await.concat();
    (times, started.elapsed())
}

/// What was measured, round by round.
#[derive(Default)]
struct Figures(Vec<(Vec<Duration>, Duration)>);

impl Figures {
    fn add(&mut self, round: (Vec<Duration>, Duration)) {
        self.0.push(round);
    }

    fn print(&self, name: &str, clients: usize) {
        // The first round warms caches and pools.
        let rounds = &self.0[1..];
        let mut all: Vec<Duration> = rounds.iter().flat_map(|(t, _)| t.clone()).collect();
        let mut medians: Vec<Duration> = rounds
            .iter()
            .map(|(times, _)| quantile(&mut times.clone(), 0.5))
            .collect();
        medians.sort();
        let took: Duration = rounds.iter().map(|(_, took)| *took).sum();
        println!(
            "| {name} | {clients} | {} | {} | {} to {} | {:.1} |",
            ms(quantile(&mut all, 0.5)),
            ms(quantile(&mut all, 0.95)),
            ms(medians[0]),
            ms(medians[medians.len() - 1]),
            all.len() as f64 / took.as_secs_f64(),
        );
    }
}

/// The value that the given share does not exceed.
fn quantile(times: &mut [Duration], share: f64) -> Duration {
    times.sort();
    let at = (times.len() as f64 * share).ceil() as usize;
    times[at.clamp(1, times.len()) - 1]
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}
