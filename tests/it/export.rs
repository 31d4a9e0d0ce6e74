//! Everything in an account, taken along; and nothing left behind when it is deleted.
use crate::{
    outfits::WARDROBE,
    support::{Person, TestApp, wait_until},
};
use flashfit::{
    base::embedding::Space,
    features::export::{LEFT_OUT, PARTS},
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, io::Read as _};
use zip::ZipArchive;

/// The files of an archive.
type Files = BTreeMap<String, Vec<u8>>;

async fn export(person: &Person) -> Files {
    let request = person.request(reqwest::Method::GET, "/api/account/export");
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/zip");
    let named = response.headers()["content-disposition"].to_str().unwrap();
    assert!(named.starts_with("attachment; filename=\"flashfit-"));
    let bytes = response.bytes().await.unwrap();
    let mut archive = ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut files = Files::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let mut bytes = vec![];
        file.read_to_end(&mut bytes).unwrap();
        files.insert(file.name().unwrap().into_owned(), bytes);
    }
    files
}

fn rows(files: &Files, name: &str) -> Vec<Value> {
    serde_json::from_slice(&files[name]).unwrap()
}

/// Somebody of whom there is a row in every table.
async fn somebody(app: &TestApp, email: &str) -> Person {
    let person = app.register(email).await;
    person.dress(WARDROBE).await;
    let wish = json!({ "name": "closet robot", "scopes": ["read"] });
    person.post("/api/auth/tokens", &wish).await.expect(201);
    let asked = person.post("/api/recommend", &json!({ "count": 2 })).await;
    let outfits = asked.expect(200)["outfits"].clone();
    for (outfit, kind) in [(0, "like"), (1, "wear")] {
        let said = json!({ "outfit_id": outfits[outfit]["id"], "kind": kind });
        person.post("/api/feedback", &said).await.expect(201);
    }
    person
}

