//! A report as one page that needs nothing else: no script, no font, no file beside it, no network.
//!
//! Each cover is in it once, as a symbol of an SVG that the places where it is shown use. A content security policy in
//! the page forbids whatever else a browser might want to load.

use std::fmt::Write as _;

use data_encoding::BASE64;

use super::{
    Case, Column, Found, Item, Recalls, Recent, Report, RunStamp, Who,
    words::{Word, day, moment, score, share},
};
use crate::dataset::Language;

const STYLE: &str = include_str!("page.css");
const POLICY: &str =
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The whole page.
pub(super) fn page(report: &Report) -> String {
    let mut page = Page { report, out: String::new() };
    page.write();
    page.out
}

/// `text` as it may stand in an element or a quoted attribute.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\'' => written.push_str("&#39;"),
            // Not allowed in HTML, or turning the direction of what follows.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c if c.is_control() && !matches!(c, '\n' | '\t') => written.push('\u{fffd}'),
            c => written.push(c),
        }
    }
    written
}

struct Page<'a> {
    report: &'a Report,
    out: String,
}

impl Page<'_> {
    /// Markup, which has to be whole.
    fn raw(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    fn text(&mut self, text: &str) {
        self.out.push_str(&escaped(text));
    }

    /// `<open>text</name>`, where `open` is a tag's name with its attributes.
    fn element(&mut self, open: &str, text: &str) {
        let name = open.split(' ').next().unwrap_or(open);
        let _ = write!(self.out, "<{open}>{}</{name}>", escaped(text));
    }

    fn word(&self, word: Word) -> &'static str {
        word.of(self.report.language)
    }

    fn fill(&self, word: Word, parts: &[&str]) -> String {
        word.fill(self.report.language, parts)
    }

    fn write(&mut self) {
        let report = self.report;
        let language = match report.language {
            Language::English => "en",
            Language::Chinese => "zh-Hans",
        };
        let _ = write!(
            self.out,
            "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"generator\" content=\"recallscope {}\">\n",
            escaped(&report.stamp.version)
        );
        self.element("title", &report.title);
        let _ = write!(self.out, "\n<style>\n{STYLE}</style>\n</head>\n<body>\n");
        self.symbols();
        let skip = self.word(Word::SkipToCases);
        self.element("a class=\"skip\" href=\"#cases\"", skip);
        self.header();
        self.raw("<main id=\"cases\" tabindex=\"-1\">\n");
        for (place, case) in report.cases.iter().enumerate() {
            self.case(place, case);
        }
        self.raw("</main>\n");
        self.footer();
        self.raw("</body>\n</html>\n");
    }

    /// Every cover once; what shows one refers to it.
    fn symbols(&mut self) {
        if self.report.pictures.is_empty() {
            return;
        }
        self.raw("<svg class=\"covers\" width=\"0\" height=\"0\" aria-hidden=\"true\" focusable=\"false\"><defs>\n");
        for (cover, picture) in &self.report.pictures {
            let (width, height) = (picture.width, picture.height);
            let _ = writeln!(
                self.out,
                "<symbol id=\"c{cover}\" viewBox=\"0 0 {width} {height}\" preserveAspectRatio=\"xMidYMid slice\">\
                 <image width=\"{width}\" height=\"{height}\" href=\"data:image/jpeg;base64,{}\"/></symbol>",
                BASE64.encode(&picture.jpeg)
            );
        }
        self.raw("</defs></svg>\n");
    }

    fn header(&mut self) {
        let report = self.report;
        self.raw("<header>\n");
        self.element("h1", &report.title);
        let stamp = &report.stamp;
        let about = format!("{} · {} · recallscope {}", stamp.dataset, moment(stamp.made_secs), stamp.version);
        self.raw("\n");
        self.element("p class=\"about\"", &about);
        if stamp.has_pseudonyms {
            let note = self.word(Word::Pseudonyms);
            self.element("p class=\"about\"", note);
        }
        if report.cases.len() > 1 {
            let name = self.word(Word::Contents);
            let _ = write!(self.out, "\n<nav aria-label=\"{}\"><ol>", escaped(name));
            for (place, case) in report.cases.iter().enumerate() {
                self.raw("<li>");
                self.element(&format!("a href=\"#case-{}\"", place + 1), &case.title);
                self.raw("</li>");
            }
            self.raw("</ol></nav>");
        }
        self.raw("\n</header>\n");
    }

    fn case(&mut self, place: usize, case: &Case) {
        let number = place + 1;
        let _ = writeln!(self.out, "<section class=\"case\" aria-labelledby=\"case-{number}\">");
        // What the page is called already need not be seen twice.
        let class = if case.title == self.report.title { " class=\"unseen\"" } else { "" };
        self.element(&format!("h2 id=\"case-{number}\"{class}"), &case.title);
        if !case.tags.is_empty() {
            let name = self.word(Word::Tags);
            let _ = write!(self.out, "\n<ul class=\"chips\" aria-label=\"{}\">", escaped(name));
            for tag in &case.tags {
                self.element("li", tag);
            }
            self.raw("</ul>");
        }
        if let Some(remark) = &case.remark {
            self.raw("\n");
            self.element("p class=\"remark\"", remark);
        }
        if !case.notes.trim().is_empty() {
            let name = self.word(Word::Notes);
            let _ = write!(self.out, "\n<div class=\"notes\" role=\"note\" aria-label=\"{}\">", escaped(name));
            for line in case.notes.lines().filter(|line| !line.trim().is_empty()) {
                self.element("p", line);
            }
            self.raw("</div>");
        }
        let _ = writeln!(self.out, "\n<div class=\"columns columns-{}\">", case.columns.len().min(3));
        for (column_place, column) in case.columns.iter().enumerate() {
            self.column(&format!("who-{number}-{}", column_place + 1), column);
        }
        self.raw("</div>\n</section>\n");
    }

    fn column(&mut self, id: &str, column: &Column) {
        let _ = writeln!(self.out, "<article aria-labelledby=\"{id}\">");
        self.who(id, &column.who);
        if column.who.item.is_none() {
            let name = self.word(Word::Recent);
            self.raw("<section>");
            self.element("h4", name);
            if column.recent.is_empty() {
                let none = self.word(Word::NothingRecent);
                self.element("p class=\"quiet\"", none);
            } else {
                self.raw("\n<ol class=\"recent\">\n");
                for recent in &column.recent {
                    self.recent(recent);
                }
                self.raw("</ol>");
            }
            self.raw("</section>\n");
        } else {
            // Beside users, the same lanes stand in the same rows.
            self.raw("<div></div>\n");
        }
        for lane in &column.lanes {
            self.lane(&column.who, lane);
        }
        self.raw("</article>\n");
    }

    fn who(&mut self, id: &str, who: &Who) {
        self.raw("<div><div class=\"who\">");
        if let Some(item) = &who.item {
            self.cover(item, "large");
            self.raw("<div>");
            self.element(&format!("h3 id=\"{id}\""), &who.name);
            let kind = format!("{} {}", self.word(Word::ItemKind), item.id);
            self.element("p class=\"quiet\"", &kind);
            let note = self.word(Word::ItemNote);
            self.element("p class=\"quiet\"", note);
            self.raw("</div>");
        } else {
            let name = self.fill(Word::User, &[&who.name]);
            self.element(&format!("h3 id=\"{id}\""), &name);
        }
        self.raw("</div>\n<dl class=\"facts\">");
        for (field, value) in &who.attributes {
            self.fact(field, value);
        }
        if !who.band.is_empty() {
            let band = self.word(if who.item.is_some() { Word::BandOfItem } else { Word::Band });
            self.fact(band, &who.band);
        }
        if let Some(interactions) = who.interactions {
            let word = self.word(Word::Interactions);
            self.fact(word, &interactions.to_string());
        }
        self.raw("</dl>\n");
        self.chips(Word::Behaviours, &who.behaviours);
        self.chips(if who.item.is_some() { Word::Tags } else { Word::FavouriteTags }, &who.tags);
        if !who.changes.is_empty() {
            let name = self.word(Word::Changes);
            self.raw("<p class=\"remark\">");
            self.element("strong", name);
            self.text(&format!(" {}", who.changes.join("; ")));
            self.raw("</p>\n");
        }
        self.raw("</div>\n");
    }

    fn fact(&mut self, name: &str, value: &str) {
        self.raw("<div>");
        self.element("dt", name);
        self.element("dd", value);
        self.raw("</div>");
    }

    /// Names with their counts; a count of 0 is none.
    fn chips(&mut self, title: Word, chips: &[(String, u64)]) {
        if chips.is_empty() {
            return;
        }
        let name = self.word(title);
        let _ = write!(self.out, "<ul class=\"chips\" aria-label=\"{}\">", escaped(name));
        for (chip, count) in chips {
            self.raw("<li>");
            self.text(chip);
            if *count > 0 {
                self.raw(" ");
                self.element("span", &count.to_string());
            }
            self.raw("</li>");
        }
        self.raw("</ul>\n");
    }

    /// The picture of an item, or a tile in its place, named by its title.
    fn cover(&mut self, item: &Item, class: &str) {
        let title = escaped(&item.title);
        match item.cover {
            Some(cover) => {
                let _ = write!(
                    self.out,
                    "<svg class=\"cover {class}\" role=\"img\" aria-label=\"{title}\" viewBox=\"0 0 100 100\">\
                     <use href=\"#c{cover}\" width=\"100\" height=\"100\"/></svg>"
                );
            }
            None => {
                let none = self.word(Word::NoCover);
                let first: String = item.title.chars().find(|c| c.is_alphanumeric()).into_iter().collect();
                let _ = write!(
                    self.out,
                    "<span class=\"cover none {class}\" role=\"img\" aria-label=\"{title} ({none})\">{}</span>",
                    escaped(&first)
                );
            }
        }
    }

    fn recent(&mut self, recent: &Recent) {
        self.raw("<li>");
        self.cover(&recent.item, "small");
        self.raw("<span class=\"under\">");
        self.text(&recent.behaviours.join(", "));
        if let Some(secs) = recent.time_secs {
            let day = day(secs);
            let _ = write!(self.out, " <time datetime=\"{day}\">{day}</time>");
        }
        self.raw("</span></li>\n");
    }

    fn lane(&mut self, who: &Who, lane: &Recalls) {
        let name = self.fill(Word::Recalled, &[&lane.name]);
        self.raw("<section class=\"lane\">");
        self.element("h4", &name);
        if who.targets > 0 {
            let hits = self.fill(who.hits_of(), &[&lane.hits.to_string(), &who.targets.to_string()]);
            self.raw("\n");
            self.element("p class=\"hits\"", &hits);
        }
        if lane.items.is_empty() {
            let none = self.word(Word::Nothing);
            self.element("p class=\"quiet\"", none);
            self.raw("</section>\n");
            return;
        }
        self.raw("\n<ol class=\"recalled\">\n");
        for found in &lane.items {
            self.found(who, found);
        }
        self.raw("</ol>\n");
        self.details(who, lane);
        self.raw("</section>\n");
    }

    fn marks(&self, who: &Who, found: &Found) -> Vec<(&'static str, String)> {
        let mut marks = Vec::new();
        if found.is_taken_later {
            marks.push(("hit", format!("✓ {}", self.word(who.hit()))));
        }
        if found.is_new {
            marks.push(("new", format!("✦ {}", self.word(Word::NewItem))));
        } else if found.is_tail {
            marks.push(("tail", format!("↓ {}", self.word(Word::Tail))));
        }
        if let Some(tag) = &found.shared_tag {
            marks.push(("tag", format!("# {tag}")));
        }
        marks
    }

    fn found(&mut self, who: &Who, found: &Found) {
        let class = if found.is_taken_later { " class=\"is-hit\"" } else { "" };
        let _ = write!(self.out, "<li{class}>");
        self.cover(&found.item, "tile");
        let _ = write!(self.out, "<span class=\"rank\" aria-hidden=\"true\">{}</span>", found.rank);
        self.element("span class=\"name\"", &found.item.title);
        self.raw("<span class=\"marks\">");
        for (class, mark) in self.marks(who, found) {
            self.element(&format!("span class=\"mark {class}\""), &mark);
            self.raw(" ");
        }
        self.raw("</span></li>\n");
    }

    /// All that is known of what a lane recalled, as a table.
    fn details(&mut self, who: &Who, lane: &Recalls) {
        let has_also = lane.items.iter().any(|found| !found.also.is_empty());
        let has_why = lane.items.iter().any(|found| !found.why.is_empty());
        let name = self.fill(Word::Details, &[&lane.name]);
        self.raw("<details>");
        self.element("summary", &name);
        self.raw("\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"");
        self.text(&name);
        self.raw("\"><table>\n<thead><tr>");
        let mut heads = vec![Word::Rank, Word::Title, Word::Score, Word::Marks];
        heads.extend(has_also.then_some(Word::Also));
        heads.extend(has_why.then_some(Word::Why));
        for head in heads {
            let name = self.word(head);
            self.element("th scope=\"col\"", name);
        }
        self.raw("</tr></thead>\n<tbody>\n");
        for found in &lane.items {
            self.raw("<tr>");
            self.element("td class=\"number\"", &found.rank.to_string());
            self.raw("<th scope=\"row\">");
            self.text(&found.item.title);
            self.raw(" ");
            self.element("span class=\"quiet\"", &found.item.id);
            self.raw("</th>");
            self.element("td class=\"number\"", &score(found.score));
            let marks: Vec<String> = self.marks(who, found).into_iter().map(|(_, mark)| mark).collect();
            self.element("td", &marks.join(", "));
            if has_also {
                let also: Vec<String> = found.also.iter().map(|(name, rank)| format!("{name}\u{a0}{rank}")).collect();
                self.element("td", &also.join(", "));
            }
            if has_why {
                self.raw("<td>");
                for why in &found.why {
                    self.raw("<span class=\"why\">");
                    self.cover(&why.item, "tiny");
                    self.text(&format!("{} {}", share(why.share), why.item.title));
                    self.raw("</span>");
                }
                self.raw("</td>");
            }
            self.raw("</tr>\n");
        }
        self.raw("</tbody></table></div></details>\n");
    }

    fn footer(&mut self) {
        let stamp = &self.report.stamp;
        self.raw("<footer>\n");
        let name = self.word(Word::Stamp);
        self.element("h2", name);
        self.raw("\n<dl class=\"facts\">");
        let mut facts = vec![
            (Word::DataSet, stamp.dataset.clone()),
            (Word::Fingerprint, stamp.fingerprint.clone()),
            (Word::Version, format!("recallscope {}", stamp.version)),
            (Word::Made, moment(stamp.made_secs)),
        ];
        facts.extend(stamp.seed.map(|seed| (Word::DrawnWith, seed.to_string())));
        for (name, value) in facts {
            let name = self.word(name);
            self.fact(name, &value);
        }
        self.raw("</dl>\n");
        for run in &stamp.runs {
            self.run(run);
        }
        self.raw("</footer>\n");
    }

    fn run(&mut self, run: &RunStamp) {
        self.raw("<details>");
        let title = format!(
            "{} · {} {} · {} {} · {} {}",
            run.name,
            self.word(Word::Run),
            run.id,
            self.word(Word::Seed),
            run.seed,
            self.word(Word::Version),
            run.version
        );
        self.element("summary", &title);
        self.raw("\n<dl class=\"settings\">");
        for (key, value) in &run.settings {
            self.fact(key, value);
        }
        self.raw("</dl></details>\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_means_something_to_a_browser_gets_through() {
        assert_eq!(
            escaped("<script>\"a\" & 'b'</script>"),
            "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;"
        );
        assert_eq!(escaped("a\u{0}\u{202e}b\nc"), "a\u{fffd}b\nc");
    }
}
