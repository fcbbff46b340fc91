use std::{collections::BTreeSet, fs};

use super::{words::Word, *};

const SCRIPT: &str = "<script>alert(1)</script>";

fn item(number: u32) -> Item {
    Item { id: format!("i{number}"), title: format!("{SCRIPT} \"{number}\""), cover: (number != 3).then_some(number) }
}

/// A case with a user and an item, in which every text that comes from outside means harm.
fn report() -> Report {
    let why = vec![Why { item: item(1), share: 0.5 }];
    let found = |number: u32| Found {
        item: item(number),
        rank: u64::from(number),
        score: 0.25,
        is_taken_later: number == 1,
        shared_tag: (number == 2).then(|| SCRIPT.to_owned()),
        is_tail: number == 3,
        is_new: number == 4,
        also: vec![("gat".to_owned(), 7)],
        why: why.clone(),
    };
    let lane = Recalls { name: SCRIPT.to_owned(), run: "abc".to_owned(), hits: 1, items: (1..5).map(found).collect() };
    let recent = Recent { item: item(2), behaviours: vec![SCRIPT.to_owned()], time_secs: Some(1_700_000_000) };
    let user = Who {
        name: SCRIPT.to_owned(),
        attributes: vec![(SCRIPT.to_owned(), SCRIPT.to_owned())],
        band: "new".to_owned(),
        interactions: Some(3),
        behaviours: vec![(SCRIPT.to_owned(), 3)],
        tags: vec![(SCRIPT.to_owned(), 2)],
        changes: vec![SCRIPT.to_owned()],
        targets: 4,
        ..Who::default()
    };
    let about = Who { name: SCRIPT.to_owned(), item: Some(item(4)), band: "tail".to_owned(), ..Who::default() };
    let case = |number: u32| Case {
        title: format!("{SCRIPT} {number}"),
        notes: format!("{SCRIPT}\n\nsecond"),
        tags: vec![SCRIPT.to_owned()],
        remark: Some(SCRIPT.to_owned()),
        columns: vec![
            Column { who: user.clone(), recent: vec![recent.clone()], lanes: vec![lane.clone()] },
            Column { who: about.clone(), recent: Vec::new(), lanes: vec![Recalls::default()] },
        ],
    };
    let picture = Picture { width: 8, height: 6, jpeg: vec![0xff, 0xd8, 0xff] };
    Report {
        title: SCRIPT.to_owned(),
        language: Language::English,
        cases: vec![case(1), case(2)],
        stamp: Stamp {
            dataset: SCRIPT.to_owned(),
            fingerprint: "f00d".to_owned(),
            version: "9.9".to_owned(),
            made_secs: 1_700_000_000,
            seed: Some(41),
            has_pseudonyms: true,
            runs: vec![RunStamp {
                name: SCRIPT.to_owned(),
                lane: "gat".to_owned(),
                id: "abc".to_owned(),
                seed: 42,
                version: "9.8".to_owned(),
                settings: vec![("gat.dim".to_owned(), SCRIPT.to_owned())],
            }],
        },
        pictures: [1, 2, 4].map(|cover| (cover, picture.clone())).into(),
    }
}

/// What stands between `<` and `>`, in order.
fn tags(page: &str) -> Vec<&str> {
    page.match_indices('<').filter_map(|(at, _)| page[at + 1..].split('>').next()).collect()
}

