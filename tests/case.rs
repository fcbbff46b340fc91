//! Cases and workspaces that are taken to others: what is in the files, what is not, and whether a browser that reaches
//! no network shows them.

#![allow(clippy::unwrap_used)]

mod support;

use std::{
    collections::BTreeSet,
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use support::{json, recallscope, stderr};
use tempfile::TempDir;

const USERS: usize = 60;
const ITEMS: usize = 48;
/// The colour of every cover, such as no page has elsewhere.
const COVER: [u8; 3] = [250, 40, 160];

/// Users with ids that stand nowhere else, attributes in Chinese, and items with titles that mean harm.
fn community(folder: &Path) {
    fs::create_dir_all(folder.join("covers")).unwrap();
    let mut state = 7u64;
    let mut draw = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut items = "item_id,title,tags,cover\n".to_owned();
    for item in 0..ITEMS {
        let cover = if item % 8 == 7 { String::new() } else { format!("{item}.png") };
        writeln!(items, "i{item},<script>alert({item})</script> & “标题”,标签{},{cover}", item % 6).unwrap();
        if !cover.is_empty() {
            image::RgbImage::from_pixel(64, 64, image::Rgb(COVER)).save(folder.join("covers").join(cover)).unwrap();
        }
    }
    fs::write(folder.join("items.csv"), items).unwrap();
    let mut users = "user_id,gender,region,nick\n".to_owned();
    for user in 0..USERS {
        let gender = if user % 2 == 0 { "女" } else { "男" };
        writeln!(users, "{},{gender},{},nick-{user}", id(user), ["北", "南"][user % 2]).unwrap();
    }
    fs::write(folder.join("users.csv"), users).unwrap();
    fs::write(folder.join("labels.csv"), "value,en\n女,woman\n男,man\n北,north\n南,south\n标签0,First tag\n").unwrap();
    let mut events = "user_id,item_id,behaviour,timestamp\n".to_owned();
    for hour in 0..30 * 24 {
        for _ in 0..5 {
            let user = draw(USERS);
            let item = (user % 6) + 6 * draw(ITEMS / 6);
            let item = if draw(5) == 0 { draw(ITEMS) } else { item };
            writeln!(events, "{},i{item},click,{}", id(user), 1_700_000_000 + hour * 3_600 + draw(3_600)).unwrap();
        }
    }
    fs::write(folder.join("events.csv"), events).unwrap();
}

fn id(user: usize) -> String {
    format!("zq{}xv", 1_000 + user)
}

/// A data set and a workspace with runs of it.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        community(&place.path("data"));
        let args = ["run", &place.text("data"), "--out", &place.text("work"), "--lanes", "hot,item-cf", "--json"];
        json(&recallscope(args));
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// `recallscope case work …` into `out`.
    fn case(&self, out: &str, more: &[&str]) -> Value {
        let (work, out) = (self.text("work"), self.text(out));
        let output = support::binary().args(["case", &work, "--json", "--out", &out]).args(more).output().unwrap();
        assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
        json(&output)
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        match entry.path() {
            path if path.is_dir() => found.extend(files_below(&path)),
            path => found.push(path),
        }
    }
    found
}

#[test]
fn two_random_users_are_a_woman_and_a_man_and_the_same_again_by_seed() {
    let place = Place::new();
    let told = |seed: &str| {
        let answer = place.case("case.html", &["--two-random", "--seed", seed, "-k", "5"]);
        let columns = answer["report"]["cases"][0]["columns"].as_array().unwrap().clone();
        assert_eq!(columns.len(), 2);
        let who = |column: &Value| -> (String, Value) {
            (column["who"]["name"].as_str().unwrap().to_owned(), column["who"]["attributes"][0][1].clone())
        };
        assert_eq!([who(&columns[0]).1, who(&columns[1]).1], [Value::from("woman"), Value::from("man")]);
        assert_eq!(answer["report"]["stamp"]["seed"], seed.parse::<u64>().unwrap());
        (who(&columns[0]).0, who(&columns[1]).0)
    };
    assert_eq!(told("3"), told("3"));
    let drawn: BTreeSet<(String, String)> = ["1", "2", "3", "4", "5"].map(told).into();
    assert!(drawn.len() > 2, "{drawn:?}");
}

