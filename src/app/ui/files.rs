//! What Vite built, compressed when this was compiled.
use actix_web::{
    HttpMessage as _, HttpRequest,
    http::header::{AcceptEncoding, Encoding},
};
use brotli_decompressor::BrotliDecompress;
use std::io;

/// A file of the UI.
pub(super) struct File {
    /// Its path below `/app/`.
    pub(super) name: &'static str,
    /// Its content type.
    pub(super) kind: &'static str,
    /// SHA-256 of its content, in hexadecimal digits.
    hash: &'static str,
    forms: Forms,
}

/// In what forms a file is there.
#[cfg_attr(no_ui, expect(dead_code, reason = "there are no files"))]
enum Forms {
    /// As it is, because it does not become smaller, or is changed before it is sent.
    Plain(&'static [u8]),
    /// Compressed only, which keeps the program small: hardly anybody asks for another form.
    Packed {
        /// Bytes when unpacked.
        length: usize,
        brotli: &'static [u8],
        gzip: &'static [u8],
    },
}

/// A form that a client takes.
pub(super) enum Form {
    /// These bytes.
    Plain(&'static [u8]),
    /// These bytes, in the encoding of this name.
    Packed(&'static str, &'static [u8]),
    /// As it is, which must be unpacked first.
    Unpacked,
}

/// Sorted by name.
static FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/ui.rs"));

/// The file of this name.
pub(super) fn find(name: &str) -> Option<&'static File> {
    let at = FILES.binary_search_by(|file| file.name.cmp(name)).ok()?;
    FILES.get(at)
}

impl File {
    /// The form that a client likes best; as it is if it likes none.
    pub(super) fn form_for(&self, request: &HttpRequest) -> Form {
        let (brotli, gzip) = match self.forms {
            Forms::Plain(bytes) => return Form::Plain(bytes),
            Forms::Packed { brotli, gzip, .. } => (brotli, gzip),
        };
        let there = [Encoding::identity(), Encoding::brotli(), Encoding::gzip()];
        let accepted = request.get_header::<AcceptEncoding>();
        let best = accepted.and_then(|accepted| accepted.negotiate(there.iter()));
        if best == Some(Encoding::brotli()) {
            Form::Packed("br", brotli)
        } else if best == Some(Encoding::gzip()) {
            Form::Packed("gzip", gzip)
        } else {
            Form::Unpacked
        }
    }

    /// Whether there is more than one form of it.
    pub(super) fn varies(&self) -> bool {
        match self.forms {
            Forms::Plain(_) => false,
            Forms::Packed { .. } => true,
        }
    }

    /// The entity tag of a form: another one for each.
    pub(super) fn tag(&self, form: &Form) -> String {
        match form {
            Form::Plain(_) | Form::Unpacked => self.hash.to_owned(),
            Form::Packed(encoding, _) => format!("{}-{encoding}", self.hash),
        }
    }

    /// Its content. Takes some milliseconds where it is compressed.
    ///
    /// # Errors
    /// When it was damaged together with the program.
    pub(super) fn content(&self) -> io::Result<Vec<u8>> {
        match self.forms {
            Forms::Plain(bytes) => Ok(bytes.to_vec()),
            Forms::Packed {
                length, mut brotli, ..
            } => {
                let mut content = Vec::with_capacity(length);
                BrotliDecompress(&mut brotli, &mut content)?;
                Ok(content)
            }
        }
    }
}
