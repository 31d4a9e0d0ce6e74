//! Runs every simulated person with every policy.
use super::world::World;
use crate::{
    base::embedding::Space,
    engines::{
        ranking::SharedPrior,
        simulate::{Course, Family, Person, Photo, Policy, Wardrobe, prior_from, run},
    },
};
use anyhow::Context as _;
use std::sync::Mutex;

/// How often the shared prior is estimated and everybody's log folded again from it.
const ROUNDS: usize = 8;
/// Draws the asks and the answers.
const SEED: u64 = 1;

/// Everything that was measured.
pub(super) struct Study {
    /// Names and families of the people reported on.
    pub(super) people: Vec<(String, Family)>,
    /// Names of the policies, the product last.
    pub(super) policies: Vec<&'static str>,
    /// By policy, then by person.
    pub(super) courses: Vec<Vec<Course>>,
    /// What the product started from.
    pub(super) prior: SharedPrior,
    /// Wardrobes reported on, and how many garments each has.
    pub(super) wardrobes: Vec<(String, usize)>,
}

impl Study {
    /// Simulates `number` people of each family and wardrobe. The prior comes from training people; the report
    /// is on unseen ones or, to tune by, on other people with the training wardrobes.
    pub(super) fn run(world: &World, number: u64, on_training: bool) -> anyhow::Result<Self> {
        let teachers = people(&world.training, &world.photos, 0..number);
        let taught = courses(&teachers, &[Policy::with_hand_set_prior()])?;
        let prior = prior_from(taught.first().map_or(&[], Vec::as_slice), ROUNDS);
        let (wardrobes, people) = if on_training {
            let others = number..2 * number;
            (
                &world.training,
                people(&world.training, &world.photos, others),
            )
        } else {
            (
                &world.unseen,
                people(&world.unseen, &world.photos, 0..number),
            )
        };
        let policies = policies(&prior);
        Ok(Self {
            courses: courses(&people, &policies)?,
            people: people.iter().map(|p| (p.name.clone(), p.family)).collect(),
            policies: policies.iter().map(|policy| policy.name).collect(),
            prior,
            wardrobes: wardrobes
                .iter()
                .map(|w| (w.name.clone(), w.pieces.len()))
                .collect(),
        })
    }

    /// The courses of a policy by its name.
    pub(super) fn of(&self, policy: &str) -> &[Course] {
        let at = self.policies.iter().position(|name| *name == policy);
        at.map_or(&[], |at| &self.courses[at])
    }
}

fn policies(prior: &SharedPrior) -> Vec<Policy> {
    vec![
        Policy::random(),
        Policy::knowing_everybody(),
        Policy::knowing_them(),
        Policy::colours(),
        Policy::alone(Space::Clip),
        Policy::alone(Space::Blip),
        Policy::alone(Space::Fashion),
        Policy::taste(),
        Policy::published(),
        Policy::by_hand(),
        Policy::without_prior(),
        Policy::with_hand_set_prior(),
        Policy::product_with_picks(prior.clone()),
        Policy::product(prior.clone()),
    ]
}

fn people<'a>(
    wardrobes: &'a [Wardrobe],
    photos: &'a [Photo],
    numbers: std::ops::Range<u64>,
) -> Vec<Person<'a>> {
    let mut all = vec![];
    for wardrobe in wardrobes {
        for family in Family::ALL {
            let numbers = numbers.clone();
            all.extend(numbers.filter_map(|n| Person::new(wardrobe, photos, family, n)));
        }
    }
    all
}

/// By policy, then by person.
fn courses(people: &[Person<'_>], policies: &[Policy]) -> anyhow::Result<Vec<Vec<Course>>> {
    let tasks = policies.iter().enumerate().flat_map(|(at, policy)| {
        let people = people.iter().enumerate();
        people.map(move |(n, person)| ((at, n), policy, person))
    });
    let work = Mutex::new(tasks);
    let next = || work.lock().ok().and_then(|mut left| left.next());
    let one_thread = || {
        let mut done = vec![];
        while let Some((at, policy, person)) = next() {
            done.push((at, run(person, policy, SEED)));
        }
        done
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut all = std::thread::scope(|scope| -> anyhow::Result<Vec<_>> {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(one_thread)).collect();
        let mut all = vec![];
        for thread in running {
            all.extend(thread.join().ok().context("a thread panicked")?);
        }
        Ok(all)
    })?;
    all.sort_by_key(|(at, _)| *at);
    let mut by_policy: Vec<Vec<Course>> = policies.iter().map(|_| vec![]).collect();
    for ((policy, _), course) in all {
        by_policy[policy].push(course);
    }
    Ok(by_policy)
}
