//! The database behind the server's back: what no API shows must be whole as well.
use crate::{ledger::Ledger, pictures::Pictures};
use flashfit::platform::embedded::{Durability, Embedded};
use sha2::{Digest as _, Sha256};
use std::{collections::HashMap, path::Path};
use tokio_postgres::{Client, NoTls};

/// What must not exist, and the query that counts it.
const NEVER: &[(&str, &str)] = &[
    (
        "a photo without a garment",
        "select count(*) from images where id not in (select image_id from items)",
    ),
    (
        "a photo without its three forms",
        "select count(*) from images i
          where (select count(*) from image_variants v where v.image_id = i.id) <> 3",
    ),
    (
        "a damaged picture",
        "select count(*) from image_variants where sha256 <> sha256(bytes)",
    ),
    (
        "a garment that is not ready",
        "select count(*) from items where state <> 'ready'",
    ),
    (
        "a garment without one embedding in each space",
        "select count(*) from items i
          where (select count(distinct space) from embeddings e where e.item_id = i.id) <> 3
             or (select count(*) from embeddings e where e.item_id = i.id) <> 3",
    ),
    (
        "a garment without attributes",
        "select count(*) from items i where not exists
            (select from item_attributes a where a.item_id = i.id and a.source = 'model')",
    ),
    (
        "a garment without colours",
        "select count(*) from items i where not exists
            (select from item_colours c where c.item_id = i.id)",
    ),
    (
        "an outfit without garments",
        "select count(*) from outfits where id not in (select outfit_id from outfit_items)",
    ),
    (
        "a lesson about no garment",
        "select count(*) from feedback_events
          where id not in (select event_id from feedback_items)",
    ),
    (
        "a wear without what was worn",
        "select count(*) from feedback_events e where kind = 'wear' and
            (select count(*) from feedback_items i where i.event_id = e.id and role = 'worn')
         <> (select count(*) from outfit_items o where o.outfit_id = e.outfit_id)",
    ),
    (
        "the same thing learned twice",
        "select count(*) from (select from feedback_events group by outfit_id, kind
                                having count(*) > 1) twice",
    ),
    (
        "a state that is behind its log",
        "select count(*) from user_states s
          where (watermark, events) is distinct from
                (select (max(seq), count(*)::int) from feedback_events e where e.owner = s.owner)",
    ),
    (
        "a log without a state",
        "select count(*) from feedback_events where owner not in (select owner from user_states)",
    ),
];

/// Looks at the data of a server that was stopped.
pub(crate) async fn nothing_is_half_written(data: &Path, pictures: &Pictures, ledger: &Ledger) {
    let embedded = Embedded::start(data, Durability::Throwaway).await.unwrap();
    nothing_is_half_written_at(&embedded.postgres_url(), pictures, ledger).await;
    embedded.stop().await;
}

/// Looks at the data of a database that runs.
pub(crate) async fn nothing_is_half_written_at(url: &str, pictures: &Pictures, ledger: &Ledger) {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    let look = async move {
        for (what, query) in NEVER {
            let row = client.query_one(*query, &[]).await;
            let row = row.unwrap_or_else(|error| panic!("{what}: {error:?}"));
            assert_eq!(row.get::<_, i64>(0), 0, "there is {what}");
        }
        garments_are_of_the_photos_sent(&client, pictures, ledger).await;
        // The connection ends with its client.
        drop(client);
    };
    let ((), connection) = tokio::join!(look, connection);
    connection.unwrap();
}

async fn garments_are_of_the_photos_sent(client: &Client, pictures: &Pictures, ledger: &Ledger) {
    let query =
        "select i.id::text, m.source_sha256 from items i join images m on m.id = i.image_id";
    let rows = client.query(query, &[]).await.unwrap();
    let stored: HashMap<String, Vec<u8>> = rows.iter().map(|r| (r.get(0), r.get(1))).collect();
    for (number, id) in ledger.garments() {
        let sent = Sha256::digest(pictures.jpeg(number)).to_vec();
        assert_eq!(stored.get(&id), Some(&sent), "photo {number}");
    }
}
