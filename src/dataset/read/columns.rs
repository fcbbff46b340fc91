//! Which of a file's columns is which of ours.

/// Per table the app's columns, each with its synonyms in normal form (lower case, letters and digits only).
type Columns = &'static [(&'static str, &'static [&'static str])];

const USER: &[&str] =
    &["userid", "uid", "user", "useridx", "memberid", "customerid", "visitorid", "accountid", "reviewerid", "deviceid"];
const ITEM: &[&str] = &[
    "itemid",
    "iid",
    "item",
    "sku",
    "skuid",
    "contentid",
    "productid",
    "movieid",
    "articleid",
    "videoid",
    "songid",
    "trackid",
    "artistid",
    "goodsid",
    "asin",
    "parentasin",
    "businessid",
    "bookid",
    "isbn",
    "gameid",
    "noteid",
    "photoid",
    "newsid",
    "postid",
];
const TIME: &[&str] = &[
    "timestamp",
    "ts",
    "time",
    "datetime",
    "eventtime",
    "eventtimestamp",
    "timestampms",
    "timems",
    "unixtime",
    "createdat",
    "date",
    "tdat",
    "day",
    "when",
];
const POSITION: &[&str] = &["position", "pos", "rank", "slot"];
const VISIT: &[&str] = &["visitid", "visit", "sessionid", "session"];

const EVENTS: Columns = &[
    ("user_id", USER),
    ("item_id", ITEM),
    (
        "behaviour",
        &[
            "behaviour",
            "behavior",
            "action",
            "actiontype",
            "eventtype",
            "event",
            "behaviortype",
            "behaviourtype",
            "interactiontype",
            "interaction",
            "type",
            "kind",
        ],
    ),
    ("timestamp", TIME),
    ("visit_id", VISIT),
    ("position", POSITION),
    ("rating", &["rating", "score", "stars", "overall"]),
];
const IMPRESSIONS: Columns = &[
    ("user_id", USER),
    ("item_id", ITEM),
    ("timestamp", TIME),
    ("position", POSITION),
    ("clicked", &["clicked", "click", "isclick", "isclicked", "label"]),
    ("policy", &["policy", "strategy", "arm", "source"]),
    ("propensity", &["propensity", "propensityscore", "pscore", "actionprob", "loggingprobability"]),
    ("visit_id", VISIT),
];
const USERS: Columns = &[("user_id", USER), ("age", &["age"]), ("gender", &["gender", "sex"]), ("region", &["region"])];
const ITEMS: Columns = &[
    ("item_id", ITEM),
    ("title", &["title", "name", "itemname", "productname", "prodname", "movietitle"]),
    ("title_en", &["titleen", "englishtitle", "nameen"]),
    ("text", &["text", "description", "desc", "detaildesc", "content", "abstract", "body"]),
    ("text_en", &["texten", "englishtext", "descriptionen"]),
    ("circle", &["circle", "community", "group", "channel"]),
    ("topics", &["topics", "topic", "hashtags"]),
    ("tags", &["tags", "tag", "leaf", "leaftag", "categories", "category", "genres", "genre", "class"]),
    ("cover", &["cover", "coverpath", "image", "imagepath", "img", "picture", "photo", "poster", "thumbnail"]),
    ("author_id", &["authorid", "author", "publisherid", "creatorid", "sellerid"]),
    (
        "published_at",
        &[
            "publishedat",
            "published",
            "publishtime",
            "publishedtime",
            "pubdate",
            "releasedate",
            "releaseyear",
            "createdat",
        ],
    ),
];
const TAGS: Columns = &[
    ("leaf", &["leaf", "tag", "leaftag", "level3"]),
    ("level2", &["level2", "l2", "parent", "category"]),
    ("level1", &["level1", "l1", "root", "top"]),
];
const LABELS: Columns = &[("value", &["value", "key", "zh", "name"]), ("en", &["en", "english", "label"])];

pub(super) const TABLES: [&str; 6] = ["events", "impressions", "users", "items", "tags", "labels"];

pub(super) fn of_table(table: &str) -> Columns {
    match table {
        "events" => EVENTS,
        "impressions" => IMPRESSIONS,
        "users" => USERS,
        "items" => ITEMS,
        "tags" => TAGS,
        _ => LABELS,
    }
}

/// Columns without which a table cannot be used.
pub(super) fn required(table: &str) -> &'static [&'static str] {
    match table {
        "events" | "impressions" => &["user_id", "item_id"],
        "users" => &["user_id"],
        "items" => &["item_id"],
        "tags" => &["leaf"],
        _ => &["value", "en"],
    }
}

/// `userId`, `User ID` and `user_id` are one name.
fn normal(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The file's column that stands for `column` of `table`: by its own name first, then by synonym in their order.
pub(super) fn guess(table: &str, column: &str, header: &[String], taken: &[String]) -> Option<String> {
    let is_free = |name: &&String| !taken.contains(*name);
    if let Some(name) = header.iter().filter(is_free).find(|name| name.as_str() == column) {
        return Some(name.clone());
    }
    let synonyms = of_table(table).iter().find(|(own, _)| *own == column).map(|(_, synonyms)| *synonyms)?;
    let own_id = if (table, column) == ("users", "user_id") || (table, column) == ("items", "item_id") {
        &["id"][..]
    } else {
        &[]
    };
    let normalised: Vec<String> = header.iter().map(|name| normal(name)).collect();
    for synonym in synonyms.iter().chain(own_id) {
        for (name, normalised) in header.iter().zip(&normalised) {
            if normalised == synonym && is_free(&name) {
                return Some(name.clone());
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn finds_synonyms_and_prefers_the_own_name() {
        let names = header(&["uid", "userId", "content_id", "event_type", "ts"]);
        assert_eq!(guess("events", "user_id", &names, &[]).as_deref(), Some("userId"));
        assert_eq!(guess("events", "item_id", &names, &[]).as_deref(), Some("content_id"));
        assert_eq!(guess("events", "behaviour", &names, &[]).as_deref(), Some("event_type"));
        assert_eq!(guess("events", "timestamp", &names, &[]).as_deref(), Some("ts"));
        let names = header(&["user", "user_id"]);
        assert_eq!(guess("events", "user_id", &names, &[]).as_deref(), Some("user_id"));
        assert_eq!(guess("users", "user_id", &header(&["ID"]), &[]).as_deref(), Some("ID"));
        assert_eq!(guess("events", "user_id", &header(&["ID"]), &[]), None);
    }
}
