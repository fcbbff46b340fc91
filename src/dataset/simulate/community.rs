//! The people behind a made-up log, drawn again from its seed: whoever tries lists on them needs their tastes and moods,
//! which no table tells. That it is the same community is checked against what the tables do tell.

use std::{fs, path::PathBuf};

use rayon::prelude::{IntoParallelIterator as _, ParallelIterator as _};
use rustc_hash::FxHashMap;

use super::{
    DAY_SECS, START_SECS, SimulateError, Simulation,
    click::{ClickModel, Lens},
    items::{self, Item},
    log,
    people::{self, AGES, GENDERS, REGIONS, User, World},
    random::choose,
    tree,
    visitor::Plan,
    visits::Occasion,
    write::{self, item_id, user_id},
};
use crate::{
    dataset::Dataset,
    task::{Cancelled, JobContext},
};

/// How the first line of a made-up folder's `dataset.toml` begins.
const HEADLINE: &str = "# A made-up community: recallscope simulate OUT";

/// Why nobody can be asked what he would click.
#[derive(Debug, thiserror::Error)]
pub enum NoCommunity {
    #[error("{0}")]
    Cancelled(#[from] Cancelled),
    #[error(
        "this is no made-up community, so nobody knows what its users would click: make one with `recallscope simulate`, \
         or judge lanes on this log's impressions with `recallscope replay`: {0}"
    )]
    NotMadeUp(PathBuf),
    #[error(
        "the first line of dataset.toml does not say how the community was made ({what}); put it back, or make the \
         community again with `recallscope simulate`: {folder}"
    )]
    Headline { what: String, folder: PathBuf },
    #[error(
        "the tables are not those that the seed {seed} makes: {what}; put the folder back as it was made, or make it \
         again with `recallscope simulate` of this version: {folder}"
    )]
    Differs { seed: u64, what: String, folder: PathBuf },
}

impl Simulation {
    /// The line that says how a community was made.
    pub(super) fn headline(&self) -> String {
        let Self { users, items, days, seed, covers } = self;
        let covers = covers.map_or_else(String::new, |covers| format!(" --covers {covers}"));
        format!("{HEADLINE} --seed {seed} --users {users} --items {items} --days {days}{covers}")
    }

    /// What [`Simulation::headline`] wrote.
    fn from_headline(line: &str) -> Result<Self, String> {
        let mut words = line.strip_prefix(HEADLINE).ok_or("it is another line")?.split_whitespace();
        let (mut simulation, mut missing) =
            (Self { covers: None, ..Self::default() }, vec!["--seed", "--users", "--items", "--days"]);
        while let Some(name) = words.next() {
            let value: u64 = words
                .next()
                .and_then(|value| value.parse().ok())
                .ok_or_else(|| format!("`{name}` needs a whole number"))?;
            let count = usize::try_from(value).map_err(|_| format!("`{name}` is too large"))?;
            match name {
                "--seed" => simulation.seed = value,
                "--users" => simulation.users = count,
                "--items" => simulation.items = count,
                "--days" => simulation.days = count,
                "--covers" => simulation.covers = Some(count),
                _ => return Err(format!("`{name}` is unknown")),
            }
            missing.retain(|&wanted| wanted != name);
        }
        match missing.first() {
            Some(name) => Err(format!("`{name}` is missing")),
            None if simulation.users > 10_000_000 || simulation.items > 10_000_000 => Err("it is too large".to_owned()),
            None => Ok(simulation),
        }
    }
}

/// Whether the folder of `dataset` says of itself that it was made up.
pub fn is_made_up(dataset: &Dataset) -> bool {
    fs::read_to_string(dataset.folder.join("dataset.toml")).is_ok_and(|text| text.starts_with(HEADLINE))
}

/// A made-up community whose users can be asked. Rows are those of the data set.
pub struct Community {
    pub(super) simulation: Simulation,
    pub(super) world: World,
    pub(super) model: ClickModel,
    pub(super) users: Vec<User>,
    pub(super) items: Vec<Item>,
    /// `[rows of users]`, `[rows of items]`: numbers in the columns above.
    pub(super) user_of_row: Vec<u32>,
    pub(super) item_of_row: Vec<u32>,
}