#[test]
fn whatever_a_title_holds_the_page_has_no_script_and_asks_for_nothing() {
    let page = html::page(&report());
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    let tags = tags(&page);
    let forbidden = ["script", "link", "iframe", "object", "embed", "img", "base", "form", "audio", "video", "source"];
    for tag in &tags {
        let name = tag.split([' ', '/']).find(|part| !part.is_empty()).unwrap();
        assert!(!forbidden.contains(&name), "{tag}");
        assert!(!tag.contains(" on") && !tag.contains("style="), "{tag}");
        for (_, reference) in tag.split(' ').filter_map(|part| part.split_once("href=\"")) {
            assert!(reference.starts_with('#') || reference.starts_with("data:image/jpeg;base64,"), "{tag}");
        }
    }
    assert!(!page.contains("http:") && !page.contains("https:") && !page.contains("url(") && !page.contains("@import"));
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn the_page_has_landmarks_headings_in_order_and_a_name_for_every_picture() {
    for language in [Language::English, Language::Chinese] {
        let page = html::page(&Report { language, ..report() });
        let tags = tags(&page);
        let count = |name: &str| tags.iter().filter(|tag| tag.split(' ').next() == Some(name)).count();
        for landmark in ["header", "main", "footer", "nav", "h1", "title"] {
            assert_eq!(count(landmark), 1, "{landmark}");
        }
        let levels: Vec<u32> =
            tags.iter().filter_map(|tag| tag.split(' ').next()?.strip_prefix('h')?.parse().ok()).collect();
        assert_eq!(levels[0], 1);
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
        let images: Vec<&&str> = tags.iter().filter(|tag| tag.contains("role=\"img\"")).collect();
        assert!(images.len() > 10 && images.iter().all(|tag| tag.contains("aria-label=\"&lt;script")), "{images:?}");
        // Each cover once, however often it is shown.
        assert_eq!(count("image"), 3);
        let ids: Vec<&str> = tags.iter().filter_map(|tag| tag.split(" id=\"").nth(1)?.split('"').next()).collect();
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{ids:?}");
        for named in page.split("aria-labelledby=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(ids.contains(&named), "{named}");
        }
        let open: Vec<&str> = tags.iter().filter(|tag| !tag.starts_with('/')).copied().collect();
        for name in ["section", "article", "ol", "ul", "li", "dl", "div", "details", "table", "tr", "svg", "span", "p"]
        {
            let begun = open.iter().filter(|tag| tag.split(' ').next() == Some(name) && !tag.ends_with('/')).count();
            let ended = tags.iter().filter(|tag| **tag == format!("/{name}")).count();
            assert_eq!(begun, ended, "{name}");
        }
    }
    let chinese = html::page(&Report { language: Language::Chinese, ..report() });
    assert!(chinese.contains("lang=\"zh-Hans\"") && chinese.contains("之后取用") && !chinese.contains("taken later"));
}

#[test]
fn the_stamp_is_on_every_form() {
    let folder = tempfile::tempdir().unwrap();
    for format in [ReportFormat::Html, ReportFormat::Markdown] {
        let path = folder.path().join(format!("case.{}", format.extension()));
        let files = write(&path, format, &report()).unwrap();
        assert_eq!(files[0], path);
        let text = fs::read_to_string(&path).unwrap().replace('\\', "");
        for expected in ["f00d", "recallscope 9.9", "2023-11-14 22:13 UTC", "41", "abc", "42", "9.8", "gat.dim"] {
            assert!(text.contains(expected), "{expected} is lacking in {format:?}");
        }
    }
}

#[test]
fn markdown_names_pictures_that_are_there_and_holds_no_markup_of_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("my case.md");
    let files = write(&path, ReportFormat::Markdown, &report()).unwrap();
    assert_eq!(files[1], folder.path().join("my case-covers"));
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains("<script"), "{text}");
    let linked: BTreeSet<&str> = text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()).collect();
    assert_eq!(linked.len(), 3);
    for link in linked {
        assert!(folder.path().join(link.replace("%20", " ")).is_file(), "{link}");
    }
    // A cell more or less would shift a column.
    for row in text.lines().filter(|line| line.starts_with('|')) {
        assert_eq!(row.replace("\\|", "").matches('|').count(), 9, "{row}");
    }
}

#[test]
fn a_table_has_a_row_for_each_recalled_item() {
    let table = table(&report());
    assert_eq!(table.row_count(), 8);
    let folder = tempfile::tempdir().unwrap();
    for format in [TableFormat::Csv, TableFormat::Parquet] {
        let path = folder.path().join(format!("case.{}", format.extension()));
        assert_eq!(ReportFormat::of_path(&path), Some(ReportFormat::Table(format)));
        write(&path, ReportFormat::Table(format), &report()).unwrap();
    }
    let text = fs::read_to_string(folder.path().join("case.csv")).unwrap();
    assert!(text.starts_with("case,who,lane,run,rank,item_id,title,score,taken_later,shared_tag,tail,new_item,also"));
    assert_eq!(text.lines().count(), 9);
}

#[test]
fn a_report_comes_back_from_its_json_but_for_the_pictures() {
    let text = serde_json::to_string(&report()).unwrap();
    let back: Report = serde_json::from_str(&text).unwrap();
    assert_eq!(back, Report { pictures: Pictures::new(), ..report() });
}

#[test]
fn every_word_is_there_in_both_languages() {
    for &word in Word::ALL {
        let [english, chinese] = [Language::English, Language::Chinese].map(|language| word.of(language));
        assert!(chinese.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) || word == Word::Changed, "{word:?}");
        assert_eq!(english.matches("{}").count(), chinese.matches("{}").count(), "{word:?}");
        assert!(!english.is_empty());
    }
}

/// Relative luminance after WCAG 2.2, of `#rrggbb` or `#rgb`.
fn luminance(colour: &str) -> f64 {
    let digits = colour.trim_start_matches('#');
    let wide: String =
        if digits.len() == 3 { digits.chars().flat_map(|digit| [digit, digit]).collect() } else { digits.to_owned() };
    let part = |at: usize| {
        let value = f64::from(u8::from_str_radix(&wide[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
}

#[test]
fn every_text_stands_out_from_its_ground_in_light_dark_and_print() {
    let style = include_str!("page.css");
    let schemes: Vec<&str> = style.split(":root {").skip(1).map(|rest| rest.split('}').next().unwrap()).collect();
    assert_eq!(schemes.len(), 3);
    for scheme in schemes {
        let colour = |name: &str| {
            let value = scheme.split(&format!("--{name}: ")).nth(1).unwrap().split(';').next().unwrap();
            luminance(value)
        };
        for (text, grounds) in [
            ("text", &["ground", "panel", "sunken"][..]),
            ("weak", &["ground", "panel", "sunken"]),
            ("accent", &["ground", "panel"]),
            ("hit", &["hit-ground"]),
            ("new", &["new-ground"]),
            ("tail", &["tail-ground"]),
            ("tag", &["tag-ground"]),
        ] {
            for ground in grounds {
                let (one, other) = (colour(text), colour(ground));
                let contrast = (one.max(other) + 0.05) / (one.min(other) + 0.05);
                assert!(contrast >= 4.5, "{text} on {ground}: {contrast:.2} in {scheme}");
            }
        }
    }
}
