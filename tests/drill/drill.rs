//! What is the same in every drill: a healthy server, a fault, a mail, a repair, an answer to the mail, and quiet.
use crate::{
    mailbox::{Mail, Mailbox},
    operator::Operator,
    program::{Place, Server},
};
use chrono::{DateTime, TimeDelta, Utc};
use std::time::{Duration, Instant};

/// Longer than anything here takes on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);
/// How often rules are evaluated here.
const INTERVAL: TimeDelta = TimeDelta::seconds(1);
/// How much later an evaluation may begin on a machine that has other things to do.
const LATE: TimeDelta = TimeDelta::seconds(2);
/// How many evaluations without news are quiet.
const QUIET: i32 = 4;
/// For faults that are none of the models.
pub(crate) const NOT_TRIED: (&str, &str) = ("FLASHFIT_MODELS__SELF_TEST_INTERVAL", "0s");

/// A server, its operator, and their mailbox.
pub(crate) struct Drill {
    server: Option<Server>,
    pub(crate) operator: Operator,
    mailbox: Mailbox,
    pub(crate) place: Place,
    alert: &'static str,
    /// What may follow from the fault as well, and must not be told of.
    pub(crate) consequences: &'static [&'static str],
    began: Instant,
}

/// A fault that was noticed.
pub(crate) struct Noticed {
    fault_at: DateTime<Utc>,
    seen_at: DateTime<Utc>,
    fired_at: DateTime<Utc>,
}

impl Drill {
    /// A server that is healthy and has nothing to tell. `alert` is the one that is meant for the fault to come.
    pub(crate) async fn begin(alert: &'static str, variables: &[(&str, &str)]) -> Self {
        let mailbox = Mailbox::open().await;
        let place = Place::new(&mailbox);
        Self::begin_at(place, mailbox, alert, variables).await
    }

    /// The same at a place that is prepared.
    pub(crate) async fn begin_at(
        place: Place,
        mailbox: Mailbox,
        alert: &'static str,
        variables: &[(&str, &str)],
    ) -> Self {
        let began = Instant::now();
        let server = place.serve(variables).await;
        let operator = Operator::register(&server.url).await;
        let drill = Self {
            server: Some(server),
            operator,
            mailbox,
            place,
            alert,
            consequences: &[],
            began,
        };
        let wanted = "db_up + redis_up + (disk_total_bytes > bool 0)";
        drill
            .wait("healthy server", async || {
                let is_healthy = drill.operator.value(wanted).await == Some(3.0);
                let underway = drill.operator.underway().await;
                is_healthy && underway.is_some_and(|alerts| alerts.is_empty())
            })
            .await;
        drill
    }

    /// Another server takes the place of this one.
    pub(crate) async fn restart(&mut self, variables: &[(&str, &str)]) {
        self.server.take().unwrap().terminate().await;
        let server = self.place.serve(variables).await;
        self.operator.moves_to(&server.url);
        self.server = Some(server);
    }

    /// Ends the server in an orderly way.
    pub(crate) async fn end(mut self) {
        self.server.take().unwrap().terminate().await;
    }

    /// Waits until something is so.
    pub(crate) async fn wait(&self, what: &str, mut is_so: impl AsyncFnMut() -> bool) {
        let wait = async {
            while !is_so().await {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        if tokio::time::timeout(PATIENCE, wait).await.is_err() {
            let underway = self.operator.underway().await;
            let (told, log) = (self.mailbox.subjects(), self.place.log());
            panic!(
                "{}: no {what}; told: {told:?}; underway: {underway:?}\n{log}",
                self.alert
            );
        }
    }

    /// What the mails so far are about.
    pub(crate) fn subjects(&self) -> Vec<String> {
        self.mailbox.subjects()
    }

    /// Waits for the mail about the fault.
    pub(crate) async fn told(&self) -> Mail {
        self.mail(1).await
    }

    /// Waits for its answer, which comes after the repair, and for quiet; then there must not be anything else.
    pub(crate) async fn expect_end(&self, noticed: &Noticed) {
        let alert = self.alert;
        let (first, last) = (self.mail(1).await, self.mail(2).await);
        assert_eq!(first.header("subject"), format!("[FIRING:1] {alert}"));
        assert_eq!(last.header("subject"), format!("[RESOLVED] {alert}"));
        assert_eq!(last.header("in-reply-to"), first.header("message-id"));
        let link = format!("https://wear.example.org/runbook#{}", alert.to_lowercase());
        assert!(first.text.contains(&link), "{}", first.text);
        self.wait("quiet", async || {
            let underway = self.operator.underway().await;
            underway.is_some_and(|alerts| alerts.is_empty())
        })
        .await;
        let (since, rounds) = (Utc::now(), INTERVAL * QUIET);
        self.wait("further evaluations", async || {
            let at = self.operator.evaluated_at().await;
            at.is_some_and(|at| at > since + rounds)
        })
        .await;
        let fired = self.operator.fired().await.unwrap();
        let is_meant = |name: &str| name == alert || self.consequences.contains(&name);
        assert!(fired.iter().all(|(name, _)| is_meant(name)), "{fired:?}");
        assert_eq!(
            self.mailbox.mails().len(),
            2,
            "{:?}",
            self.mailbox.subjects()
        );
        println!(
            "{alert}: {} s from the fault to the metric, {} s to the alert; {:.0} s in all",
            seconds(noticed.seen_at - noticed.fault_at),
            seconds(noticed.fired_at - noticed.seen_at),
            self.began.elapsed().as_secs_f64(),
        );
    }

    /// Nothing fires or has fired, and nobody was told anything.
    pub(crate) async fn expect_nothing(&self) {
        assert_eq!(self.operator.fired().await, Some(vec![]));
        assert_eq!(self.mailbox.subjects(), [""; 0]);
    }

    /// When the metric showed the fault, and when the alert fired: within two evaluations.
    pub(crate) async fn noticed(
        &self,
        fault_at: DateTime<Utc>,
        samples: &str,
        means: impl Fn(f64) -> bool,
    ) -> Noticed {
        let seen_at = self.operator.first(samples, fault_at, means).await;
        let fired = self.operator.fired().await.unwrap();
        let fired_at = fired.iter().find(|(name, _)| name == self.alert);
        let seen_at = seen_at.unwrap_or_else(|| panic!("{}: {samples} do not show it", self.alert));
        let fired_at = fired_at.unwrap().1;
        let noticed = Noticed {
            fault_at,
            seen_at,
            fired_at,
        };
        let (from, to) = (seconds(seen_at - fault_at), seconds(fired_at - seen_at));
        assert!(
            fired_at - seen_at <= INTERVAL * 2 + LATE,
            "{}: {from} s to the metric, {to} s to the alert\n{}",
            self.alert,
            self.place.log()
        );
        noticed
    }

    async fn mail(&self, number: usize) -> Mail {
        self.wait(&format!("mail {number}"), async || {
            self.mailbox.mails().len() >= number
        })
        .await;
        self.mailbox.mails().swap_remove(number - 1)
    }
}

fn seconds(delta: TimeDelta) -> f64 {
    delta.num_milliseconds() as f64 / 1000.0
}
