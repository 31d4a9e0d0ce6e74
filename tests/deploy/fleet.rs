//! Three servers at one PostgreSQL and one Redis, behind nginx with the files that are deployed.
use crate::{
    client::Person,
    ledger::Ledger,
    life::dress,
    nginx::{Nginx, at, free_port},
    pictures::Pictures,
    program::{PATIENCE, Place},
};
use flashfit::platform::embedded::{Durability, Embedded};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use std::{process::Stdio, time::Duration};
use tokio::process::Child;

/// How many servers there are.
pub(crate) const COUNT: usize = 3;
/// Longer than nginx leaves out a server that failed.
const STEP_ASIDE: &str = "3s";

/// What is started in front of the test, from the outside in; it ends in this order, too.
pub(crate) struct Fleet {
    pub(crate) nginx: Nginx,
    pub(crate) instances: Vec<Instance>,
    pub(crate) services: Embedded,
    _folder: tempfile::TempDir,
}

/// One of the servers, with a data directory and a port that it keeps.
pub(crate) struct Instance {
    pub(crate) place: Place,
    port: u16,
    child: Option<Child>,
}

impl Fleet {
    /// Starts everything, and waits until all servers are ready.
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("services");
        let services = Embedded::start(&data, Durability::Throwaway).await.unwrap();
        let mut instances: Vec<Instance> = (0..COUNT).map(|_| Instance::new()).collect();
        for instance in &mut instances {
            instance.start(&services).await;
        }
        let ports: Vec<u16> = instances.iter().map(|instance| instance.port).collect();
        Self {
            nginx: Nginx::start(&addresses(&ports)).await,
            instances,
            services,
            _folder: folder,
        }
    }

    /// Somebody who comes through the proxy, from an address of their own: floods from one are refused.
    pub(crate) async fn register(&self, number: u8) -> Person {
        let client = self.nginx.client([127, 0, 1, number]);
        let email = format!("person{number}@example.org");
        Person::register_through(client, &self.nginx.url(""), &email).await
    }

    /// So many people with clothes, and what each was promised.
    pub(crate) async fn dressed(&self, count: u8, pictures: &Pictures) -> Vec<(Person, Ledger)> {
        let mut people = vec![];
        for number in 1..=count {
            let (person, ledger) = (self.register(number).await, Ledger::default());
            dress(&person, pictures, &ledger).await;
            people.push((person, ledger));
        }
        people
    }

    /// Restarts one of the servers as an operator does: asked to end, waited for, started, waited for.
    pub(crate) async fn restart(&mut self, which: usize) {
        let instance = &mut self.instances[which];
        instance.terminate().await;
        instance.start(&self.services).await;
    }
}

impl Instance {
    fn new() -> Self {
        Self {
            place: Place::new(),
            port: free_port(),
            child: None,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Starts it and waits until it is ready.
    pub(crate) async fn start(&mut self, services: &Embedded) {
        let log = self.place.path("log");
        let log = fs_err::OpenOptions::new()
            .create(true)
            .append(true)
            .open(log)
            .unwrap();
        let mut command = self.place.command(&["serve"]);
        command
            .envs(shared(services))
            .env("FLASHFIT_HTTP__PORT", self.port.to_string())
            .stdout(Stdio::null())
            .stderr(log.into_parts().0);
        self.child = Some(command.spawn().unwrap());
        let ready = async {
            while !self.is_ready().await {
                let ended = self.child.as_mut().unwrap().try_wait().unwrap();
                assert!(ended.is_none(), "it ended:\n{}", self.place.log());
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, ready).await;
        waited.unwrap_or_else(|_| panic!("not ready"));
    }

    async fn is_ready(&self) -> bool {
        let answer = reqwest::get(format!("{}/api/health/ready", self.url())).await;
        answer.is_ok_and(|answer| answer.status() == 200)
    }

    /// Asks for an orderly end, and waits for it.
    pub(crate) async fn terminate(&mut self) {
        let mut child = self.child.take().unwrap();
        let id = child.id().unwrap().cast_signed();
        kill_process(Pid::from_raw(id).unwrap(), Signal::TERM).unwrap();
        let ended = tokio::time::timeout(PATIENCE, child.wait()).await;
        assert!(ended.unwrap().unwrap().success(), "{}", self.place.log());
    }

    /// Ends it at once, as a machine ends that loses its power.
    pub(crate) async fn kill(&mut self) {
        self.child.take().unwrap().kill().await.unwrap();
    }

    /// Compares its index on disk with the tables, as an operator does.
    pub(crate) async fn verify(&self, services: &Embedded) -> String {
        let mut command = self.place.command(&["reindex", "--verify"]);
        command.envs(shared(services));
        crate::program::Ended::of(&mut command)
            .await
            .expect_success()
    }

    /// The garments nearest to this one in one space, as this server finds them.
    pub(crate) async fn neighbours(&self, person: &Person, item: &str, space: &str) -> Vec<String> {
        let wish = json!({ "item_id": item, "space": space, "k": 100 });
        let here = person.at(&self.url());
        let (status, answer) = here.post("/api/faiss/search", &wish).await.unwrap();
        assert_eq!(status, 200, "{answer:#}");
        let found = answer["items"].as_array().unwrap().iter();
        found
            .map(|found| format!("{} {}", found["item"]["id"], found["similarity"]))
            .collect()
    }
}

/// What all of them are told.
fn shared(services: &Embedded) -> [(&'static str, String); 8] {
    [
        ("FLASHFIT_DATABASE__URL", services.postgres_url()),
        ("FLASHFIT_CACHE__URL", services.redis_url()),
        ("FLASHFIT_HTTP__TRUST_PROXY", "true".to_owned()),
        ("FLASHFIT_HTTP__STEP_ASIDE", STEP_ASIDE.to_owned()),
        ("FLASHFIT_RECOMMEND__EXPLORE", "false".to_owned()),
        ("FLASHFIT_MODELS__SELF_TEST_INTERVAL", "0s".to_owned()),
        ("FLASHFIT_MODELS__SESSIONS", "1".to_owned()),
        // A photo is not to blame for the kills of these tests, and must not be given up for them.
        ("FLASHFIT_WARDROBE__MAX_ATTEMPTS", "100".to_owned()),
    ]
}

/// `addresses.conf` with a line for each.
fn addresses(ports: &[u16]) -> String {
    let one = at("http://127.0.0.1:1", free_port(), free_port());
    let line = one
        .lines()
        .find(|line| line.contains("server 127.0.0.1:1 "));
    let line = line.unwrap();
    let lines = ports
        .iter()
        .map(|port| line.replace(":1 ", &format!(":{port} ")));
    one.replace(line, &lines.collect::<Vec<_>>().join("\n"))
}
