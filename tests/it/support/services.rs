//! What all tests share: a private Postgres and Redis for this process, a migrated template, the models.
use flashfit::{
    app,
    base::id::ItemId,
    engines::vision::Vision,
    platform::{
        db::migrations,
        embedded::{Durability, Embedded},
    },
};
use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
};
use tokio::sync::{Mutex, OnceCell};

/// Private services.
pub(crate) struct Services {
    embedded: Embedded,
    /// Two clones of one template at a time disturb each other.
    cloning: Mutex<()>,
}

/// Starts the services once per process.
pub(crate) async fn shared() -> &'static Services {
    static SHARED: OnceCell<Services> = OnceCell::const_new();
    SHARED
        .get_or_init(async || {
            let dir = own_folder();
            let embedded = Embedded::start(&dir, Durability::Throwaway).await.unwrap();
            let postgres = embedded.postgres_url_of("postgres");
            execute(&postgres, "create database test_template").await;
            migrations::run(&embedded.postgres_url_of("test_template"))
                .await
                .unwrap();
            Services {
                embedded,
                cloning: Mutex::default(),
            }
        })
        .await
}

impl Services {
    pub(crate) fn redis_url(&self) -> String {
        self.embedded.redis_url()
    }

    pub(crate) fn postgres_url(&self) -> String {
        self.embedded.postgres_url_of("postgres")
    }

    /// Ends every connection to a database and lets no new one in, or lets them in again.
    pub(crate) async fn shut(&self, database_url: &str, is_shut: bool) {
        let name = name_of(database_url);
        let postgres = self.postgres_url();
        execute(
            &postgres,
            &format!("alter database {name} allow_connections {}", !is_shut),
        )
        .await;
        if is_shut {
            let end = format!(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"
            );
            execute(&postgres, &end).await;
        }
    }

    /// A fresh, migrated database.
    pub(crate) async fn new_database(&self) -> String {
        let _turn = self.cloning.lock().await;
        let name = format!("test_{}", ItemId::new().0.simple());
        let postgres = self.embedded.postgres_url_of("postgres");
        execute(
            &postgres,
            &format!("create database {name} template test_template"),
        )
        .await;
        self.embedded.postgres_url_of(&name)
    }
}

/// Where the models' library is unpacked.
pub(crate) fn model_folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("models")
}

/// The embedded pack, loaded once per process.
pub(crate) async fn vision() -> Vision {
    static VISION: OnceCell<Vision> = OnceCell::const_new();
    VISION
        .get_or_init(async || {
            let mut settings: app::Settings =
                app::sources::layers(None, &vec![]).extract().unwrap();
            settings.data_dir = model_folder();
            settings.models.sessions = 2;
            app::load_vision(&settings).await.unwrap()
        })
        .await
        .clone()
}

/// A folder of this process; those of processes that are gone are swept away.
fn own_folder() -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER
        .get_or_init(|| {
            // Short, because socket paths are; and where an unprivileged Postgres may go.
            let base = std::env::temp_dir();
            for entry in fs_err::read_dir(&base).unwrap().flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                let Some(pid) = name.strip_prefix("flashfit-it-") else {
                    continue;
                };
                if !Path::new("/proc").join(pid).exists() {
                    let _in_use = fs_err::remove_dir_all(entry.path());
                }
            }
            base.join(format!("flashfit-it-{}", std::process::id()))
        })
        .clone()
}

/// The name of a database made for a test.
fn name_of(database_url: &str) -> String {
    let at = database_url.find("test_").unwrap();
    let is_of_name = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
    database_url
        .chars()
        .skip(at)
        .take_while(is_of_name)
        .collect()
}

async fn connect(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::task::spawn(connection);
    client
}

pub(crate) async fn execute(url: &str, sql: &str) {
    connect(url).await.batch_execute(sql).await.unwrap();
}

pub(crate) async fn number(url: &str, sql: &str) -> i64 {
    connect(url).await.query_one(sql, &[]).await.unwrap().get(0)
}