#[test]
fn what_a_case_says_is_what_recall_says() {
    let place = Place::new();
    let user = id(4);
    let answer = place.case("case.csv", &["--user", &user, "--lanes", "item-cf", "-k", "7"]);
    let recalled =
        json(&recallscope(["recall", &place.text("work"), "--user", &user, "--lane", "item-cf", "-k", "7", "--json"]));
    let lane = &answer["report"]["cases"][0]["columns"][0]["lanes"][0];
    for (own, other) in lane["items"].as_array().unwrap().iter().zip(recalled["items"].as_array().unwrap()) {
        assert_eq!((&own["item"]["id"], &own["rank"]), (&other["item"], &other["rank"]));
        assert_eq!(own["is_taken_later"], other["taken_later"]);
        let seed = &other["seeds"][0];
        assert_eq!(own["why"][0]["item"]["id"], seed["item"]);
    }
    assert_eq!(lane["items"].as_array().unwrap().len(), 7);
    assert_eq!(fs::read_to_string(place.path("case.csv")).unwrap().lines().count(), 8);
    let wrong = recallscope(["case", &place.text("work"), "--random", "gender=both", "--out", &place.text("x.html")]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(stderr(&wrong).contains("ATTRIBUTE=VALUE (gender=woman|man"), "{}", stderr(&wrong));
    let wrong = recallscope(["case", &place.text("work"), "--two-random", "--out", &place.text("x.pdf")]);
    assert!(stderr(&wrong).contains(".html, .md, .csv or .parquet"), "{}", stderr(&wrong));
}

#[test]
fn with_pseudonyms_no_id_of_a_user_is_left_anywhere() {
    let place = Place::new();
    let notes = format!("{} likes what {} likes, and so does {}.", id(7), id(8), id(9));
    let more = ["--user", &id(7), "--user", &id(8), "--notes", &notes, "--title", &id(7)];
    let hidden = [&more[..], &["--pseudonyms"]].concat();
    let plain = place.case("plain.html", &more).to_string();
    assert!(plain.contains(&id(7)) && plain.contains("nick-7"), "without them ids are there");
    fs::create_dir(place.path("out")).unwrap();
    let mut answers = String::new();
    for out in ["out/case.html", "out/markdown", "out/case.csv", "out/case.parquet"] {
        answers += &place.case(out, &hidden).to_string();
    }
    assert!(answers.contains("A likes what B likes, and so does C."), "{answers}");
    let mut texts: Vec<(String, Vec<u8>)> =
        vec![("the answer".to_owned(), answers.replace(&place.text(""), "").into())];
    for path in files_below(&place.path("out")) {
        texts.push((path.file_name().unwrap().to_string_lossy().into_owned(), Vec::new()));
        texts.push((path.display().to_string(), fs::read(path).unwrap()));
    }
    assert!(texts.len() > 8);
    for (name, bytes) in texts {
        for secret in (0..USERS).flat_map(|user| [id(user), format!("nick-{user}")]) {
            let holds = |hay: &[u8]| hay.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!holds(&bytes) && !Path::new(&name).ends_with(&secret), "{secret} is in {name}");
        }
    }
}

/// A browser of Chromium's family.
fn browser() -> PathBuf {
    let named = env::var_os("CHROMIUM").map(PathBuf::from);
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let paths = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect::<Vec<_>>();
    let found = names.iter().flat_map(|name| paths.iter().map(move |path| path.join(name))).find(|path| path.is_file());
    named.or(found).expect(
        "no browser to open the page in: run tests/install-system-packages.sh, or name one in the variable CHROMIUM",
    )
}

