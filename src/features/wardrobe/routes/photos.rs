//! Photos in and pictures out.
use super::wire::{ItemBody, UploadForm, UploadOutcome, UploadResult, UploadResults};
use crate::{
    base::{id::ItemId, metrics as names},
    engines::vision::PhotoError,
    features::{
        accounts::CurrentUser,
        wardrobe::{Added, Error, Variant, Wardrobe, photo_problem},
    },
    platform::http::{Problem, picture},
};
use actix_multipart::{Field, Multipart};
use actix_web::{
    HttpRequest, HttpResponse, get, post,
    web::{Data, Path},
};
use futures_util::TryStreamExt as _;
use uuid::Uuid;

/// Adds photos to the wardrobe: each becomes a garment, or gets its own problem.
///
/// Recognition follows in the background; `/api/wardrobe/events` tells how it goes.
#[utoipa::path(tag = "wardrobe",
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses(
        (status = 202, body = UploadResults),
    ))]
#[post("/wardrobe")]
pub(super) async fn upload_photos(
    user: CurrentUser,
    wardrobe: Data<Wardrobe>,
    mut form: Multipart,
) -> Result<HttpResponse, Problem> {
    let mut results = vec![];
    while let Some(mut field) = next_field(&mut form).await? {
        if field.name() != Some("photos") {
            let name = field.name().unwrap_or_default();
            return Err(Error::Upload(format!("field {name:?} is not \"photos\"")).into());
        }
        if results.len() >= wardrobe.max_photos() {
            // What came before is stored and answered for; the rest is refused photo by photo.
            let limit = wardrobe.max_photos();
            results.push(rejected(
                file_name(&field),
                &Error::TooMany { limit }.into(),
            ));
            drain(&mut field).await?;
            continue;
        }
        let name = file_name(&field);
        let added = match read_photo(&mut field, wardrobe.limits().max_bytes).await? {
            Ok(bytes) => wardrobe.add(user.id, bytes).await,
            Err(error) => Err(error.into()),
        };
        results.push(outcome(name, added)?);
    }
    if results.is_empty() {
        return Err(Error::Upload("it holds no photo in a field \"photos\"".to_owned()).into());
    }
    Ok(HttpResponse::Accepted().json(UploadResults { results }))
}

/// One photo's line in the answer. Our own failures end the request: the client must try again.
fn outcome(file_name: String, added: Result<Added, Error>) -> Result<UploadResult, Problem> {
    let (result, label, item) = match added {
        Ok(Added::Created(item)) => (UploadOutcome::Created, "created", item),
        Ok(Added::Duplicate(item)) => (UploadOutcome::Duplicate, "duplicate", item),
        Err(Error::Photo(error)) => return Ok(rejected(file_name, &photo_problem(&error))),
        Err(error) => return Err(error.into()),
    };
    metrics::counter!(names::PHOTOS, "result" => label).increment(1);
    Ok(UploadResult {
        file_name,
        result,
        item: Some(ItemBody::from(item)),
        problem: None,
    })
}

fn rejected(file_name: String, problem: &Problem) -> UploadResult {
    metrics::counter!(names::PHOTOS, "result" => "rejected").increment(1);
    UploadResult {
        file_name,
        result: UploadOutcome::Rejected,
        item: None,
        problem: Some(problem.body()),
    }
}

fn file_name(field: &Field) -> String {
    field
        .content_disposition()
        .and_then(|disposition| disposition.get_filename())
        .unwrap_or("photo")
        .chars()
        .filter(|c| !c.is_control())
        .take(200)
        .collect()
}

async fn next_field(form: &mut Multipart) -> Result<Option<Field>, Problem> {
    let field = form.try_next().await;
    field.map_err(|error| Error::Upload(error.to_string()).into())
}

/// Reads a photo out of a form; one that is too large is read to its end and refused by itself.
///
/// # Errors
/// The outer error ends the upload, the inner one is this photo's.
pub async fn read_photo(
    field: &mut Field,
    limit: usize,
) -> Result<Result<Vec<u8>, PhotoError>, Problem> {
    let mut bytes = vec![];
    while let Some(chunk) = next_chunk(field).await? {
        if bytes.len() + chunk.len() > limit {
            let got = bytes.len() + chunk.len() + drain(field).await?;
            return Ok(Err(PhotoError::TooManyBytes { got, limit }));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Ok(bytes))
}

async fn drain(field: &mut Field) -> Result<usize, Problem> {
    let mut dropped = 0;
    while let Some(chunk) = next_chunk(field).await? {
        dropped += chunk.len();
    }
    Ok(dropped)
}

async fn next_chunk(field: &mut Field) -> Result<Option<bytes::Bytes>, Problem> {
    let chunk = field.try_next().await;
    chunk.map_err(|error| Error::Upload(error.to_string()).into())
}

/// Shows a picture of a garment. The address never changes its content.
#[utoipa::path(tag = "wardrobe",
    params(("id" = Uuid, Path), ("variant" = inline(Variant), Path)),
    responses(
        (status = 200, description = "JPEG for `photo`, WebP for thumbnails",
            content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/webp"))),
        (status = 304, description = "the client has it"),
    ))]
#[get("/wardrobe/{id}/image/{variant}")]
pub(super) async fn get_picture(
    user: CurrentUser,
    wardrobe: Data<Wardrobe>,
    path: Path<(Uuid, Variant)>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (id, variant) = path.into_inner();
    let found = wardrobe.picture(user.id, ItemId(id), variant).await?;
    let keep = "private, max-age=31536000, immutable";
    let (media_type, bytes) = (found.media_type, found.bytes);
    Ok(picture::respond(&request, keep, &found.sha256, || {
        (media_type, bytes.into())
    }))
}
