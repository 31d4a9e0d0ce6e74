//! `flashfit alerts eval`: an expression, asked of a server that runs or of metrics that were saved.
use super::say;
use crate::{
    app::Settings,
    base::secret::Secret,
    engines::promql::{Labels, Options, Query, Sample, Series, Value},
    platform::tls,
};
use anyhow::{Context as _, bail};
use reqwest::{Client, Url, redirect};
use serde::Deserialize;
use std::{
    io::Read as _,
    path::{Path, PathBuf},
    time::Duration,
};

const PATIENCE: Duration = Duration::from_secs(30);
/// More is no answer to a question asked on a command line.
const LONGEST_ANSWER: usize = 64 << 20;

/// What to evaluate, and on what.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// PromQL
    #[arg(value_name = "EXPR")]
    expression: String,
    /// The server to ask; this machine's if absent
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The file with an administrator's API token; - for standard input
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Ask no server: evaluate over what /metrics once answered. Nothing has a past there
    #[arg(long, value_name = "FILE", conflicts_with_all = ["url", "token_file"])]
    metrics: Option<PathBuf>,
}

pub(super) async fn run(args: &Args, settings: &Settings) -> anyhow::Result<()> {
    let query = Query::parse(&args.expression)?;
    let found = match &args.metrics {
        Some(file) => saved(&query, file)?,
        None => asked(args, settings).await?,
    };
    if found.is_empty() {
        say("nothing");
    }
    for line in found {
        say(line);
    }
    Ok(())
}

/// Over metrics in a file.
fn saved(query: &Query, file: &Path) -> anyhow::Result<Vec<String>> {
    let text = fs_err::read_to_string(file)?;
    let mut store = vec![];
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if !line.is_empty() && !line.starts_with('#') {
            let wrong = || format!("{}:{}: no sample: {line}", file.display(), at + 1);
            store.push(series(line).with_context(wrong)?);
        }
    }
    Ok(match query.at(&store, 0, &Options::default())? {
        Value::Scalar(number) => vec![shown(number)],
        Value::Vector(samples) => {
            let lines = samples.into_iter();
            lines
                .map(|(labels, value)| format!("{labels} {}", shown(value)))
                .collect()
        }
        Value::Matrix(series) => series.iter().map(matrix).collect(),
    })
}

/// As Prometheus writes it.
fn shown(value: f64) -> String {
    match value {
        f64::INFINITY => "+Inf".to_owned(),
        f64::NEG_INFINITY => "-Inf".to_owned(),
        _ => value.to_string(),
    }
}

/// A line of the Prometheus text format.
fn series(line: &str) -> Option<Series> {
    let end = match line.rfind('}') {
        Some(brace) => brace + 1,
        None => line.find(char::is_whitespace)?,
    };
    let (name, rest) = line.split_at_checked(end)?;
    let value = rest.split_whitespace().next()?.parse().ok()?;
    Some(Series {
        labels: Query::parse(name).ok()?.series_name()?,
        samples: vec![Sample { at_ms: 0, value }],
    })
}

fn matrix(series: &Series) -> String {
    let values: Vec<String> = series.samples.iter().map(|s| shown(s.value)).collect();
    format!("{} {}", series.labels, values.join(" "))
}

/// Prometheus's answer, or the server's problem.
#[derive(Debug, Deserialize)]
struct Answer {
    data: Option<Data>,
    error: Option<String>,
    detail: Option<String>,
    title: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "resultType", content = "result", rename_all = "snake_case")]
enum Data {
    Scalar((f64, String)),
    String((f64, String)),
    Vector(Vec<Instant>),
    Matrix(Vec<Range>),
}

#[derive(Debug, Deserialize)]
struct Instant {
    metric: Labels,
    value: (f64, String),
}

#[derive(Debug, Deserialize)]
struct Range {
    metric: Labels,
    values: Vec<(f64, String)>,
}

/// Of a server.
async fn asked(args: &Args, settings: &Settings) -> anyhow::Result<Vec<String>> {
    let own = format!("http://127.0.0.1:{}", settings.http.port);
    let base = args.url.as_deref().unwrap_or(&own).trim_end_matches('/');
    let asked = [("query", args.expression.as_str())];
    let url = Url::parse_with_params(&format!("{base}/api/monitoring/api/v1/query"), asked)
        .with_context(|| format!("{base:?} is no address of a server"))?;
    tls::use_ring();
    let client = Client::builder()
        .timeout(PATIENCE)
        .redirect(redirect::Policy::none());
    let mut request = client.build()?.get(url);
    if let Some(file) = &args.token_file {
        request = request.bearer_auth(token(file)?.expose());
    }
    let answer = request.send().await;
    let mut answer = answer.with_context(|| format!("{base} cannot be asked"))?;
    let status = answer.status();
    let mut body = vec![];
    while let Some(piece) = answer.chunk().await? {
        body.extend_from_slice(&piece);
        if body.len() > LONGEST_ANSWER {
            bail!("{base} says more than anybody reads");
        }
    }
    let read = serde_json::from_slice::<Answer>(&body);
    match read {
        Ok(Answer {
            data: Some(data), ..
        }) if status.is_success() => Ok(lines(data)),
        Ok(answer) => {
            let said = answer.error.or(answer.detail).or(answer.title);
            bail!("{base} answers {status}: {}", said.unwrap_or_default())
        }
        Err(_) => bail!("{base} answers {status}, and not as FlashFit does"),
    }
}

fn lines(data: Data) -> Vec<String> {
    match data {
        Data::Scalar((_, value)) | Data::String((_, value)) => vec![value],
        Data::Vector(found) => {
            let lines = found.into_iter();
            lines
                .map(|one| format!("{} {}", one.metric, one.value.1))
                .collect()
        }
        Data::Matrix(found) => {
            let values = |one: &Range| {
                let values = one.values.iter().map(|(_, value)| value.as_str());
                values.collect::<Vec<_>>().join(" ")
            };
            let lines = found.iter();
            lines
                .map(|one| format!("{} {}", one.metric, values(one)))
                .collect()
        }
    }
}

fn token(file: &Path) -> anyhow::Result<Secret<String>> {
    let mut text = String::new();
    match file == Path::new("-") {
        true => std::io::stdin().read_to_string(&mut text)?,
        false => fs_err::File::open(file)?.read_to_string(&mut text)?,
    };
    Ok(Secret::new(text.trim().to_owned()))
}
