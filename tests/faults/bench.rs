//! Private services with as many databases as a test needs, and the program told of them as of any others.
use crate::program::{Ended, Place};
use flashfit::platform::embedded::{Durability, Embedded};
use std::{
    io::{Read as _, Write as _},
    os::unix::net::UnixStream,
};
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

/// One Postgres and one Redis.
pub(crate) struct Bench {
    pub(crate) place: Place,
    pub(crate) embedded: Embedded,
}

impl Bench {
    pub(crate) async fn new() -> Self {
        let place = Place::new();
        let services = place.path("services");
        let embedded = Embedded::start(&services, Durability::Throwaway).await;
        let embedded = embedded.unwrap();
        Self { place, embedded }
    }

    /// A session that lasts until it is dropped.
    pub(crate) async fn session(&self, database: &str) -> Client {
        let url = self.embedded.postgres_url_of(database);
        let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }

    pub(crate) async fn sql(&self, database: &str, sql: &str) -> Vec<String> {
        let answer = self
            .session(database)
            .await
            .simple_query(sql)
            .await
            .unwrap();
        let row = |message: &SimpleQueryMessage| {
            let SimpleQueryMessage::Row(row) = message else {
                return None;
            };
            row.get(0).map(str::to_owned)
        };
        answer.iter().filter_map(row).collect()
    }

    pub(crate) async fn create(&self, database: &str) {
        self.sql("postgres", &format!("create database {database}"))
            .await;
    }

    /// The program with these services, and this database of them.
    pub(crate) fn command(&self, database: &str, arguments: &[&str]) -> tokio::process::Command {
        let mut command = self.place.command(arguments);
        command
            .env(
                "FLASHFIT_DATABASE__URL",
                self.embedded.postgres_url_of(database),
            )
            .env("FLASHFIT_CACHE__URL", self.embedded.redis_url());
        command
    }

    pub(crate) async fn flashfit(&self, database: &str, arguments: &[&str]) -> Ended {
        Ended::of(&mut self.command(database, arguments)).await
    }

    /// Says something to Redis.
    pub(crate) fn redis(&self, line: &str) -> String {
        let socket = self.embedded.redis_url();
        let mut stream = UnixStream::connect(socket.trim_start_matches("redis+unix://")).unwrap();
        stream.write_all(format!("{line}\r\n").as_bytes()).unwrap();
        let mut answer = [0; 1024];
        let length = stream.read(&mut answer).unwrap();
        String::from_utf8_lossy(&answer[..length]).into_owned()
    }
}