/// Tables whose rows have an owner.
async fn owned_tables(app: &TestApp) -> Vec<String> {
    let (client, connection) = tokio_postgres::connect(&app.database_url, tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::task::spawn(connection);
    let sql = "select table_name::text from information_schema.columns join information_schema.tables
                      using (table_schema, table_name)
                where table_schema = 'public' and column_name = 'owner' and table_type = 'BASE TABLE'";
    let rows = client.query(sql, &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_holds_everything_that_is_a_persons() {
    let app = TestApp::start().await;
    let ann = somebody(&app, "ann@example.org").await;
    somebody(&app, "bob@example.org").await;
    let files = export(&ann).await;
    let manifest: Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
    assert_eq!(manifest["account"], ann.id);

    let tables = owned_tables(&app).await;
    assert!(tables.len() > 8, "{tables:?}");
    for table in tables {
        if LEFT_OUT.iter().any(|(left, _)| *left == table) {
            continue;
        }
        let part = PARTS.iter().find(|part| part.table == table);
        let part = part.unwrap_or_else(|| panic!("an export knows nothing of {table}"));
        let sql = format!("select count(*) from {table} where owner = '{}'", ann.id);
        let count = app.number(&sql).await;
        assert!(count > 0, "the test has put nothing into {table}");
        let found = rows(&files, part.file);
        assert_eq!(found.len() as i64, count, "{table}");
        let listed = manifest["files"].as_array().unwrap().iter();
        let listed = listed.filter(|file| file["name"] == part.file);
        assert_eq!(listed.count(), 1, "{table}");
    }

    let account = rows(&files, "account.json");
    assert_eq!(account[0]["email"], "ann@example.org");
    let garments = rows(&files, "garments.json");
    assert_eq!(garments.len(), WARDROBE.len());
    let said_by = |source: &str| {
        garments.iter().any(|garment| {
            let attributes = garment["attributes"].as_array().unwrap().iter();
            attributes.clone().any(|a| a["source"] == source)
        })
    };
    assert!(
        said_by("person") && said_by("model"),
        "corrections and attributes"
    );
    for garment in &garments {
        let photo = &files[garment["photo"].as_str().unwrap()];
        assert!(photo.starts_with(&[0xff, 0xd8]), "the photo itself");
        assert!(!garment["colours"].as_array().unwrap().is_empty());
    }
    let outfits = rows(&files, "outfits.json");
    assert!(!outfits[0]["items"].as_array().unwrap().is_empty());
    let feedback = rows(&files, "feedback.json");
    let kinds: Vec<&str> = feedback.iter().filter_map(|e| e["kind"].as_str()).collect();
    assert!(
        kinds.contains(&"like") && kinds.contains(&"wear"),
        "{kinds:?}"
    );
    assert_eq!(rows(&files, "tokens.json")[0]["name"], "closet robot");
    let audit = rows(&files, "audit.json");
    assert!(
        audit
            .iter()
            .any(|entry| entry["action"] == "account-exported")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_holds_no_secret_and_nothing_of_others() {
    let app = TestApp::start().await;
    let ann = app.register("ann@example.org").await;
    let bob = app.register("bob@example.org").await;
    bob.add(vec![crate::support::pictures::garment(3)]).await;
    let wish = json!({ "name": "robot", "scopes": ["read"] });
    ann.post("/api/auth/tokens", &wish).await.expect(201);
    let files = export(&ann).await;
    let mut all = String::new();
    for (name, bytes) in &files {
        assert!(!name.starts_with("photos/"), "{name} is not Ann's");
        all += &String::from_utf8(bytes.clone()).unwrap();
    }
    for secret in ["argon2", "token_hash\":", "password_hash", &bob.id, "bob@"] {
        assert!(!all.contains(secret), "{secret}");
    }
    // A robot that may read takes nothing along.
    let wish = json!({ "name": "two", "scopes": ["read"] });
    let robot = ann.post("/api/auth/tokens", &wish).await.expect(201);
    let client = reqwest::Client::new();
    let asked = client
        .get(format!("{}/api/account/export", app.url))
        .bearer_auth(robot["token"].as_str().unwrap());
    assert_eq!(asked.send().await.unwrap().status(), 403);
}

/// More rows than a page holds, and more bytes than may wait: reading slowly changes nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_is_made_page_by_page_while_it_is_read() {
    let app = TestApp::start().await;
    let ann = app.register("ann@example.org").await;
    app.sql(
        "insert into images select gen_random_uuid(), id, sha256(n::text::bytea), 1, 1, now()
             from users, generate_series(1, 250) n;
         insert into image_variants select id, 'photo', 'image/jpeg', sha256('x'), decode(repeat('ffd8', 100000), 'hex')
             from images;
         insert into items (id, owner, image_id, state, pack, caption, created_at, updated_at)
             select gen_random_uuid(), owner, id, 'ready', 'p', 'c', now(), now() from images",
    )
    .await;
    let path = "/api/account/export";
    let first = ann
        .request(reqwest::Method::GET, path)
        .send()
        .await
        .unwrap();
    // It waits for its reader, and nobody has two at a time.
    ann.get(path)
        .await
        .expect_problem(429, "export-running", "let it end");
    let bytes = first.bytes().await.unwrap();
    assert!(bytes.len() > 250 * 200_000, "{} bytes", bytes.len());
    wait_until("the place is given back", async || {
        ann.get(path).await.status == 200
    })
    .await;
    let files = export(&ann).await;
    assert_eq!(rows(&files, "garments.json").len(), 250);
    let photos = files.keys().filter(|name| name.starts_with("photos/"));
    assert_eq!(photos.count(), 250);
    let manifest: Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
    assert_eq!(manifest["photos"], 250);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_that_breaks_off_is_no_whole_archive() {
    let app = TestApp::start().await;
    let ann = app.register("ann@example.org").await;
    app.sql("drop table taste_embeddings").await;
    let request = ann.request(reqwest::Method::GET, "/api/account/export");
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.bytes().await.is_err(), "the client is told");
}

/// The vectors of somebody who left are in no snapshot, and no search finds them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_leaves_is_gone_from_the_index_and_its_snapshot() {
    let app = TestApp::start().await;
    app.register("ann@example.org").await;
    let bob = app.register("bob@example.org").await;
    let garment = bob
        .add(vec![crate::support::pictures::garment(3)])
        .await
        .remove(0);
    let id: flashfit::base::id::ItemId = garment["id"].as_str().unwrap().parse().unwrap();
    wait_until("the index knows the garment", async || {
        app.app.search.embeddings(id).iter().all(Option::is_some)
    })
    .await;
    let vectors: Vec<Vec<u8>> = app
        .app
        .search
        .embeddings(id)
        .into_iter()
        .flatten()
        .map(|e| e.to_bytes())
        .collect();
    assert_eq!(vectors.len(), Space::ALL.len());
    app.app.search.save().await.unwrap();
    assert_eq!(snapshots_with(&app, &vectors, &bob.id), (3, true));

    let request = bob.request(reqwest::Method::DELETE, "/api/auth/account");
    let proof = json!({ "password": "correct horse battery" });
    let left = request.json(&proof).send().await.unwrap();
    assert_eq!(left.status(), 204);
    wait_until("the index has forgotten the garment", async || {
        app.app.search.embeddings(id).iter().all(Option::is_none)
    })
    .await;
    app.app.search.forget_removed().await.unwrap();
    app.app.search.save().await.unwrap();
    assert_eq!(snapshots_with(&app, &vectors, &bob.id), (0, false));
}

/// How many of the vectors are in files of the data directory, and whether any names the person.
fn snapshots_with(app: &TestApp, vectors: &[Vec<u8>], owner: &str) -> (usize, bool) {
    let owner: flashfit::base::id::UserId = owner.parse().unwrap();
    let mut all = vec![];
    let mut folders = vec![app.app.settings.data_dir.join("index")];
    while let Some(folder) = folders.pop() {
        for entry in fs_err::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => all.extend(fs_err::read(path).unwrap()),
            }
        }
    }
    assert!(!all.is_empty());
    let holds = |wanted: &[u8]| {
        let first = wanted[0];
        let mut places = all.windows(wanted.len());
        places.any(|part| part[0] == first && part == wanted)
    };
    let found = vectors.iter().filter(|vector| holds(vector)).count();
    (found, holds(owner.0.as_bytes()))
}
