//! Passwords as argon2id hashes, worked out away from the threads that answer requests.
use super::{
    Error, Invalid, Settings,
    input::NewPassword,
    strength::{self, About},
    token,
};
use crate::{base::secret::Secret, platform::tasks::blocking};
use anyhow::{Context as _, anyhow};
use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::{Error as HashError, SaltString},
};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use std::{sync::Arc, thread};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Hashes that may wait for their turn; each costs tens of milliseconds and megabytes once it runs.
const WAITING: usize = 64;

/// Makes and checks password hashes, as many at once as there are cores. Cheap to clone.
#[derive(Clone)]
pub(super) struct Passwords {
    argon2: Argon2<'static>,
    /// Checked when there is no such person, so that the answer takes as long as for one that exists.
    decoy: Arc<str>,
    running: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
}

impl Passwords {
    /// Prepares for the configured price of a guess.
    ///
    /// # Errors
    /// When argon2 cannot work with the parameters.
    pub(super) fn new(settings: &Settings) -> anyhow::Result<Self> {
        let (memory, passes) = (settings.password_memory_kib, settings.password_iterations);
        let params =
            Params::new(memory, passes, Params::DEFAULT_P_COST, None).map_err(|error| {
                anyhow!("accounts.password_memory_kib, accounts.password_iterations: {error}")
            })?;
        let salt = STANDARD_NO_PAD.encode(token::random_bytes::<16>()?);
        let hash = STANDARD_NO_PAD.encode(token::random_bytes::<32>()?);
        let parallel = Params::DEFAULT_P_COST;
        let decoy = format!("$argon2id$v=19$m={memory},t={passes},p={parallel}${salt}${hash}");
        let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Ok(Self {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            decoy: decoy.into(),
            running: Arc::new(Semaphore::new(cores)),
            admitted: Arc::new(Semaphore::new(cores + WAITING)),
        })
    }

    /// Hashes the password that somebody of whom this is known wants to have.
    ///
    /// # Errors
    /// [`Invalid::Guessable`]; [`Error::Busy`] when too many others wait already.
    pub(super) async fn accept(&self, new: NewPassword, about: About) -> Result<String, Error> {
        let turn = self.turn().await?;
        let password = new.into_secret();
        let judged = password.clone();
        let weakness = blocking(move || strength::weakness(judged.expose(), &about)).await;
        if let Some(why) = weakness.context("while judging a password")? {
            return Err(Invalid::Guessable(why).into());
        }
        drop(turn);
        self.hash(password).await
    }

    /// Hashes a password with a fresh salt, whatever it is worth.
    ///
    /// # Errors
    /// [`Error::Busy`] when too many others wait already.
    pub(super) async fn hash(&self, password: Secret<String>) -> Result<String, Error> {
        let _turn = self.turn().await?;
        let argon2 = self.argon2.clone();
        let hash = blocking(move || {
            let salt = SaltString::encode_b64(&token::random_bytes::<16>()?).map_err(wrap)?;
            let hash = argon2.hash_password(password.expose().as_bytes(), &salt);
            hash.map(|hash| hash.to_string()).map_err(wrap)
        });
        let hash: anyhow::Result<String> = hash.await.context("while hashing a password")?;
        Ok(hash?)
    }

    /// Whether the password made the stored hash. Without a hash the answer is no, and takes as long.
    ///
    /// # Errors
    /// [`Error::Busy`] when too many others wait already.
    pub(super) async fn verify(
        &self,
        password: Secret<String>,
        stored: Option<String>,
    ) -> Result<bool, Error> {
        let _turn = self.turn().await?;
        let argon2 = self.argon2.clone();
        let is_known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.decoy.as_ref().to_owned());
        let verdict = blocking(move || {
            let hash = PasswordHash::new(&stored).map_err(wrap)?;
            match argon2.verify_password(password.expose().as_bytes(), &hash) {
                Ok(()) => Ok(true),
                Err(HashError::Password) => Ok(false),
                Err(error) => Err(wrap(error)),
            }
        });
        let is_right: anyhow::Result<bool> = verdict.await.context("while checking a password")?;
        Ok(is_right? && is_known)
    }

    async fn turn(&self) -> Result<(SemaphorePermit<'_>, SemaphorePermit<'_>), Error> {
        let Ok(admitted) = self.admitted.try_acquire() else {
            return Err(Error::Busy);
        };
        let running = self.running.acquire().await;
        let running = running.context("while waiting to hash a password")?;
        Ok((admitted, running))
    }
}

fn wrap(error: HashError) -> anyhow::Error {
    anyhow!("argon2: {error}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passwords() -> Passwords {
        let settings = Settings {
            password_memory_kib: 64,
            password_iterations: 1,
            ..Settings::default()
        };
        Passwords::new(&settings).unwrap()
    }

    fn secret(text: &str) -> Secret<String> {
        Secret::new(text.to_owned())
    }

    #[tokio::test]
    async fn only_the_right_password_fits_its_hash() {
        let passwords = passwords();
        let hash = passwords.hash(secret("correct horse")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
        for (typed, fits) in [
            ("correct horse", true),
            ("Correct horse", false),
            ("", false),
        ] {
            let verdict = passwords.verify(secret(typed), Some(hash.clone())).await;
            assert_eq!(verdict.unwrap(), fits, "{typed}");
        }
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        let verdict = passwords().verify(secret("anything"), None).await;
        assert!(!verdict.unwrap());
    }

    #[tokio::test]
    async fn a_crowd_is_turned_away_at_once() {
        let passwords = passwords();
        let _all = passwords
            .admitted
            .clone()
            .acquire_many_owned(u32::try_from(passwords.admitted.available_permits()).unwrap());
        let _all = _all.await.unwrap();
        let turned_away = passwords.hash(secret("correct horse")).await;
        assert!(matches!(turned_away, Err(Error::Busy)));
    }

    #[test]
    fn impossible_parameters_stop_the_start() {
        let settings = Settings {
            password_memory_kib: 1,
            ..Settings::default()
        };
        assert!(Passwords::new(&settings).is_err());
    }
}
