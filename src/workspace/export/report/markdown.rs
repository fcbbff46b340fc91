//! A report as Markdown, as most readers of it understand it, with its covers in a folder beside it.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use super::{
    Case, Column, Item, Recalls, Report, Who,
    words::{Word, day, moment, score, share},
};

/// The folder for the pictures of the file `path`.
pub(super) fn folder_of(path: &Path) -> PathBuf {
    let stem = path.file_stem().map_or_else(|| "case".to_owned(), |stem| stem.to_string_lossy().into_owned());
    path.with_file_name(format!("{stem}-covers"))
}

/// A picture's name in that folder.
pub(super) fn file_of(cover: u32) -> String {
    format!("cover-{cover:06}.jpg")
}

/// The whole text; `folder` is the name of the folder of pictures.
pub(super) fn page(report: &Report, folder: &str) -> String {
    let mut text = Text { report, folder: encoded(folder), out: String::new() };
    text.write();
    text.out
}

/// `text` as it may stand in a line or a cell: nothing in it is markup.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        // What makes a list or a heading does so at the beginning alone, perhaps after a number.
        let is_at_start = || text[..at].chars().all(|c| c.is_ascii_digit() || c == ' ');
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '>' => {
                written.push('\\');
                written.push(c);
            }
            '#' | '+' | '-' | '=' | '.' | ')' if is_at_start() => {
                written.push('\\');
                written.push(c);
            }
            // No links where there were none.
            ':' if text[at..].starts_with("://") => written.push_str("\\:"),
            '<' => written.push_str("&lt;"),
            '&' => written.push_str("&amp;"),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c if c.is_control() => written.push(' '),
            c => written.push(c),
        }
    }
    written
}

/// As part of a link.
fn encoded(text: &str) -> String {
    let mut written = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            written.push(char::from(byte));
        } else {
            let _ = write!(written, "%{byte:02X}");
        }
    }
    written
}

struct Text<'a> {
    report: &'a Report,
    folder: String,
    out: String,
}

