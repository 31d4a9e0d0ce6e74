//! "What shall I wear this week?": one outfit a day, out of one wardrobe, stored as they are shown.
use super::{
    Error, Recommend,
    ask::{Considered, check, count, record},
    model::{DayRequest, Request, Suggestion, WeekRequest},
    store,
};
use crate::{
    base::{
        garment::Slot,
        id::{ItemId, OutfitId, UserId},
    },
    engines::ranking::{self, Answer, Ask, Day, Kept, MAX_DAYS},
    features::wardrobe::Item,
    platform::tasks,
};
use chrono::NaiveDate;
use std::{
    collections::{HashMap, HashSet},
    time::Instant,
};

/// Most outfits that were turned down for one day.
const MAX_INSTEAD: usize = 50;

/// What to wear on each day, and the garments it speaks of.
#[derive(Debug)]
pub struct WeekAnswered {
    /// In the order of the request.
    pub days: Vec<DayAnswered>,
    /// Every garment in the outfits.
    pub items: HashMap<ItemId, Item>,
    /// Plain sentences about the whole.
    pub notes: Vec<String>,
}

/// What to wear on one day.
#[derive(Debug)]
pub struct DayAnswered {
    /// Which day.
    pub date: NaiveDate,
    /// The outfit; none when the wardrobe cannot dress this day.
    pub outfit: Option<Suggestion>,
    /// Places in the outfit that nothing in the wardrobe fills.
    pub missing: Vec<Slot>,
    /// Plain sentences about what could not be done and why.
    pub notes: Vec<String>,
}

/// Garments of stored outfits.
type Outfits = HashMap<OutfitId, Vec<ItemId>>;

impl Recommend {
    /// Plans an outfit for each day from the person's own clothes, without repeats as far as they last.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the request makes no sense, [`Error::NoGarment`] and [`Error::NoOutfit`] when
    /// something it names is not theirs. Each says which day it is about.
    pub async fn week(&self, owner: UserId, week: WeekRequest) -> Result<WeekAnswered, Error> {
        check_week(&week)?;
        let known = self.named(owner, &week).await?;
        let considered = self.considered(owner).await?;
        let mut days = vec![];
        let avoided = self.avoided(owner).await?;
        let crowds = self.crowds().await?;
        for (n, day) in week.days.iter().enumerate() {
            let request = day.request(&week);
            if let Some(id) = considered.lacks(&request) {
                return Err(Error::NoGarment { day: n, id });
            }
            let targets = self.targets(&request, None, &considered.embeddings).await?;
            let ask = self.build(&request, targets, avoided.clone());
            days.push(Day {
                date: day.date,
                ask: Ask {
                    // Rotation goes by when it is worn.
                    now: day.date.and_time(ask.now.time()).and_utc(),
                    crowds: crowds.clone(),
                    ..ask
                },
                instead_of: all_of(&known, &day.instead_of),
            });
        }
        let kept = week.keep.iter().filter_map(|kept| {
            Some(Kept {
                date: kept.date,
                items: known.get(&kept.outfit_id)?.clone(),
            })
        });
        let (kept, learned) = (kept.collect::<Vec<_>>(), self.learned(owner).await?);
        let Considered {
            items,
            garments,
            note,
            ..
        } = considered;
        let started = Instant::now();
        let answers =
            tasks::blocking(move || ranking::plan(&days, &kept, &garments, &learned)).await?;
        record("plan", started);
        Ok(WeekAnswered {
            days: self.keep_days(owner, &week, answers).await?,
            items,
            notes: note.into_iter().collect(),
        })
    }

