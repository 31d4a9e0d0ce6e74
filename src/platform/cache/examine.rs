//! Looks at Redis as a doctor would, and says why where there is nothing to see.
use super::{Info, Settings};
use deadpool_redis::redis::{self, Client, ErrorKind, RedisError};
use std::time::Duration;

/// Somebody waits for the answer, but for no request.
const PATIENCE: Duration = Duration::from_secs(3);

/// What Redis says of itself.
#[derive(Debug, Clone)]
pub struct Examined {
    /// As in `7.2.4`.
    pub version: String,
    /// What happens when its memory is full, as in `allkeys-lru`.
    pub policy: String,
    /// In numbers.
    pub info: Info,
    /// Everything it says.
    pub text: String,
}

/// Why Redis cannot be looked at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The address is none.
    #[error("cache.url is not a Redis address ({0})")]
    Address(String),
    /// It answers, and lets nobody in with this password, or with none.
    #[error("Redis does not take the password in cache.url ({0})")]
    Password(String),
    /// It does not answer.
    #[error("Redis does not answer at cache.url")]
    Away,
    /// It says something else.
    #[error("Redis does not serve ({0})")]
    Refused(String),
}

/// The host that an address names, with its port; none for a socket of this machine.
///
/// # Errors
/// [`Trouble::Address`].
pub fn host(settings: &Settings) -> Result<Option<(String, u16)>, Trouble> {
    let client = open(settings)?;
    let address = client.get_connection_info().addr().to_string();
    // `host:port`, or the path of a socket.
    let Some((host, port)) = address.rsplit_once(':') else {
        return Ok(None);
    };
    let port = port.parse().ok();
    Ok(port.map(|port| (host.trim_matches(['[', ']']).to_owned(), port)))
}

/// Asks once, on a connection of its own.
///
/// # Errors
/// [`Trouble`] says why there is nothing to see.
pub async fn examine(settings: &Settings) -> Result<Examined, Trouble> {
    let client = open(settings)?;
    let ask = async {
        let mut conn = client.get_multiplexed_async_connection().await?;
        redis::cmd("INFO").query_async::<String>(&mut conn).await
    };
    let text = match tokio::time::timeout(PATIENCE, ask).await {
        Ok(Ok(text)) => text,
        Ok(Err(error)) => return Err(trouble(&error)),
        Err(_late) => return Err(Trouble::Away),
    };
    let value = |name: &str| {
        let mut pairs = text.lines().filter_map(|line| line.split_once(':'));
        let found = pairs.find(|(of, _)| *of == name);
        found.map_or(String::new(), |(_, value)| value.trim().to_owned())
    };
    Ok(Examined {
        version: value("redis_version"),
        policy: value("maxmemory_policy"),
        info: Info::read(&text),
        text: text.clone(),
    })
}

fn open(settings: &Settings) -> Result<Client, Trouble> {
    let client = Client::open(settings.url.expose().as_str());
    client.map_err(|error| Trouble::Address(error.category().to_owned()))
}

fn trouble(error: &RedisError) -> Trouble {
    let code = error.code().unwrap_or_default().to_owned();
    let is_password = error.kind() == ErrorKind::AuthenticationFailed
        || ["WRONGPASS", "NOAUTH", "NOPERM"].contains(&code.as_str());
    match (is_password, code.is_empty()) {
        (true, _) => Trouble::Password(match code.is_empty() {
            true => error.category().to_owned(),
            false => code,
        }),
        (false, false) => Trouble::Refused(code),
        (false, true) => Trouble::Away,
    }
}
