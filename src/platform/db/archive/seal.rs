//! Encryption as age does it: for keys whose owners alone can read the file, or with a passphrase.
use crate::base::secret::Secret;
use age::{
    DecryptError, Decryptor, Encryptor, Identity, IdentityFile, Recipient,
    secrecy::SecretString,
    stream::StreamWriter,
    {scrypt, x25519},
};
use anyhow::{Context as _, anyhow, bail};
use std::{
    io::{self, BufRead, BufReader, Read, Write},
    path::Path,
};

/// What an encrypted file begins with.
const START: &[u8] = b"age-encryption.org/";
/// A passphrase is refused that would take longer to try than this (as a power of two) allows.
const MOST_WORK: u8 = 22;

/// For whom a backup is.
#[derive(Clone, Default)]
pub enum Seal {
    /// Whoever has the file.
    #[default]
    Open,
    /// The owners of these keys.
    Recipients(Vec<x25519::Recipient>),
    /// Whoever knows it.
    Passphrase(Secret<String>),
}

/// What opens a backup.
#[derive(Clone, Default)]
pub enum Key {
    /// Nothing: it is not encrypted.
    #[default]
    None,
    /// The private keys that `age-keygen` wrote to a file.
    Identities(Secret<String>),
    /// What it was encrypted with.
    Passphrase(Secret<String>),
}

impl Seal {
    /// For the owners of public keys (`age1…`); for everybody when there are none.
    ///
    /// # Errors
    /// When one is no public key.
    pub fn for_recipients(keys: &[String]) -> anyhow::Result<Self> {
        if keys.is_empty() {
            return Ok(Self::Open);
        }
        let keys = keys.iter().map(|key| {
            let parsed: Result<x25519::Recipient, _> = key.trim().parse();
            parsed.map_err(|error| {
                anyhow!("{key:?} is no public key of age, which begins with age1: {error}")
            })
        });
        Ok(Self::Recipients(keys.collect::<anyhow::Result<_>>()?))
    }

    /// Whoever knows what a file holds.
    ///
    /// # Errors
    /// When the file cannot be read or is empty.
    pub fn passphrase_file(file: &Path) -> anyhow::Result<Self> {
        Ok(Self::Passphrase(first_line(file)?))
    }

    pub(super) fn wrap<W: Write>(&self, out: W) -> anyhow::Result<Sealed<W>> {
        let encryptor = match self {
            Self::Open => return Ok(Sealed::Plain(out)),
            Self::Recipients(keys) => {
                Encryptor::with_recipients(keys.iter().map(|key| key as &dyn Recipient))?
            }
            Self::Passphrase(words) => Encryptor::with_user_passphrase(words_of(words)),
        };
        Ok(Sealed::Age(Box::new(encryptor.wrap_output(out)?)))
    }
}

impl Key {
    /// The private keys in a file.
    ///
    /// # Errors
    /// When the file cannot be read or holds none.
    pub fn identity_file(file: &Path) -> anyhow::Result<Self> {
        let text = Secret::new(fs_err::read_to_string(file)?);
        identities(&text).with_context(|| format!("{} holds no key of age", file.display()))?;
        Ok(Self::Identities(text))
    }

    /// What a file holds.
    ///
    /// # Errors
    /// When the file cannot be read or is empty.
    pub fn passphrase_file(file: &Path) -> anyhow::Result<Self> {
        Ok(Self::Passphrase(first_line(file)?))
    }

    /// Reads through encryption, if there is any. Errors are to be read after the name of the file.
    pub(super) fn open(&self, mut input: BufReader<fs_err::File>) -> anyhow::Result<Box<dyn Read>> {
        if !input.fill_buf()?.starts_with(START) {
            return Ok(Box::new(input));
        }
        let decryptor = Decryptor::new_buffered(input).map_err(why)?;
        let keys: Vec<Box<dyn Identity>> = match (self, decryptor.is_scrypt()) {
            (Self::None, true) => {
                bail!("is encrypted with a passphrase: name it with --passphrase-file")
            }
            (Self::None, false) => bail!("is encrypted for a key: name that with --identity-file"),
            (Self::Identities(text), _) => identities(text)?,
            (Self::Passphrase(words), _) => {
                let mut key = scrypt::Identity::new(words_of(words));
                key.set_max_work_factor(MOST_WORK);
                vec![Box::new(key)]
            }
        };
        let opened = decryptor.decrypt(keys.iter().map(AsRef::as_ref));
        Ok(Box::new(opened.map_err(why)?))
    }
}

/// Something to write to, perhaps through encryption.
pub(super) enum Sealed<W: Write> {
    Plain(W),
    Age(Box<StreamWriter<W>>),
}

impl<W: Write> Sealed<W> {
    /// Writes what comes last; gives back what was written to.
    pub(super) fn finish(self) -> io::Result<W> {
        match self {
            Self::Plain(out) => Ok(out),
            Self::Age(age) => age.finish(),
        }
    }
}

impl<W: Write> Write for Sealed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(out) => out.write(bytes),
            Self::Age(age) => age.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(out) => out.flush(),
            Self::Age(age) => age.flush(),
        }
    }
}

fn why(error: DecryptError) -> anyhow::Error {
    match error {
        DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => {
            anyhow!("is encrypted with another passphrase than this")
        }
        DecryptError::NoMatchingKeys => anyhow!("is encrypted for another key than this"),
        DecryptError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            anyhow!("is cut short: use another backup")
        }
        DecryptError::InvalidHeader | DecryptError::InvalidMac | DecryptError::Io(_) => {
            anyhow!("is damaged: use another backup")
        }
        DecryptError::ExcessiveWork { .. } | DecryptError::UnknownFormat => {
            anyhow!("is encrypted in a way that this FlashFit does not know")
        }
    }
}

fn identities(text: &Secret<String>) -> anyhow::Result<Vec<Box<dyn Identity>>> {
    let keys = IdentityFile::from_buffer(text.expose().as_bytes())?.into_identities()?;
    anyhow::ensure!(!keys.is_empty(), "it is empty");
    Ok(keys)
}

fn words_of(secret: &Secret<String>) -> SecretString {
    SecretString::from(secret.expose().clone())
}

fn first_line(file: &Path) -> anyhow::Result<Secret<String>> {
    let text = fs_err::read_to_string(file)?;
    let line = text.lines().next().unwrap_or_default();
    anyhow::ensure!(!line.is_empty(), "{} is empty", file.display());
    Ok(Secret::new(line.to_owned()))
}
