//! Whole data sets: spoiled ones on temporary folders, and the real ones where they are at hand.

#![allow(clippy::unwrap_used)]

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use recallscope::{
    dataset::{
        Dataset, TagLevel,
        read::{Corrections, DatasetError, load},
        split::{SplitKind, SplitSettings, split},
    },
    task::JobContext,
};
use tempfile::TempDir;

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn open(folder: &Path) -> Result<Dataset, DatasetError> {
    load(folder, None, None, &JobContext::default())
}

fn reason(data: &Dataset, table: &str, reason: &str) -> (u64, String) {
    let aside = &data.report.tables[table].reasons[reason];
    (aside.count, aside.examples[0].clone())
}

const EVENTS: &[u8] = b"user_id,item_id,behaviour,timestamp\n01,a,click,881250949\n1,b,like,881250950\n";

#[test]
fn every_fault_is_set_aside_with_its_line() {
    let long = "x".repeat(70);
    let events = format!(
        "uid,sku,action,ts\n1,a,click,881250949\n,a,click,881250949\n1,,click,881250949\n1,a,{long},881250949\n\
         1,a,click,soon\n1,a,click,99999999999\n1,a,click,881250949\n1,a,click\n2,\"b\nc\",,881250949\n2,b,like,881250948\n"
    );
    let mut bytes = events.into_bytes();
    bytes.extend(b"\xff\xfe,a,click,881250949\n");
    let folder = folder(&[("events.csv", &bytes), ("users.csv", b"user_id,age\n1,33\n1,34\n,3\n9,x\n")]);
    let data = open(folder.path()).unwrap();
    for (name, line) in [
        ("missing_user", 3),
        ("missing_item", 4),
        ("unparsable_time", 6),
        ("future_time", 7),
        ("duplicate", 8),
        ("wrong_number_of_cells", 9),
        ("not_utf8", 13),
    ] {
        let (count, example) = reason(&data, "events", name);
        assert_eq!(count, 1, "{name}");
        assert!(example.starts_with(&format!("events.csv:{line}:")), "{name}: {example}");
    }
    assert_eq!(reason(&data, "events", "unknown_behaviour").0, 2);
    let table = &data.report.tables["events"];
    assert_eq!((table.read, table.kept, table.set_aside), (11, 2, 9));
    assert_eq!(data.events.time_secs, [881_250_948, 881_250_949]);
    assert_eq!(data.users.ids.name(data.events.user[0]), "2");
    assert_eq!(data.report.remarks["user_not_described"].count, 1);
    assert_eq!(reason(&data, "users", "duplicate").0, 1);
    assert_eq!(data.recognised.columns["events"]["item_id"], "sku");
    assert_eq!(data.recognised.time_unit, "seconds");
}

#[test]
fn ids_keep_their_zeros_and_missing_columns_are_noted() {
    let data = open(folder(&[("events.csv", EVENTS)]).path()).unwrap();
    assert_eq!(data.users.ids.iter().collect::<Vec<_>>(), ["01", "1"]);
    let data = open(folder(&[("events.tsv", b"user\titem\n1\ta\n2\tb\n")]).path()).unwrap();
    assert!(!data.events.has_times());
    assert_eq!((data.behaviours[0].name.as_str(), data.recognised.time_unit.as_str()), ("click", "none"));
    assert_eq!(data.recognised.notes.len(), 4, "{:?}", data.recognised.notes);
}

