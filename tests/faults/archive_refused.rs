//! Backups that must not be restored, places where they must not go, and what is said then.
use crate::{bench::Bench, program::Ended};
use age::secrecy::ExposeSecret as _;

impl Bench {
    /// Tables there are.
    async fn tables(&self, database: &str) -> usize {
        let sql = "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace";
        self.sql(database, sql).await.len()
    }

    /// A database with somebody in it, and a backup of that.
    async fn backed_up(&self) -> String {
        self.create("source").await;
        let made = self
            .flashfit("source", &["user", "create", "ann@example.org"])
            .await;
        made.expect_success();
        self.backup("source", &[]).await
    }

    async fn backup(&self, database: &str, flags: &[&str]) -> String {
        let file = self.place.path("made.backup").to_str().unwrap().to_owned();
        let arguments = [&["backup", &file], flags].concat();
        self.flashfit(database, &arguments).await.expect_success();
        file
    }

    /// Restoring this fails with these words, and changes nothing.
    async fn refuses(&self, arguments: &[&str], words: &[&str]) {
        let arguments = [&["restore"], arguments].concat();
        self.flashfit("target", &arguments)
            .await
            .expect_complaint(words);
        assert_eq!(self.tables("target").await, 0, "{words:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_that_are_not_as_they_were_written_are_refused_and_change_nothing() {
    let bench = Bench::new().await;
    let file = bench.backed_up().await;
    let whole = fs_err::read(&file).unwrap();
    bench.create("target").await;
    let write = |name: &str, bytes: &[u8]| {
        let path = bench.place.write(name, bytes);
        path.to_str().unwrap().to_owned()
    };
    let short = write("short", &whole[..whole.len() - 9]);
    bench.refuses(&[&short], &["short is cut short"]).await;
    let mut other = whole.clone();
    other[whole.len() / 2] ^= 1;
    let tampered = write("tampered", &other);
    bench.refuses(&[&tampered], &["tampered is damaged"]).await;
    let foreign = write("dump", b"PGDMP and more that pg_dump wrote");
    bench
        .refuses(
            &[&foreign],
            &["is no backup made by flashfit", "pg_restore"],
        )
        .await;
    let mut form = whole.clone();
    form[15] += 1;
    let form = write("form", &form);
    bench.refuses(&[&form], &["newer FlashFit"]).await;
    bench.refuses(&["/nowhere"], &["/nowhere"]).await;
    for bad in [&short, &tampered, &foreign, &form] {
        let ended = bench.flashfit("target", &["backup", "--verify", bad]).await;
        ended.expect_complaint(&[bad]);
    }
    let said = bench
        .flashfit("target", &["restore", &file])
        .await
        .expect_success();
    assert!(said.starts_with("1 people, 0 garments"), "{said}");
    let listed = bench
        .flashfit("target", &["user", "list"])
        .await
        .expect_success();
    assert!(listed.contains("ann@example.org"), "{listed}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_an_empty_database_takes_a_backup_and_only_a_program_that_knows_it() {
    let bench = Bench::new().await;
    let file = bench.backed_up().await;
    let again = bench.flashfit("source", &["restore", &file]).await;
    again.expect_complaint(&[
        "the database is not empty (users has rows)",
        "nothing was restored",
    ]);
    bench.create("theirs").await;
    bench.sql("theirs", "create table users (id int)").await;
    let ended = bench.flashfit("theirs", &["restore", &file]).await;
    ended.expect_complaint(&["tables of something else", "empty database"]);
    let ended = bench.flashfit("theirs", &["backup", &file]).await;
    ended.expect_complaint(&["holds nothing of FlashFit"]);
    // What a server wrote of itself before anybody came is not in the way.
    bench.create("fresh").await;
    bench.flashfit("fresh", &["migrate"]).await.expect_success();
    let health = "insert into monitoring_health values ('i', 'http', now(), 'ok', '', 1)";
    bench.sql("fresh", health).await;
    let named = "select id::text from installation";
    let name = bench.sql("fresh", named).await;
    bench
        .flashfit("fresh", &["restore", &file])
        .await
        .expect_success();
    assert_ne!(
        bench.sql("fresh", named).await,
        name,
        "an old index would be believed"
    );
    assert!(
        bench
            .sql("fresh", "select instance from monitoring_health")
            .await
            .is_empty()
    );

    let newer = "insert into __diesel_schema_migrations (version) values ('99990101000000')";
    bench.sql("source", newer).await;
    let file = bench.backup("source", &[]).await;
    bench.create("target").await;
    bench
        .refuses(
            &[&file],
            &[
                "made by FlashFit",
                "newer than this one",
                "use that version",
            ],
        )
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_an_older_schema_is_brought_up_to_date() {
    let bench = Bench::new().await;
    bench.backed_up().await;
    bench
        .flashfit("source", &["migrate", "--revert", "3"])
        .await
        .expect_success();
    let file = bench.backup("source", &[]).await;
    for (database, is_migrated) in [("one", false), ("two", true)] {
        bench.create(database).await;
        if is_migrated {
            bench
                .flashfit(database, &["migrate"])
                .await
                .expect_success();
        }
        bench
            .flashfit(database, &["restore", &file])
            .await
            .expect_success();
        let pending = bench.flashfit(database, &["migrate", "--pending"]).await;
        assert_eq!(pending.expect_success(), "0 migrations pending\n");
        let people = bench.sql(database, "select email from users").await;
        assert_eq!(people, ["ann@example.org"]);
    }
}

/// Every table is kept but three: which database it is, its change feed, and which migrations ran.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_table_is_in_a_backup() {
    let bench = Bench::new().await;
    let file = bench.backed_up().await;
    let said = bench
        .flashfit("source", &["backup", "--verify", &file])
        .await
        .expect_success();
    let kept = bench.tables("source").await - 3;
    assert!(
        said.contains(&format!(" rows in {kept} tables\n")),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_leaves_no_half_file_and_one_clear_line() {
    let bench = Bench::new().await;
    let file = bench.backed_up().await;
    let whole = fs_err::read(&file).unwrap();
    // What is written there fails as on a full disk.
    let part = format!("{file}.part");
    fs_err::os::unix::fs::symlink("/dev/full", &part).unwrap();
    let ended = bench.flashfit("source", &["backup", &file]).await;
    ended.expect_complaint(&["the backup was not made", "No space left on device"]);
    assert!(
        fs_err::symlink_metadata(&part).is_err(),
        "something is left"
    );
    assert_eq!(
        fs_err::read(&file).unwrap(),
        whole,
        "the last backup is gone"
    );
    let ended = bench.flashfit("source", &["backup", "/nowhere/file"]).await;
    ended.expect_complaint(&["/nowhere/file.part"]);

    let mut command = bench.place.command(&["backup", "-"]);
    command.env(
        "FLASHFIT_DATABASE__URL",
        bench.embedded.postgres_url_of("source"),
    );
    let piped = command.output().await.unwrap();
    assert!(piped.status.success(), "{piped:?}");
    let file = bench.place.write("piped", &piped.stdout);
    bench.create("target").await;
    let mut command = bench.place.command(&["restore", "-"]);
    command.env(
        "FLASHFIT_DATABASE__URL",
        bench.embedded.postgres_url_of("target"),
    );
    command.stdin(std::fs::File::open(file).unwrap());
    Ended::of(&mut command).await.expect_success();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_encrypted_backup_opens_with_its_passphrase_alone() {
    let bench = Bench::new().await;
    bench.backed_up().await;
    bench.create("target").await;
    let write = |name: &str, text: &str| {
        let path = bench.place.write(name, text);
        path.to_str().unwrap().to_owned()
    };
    let right = write("right", "a long and secret sentence\n");
    let wrong = write("wrong", "another one");
    let empty = write("empty", "\n");
    let file = bench.backup("source", &["--passphrase-file", &right]).await;
    let bytes = fs_err::read(&file).unwrap();
    assert!(bytes.starts_with(b"age-encryption.org/v1\n"));
    bench
        .refuses(
            &[&file],
            &["is encrypted with a passphrase", "--passphrase-file"],
        )
        .await;
    bench
        .refuses(
            &[&file, "--passphrase-file", &wrong],
            &["another passphrase"],
        )
        .await;
    bench
        .refuses(&[&file, "--passphrase-file", &empty], &["empty is empty"])
        .await;
    let short = bench.place.write("short", &bytes[..bytes.len() - 9]);
    let short = short.to_str().unwrap();
    bench
        .refuses(&[short, "--passphrase-file", &right], &["short is"])
        .await;
    let mut other = bytes.clone();
    other[bytes.len() / 2] ^= 1;
    let tampered = bench.place.write("tampered", other);
    let tampered = tampered.to_str().unwrap();
    bench
        .refuses(
            &[tampered, "--passphrase-file", &right],
            &["tampered is damaged"],
        )
        .await;
    let verify = ["backup", "--verify", &file, "--passphrase-file", &right];
    bench.flashfit("target", &verify).await.expect_success();
    let restore = ["restore", &file, "--passphrase-file", &right];
    bench.flashfit("target", &restore).await.expect_success();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_for_a_key_opens_for_its_owner_alone() {
    let bench = Bench::new().await;
    bench.backed_up().await;
    bench.create("target").await;
    let write = |name: &str, text: &str| {
        let path = bench.place.write(name, text);
        path.to_str().unwrap().to_owned()
    };
    // As age-keygen makes them.
    let key = age::x25519::Identity::generate();
    let public = key.to_public().to_string();
    let private = key.to_string();
    let private = private.expose_secret();
    let right = write("key.txt", &format!("# public key: {public}\n{private}\n"));
    let stranger = age::x25519::Identity::generate().to_string();
    let stranger = write("stranger.txt", stranger.expose_secret());
    let file = bench.backup("source", &["--recipient", &public]).await;
    bench
        .refuses(&[&file], &["is encrypted for a key", "--identity-file"])
        .await;
    bench
        .refuses(&[&file, "--identity-file", &stranger], &["for another key"])
        .await;
    let restore = ["restore", &file, "--identity-file", &right];
    bench.flashfit("target", &restore).await.expect_success();
    let wrong = bench
        .flashfit("source", &["backup", &file, "--recipient", "age1x"])
        .await;
    wrong.expect_complaint(&["age1x", "no public key of age"]);
}
