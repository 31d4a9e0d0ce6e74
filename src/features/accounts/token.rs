//! The secrets that let one in: random, recognisable by their prefix, and kept only as a hash.
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{TryRngCore as _, rngs::OsRng};
use sha2::{Digest as _, Sha256};

const SECRET_BYTES: usize = 32;

/// What kind of door a secret opens; scanners for leaked secrets go by the prefix too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A sign-in with the password.
    Session,
    /// A personal API token.
    Api,
    /// A new password, sent by mail.
    Reset,
}

impl Kind {
    fn prefix(self) -> &'static str {
        match self {
            Self::Session => "ffs_",
            Self::Api => "fft_",
            Self::Reset => "ffr_",
        }
    }
}

/// What is kept of a secret. The secrets are random, so a plain hash is as good as a slow one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hash(pub(super) [u8; 32]);

/// A well-formed secret as a client presents it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Presented {
    /// What kind it claims to be.
    pub(super) kind: Kind,
    /// What to look for.
    pub(super) hash: Hash,
}

impl Presented {
    /// Reads a secret that lets one in; anything that we cannot have made is `None` without asking the database.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut kinds = [Kind::Session, Kind::Api].into_iter();
        kinds.find_map(|kind| {
            Some(Self {
                kind,
                hash: hash_of(kind, text)?,
            })
        })
    }
}

/// Reads a secret that lets one choose a new password.
pub(super) fn reset_hash(text: &str) -> Option<Hash> {
    hash_of(Kind::Reset, text)
}

fn hash_of(kind: Kind, text: &str) -> Option<Hash> {
    let random = text.strip_prefix(kind.prefix())?;
    let bytes = URL_SAFE_NO_PAD.decode(random).ok()?;
    (bytes.len() == SECRET_BYTES).then(|| Hash(Sha256::digest(text).into()))
}

/// Makes a secret; the text goes to its owner and nowhere else, the hash is kept.
///
/// # Errors
/// When the operating system has no randomness to give.
pub(super) fn generate(kind: Kind) -> anyhow::Result<(String, Hash)> {
    let random = random_bytes::<SECRET_BYTES>()?;
    let text = format!("{}{}", kind.prefix(), URL_SAFE_NO_PAD.encode(random));
    let hash = Hash(Sha256::digest(&text).into());
    Ok((text, hash))
}

/// Makes a password for someone who did not choose one.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn generate_password() -> anyhow::Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(random_bytes::<15>()?))
}

/// Bytes nobody can guess.
pub(super) fn random_bytes<const N: usize>() -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    OsRng.try_fill_bytes(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_recognised_by_its_kind_and_hash() {
        for kind in [Kind::Session, Kind::Api] {
            let (text, hash) = generate(kind).unwrap();
            assert_eq!(Presented::parse(&text), Some(Presented { kind, hash }));
        }
    }

    #[test]
    fn what_lets_one_choose_a_password_lets_nobody_in() {
        let (text, hash) = generate(Kind::Reset).unwrap();
        assert_eq!(reset_hash(&text), Some(hash));
        assert_eq!(Presented::parse(&text), None);
        let (text, _) = generate(Kind::Session).unwrap();
        assert_eq!(reset_hash(&text), None);
    }

    #[test]
    fn no_two_secrets_are_alike() {
        let (one, _) = generate(Kind::Session).unwrap();
        let (two, _) = generate(Kind::Session).unwrap();
        assert_ne!(one, two);
    }

    #[test]
    fn what_we_cannot_have_made_is_no_secret() {
        let (good, _) = generate(Kind::Api).unwrap();
        let random = good.trim_start_matches("fft_");
        for wrong in [
            "",
            "fft_",
            random,
            &format!("ghp_{random}"),
            &format!("fft_{random}A"),
            &format!("fft_{}", random.get(1..).unwrap()),
            &format!(" {good}"),
            &good.to_uppercase(),
            "fft_ééééééééééééééééééééé",
        ] {
            assert_eq!(Presented::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_generated_password_is_long_enough_and_typeable() {
        let password = generate_password().unwrap();
        assert_eq!(password.len(), 20);
        assert!(password.chars().all(|c| c.is_ascii_graphic()));
    }
}