#[test]
fn one_log_in_every_form_is_one_log() {
    use polars::prelude::{DataFrame, NamedFrom as _, ParquetWriter, Series};
    let json = b"{\"user_id\":\"01\",\"item_id\":\"a\",\"behaviour\":\"click\",\"timestamp\":881250949}\n\
        {\"user_id\":\"1\",\"item_id\":\"b\",\"behaviour\":\"like\",\"timestamp\":881250950000}\n";
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(EVENTS).unwrap();
    let gzip = gzip.finish().unwrap();
    let zstd = zstd::encode_all(EVENTS, 1).unwrap();
    let parquet = |users: &[&str], items: &[&str], kinds: &[&str], times: &[i64]| {
        let mut frame = DataFrame::new_infer_height(vec![
            Series::new("user_id".into(), users).into(),
            Series::new("item_id".into(), items).into(),
            Series::new("behaviour".into(), kinds).into(),
            Series::new("timestamp".into(), times).into(),
        ])
        .unwrap();
        let mut bytes = Vec::new();
        ParquetWriter::new(&mut bytes).finish(&mut frame).unwrap();
        bytes
    };
    let whole = parquet(&["01", "1"], &["a", "b"], &["click", "like"], &[881_250_949, 881_250_950]);
    let first = parquet(&["01"], &["a"], &["click"], &[881_250_949]);
    let second = parquet(&["1"], &["b"], &["like"], &[881_250_950]);
    let json = String::from_utf8_lossy(json).replace("950000", "950").into_bytes();
    let one = b"uid,item_id,timestamp\n01,a,881250949\n";
    let two = b"uid,item_id,timestamp\n1,b,881250950\n";
    for files in [
        vec![("events.csv", EVENTS)],
        vec![("events.csv.gz", &gzip)],
        vec![("events.csv.zst", &zstd)],
        vec![("events.ndjson", &json)],
        vec![("events.parquet", &whole)],
        vec![("events-1.parquet", &first), ("events-2.parquet", &second)],
        vec![("events/part-0.parquet", &first), ("events/part-1.parquet", &second)],
        vec![("events/behaviour=click/x.csv", one), ("events/behaviour=like/x.csv", two)],
    ] {
        let data = open(folder(&files).path()).unwrap();
        let name = files[0].0;
        assert_eq!(data.users.ids.iter().collect::<Vec<_>>(), ["01", "1"], "{name}");
        assert_eq!(data.events.time_secs, [881_250_949, 881_250_950], "{name}");
        let kinds: Vec<&str> = data.behaviours.iter().map(|kind| kind.name.as_str()).collect();
        assert_eq!(kinds, ["click", "like"], "{name}");
    }
    for cut in [4, whole.len() / 2, whole.len() - 3] {
        let error = open(folder(&[("events.parquet", &whole[..cut])]).path()).unwrap_err();
        assert!(error.to_string().contains("events.parquet"), "{error}");
    }
    // Every byte may lie; nothing may panic its way out.
    for at in (0..whole.len()).step_by(7) {
        let mut spoiled = whole.clone();
        spoiled[at] ^= 0x55;
        let _ = open(folder(&[("events.parquet", &spoiled)]).path());
    }
    for cut in [12, gzip.len() - 12] {
        let error = open(folder(&[("events.csv.gz", &gzip[..cut])]).path()).unwrap_err().to_string();
        assert!(error.contains("it breaks off") && error.contains("events.csv.gz:"), "{error}");
    }
    for (name, bytes) in [("events.csv.gz", EVENTS), ("events.csv.zst", &gzip), ("events.ndjson.gz", &zstd)] {
        let error = open(folder(&[(name, bytes)]).path()).unwrap_err().to_string();
        assert!(error.contains("by its first bytes it is not") && error.ends_with(name), "{error}");
    }
    let old = String::from_utf8_lossy(EVENTS).replace('\n', "\r");
    let data = open(folder(&[("events.csv", old.as_bytes())]).path()).unwrap();
    assert_eq!(data.events.time_secs, [881_250_949, 881_250_950]);
}

