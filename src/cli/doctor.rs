//! `doctor`: checks what FlashFit needs.
use super::{context::Global, say};
use crate::{
    app::{self, App, LARGEST_SKEW_S, LEAST_FREE_BYTES, Settings},
    base::clock::Clock,
    platform::{
        cache::Cache,
        db::{Db, migrations},
        tls,
    },
};
use anyhow::{Context as _, bail};
use serde_json::Value as Json;
use std::{net::IpAddr, process::ExitCode, time::Duration};

/// How long a server may take to say whether it is ready; health checks of containers wait a little longer.
const QUICK_PATIENCE: Duration = Duration::from_secs(4);

/// Checks what FlashFit needs: one line each, exit status 1 when something fails.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  flashfit doctor --embedded
  flashfit doctor --quick      for health checks: is the server of this configuration ready?")]
pub(super) struct Args {
    /// Only asks the server that runs here, over loopback, whether it is ready.
    #[arg(long)]
    quick: bool,
}

pub(super) async fn run(global: &Global, args: &Args) -> anyhow::Result<ExitCode> {
    if args.quick {
        return quick(global).await;
    }
    let opened = match global.open(&[]).await {
        Ok(opened) => opened,
        Err(error) => {
            report("services", &Err(error));
            return Ok(ExitCode::FAILURE);
        }
    };
    let settings = &opened.settings;
    let results = [
        ("operators", app::openness(&settings.http)),
        ("data directory", permissions(settings)),
        ("disk space", disk(settings)),
        ("database", database(settings).await),
        ("clock", clock(settings).await),
        ("cache", cache(settings).await),
        ("model pack", pack(settings).await),
        ("index", index(&opened).await),
    ];
    opened.close().await;
    for (name, result) in &results {
        report(name, result);
    }
    let failed = results.iter().filter(|(_, result)| result.is_err()).count();
    Ok(ExitCode::from(u8::from(failed > 0)))
}

/// Says what the running server says of itself.
async fn quick(global: &Global) -> anyhow::Result<ExitCode> {
    let asked = match global.settings(&[]) {
        Ok(settings) => ask_server(&settings).await,
        Err(error) => Err(error),
    };
    let (is_ready, answer) = match asked {
        Ok(asked) => asked,
        Err(error) => {
            report("server", &Err(error));
            return Ok(ExitCode::FAILURE);
        }
    };
    for check in answer["checks"].as_array().into_iter().flatten() {
        let text = |key: &str| check[key].as_str().unwrap_or("?").to_owned();
        let result = match text("status").as_str() {
            "failed" => Err(anyhow::Error::msg(text("detail"))),
            _ => Ok(text("detail")),
        };
        report(&text("name"), &result);
    }
    Ok(ExitCode::from(u8::from(!is_ready)))
}

/// Whether the server is ready, and what it was asked for.
async fn ask_server(settings: &Settings) -> anyhow::Result<(bool, Json)> {
    let http = &settings.http;
    if http.port == 0 {
        bail!("http.port is 0, any free one: name the port that the server took");
    }
    let host = match http.host.parse() {
        Ok(IpAddr::V4(address)) if address.is_unspecified() => "127.0.0.1".to_owned(),
        Ok(IpAddr::V6(address)) if address.is_unspecified() => "[::1]".to_owned(),
        Ok(IpAddr::V6(address)) => format!("[{address}]"),
        Ok(IpAddr::V4(_)) | Err(_) => http.host.clone(),
    };
    let url = format!("{}://{host}:{}/api/health/ready", http.scheme(), http.port);
    tls::use_ring();
    // A proxy on the way out is not on the way to ourselves, and a certificate names the place where others find us.
    let client = reqwest::Client::builder()
        .danger_accept_invalid_certs(true)
        .no_proxy()
        .timeout(QUICK_PATIENCE)
        .build()?;
    let answer = client.get(&url).send().await;
    let answer = answer.with_context(|| format!("nothing answers at {url}"))?;
    let is_ready = answer.status().is_success();
    let text = answer.text().await?;
    let answer: Json = serde_json::from_str(&text)
        .ok()
        .filter(|answer: &Json| answer["checks"].is_array())
        .with_context(|| format!("what answers at {url} is no FlashFit"))?;
    Ok((is_ready, answer))
}

fn report(name: &str, result: &anyhow::Result<String>) {
    match result {
        Ok(detail) => say(format_args!("ok    {name}: {detail}")),
        Err(error) => say(format_args!("FAIL  {name}: {error:#}")),
    }
}

fn permissions(settings: &Settings) -> anyhow::Result<String> {
    let dir = &settings.data_dir;
    tempfile::NamedTempFile::new_in(dir)
        .with_context(|| format!("{} cannot be written", dir.display()))?;
    Ok(format!("{} can be written", dir.display()))
}

fn disk(settings: &Settings) -> anyhow::Result<String> {
    let free = crate::platform::disk::free_bytes(&settings.data_dir)?;
    if free < LEAST_FREE_BYTES {
        bail!(
            "{} MiB free, at least {} wanted",
            free >> 20,
            LEAST_FREE_BYTES >> 20
        );
    }
    Ok(format!("{} MiB free", free >> 20))
}

async fn database(settings: &Settings) -> anyhow::Result<String> {
    let pending = migrations::pending(settings.database.url.expose()).await?;
    match pending.len() {
        0 => Ok("Postgres answers, the schema is up to date".to_owned()),
        count => Ok(format!(
            "Postgres answers, {count} migrations will run at the next start"
        )),
    }
}

async fn clock(settings: &Settings) -> anyhow::Result<String> {
    let db = Db::new(&settings.database)?;
    let theirs = crate::platform::db::now(&mut *db.get().await?).await?;
    let skew = (Clock::system().now() - theirs).num_seconds().abs();
    if skew > LARGEST_SKEW_S {
        bail!("differs from the database's by {skew} s; set up time synchronisation");
    }
    Ok(format!(
        "agrees with the database's within {LARGEST_SKEW_S} s"
    ))
}

async fn cache(settings: &Settings) -> anyhow::Result<String> {
    let cache = Cache::new(&settings.cache).context("cache.url is not a Redis address")?;
    if !cache.is_up().await {
        bail!("Redis does not answer at cache.url; FlashFit runs without, but more slowly");
    }
    Ok("Redis answers".to_owned())
}

async fn pack(settings: &Settings) -> anyhow::Result<String> {
    let vision = app::load_vision(settings).await?;
    Ok(format!("{} loads and answers", vision.pack_id()))
}

async fn index(opened: &super::context::Opened) -> anyhow::Result<String> {
    let url = opened.settings.database.url.expose();
    if !migrations::pending(url).await?.is_empty() {
        return Ok("nothing to compare before the migrations have run".to_owned());
    }
    let app: App = opened.app().await?;
    app.search.start().await?;
    let differ = app.search.verify().await?;
    if differ > 0 {
        bail!("{differ} garments differ from the database; run flashfit reindex");
    }
    let others = app.wardrobe.of_other_packs().await?;
    if others > 0 {
        return Ok(format!(
            "as in the database, but {others} garments are of another pack and found by no search: \
             flashfit reindex --re-embed, or wait for the server if it does"
        ));
    }
    let (_, stats) = app.search.stats().into_iter().next().context("no space")?;
    Ok(format!("{} garments, as in the database", stats.vectors))
}
