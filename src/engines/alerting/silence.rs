//! Silences: alerts that nobody is told of for a time, once or every week.
use super::matcher::Conditions;
use crate::engines::promql::Labels;
use chrono::{DateTime, Datelike as _, NaiveTime, Timelike as _, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// Which alerts are not told of, and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Silence {
    /// Names it.
    pub id: String,
    /// Which alerts.
    pub matchers: Conditions,
    /// From when.
    pub starts_at: DateTime<Utc>,
    /// The first moment at which it is over.
    pub ends_at: DateTime<Utc>,
    /// In between only at certain hours of the week.
    #[serde(default)]
    pub weekly: Option<Weekly>,
}

/// The same hours on some days of every week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WrittenWeekly", into = "WrittenWeekly")]
pub struct Weekly {
    days: Vec<Weekday>,
    from_minute: u32,
    to_minute: u32,
    time_zone: Tz,
}

/// As it is written: days in English, hours like `22:00` (the end may be `24:00`), the name of a time zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenWeekly {
    /// On which it begins: `monday` and so on.
    pub days: Vec<String>,
    /// When it begins.
    pub from: String,
    /// When it is over; on the next day if that is not later.
    pub to: String,
    /// Like `Europe/Berlin` or `UTC`.
    pub time_zone: String,
}

/// How far a silence has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SilenceStatus {
    /// It begins later.
    Pending,
    /// Between its start and its end, whatever hours it names.
    Active,
    /// Over.
    Expired,
}

/// Why there is no such silence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SilenceError {
    /// It names no alerts.
    #[error("a silence needs a matcher")]
    NoMatcher,
    /// It would silence everything that lacks its labels.
    #[error("at least one matcher of a silence has to ask for a label that is there")]
    MatchesNothing,
    /// It would never be in force.
    #[error("a silence ends after it starts")]
    Ends,
    /// No days of the week.
    #[error("a weekly silence needs a day")]
    NoDay,
    /// Not a day.
    #[error("{0:?} is no day of the week: monday to sunday are")]
    Day(String),
    /// Not a time of day.
    #[error("{0:?} is no time of day like \"22:00\"")]
    Time(String),
    /// Not a time zone.
    #[error("{0:?} is no time zone like \"Europe/Berlin\" or \"UTC\"")]
    Zone(String),
}

const DAY_MINUTES: u32 = 24 * 60;

impl Silence {
    /// Checks that it names alerts and has a length.
    ///
    /// # Errors
    /// [`SilenceError`] says what is wrong.
    pub fn check(&self) -> Result<(), SilenceError> {
        if self.matchers.written().is_empty() {
            return Err(SilenceError::NoMatcher);
        }
        if self.matchers.hold_for_nothing() {
            return Err(SilenceError::MatchesNothing);
        }
        if self.ends_at <= self.starts_at {
            return Err(SilenceError::Ends);
        }
        Ok(())
    }

    /// How far it has come.
    #[must_use]
    pub fn status(&self, now: DateTime<Utc>) -> SilenceStatus {
        match () {
            () if now < self.starts_at => SilenceStatus::Pending,
            () if now < self.ends_at => SilenceStatus::Active,
            () => SilenceStatus::Expired,
        }
    }

    /// Whether it keeps quiet now.
    #[must_use]
    pub fn is_in_force(&self, now: DateTime<Utc>) -> bool {
        self.status(now) == SilenceStatus::Active
            && self.weekly.as_ref().is_none_or(|weekly| weekly.covers(now))
    }

    /// Whether nobody is told of an alert of these labels now.
    #[must_use]
    pub fn mutes(&self, labels: &Labels, now: DateTime<Utc>) -> bool {
        self.is_in_force(now) && self.matchers.hold(labels)
    }
}

impl Weekly {
    /// Whether the moment is within its hours, by the clocks of its time zone.
    #[must_use]
    pub fn covers(&self, now: DateTime<Utc>) -> bool {
        let local = now.with_timezone(&self.time_zone);
        let minute = local.hour() * 60 + local.minute();
        let on = |day: Weekday| self.days.contains(&day);
        let (today, yesterday) = (local.weekday(), local.weekday().pred());
        match self.from_minute < self.to_minute {
            true => on(today) && (self.from_minute..self.to_minute).contains(&minute),
            false => {
                (on(today) && minute >= self.from_minute)
                    || (on(yesterday) && minute < self.to_minute)
            }
        }
    }
}

impl TryFrom<WrittenWeekly> for Weekly {
    type Error = SilenceError;

    fn try_from(written: WrittenWeekly) -> Result<Self, SilenceError> {
        if written.days.is_empty() {
            return Err(SilenceError::NoDay);
        }
        let days = written.days.iter().map(|day| match day.as_str() {
            "monday" => Ok(Weekday::Mon),
            "tuesday" => Ok(Weekday::Tue),
            "wednesday" => Ok(Weekday::Wed),
            "thursday" => Ok(Weekday::Thu),
            "friday" => Ok(Weekday::Fri),
            "saturday" => Ok(Weekday::Sat),
            "sunday" => Ok(Weekday::Sun),
            other => Err(SilenceError::Day(other.to_owned())),
        });
        let zone = || SilenceError::Zone(written.time_zone.clone());
        Ok(Self {
            days: days.collect::<Result<_, _>>()?,
            from_minute: minute_of(&written.from)?,
            to_minute: match written.to.as_str() {
                "24:00" => DAY_MINUTES,
                time => minute_of(time)?,
            },
            time_zone: written.time_zone.parse().ok().ok_or_else(zone)?,
        })
    }
}

impl From<Weekly> for WrittenWeekly {
    fn from(weekly: Weekly) -> Self {
        let time = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
        let day = |day: &Weekday| match day {
            Weekday::Mon => "monday",
            Weekday::Tue => "tuesday",
            Weekday::Wed => "wednesday",
            Weekday::Thu => "thursday",
            Weekday::Fri => "friday",
            Weekday::Sat => "saturday",
            Weekday::Sun => "sunday",
        };
        Self {
            days: weekly.days.iter().map(|d| day(d).to_owned()).collect(),
            from: time(weekly.from_minute),
            to: time(weekly.to_minute),
            time_zone: weekly.time_zone.name().to_owned(),
        }
    }
}

fn minute_of(text: &str) -> Result<u32, SilenceError> {
    let wrong = || SilenceError::Time(text.to_owned());
    let time = NaiveTime::parse_from_str(text, "%H:%M")
        .ok()
        .ok_or_else(wrong)?;
    match text.len() == 5 {
        true => Ok(time.hour() * 60 + time.minute()),
        false => Err(wrong()),
    }
}