impl Text<'_> {
    fn word(&self, word: Word) -> &'static str {
        word.of(self.report.language)
    }

    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn heading(&mut self, level: usize, title: &str) {
        let _ = writeln!(self.out, "\n{} {}\n", "#".repeat(level), escaped(title));
    }

    /// `name: value`, as an entry of a list.
    fn entry(&mut self, name: &str, value: &str) {
        let _ = writeln!(self.out, "- **{}**: {}", escaped(name), escaped(value));
    }

    fn counted(&mut self, name: Word, counts: &[(String, u64)]) {
        if !counts.is_empty() {
            let one = |(name, count): &(String, u64)| match count {
                0 => name.clone(),
                count => format!("{name} {count}"),
            };
            let counts: Vec<String> = counts.iter().map(one).collect();
            self.entry(self.word(name), &counts.join(", "));
        }
    }

    fn cover(&self, item: &Item) -> String {
        match item.cover {
            Some(cover) => format!("![{}]({}/{})", escaped(&item.title), self.folder, file_of(cover)),
            None => String::new(),
        }
    }

    fn write(&mut self) {
        let report = self.report;
        let _ = writeln!(self.out, "# {}\n", escaped(&report.title));
        let stamp = &report.stamp;
        let about = format!("{} · {} · recallscope {}", stamp.dataset, moment(stamp.made_secs), stamp.version);
        self.line(&escaped(&about));
        if stamp.has_pseudonyms {
            let _ = writeln!(self.out, "\n{}", self.word(Word::Pseudonyms));
        }
        for case in &report.cases {
            self.case(case);
        }
        self.heading(2, self.word(Word::Stamp));
        self.entry(self.word(Word::DataSet), &stamp.dataset);
        self.entry(self.word(Word::Fingerprint), &stamp.fingerprint);
        self.entry(self.word(Word::Version), &format!("recallscope {}", stamp.version));
        self.entry(self.word(Word::Made), &moment(stamp.made_secs));
        if let Some(seed) = stamp.seed {
            self.entry(self.word(Word::DrawnWith), &seed.to_string());
        }
        for run in &stamp.runs {
            self.heading(3, &run.name);
            self.entry(self.word(Word::Lane), &run.lane);
            self.entry(self.word(Word::Run), &run.id);
            self.entry(self.word(Word::Seed), &run.seed.to_string());
            self.entry(self.word(Word::Version), &run.version);
            let settings: Vec<String> = run.settings.iter().map(|(key, value)| format!("{key} = {value}")).collect();
            self.entry(self.word(Word::Settings), &settings.join("; "));
        }
    }

    fn case(&mut self, case: &Case) {
        self.heading(2, &case.title);
        if !case.tags.is_empty() {
            self.entry(self.word(Word::Tags), &case.tags.join(", "));
            self.line("");
        }
        if let Some(remark) = &case.remark {
            let _ = writeln!(self.out, "**{}**\n", escaped(remark));
        }
        for line in case.notes.lines().filter(|line| !line.trim().is_empty()) {
            let _ = writeln!(self.out, "> {}\n>", escaped(line));
        }
        for column in &case.columns {
            self.column(column);
        }
    }

    fn column(&mut self, column: &Column) {
        self.who(&column.who);
        if !column.recent.is_empty() {
            self.heading(4, self.word(Word::Recent));
            for recent in &column.recent {
                let when = recent.time_secs.map_or_else(String::new, |secs| format!(", {}", day(secs)));
                let cover = self.cover(&recent.item);
                let told = format!("{} ({}{when})", recent.item.title, recent.behaviours.join(", "));
                let _ = writeln!(self.out, "- {cover} {}", escaped(&told));
            }
        }
        for lane in &column.lanes {
            self.lane(&column.who, lane);
        }
    }

    fn who(&mut self, who: &Who) {
        let language = self.report.language;
        match &who.item {
            Some(item) => {
                self.heading(3, &format!("{} {}", self.word(Word::ItemKind), who.name));
                let cover = self.cover(item);
                let _ = writeln!(self.out, "{cover}\n\n{}\n", escaped(self.word(Word::ItemNote)));
                self.entry(self.word(Word::Id), &item.id);
            }
            None => self.heading(3, &Word::User.fill(language, &[&who.name])),
        }
        for (field, value) in &who.attributes {
            self.entry(field, value);
        }
        if !who.band.is_empty() {
            self.entry(self.word(if who.item.is_some() { Word::BandOfItem } else { Word::Band }), &who.band);
        }
        if let Some(interactions) = who.interactions {
            self.entry(self.word(Word::Interactions), &interactions.to_string());
        }
        self.counted(Word::Behaviours, &who.behaviours);
        self.counted(if who.item.is_some() { Word::Tags } else { Word::FavouriteTags }, &who.tags);
        if !who.changes.is_empty() {
            self.entry(self.word(Word::Changes), &who.changes.join("; "));
        }
    }

    fn lane(&mut self, who: &Who, lane: &Recalls) {
        let language = self.report.language;
        self.heading(4, &Word::Recalled.fill(language, &[&lane.name]));
        if who.targets > 0 {
            let hits = who.hits_of().fill(language, &[&lane.hits.to_string(), &who.targets.to_string()]);
            let _ = writeln!(self.out, "{}\n", escaped(&hits));
        }
        if lane.items.is_empty() {
            self.line(self.word(Word::Nothing));
            return;
        }
        let heads =
            [Word::Rank, Word::ItemKind, Word::Title, Word::Id, Word::Score, Word::Marks, Word::Also, Word::Why];
        self.line(&format!("| {} |", heads.map(|head| self.word(head)).join(" | ")));
        self.line("|---:|---|---|---|---:|---|---|---|");
        for found in &lane.items {
            let mut marks = Vec::new();
            if found.is_taken_later {
                marks.push(self.word(who.hit()).to_owned());
            }
            marks.extend(found.is_new.then(|| self.word(Word::NewItem).to_owned()));
            marks.extend((found.is_tail && !found.is_new).then(|| self.word(Word::Tail).to_owned()));
            marks.extend(found.shared_tag.as_ref().map(|tag| Word::SharesTag.fill(language, &[tag])));
            let also: Vec<String> = found.also.iter().map(|(name, rank)| format!("{name} {rank}")).collect();
            let why: Vec<String> =
                found.why.iter().map(|why| format!("{} ({})", why.item.title, share(why.share))).collect();
            let cells = [
                found.rank.to_string(),
                self.cover(&found.item),
                escaped(&found.item.title),
                escaped(&found.item.id),
                score(found.score),
                escaped(&marks.join(", ")),
                escaped(&also.join(", ")),
                escaped(&why.join(", ")),
            ];
            self.line(&format!("| {} |", cells.join(" | ")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_no_markup() {
        assert_eq!(escaped("a|b <i>*c*</i>\n![x](y)"), r"a\|b &lt;i\>\*c\*&lt;/i\> !\[x\](y)");
        assert_eq!(escaped("12. of - all #1: http://x"), r"12\. of - all #1: http\://x");
        assert_eq!(escaped("# no - heading"), r"\# no - heading");
        assert_eq!(encoded("my case-covers"), "my%20case-covers");
        assert_eq!(folder_of(Path::new("/x/case.md")), Path::new("/x/case-covers"));
    }
}