impl Community {
    /// Draws the community of `dataset` again, from what the first line of its `dataset.toml` says.
    pub fn of(dataset: &Dataset, ctx: &JobContext) -> Result<Self, NoCommunity> {
        ctx.stage("Drawing the community again", 0, "");
        let folder = &dataset.folder;
        let text = fs::read_to_string(folder.join("dataset.toml")).unwrap_or_default();
        let line = text.lines().next().filter(|line| line.starts_with(HEADLINE));
        let line = line.ok_or_else(|| NoCommunity::NotMadeUp(folder.clone()))?;
        let simulation =
            Simulation::from_headline(line).map_err(|what| NoCommunity::Headline { what, folder: folder.clone() })?;
        let seed = simulation.seed;
        let differs = |what: String| NoCommunity::Differs { seed, what, folder: folder.clone() };
        for (what, told, found) in
            [("users", simulation.users, dataset.user_count()), ("items", simulation.items, dataset.item_count())]
        {
            if told != found {
                return Err(differs(format!("there are {found} {what}, not {told}")));
            }
        }
        let model = ClickModel::default();
        // A copy without the truth is the same community; one with another click model is not.
        if let Some(text) = write::click_model_text(folder)
            && toml::from_str::<ClickModel>(&text).ok().as_ref() != Some(&model)
        {
            return Err(differs("its click model is another one".to_owned()));
        }
        let world = World::draw(simulation.seed);
        let users: Vec<User> =
            (0..simulation.users).into_par_iter().map(|number| people::draw(&simulation, &world, number)).collect();
        ctx.check()?;
        let items = items::draw(&simulation, &world, &users);
        ctx.check()?;
        let mut community =
            Self { simulation, world, model, users, items, user_of_row: Vec::new(), item_of_row: Vec::new() };
        community.match_rows(dataset).map_err(differs)?;
        Ok(community)
    }

    /// Finds everybody in the tables; the error names the first who is not there as he was drawn.
    fn match_rows(&mut self, dataset: &Dataset) -> Result<(), String> {
        let mut user_of_row = vec![0; dataset.user_count()];
        for (number, user) in (0..).zip(&self.users) {
            let id = user_id(number);
            let row = dataset.users.ids.row(&id).ok_or_else(|| format!("the user {id} is missing"))?;
            user_of_row[row as usize] = number;
            for (field, value) in
                [("age", AGES[user.age]), ("gender", GENDERS[user.gender].0), ("region", REGIONS[user.region].0)]
            {
                let kept = dataset.users.attributes.iter().find(|attribute| attribute.name == field);
                if !kept.is_some_and(|attribute| attribute.texts(row).eq([value])) {
                    return Err(format!("the {field} of the user {id} is another one"));
                }
            }
        }
        let mut item_of_row = vec![0; dataset.item_count()];
        for (number, item) in (0..).zip(&self.items) {
            let id = item_id(number);
            let row = dataset.items.ids.row(&id).ok_or_else(|| format!("the item {id} is missing"))?;
            item_of_row[row as usize] = number;
            let place = row as usize;
            let is_same = dataset.items.published_secs.get(place) == Some(&item.published_secs)
                && dataset.items.author.get(place).is_some_and(|&author| {
                    user_of_row.get(author as usize).is_some_and(|&author| author == item.author)
                })
                && dataset.items.tags.texts(row).eq([tree::leaf(usize::from(item.leaf)).name.0]);
            if !is_same {
                return Err(format!("the item {id} has another author, tag or time"));
            }
        }
        (self.user_of_row, self.item_of_row) = (user_of_row, item_of_row);
        Ok(())
    }

    pub fn simulation(&self) -> &Simulation {
        &self.simulation
    }

    /// The last second of the log, after which nobody joins and nothing is published.
    pub fn end_secs(&self) -> i64 {
        START_SECS + self.simulation.days as i64 * DAY_SECS
    }

    pub(super) fn user(&self, row: u32) -> (u32, &User) {
        let number = self.user_of_row[row as usize];
        (number, &self.users[number as usize])
    }