/// Parquet with whole numbers is taken column by column; text always row by row.
#[test]
fn parquet_is_read_by_columns_as_by_rows() {
    use polars::prelude::{DataFrame, NamedFrom as _, ParquetWriter, Series};
    let count = 150_000i64;
    // Now and then a row repeats the one before.
    let rows = || (0..count).map(|row| if row % 500 == 499 { row - 1 } else { row });
    let users: Vec<i64> = rows().map(|row| row * 7_919 % 4_001 - 2_000).collect();
    let items: Vec<i64> = rows().map(|row| row * row % 100_003 * if row % 5 == 0 { 1 << 40 } else { 1 }).collect();
    let kinds: Vec<&str> = rows()
        .map(|row| match row {
            row if row > 140_000 && row % 2 == 0 => "late",
            row if row % 701 == 0 => "a kind with a name that is far too long to be the name of any behaviour at all",
            row if row % 3 == 0 => " like ",
            row if row % 1_009 == 1 => "",
            _ => "click",
        })
        .collect();
    let times: Vec<i64> = rows()
        .map(|row| match row {
            row if row % 997 == 0 => 99_999_999_999,
            row if row % 1_999 == 1 => 3_000_000_000_000_000,
            row => 1_600_000_000 + row / 40 - row % 3,
        })
        .collect();
    let mut text = "user_id,item_id,behaviour,timestamp,visit_id,position\n".to_owned();
    for row in 0..count as usize {
        let (user, item, kind, time) = (users[row], items[row], kinds[row], times[row]);
        text += &format!("{user},{item},{kind},{time},{},{}\n", row / 9, row % 9);
    }
    let whole = |with_gap: bool| {
        let mut users: Vec<Option<i64>> = users.iter().copied().map(Some).collect();
        if with_gap {
            users[9] = None;
        }
        let mut frame = DataFrame::new_infer_height(vec![
            Series::new("user_id".into(), users).into(),
            Series::new("item_id".into(), &items).into(),
            Series::new("behaviour".into(), &kinds).into(),
            Series::new("timestamp".into(), &times).into(),
            Series::new("visit_id".into(), (0..count).map(|row| row / 9).collect::<Vec<_>>()).into(),
            Series::new("position".into(), (0..count).map(|row| row % 9).collect::<Vec<_>>()).into(),
        ])
        .unwrap();
        let mut bytes = Vec::new();
        ParquetWriter::new(&mut bytes).with_row_group_size(Some(40_000)).finish(&mut frame).unwrap();
        bytes
    };
    let by_rows = open(folder(&[("events.csv", text.as_bytes())]).path()).unwrap();
    let by_columns = open(folder(&[("events.parquet", &whole(false))]).path()).unwrap();
    let (events, others) = (&by_rows.events, &by_columns.events);
    assert_eq!((&events.user, &events.item, &events.behaviour), (&others.user, &others.item, &others.behaviour));
    assert_eq!((&events.time_secs, &events.visit), (&others.time_secs, &others.visit));
    assert_eq!(events.position, others.position);
    assert_eq!(by_rows.behaviours, by_columns.behaviours);
    assert_eq!(by_rows.users.ids.iter().collect::<Vec<_>>(), by_columns.users.ids.iter().collect::<Vec<_>>());
    assert_eq!(by_rows.items.ids.iter().collect::<Vec<_>>(), by_columns.items.ids.iter().collect::<Vec<_>>());
    let (report, other) = (&by_rows.report.tables["events"], &by_columns.report.tables["events"]);
    assert_eq!((report.read, report.kept, report.set_aside), (other.read, other.kept, other.set_aside));
    let line = |example: &str| -> u64 { example.split(':').nth(1).unwrap().parse().unwrap() };
    for name in ["unknown_behaviour", "future_time", "unparsable_time", "duplicate"] {
        let (aside, same) = (&report.reasons[name], &other.reasons[name]);
        assert!(aside.count > 0 && aside.count == same.count, "{name}: {}, {}", aside.count, same.count);
        // The text has a header before its first row.
        let lines = |examples: &[String], before: u64| examples.iter().map(|at| line(at) - before).collect::<Vec<_>>();
        assert_eq!(lines(&aside.examples, 1), lines(&same.examples, 0), "{name}");
    }
    let gap = open(folder(&[("events.parquet", &whole(true))]).path()).unwrap();
    let table = &gap.report.tables["events"];
    assert_eq!(reason(&gap, "events", "missing_user").0, 1);
    assert_eq!((table.read, table.kept + 1), (report.read, report.kept));
}

