//! Pieces to choose from before anything was learned.
use crate::{
    features::{
        accounts::CurrentUser,
        recommend::{Error, PieceAnswer, Recommend, Said},
    },
    platform::http::{Problem, extract::Body, picture},
};
use actix_web::{
    HttpRequest, HttpResponse, get, put,
    web::{Data, Json, Path},
};
use serde::{Deserialize, Serialize};

/// How long browsers keep the drawings: they change with the program only.
const KEEP: &str = "private, max-age=86400, stale-while-revalidate=604800";

/// Pieces to choose from.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Onboarding {
    /// The pieces, in the order to show them.
    pieces: Vec<OnboardingPiece>,
}

/// A piece that is nobody's.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct OnboardingPiece {
    /// Its number.
    id: u8,
    /// What it is, with its article.
    description: String,
    /// Where its picture is.
    picture: String,
    /// What was said of it; null when nothing was.
    #[schema(required = true)]
    answer: Option<PieceAnswer>,
}

/// What somebody would wear.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct OnboardingPicks {
    /// Each piece at most once; what is not named stays as it was.
    picks: Vec<OnboardingPick>,
}

/// An answer about a piece.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct OnboardingPick {
    /// The number of the piece.
    piece: u8,
    /// What is said of it; null takes back what was said before.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required = true)]
    answer: Option<PieceAnswer>,
}

/// Shows pieces to choose from, and what was said of them.
#[utoipa::path(tag = "feedback", responses((status = 200, body = Onboarding)))]
#[get("/onboarding")]
pub(super) async fn get_onboarding(
    user: CurrentUser,
    recommend: Data<Recommend>,
) -> Result<Json<Onboarding>, Problem> {
    Ok(Json(shown(&user, &recommend).await?))
}

/// Learns from what one would wear. Saying the same again changes nothing, another answer replaces the one before.
#[utoipa::path(tag = "feedback", request_body = OnboardingPicks, responses(
    (status = 200, body = Onboarding),
))]
#[put("/onboarding")]
pub(super) async fn put_onboarding(
    user: CurrentUser,
    recommend: Data<Recommend>,
    Body(body): Body<OnboardingPicks>,
) -> Result<Json<Onboarding>, Problem> {
    let said = body.picks.iter().map(|pick| Said {
        piece: pick.piece,
        answer: pick.answer,
    });
    recommend.choose(user.id, &said.collect::<Vec<_>>()).await?;
    Ok(Json(shown(&user, &recommend).await?))
}

/// Shows the picture of a piece.
#[utoipa::path(tag = "feedback",
    params(("number" = u8, Path)),
    responses(
        (status = 200, content_type = "image/webp"),
        (status = 304, description = "the client has it"),
    ))]
#[get("/onboarding/{number}/picture")]
pub(super) async fn get_onboarding_picture(
    _user: CurrentUser,
    recommend: Data<Recommend>,
    number: Path<u8>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let drawn = recommend.piece_picture(*number).await?;
    Ok(picture::respond(&request, KEEP, &drawn.sha256, || {
        ("image/webp".to_owned(), drawn.webp.clone())
    }))
}

async fn shown(user: &CurrentUser, recommend: &Recommend) -> Result<Onboarding, Error> {
    let pieces = recommend.pieces(user.id).await?;
    let body = pieces.into_iter().map(|shown| OnboardingPiece {
        id: shown.piece,
        description: shown.description.to_owned(),
        picture: format!("/api/onboarding/{}/picture", shown.piece),
        answer: shown.answer,
    });
    Ok(Onboarding {
        pieces: body.collect(),
    })
}