/// What the browser makes of `page`; it reaches no network, and `log` tells what it asked for.
fn open_page(page: &Path, log: &Path, more: &[&str]) -> String {
    let profile = tempfile::tempdir().unwrap();
    let output = Command::new(browser())
        .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"])
        .args(["--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-dev-shm-usage"])
        .args(["--host-resolver-rules=MAP * ~NOTFOUND", "--net-log-capture-mode=Everything", "--hide-scrollbars"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("--log-net-log={}", log.display()))
        .args(more)
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// Addresses that a page asked for, by the browser's own log. What the browser asks its maker is told by who began it.
fn asked_for(log: &Path) -> Vec<String> {
    let text = fs::read_to_string(log).unwrap();
    // A log whose writer was ended lacks its end.
    let whole: Value = serde_json::from_str(&text)
        .or_else(|_| serde_json::from_str(&format!("{}]}}", text.trim_end().trim_end_matches(','))))
        .unwrap();
    let events = whole["events"].as_array().unwrap();
    assert!(!events.is_empty());
    let urls = events.iter().filter_map(|event| {
        let from = event["params"]["initiator"].as_str().filter(|&from| from != "not an origin")?;
        Some(format!("{} for {from}", event["params"]["url"].as_str()?))
    });
    urls.filter(|url| !url.starts_with("file:") && !url.starts_with("data:")).collect()
}

#[test]
fn a_browser_without_a_network_shows_the_page_and_asks_for_nothing() {
    let place = Place::new();
    let answer = place.case("case.html", &["--two-random", "-k", "6", "--notes", "<script>alert(0)</script>"]);
    let page = place.path("case.html");
    let log = place.path("net.json");
    // The log tells of a page that asks.
    let asking = place.path("asking.html");
    fs::write(&asking, "<!doctype html><img src=\"http://pictures.invalid/1.png\">").unwrap();
    open_page(&asking, &log, &["--dump-dom"]);
    assert!(
        asked_for(&log).iter().any(|url| url.starts_with("http://pictures.invalid/1.png")),
        "{:?}",
        asked_for(&log)
    );
    let dom = open_page(&page, &log, &["--dump-dom"]);
    assert_eq!(asked_for(&log), Vec::<String>::new());
    assert!(!dom.contains("<script") && dom.contains("&lt;script&gt;alert(0)&lt;/script&gt;"));
    let covers = answer["covers"].as_u64().unwrap() as usize;
    assert!(covers > 5 && dom.matches("<symbol ").count() == covers, "{covers}");
    assert_eq!(dom.matches("<h3").count(), 2);
    // The covers are drawn: policy, symbols and data are understood.
    let mut grounds = Vec::new();
    for (scheme, name) in [("1", "light.png"), ("0", "dark.png")] {
        let picture = place.path(name);
        let settings = format!("--blink-settings=preferredColorScheme={scheme}");
        let shot = format!("--screenshot={}", picture.display());
        open_page(&page, &log, &[&settings, &shot, "--window-size=1200,1600"]);
        let picture = image::open(&picture).unwrap().into_rgb8();
        let near = |pixel: &image::Rgb<u8>| pixel.0.iter().zip(COVER).all(|(&one, other)| one.abs_diff(other) < 12);
        let seen = picture.pixels().filter(|pixel| near(pixel)).count();
        assert!(seen > 100_000, "{seen} pixels of covers in {name}");
        grounds.push(u32::from(picture.get_pixel(2, 2).0[0]));
    }
    assert!(grounds[0] > 200 && grounds[1] < 60, "light and dark: {grounds:?}");
}

#[test]
fn a_packed_workspace_answers_when_the_data_set_is_gone() {
    let place = Place::new();
    let user = id(4);
    let asked =
        |work: &str| json(&recallscope(["recall", &place.text(work), "--user", &user, "--lane", "item-cf", "--json"]));
    let before = asked("work");
    let answer = json(&recallscope(["pack", &place.text("work"), "--covers", "--out", &place.text("pack"), "--json"]));
    let set = &answer["pack"]["datasets"][0];
    assert_eq!(
        (&answer["pack"]["format"], &answer["pack"]["runs"], &set["covers"]),
        (&1.into(), &2.into(), &42.into())
    );
    let again = recallscope(["pack", &place.text("work"), "--out", &place.text("pack")]);
    assert!(stderr(&again).contains("name a new or an empty folder"), "{}", stderr(&again));
    fs::remove_dir_all(place.path("data")).unwrap();
    fs::remove_dir_all(place.path("work")).unwrap();
    fs::rename(place.path("pack"), place.path("moved")).unwrap();
    let digest = |path: &PathBuf| (path.clone(), blake3::hash(&fs::read(path).unwrap()));
    let whole: BTreeSet<_> =
        files_below(&place.path("moved")).iter().map(digest).map(|(p, d)| (p, d.to_hex())).collect();
    let output = recallscope(["recall", &place.text("moved"), "--user", &user, "--lane", "item-cf", "--json"]);
    assert_eq!(json(&output), before);
    assert!(stderr(&output).contains("packed with the workspace (read-only)"), "{}", stderr(&output));
    let out = place.text("case.html");
    let case = json(&recallscope(["case", &place.text("moved"), "--user", &user, "--json", "--out", &out]));
    assert!(case["covers"].as_u64().unwrap() > 3);
    let after: BTreeSet<_> =
        files_below(&place.path("moved")).iter().map(digest).map(|(p, d)| (p, d.to_hex())).collect();
    assert_eq!(whole, after, "reading changes nothing");
    // A pack of a pack is one.
    json(&recallscope(["pack", &place.text("moved"), "--out", &place.text("second"), "--json"]));
    assert_eq!(asked("second"), before);
    // What is no longer understood is refused, and what was damaged too.
    let note = place.path("second").join("pack.json");
    let text = fs::read_to_string(&note).unwrap();
    fs::write(&note, text.replace("\"format\": 1", "\"format\": 2, \"unheard\": []")).unwrap();
    let refused = recallscope(["recall", &place.text("second"), "--user", &user, "--lane", "hot"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("packed by a newer recallscope (pack format 2"), "{}", stderr(&refused));
    fs::write(&note, text).unwrap();
    let columns =
        files_below(&place.path("second/packed")).into_iter().find(|path| path.extension().is_some()).unwrap();
    let mut bytes = fs::read(&columns).unwrap();
    bytes[100] ^= 1;
    fs::write(&columns, bytes).unwrap();
    let refused = recallscope(["recall", &place.text("second"), "--user", &user, "--lane", "hot"]);
    assert!(stderr(&refused).contains("pack the workspace again"), "{}", stderr(&refused));
}

#[test]
fn nothing_is_packed_of_a_data_set_that_has_changed() {
    let place = Place::new();
    fs::write(place.path("data/items.csv"), "item_id,title\ni1,other\n").unwrap();
    let output = recallscope(["pack", &place.text("work"), "--out", &place.text("pack")]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("it has changed since"), "{}", stderr(&output));
    assert!(!place.path("pack").exists());
    let left: Vec<_> = fs::read_dir(place.folder.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
}