#[test]
fn what_cannot_be_used_names_file_and_mend() {
    let junk: Vec<u8> = (0..5_000u32).map(|n| (n * 7_919 % 251) as u8).collect();
    for (files, expected) in [
        (vec![("events.csv", &b""[..])], "empty"),
        (vec![("events.csv", b"user_id,item_id\n")], "there are no rows"),
        (vec![("events.csv", &junk)], "UTF-8"),
        (vec![("events.parquet", &junk)], "no whole Parquet file"),
        (vec![("events.csv", b"a,b\n1,2\n")], "[columns.events]"),
        (vec![("notes.txt", b"hello")], "only notes.txt"),
        (vec![("events.csv/notes.txt", b"hello")], "`events.csv` is a folder without a file of a table"),
        (vec![], "the folder is empty"),
        (
            vec![("events.csv", b"user_id,item_id,user_id\n1,a,2\n")],
            "the column `user_id` twice, which is to be user_id",
        ),
        (
            vec![
                ("events/1.csv", b"user_id,item_id,ts\n1,a,1700000000\n"),
                ("events/2.csv", b"user_id,item_id,ts,ts\n1,a,1700000000,1700000000\n"),
            ],
            "the column `ts` twice, which is to be timestamp; give the two columns different names",
        ),
        (vec![("events.csv", EVENTS), ("dataset.toml", b"colour = 1")], "colour"),
        (vec![("events.csv", EVENTS), ("dataset.toml", b"[files]\nevents = \"../x.csv\"")], "leaves"),
        (vec![("events.csv", EVENTS), ("dataset.toml", b"time_zone = \"Mars/Olympus\"")], "Mars/Olympus"),
        (vec![("events.csv", b"user_id,item_id,behaviour\n,a,click\n")], "1 missing_user"),
    ] {
        let error = open(folder(&files).path()).unwrap_err().to_string();
        assert!(error.contains(expected), "{expected}: {error}");
    }
    assert!(matches!(open(Path::new("/nowhere/at/all")), Err(DatasetError::Unreadable { .. })));
    let cancelled = JobContext::default();
    cancelled.cancel();
    let data = folder(&[("events.csv", EVENTS)]);
    assert!(matches!(load(data.path(), None, None, &cancelled), Err(DatasetError::Cancelled(_))));
    assert!(matches!(open(&data.path().join("events.csv")), Err(DatasetError::NotAFolder(_))));
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_no_tables() {
    let data = tempfile::tempdir().unwrap();
    for name in ["events.csv", "events.parquet"] {
        std::os::unix::fs::symlink("/dev/zero", data.path().join(name)).unwrap();
        let error = open(data.path()).unwrap_err().to_string();
        assert!(error.contains("no plain file") && error.ends_with(name), "{error}");
        fs::remove_file(data.path().join(name)).unwrap();
    }
}

#[test]
fn what_programs_write_for_no_time_is_none() {
    use polars::prelude::{DataFrame, NamedFrom as _, ParquetWriter, Series};
    let times = [1_700_000_000i64, 0, -5, 1_700_000_001, 1];
    let mut frame = DataFrame::new_infer_height(vec![
        Series::new("user_id".into(), [1i64, 2, 3, 4, 5]).into(),
        Series::new("item_id".into(), [1i64, 2, 3, 4, 5]).into(),
        Series::new("timestamp".into(), times).into(),
    ])
    .unwrap();
    let mut parquet = Vec::new();
    ParquetWriter::new(&mut parquet).finish(&mut frame).unwrap();
    let rows = |table: &str| -> Vec<u8> {
        let lines = times.iter().enumerate().map(|(row, time)| format!("{row},{row},{time}\n"));
        format!("{table}{}8,8,\n9,9,NULL\n", lines.collect::<String>()).into_bytes()
    };
    let text = rows("user_id,item_id,timestamp\n");
    for (files, count) in [(vec![("events.csv", &text[..])], 4), (vec![("events.parquet", &parquet[..])], 2)] {
        let data = open(folder(&files).path()).unwrap();
        let (aside, example) = reason(&data, "events", "no_time");
        assert_eq!((aside, &data.events.time_secs[..]), (count, &[1, 1_700_000_000, 1_700_000_001][..]));
        assert!(example.ends_with("(1970-01-01T00:00:00Z)"), "{example}");
    }
    let data = open(folder(&[("events.csv", EVENTS), ("impressions.csv", &text)]).path()).unwrap();
    assert_eq!(reason(&data, "impressions", "no_time").0, 4);
    // Items may well be older than 1970.
    let items = b"item_id,published_at\na,1939\n";
    let data = open(folder(&[("events.csv", EVENTS), ("items.csv", items)]).path()).unwrap();
    assert_eq!(data.items.published_secs[0], -978_307_200);
}

#[test]
fn how_probable_an_impression_was_is_read_and_nonsense_set_aside() {
    let shown = b"user_id,item_id,timestamp,position,clicked,policy,pscore\n01,a,881250960,1,0,x,0.5\n\
        1,b,881250950,0,1,y,0.125\n1,a,881250951,1,0,z,0\n1,a,881250952,2,0,x,\n1,b,881250953,3,0,x,1.5\n";
    let data = open(folder(&[("events.csv", EVENTS), ("impressions.csv", shown)]).path()).unwrap();
    assert_eq!(reason(&data, "impressions", "propensity_out_of_range").0, 3);
    let impressions = data.impressions.as_ref().unwrap();
    // In order of time, and no policy is known that nothing was kept of.
    assert_eq!(impressions.propensity, [0.125, 0.5]);
    assert_eq!((impressions.clicked.len(), impressions.policy.len()), (2, 2));
    assert_eq!(impressions.policies, ["x", "y"]);
}

#[test]
fn the_report_speaks_of_guessed_weights_and_columns_named_twice() {
    let events = b"user_id,item_id,behaviour,timestamp,note,note\n1,a,click,881250949,x,y\n1,a,buy,881250949,x,y\n\
        1,b,buy,881250950,x,y\n";
    let items = b"item_id,colour,colour\na,red,blue\n";
    let data = folder(&[("events.csv", events), ("items.csv", items)]);
    let guessed = open(data.path()).unwrap();
    let remark = &guessed.report.remarks["behaviour_of_unknown_weight"];
    assert_eq!(remark.count, 1);
    assert!(remark.examples[0].starts_with("`buy`: 2 events, each counts 1"), "{}", remark.examples[0]);
    assert_eq!(guessed.recognised.unknown_behaviours.iter().collect::<Vec<_>>(), ["buy"]);
    let twice = &guessed.report.remarks["column_named_twice"];
    let expected = ["events.csv: `note`; the first was taken", "items.csv: `colour`; the first was taken"];
    assert_eq!(twice.examples, expected);
    assert_eq!(guessed.items.attributes.len(), 1);
    assert_eq!(guessed.items.attributes[0].texts(0).collect::<Vec<_>>(), ["red"]);
    assert_eq!(guessed.recognised.attributes["items"], ["colour"]);
    assert_eq!(guessed.recognised.unused["events"], ["note"]);

    let is_told = |data: &Dataset| data.report.remarks.contains_key("behaviour_of_unknown_weight");
    let mut chosen = Corrections::default();
    assert!(is_told(&load(data.path(), None, Some(&chosen), &JobContext::default()).unwrap()), "nobody chose a weight");
    chosen.behaviours.insert("buy".to_owned(), 3.0);
    assert!(!is_told(&load(data.path(), None, Some(&chosen), &JobContext::default()).unwrap()));
    fs::write(data.path().join("dataset.toml"), "[behaviours]\nclick = 1\nbuy = 1\n").unwrap();
    assert!(!is_told(&open(data.path()).unwrap()));
}

#[test]
fn what_repeats_without_a_time_is_no_fault() {
    let rows = b"user_id,item_id\n1,a\n1,a\n2,a\n1,a\n";
    let data = open(folder(&[("events.csv", rows)]).path()).unwrap();
    let table = &data.report.tables["events"];
    assert_eq!(reason(&data, "events", "repeated_without_a_time").0, 2);
    assert_eq!((table.read, table.kept, table.set_aside, table.faulty()), (4, 2, 2, 0));
    let timed = b"user_id,item_id,ts\n1,a,1700000000\n1,a,1700000000\n";
    let data = open(folder(&[("events.csv", timed)]).path()).unwrap();
    assert_eq!((reason(&data, "events", "duplicate").0, data.report.tables["events"].faulty()), (1, 1));
}

#[cfg(unix)]
#[test]
fn a_folder_without_rights_is_an_error() {
    use std::os::unix::fs::PermissionsExt as _;
    let data = folder(&[("events.csv", EVENTS)]);
    fs::set_permissions(data.path(), fs::Permissions::from_mode(0o0)).unwrap();
    // The superuser may read it all the same.
    let is_barred = fs::read_dir(data.path()).is_err();
    let result = open(data.path());
    fs::set_permissions(data.path(), fs::Permissions::from_mode(0o700)).unwrap();
    if is_barred {
        assert!(result.unwrap_err().to_string().contains("right to read"));
    }
}

#[test]
fn dataset_toml_rules() {
    let toml =
        b"name = \"Mine\"\ntime_zone = \"Asia/Shanghai\"\n[columns.events]\nuser_id = \"who\"\nitem_id = \"what\"\n\
        [behaviours]\nbuy = 3.0\nlook = 0\n";
    let events =
        b"who,what,behaviour,timestamp\n1,a,buy,1995-01-01 08:00:00\n1,b,look,1995-01-02\n1,c,sell,1995-01-02\n";
    let data = open(folder(&[("events.csv", events), ("dataset.toml", toml)]).path()).unwrap();
    assert_eq!((data.name.as_str(), data.events.time_secs[0]), ("Mine", 788_918_400));
    let weights: Vec<(&str, f32)> = data.behaviours.iter().map(|kind| (kind.name.as_str(), kind.weight)).collect();
    assert_eq!(weights, [("buy", 3.0), ("look", 0.0)]);
    assert_eq!(reason(&data, "events", "unknown_behaviour").0, 1);
}

#[test]
fn covers_stay_in_the_folder() {
    let png = {
        let mut bytes = std::io::Cursor::new(Vec::new());
        image::DynamicImage::new_rgb8(4, 4).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    };
    let mut huge = png.clone();
    huge[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
    let items = b"item_id,cover,tags\na,a.png,Sofa|Chair\nb,../secret.png,\nc,/etc/passwd,\nd,text.jpg,\ne,huge.png,\n\
        f,none.png,\ng,,\nh,link.png,Lamp\ni,wrong.jpg,\n";
    let tags = b"leaf,level2,level1\nSofa,Seats,Home\nChair,Seats,Home\n";
    let data = folder(&[
        ("set/events.csv", EVENTS),
        ("set/items.csv", items),
        ("set/tags.csv", tags),
        ("set/covers/a.png", &png),
        ("set/covers/g.png", &png),
        ("set/covers/wrong.jpg", &png),
        ("set/covers/text.jpg", b"just words"),
        ("set/covers/huge.png", &huge),
        ("secret.png", &png),
    ]);
    #[cfg(unix)]
    std::os::unix::fs::symlink(data.path().join("secret.png"), data.path().join("set/covers/link.png")).unwrap();
    let data = open(&data.path().join("set")).unwrap();
    let has = |id: &str| data.items.cover[data.items.ids.row(id).unwrap() as usize].is_some();
    for (id, expected) in [
        ("a", true),
        ("b", false),
        ("c", false),
        ("d", false),
        ("e", false),
        ("f", false),
        ("g", false),
        ("h", false),
        ("i", true),
    ] {
        assert_eq!(has(id), expected, "{id}");
    }
    let remarks = &data.report.remarks;
    assert_eq!(remarks["cover_oversized"].count, 1);
    assert_eq!(remarks["cover_wrong_type"].count, 2);
    assert_eq!(remarks["cover_missing"].count, if cfg!(unix) { 1 } else { 2 });
    assert_eq!(remarks["cover_outside_folder"].count, if cfg!(unix) { 3 } else { 2 });
    assert!(remarks["cover_outside_folder"].examples[0].starts_with("items.csv:3:"));
    assert_eq!(remarks["tag_outside_hierarchy"].count, 1);
    let sofa = data.tags.leaf.row("Sofa").unwrap();
    let level2 = data.tags.ancestor(sofa, TagLevel::Level2);
    assert_eq!(data.tags.level2.name(level2), "Seats");
}

#[test]
fn covers_go_by_id_where_no_column_names_them() {
    let mut png = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(4, 4).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let png = png.into_inner();
    let set = folder(&[
        ("events.csv", EVENTS),
        ("items.csv", b"item_id,title\na,A\n"),
        ("covers/a.png", &png),
        ("covers/b.png", &png),
    ]);
    let data = open(set.path()).unwrap();
    assert_eq!(data.items.cover.iter().flatten().count(), 2);
    assert_eq!(data.report.remarks["item_not_described"].count, 1);
}

#[test]
fn other_formats() {
    let inter =
        b"user_id:token\titem_id:token\trating:float\ttimestamp:float\n1\t10\t5\t881250949.0\n2\t11\t2\t881250950\n";
    let item = b"item_id:token\tmovie_title:token_seq\tclass:token_seq\n10\tToy Story\tAnimation Comedy\n11\tX\t\n";
    let data = open(folder(&[("ml.inter", inter), ("ml.item", item)]).path()).unwrap();
    assert_eq!((data.recognised.format.as_str(), data.behaviours[0].name.as_str()), ("recbole", "favorite"));
    assert_eq!(&data.items.title[0], "Toy Story");
    assert_eq!(data.items.tags.texts(0).collect::<Vec<_>>(), ["Animation", "Comedy"]);

    let data = open(
        folder(&[
            ("ratings.dat", b"1::1193::5::978300760\n2::661::3::978302109\n"),
            ("users.dat", b"1::F::1::10::48067\n2::M::56::16::70072\n"),
            ("movies.dat", b"1193::Mis\xe9rables::Drama|War\n661::Y::Comedy\n"),
        ])
        .path(),
    )
    .unwrap();
    assert_eq!((data.recognised.format.as_str(), &data.items.title[0]), ("movielens-1m", "Misérables"));
    assert_eq!(data.users.attributes[0].name, "age");
    assert_eq!(data.users.attributes[0].texts(1).collect::<Vec<_>>(), ["56+"]);

    let data = open(folder(&[("train.txt", b"0 1 2 3\n1 2\n2\n"), ("test.txt", b"0 4\n1 1\n")]).path()).unwrap();
    assert_eq!((data.recognised.format.as_str(), data.events.len()), ("lightgcn", 6));
    let settings = SplitSettings { kind: SplitKind::Given, ..SplitSettings::default() };
    let parts = split(&data, &settings).unwrap();
    assert_eq!((parts.train.len(), parts.test.len()), (4, 2));
}

#[test]
fn the_fingerprint_follows_data_and_settings() {
    let data = folder(&[("events.csv", EVENTS)]);
    let first = open(data.path()).unwrap().fingerprint;
    assert_eq!(first, open(data.path()).unwrap().fingerprint);
    fs::write(data.path().join("dataset.toml"), "[behaviours]\nclick = 1\nlike = 2\n").unwrap();
    let weighted = open(data.path()).unwrap().fingerprint;
    assert_ne!(first, weighted);
    fs::remove_file(data.path().join("dataset.toml")).unwrap();
    let mut chosen = Corrections::default();
    chosen.behaviours.insert("like".to_owned(), 0.0);
    let changed = load(data.path(), None, Some(&chosen), &JobContext::default()).unwrap();
    assert_ne!(first, changed.fingerprint);
    assert_eq!(changed.behaviours[1].weight, 0.0);
}

fn real(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    folder.exists().then_some(folder)
}

#[test]
fn movielens_100k_as_published() {
    let Some(folder) = real("ml-100k") else { return };
    let data = open(&folder).unwrap();
    assert_eq!((data.user_count(), data.item_count(), data.events.len()), (943, 1_682, 100_000));
    assert_eq!(data.recognised.format, "movielens-100k");
    let story = data.items.ids.row("1").unwrap();
    assert_eq!(data.items.tags.texts(story).collect::<Vec<_>>(), ["Animation", "Children's", "Comedy"]);
    assert_eq!(data.items.published_secs[story as usize], 788_918_400);

    // Popularity alone, full ranking without what is known: Recall@20 as published practice has it.
    let settings = SplitSettings { kind: SplitKind::UserTime, ..SplitSettings::default() };
    let parts = split(&data, &settings).unwrap();
    let mut known = vec![Vec::new(); data.user_count()];
    let mut wanted = vec![Vec::new(); data.user_count()];
    let mut popularity = vec![0u32; data.item_count()];
    for &row in &parts.train {
        known[data.events.user[row as usize] as usize].push(data.events.item[row as usize]);
        popularity[data.events.item[row as usize] as usize] += 1;
    }
    for &row in &parts.test {
        wanted[data.events.user[row as usize] as usize].push(data.events.item[row as usize]);
    }
    let mut ranked: Vec<u32> = (0..data.item_count() as u32).collect();
    ranked.sort_by_key(|&item| (std::cmp::Reverse(popularity[item as usize]), item));
    let recalls: Vec<f64> = known
        .iter()
        .zip(&wanted)
        .map(|(known, wanted)| {
            let shown = ranked.iter().filter(|item| !known.contains(item)).take(20);
            shown.filter(|item| wanted.contains(item)).count() as f64 / wanted.len() as f64
        })
        .collect();
    let recall = recalls.iter().sum::<f64>() / recalls.len() as f64;
    assert!((recall - 0.0954).abs() < 0.004, "{recall}");
}

#[test]
fn the_other_real_folders() {
    if let Some(folder) = real("movies") {
        let data = open(&folder).unwrap();
        assert_eq!((data.user_count(), data.item_count(), data.events.len()), (943, 1_682, 100_000));
        assert_eq!(data.items.cover.iter().flatten().count(), 1_422);
    }
    if let Some(folder) = real("fashion") {
        let data = open(&folder).unwrap();
        assert_eq!((data.user_count(), data.item_count()), (713, 1_994));
        assert_eq!((data.tags.level2.len(), data.tags.level1.len()), (12, 6));
        assert_eq!(data.items.ids.name(0), "0108775015");
    }
    if let Some(folder) = real("lastfm-lightgcn") {
        let config = tempfile::NamedTempFile::new().unwrap();
        let toml = "format = \"lightgcn\"\ntrain = \"data1.txt\"\ntest = \"test1.txt\"\nlayout = \"pairs\"\n";
        fs::write(config.path(), toml).unwrap();
        let data = load(&folder, Some(config.path()), None, &JobContext::default()).unwrap();
        let given = data.given_test.as_ref().unwrap();
        assert_eq!(given.iter().filter(|&&is_test| is_test).count(), 10_533);
        assert_eq!(given.len(), 52_668);
    }
}
