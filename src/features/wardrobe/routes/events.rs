//! `/api/wardrobe/events`: what happens to one's garments, as server-sent events.
use crate::{
    base::id::UserId,
    features::{
        accounts::CurrentUser,
        wardrobe::{State, Step, Wardrobe},
    },
};
use actix_web::{HttpResponse, get, http::header, web::Data};
use bytes::Bytes;
use futures_util::{Stream, stream};
use serde::Serialize;
use std::{convert::Infallible, time::Duration};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// A comment this often keeps proxies from closing a quiet stream.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

#[derive(Serialize)]
struct ItemEvent {
    id: Uuid,
    state: State,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
}

struct Watcher {
    owner: UserId,
    wardrobe: Data<Wardrobe>,
    steps: Receiver<Step>,
    stop: CancellationToken,
    is_new: bool,
}

/// Streams what happens to one's garments: `hello`, then an `item` event per change.
#[utoipa::path(tag = "wardrobe", responses(
    (status = 200, content_type = "text/event-stream", description = "`item` events: {id, state, failure?}; `reload` when some were missed"),
))]
#[get("/wardrobe/events")]
pub(super) async fn watch_items(
    user: CurrentUser,
    wardrobe: Data<Wardrobe>,
    stop: Data<CancellationToken>,
) -> HttpResponse {
    let watcher = Watcher {
        owner: user.id,
        steps: wardrobe.progress().watch(),
        wardrobe,
        stop: stop.get_ref().clone(),
        is_new: true,
    };
    HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Compression would hold events back.
        .insert_header(header::ContentEncoding::Identity)
        .streaming(stream(watcher))
}

fn stream(watcher: Watcher) -> impl Stream<Item = Result<Bytes, Infallible>> {
    stream::unfold(watcher, async |mut watcher| {
        let event = watcher.next().await?;
        Some((Ok(Bytes::from(event)), watcher))
    })
}

impl Watcher {
    async fn next(&mut self) -> Option<String> {
        if std::mem::take(&mut self.is_new) {
            return Some("retry: 2000\nevent: hello\ndata: {}\n\n".to_owned());
        }
        loop {
            let step = tokio::select! {
                () = self.stop.cancelled() => return None,
                () = tokio::time::sleep(KEEP_ALIVE) => return Some(": still here\n\n".to_owned()),
                step = self.steps.recv() => step,
            };
            match step {
                Ok(step) if step.owner != self.owner => {}
                Ok(step) => {
                    if let Some(event) = self.describe(&step).await {
                        return Some(event);
                    }
                }
                Err(RecvError::Lagged(_)) => {
                    return Some("event: reload\ndata: {}\n\n".to_owned());
                }
                Err(RecvError::Closed) => return None,
            }
        }
    }

    async fn describe(&self, step: &Step) -> Option<String> {
        let event = if let Some(state) = step.state {
            ItemEvent {
                id: step.item.0,
                state,
                failure: None,
            }
        } else {
            let item = self.wardrobe.item(self.owner, step.item).await.ok()?;
            ItemEvent {
                id: item.id.0,
                state: item.state,
                failure: item.failure,
            }
        };
        let data = serde_json::to_string(&event).ok()?;
        Some(format!("event: item\ndata: {data}\n\n"))
    }
}