    pub(super) fn item(&self, row: u32) -> &Item {
        &self.items[self.item_of_row[row as usize] as usize]
    }

    /// His taste on the day of `secs`, as the log's own visits have it.
    pub(super) fn taste(&self, user: &User, secs: i64) -> [f64; tree::LEAVES] {
        let day = (secs - START_SECS).div_euclid(DAY_SECS) as f64;
        user.taste_at((day + 0.5) / self.simulation.days as f64)
    }

    /// What a visit is about: a tag of level 2 and a style.
    pub(super) fn intent(rng: &mut impl rand::Rng, user: &User, taste: &[f64; tree::LEAVES]) -> (usize, usize) {
        (choose(rng, taste) / 3, choose(rng, &user.style))
    }

    /// What visits to other feeds were about; each with the row of its user.
    pub fn memories_of<'a>(&'a self, visits: impl IntoIterator<Item = (u32, &'a Plan)>) -> Memories<'a> {
        let of_visit = |(user, plan): (u32, &Plan)| ((self.user(user).0, plan.begin_secs), plan.intent);
        Memories { community: self, intents: visits.into_iter().map(of_visit).collect() }
    }

    /// Plays the log again for what it does not tell: what each visit was about.
    pub fn memories(&self, ctx: &JobContext) -> Result<Memories<'_>, Cancelled> {
        let mut intents = FxHashMap::default();
        let played = log::play(
            &self.simulation,
            &self.world,
            &self.model,
            &self.users,
            &self.items,
            ctx,
            &mut |day: log::DayLog| {
                intents.extend(
                    day.occasions
                        .into_iter()
                        .map(|(number, Occasion { begin_secs, intent })| ((number, begin_secs), intent)),
                );
                Ok(())
            },
        );
        match played {
            Ok(()) => Ok(Memories { community: self, intents }),
            // Nothing is written, so nothing else can go wrong.
            Err(SimulateError::Cancelled(cancelled)) => Err(cancelled),
            Err(_) => Err(Cancelled),
        }
    }
}

/// What the visitors of the log had in mind.
pub struct Memories<'a> {
    community: &'a Community,
    /// By the number of a user and the moment at which his visit began.
    intents: FxHashMap<(u32, i64), (usize, usize)>,
}

impl Memories<'_> {
    /// The visit that the user of row `user` began at `begin_secs`; `None` where the log has none there.
    pub fn visit(&self, user: u32, begin_secs: i64) -> Option<Memory<'_>> {
        let (number, person) = self.community.user(user);
        let intent = *self.intents.get(&(number, begin_secs))?;
        let taste = self.community.taste(person, begin_secs);
        Some(Memory { community: self.community, lens: self.community.model.lens(person, &taste, intent) })
    }
}

/// One visit of the log.
pub struct Memory<'a> {
    community: &'a Community,
    lens: Lens,
}

impl Memory<'_> {
    /// How probably the item of row `item` would have been clicked at `place` (from 0), mistakes counted.
    pub fn click(&self, place: usize, item: u32, secs: i64) -> f64 {
        let model = &self.community.model;
        let interest = model.interest(&self.lens, self.community.item(item), secs);
        let click = model.seen(place) * model.click(interest);
        click + (1.0 - click) * model.misclick
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_headline_says_all_settings() {
        for simulation in
            [Simulation::default(), Simulation { users: 30, items: 12, days: 3, seed: u64::MAX, covers: Some(0) }]
        {
            assert_eq!(Simulation::from_headline(&simulation.headline()).as_ref(), Ok(&simulation));
        }
        for (line, told) in [
            ("name = \"mine\"", "another line"),
            ("# A made-up community: recallscope simulate OUT --seed x", "`--seed` needs a whole number"),
            ("# A made-up community: recallscope simulate OUT --seed 1 --users 9 --items 9", "`--days` is missing"),
            ("# A made-up community: recallscope simulate OUT --sees 1", "`--sees` is unknown"),
        ] {
            assert!(Simulation::from_headline(line).unwrap_err().contains(told), "{line}");
        }
    }
}