    /// The garments of the outfits that a request names.
    async fn named(&self, owner: UserId, week: &WeekRequest) -> Result<Outfits, Error> {
        let turned_down = week.days.iter().flat_map(|day| &day.instead_of);
        let kept = week.keep.iter().map(|kept| &kept.outfit_id);
        let ids: Vec<OutfitId> = kept.chain(turned_down).copied().collect();
        if ids.is_empty() {
            return Ok(Outfits::new());
        }
        let mut conn = self.db.get().await?;
        let found = store::find_all(&mut conn, owner, &ids).await?;
        let known: Outfits = found
            .into_iter()
            .map(|outfit| {
                let items = outfit.picks.iter().map(|pick| pick.item);
                (outfit.id, items.collect())
            })
            .collect();
        match ids.iter().find(|id| !known.contains_key(id)) {
            Some(id) => Err(Error::NoOutfit(*id)),
            None => Ok(known),
        }
    }

    async fn keep_days(
        &self,
        owner: UserId,
        week: &WeekRequest,
        answers: Vec<Answer>,
    ) -> Result<Vec<DayAnswered>, Error> {
        let mut days = vec![];
        let mut outfits = vec![];
        for (day, mut answer) in week.days.iter().zip(answers) {
            count(&answer);
            let outfit = answer.outfits.pop();
            days.push((day.date, outfit.is_some(), answer));
            if let Some(outfit) = outfit {
                outfits.push((day.asked(week)?, outfit));
            }
        }
        // Nothing is drawn for a plan, so there is no seed to remember.
        let mut stored = self.keep(owner, (0, None), outfits).await?.into_iter();
        let days = days
            .into_iter()
            .map(|(date, is_dressed, answer)| DayAnswered {
                date,
                outfit: if is_dressed { stored.next() } else { None },
                missing: answer.missing,
                notes: answer.notes,
            });
        Ok(days.collect())
    }
}

impl DayRequest {
    /// The day as an ask by itself.
    fn request(&self, week: &WeekRequest) -> Request {
        Request {
            anchor_item_id: None,
            text: self.text.clone(),
            occasion: self.occasion,
            weather: self.weather,
            must_include: self.must_include.clone(),
            exclude: self.exclude.clone(),
            colours: self.colours.clone(),
            without_colours: self.without_colours.clone(),
            dress_code: self.dress_code,
            include_unclean: week.include_unclean,
            count: 1,
        }
    }

    /// What is stored beside the outfit: the ask, and for which day.
    fn asked(&self, week: &WeekRequest) -> Result<serde_json::Value, Error> {
        let request = serde_json::to_value(self.request(week)).map_err(anyhow::Error::from)?;
        Ok(serde_json::json!({ "date": self.date, "request": request }))
    }
}

fn all_of(known: &Outfits, ids: &[OutfitId]) -> Vec<Vec<ItemId>> {
    ids.iter().filter_map(|id| known.get(id).cloned()).collect()
}

/// Refuses what makes no sense, naming the position of the day.
fn check_week(week: &WeekRequest) -> Result<(), Error> {
    let invalid = |text: String| Err(Error::Invalid(text));
    let number = week.days.len();
    if !(1..=MAX_DAYS).contains(&number) {
        return invalid(format!("days has {number}; expected 1 to {MAX_DAYS}"));
    }
    let mut before: Option<NaiveDate> = None;
    for (n, day) in week.days.iter().enumerate() {
        let date = day.date;
        if let Some(before) = before.filter(|before| *before >= date) {
            return invalid(format!(
                "days[{n}]: date is {date}; expected a day after {before}"
            ));
        }
        before = Some(date);
        if let Err(text) = check(&day.request(week)) {
            return invalid(format!("days[{n}]: {text}"));
        }
        let turned_down = day.instead_of.len();
        if turned_down > MAX_INSTEAD {
            return invalid(format!(
                "days[{n}]: instead_of has {turned_down}; expected at most {MAX_INSTEAD}"
            ));
        }
    }
    let number = week.keep.len();
    if number > MAX_DAYS {
        return invalid(format!("keep has {number}; expected at most {MAX_DAYS}"));
    }
    let mut taken: HashSet<NaiveDate> = week.days.iter().map(|day| day.date).collect();
    for (n, kept) in week.keep.iter().enumerate() {
        if !taken.insert(kept.date) {
            let date = kept.date;
            return invalid(format!(
                "keep[{n}]: date is {date}, which is in the request already"
            ));
        }
    }
    Ok(())
}
