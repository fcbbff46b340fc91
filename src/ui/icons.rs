//! The window's icons, as characters of the bundled Phosphor fonts. Written by `assets/fonts/subset.sh`.

pub const CLICK: &str = "\u{e7c8}";
pub const CLICK_FILL: &str = "\u{fe7c8}";
pub const LIKE: &str = "\u{e48e}";
pub const LIKE_FILL: &str = "\u{fe48e}";
pub const COMMENT: &str = "\u{e16e}";
pub const COMMENT_FILL: &str = "\u{fe16e}";
pub const FAVORITE: &str = "\u{e46a}";
pub const FAVORITE_FILL: &str = "\u{fe46a}";
pub const PUBLISH: &str = "\u{e398}";
pub const PUBLISH_FILL: &str = "\u{fe398}";
pub const VIEW: &str = "\u{e220}";
pub const VIEW_FILL: &str = "\u{fe220}";
pub const CART: &str = "\u{e420}";
pub const CART_FILL: &str = "\u{fe420}";
pub const BUY: &str = "\u{e5e6}";
pub const BUY_FILL: &str = "\u{fe5e6}";
pub const PLAY: &str = "\u{e3d0}";
pub const PLAY_FILL: &str = "\u{fe3d0}";
pub const HEART: &str = "\u{e2a8}";
pub const HEART_FILL: &str = "\u{fe2a8}";
pub const BOOKMARK: &str = "\u{e0ea}";
pub const BOOKMARK_FILL: &str = "\u{fe0ea}";
pub const SHARE: &str = "\u{e408}";
pub const SHARE_FILL: &str = "\u{fe408}";
pub const RATE: &str = "\u{e70a}";
pub const RATE_FILL: &str = "\u{fe70a}";
pub const HIT: &str = "\u{e184}";
pub const HIT_FILL: &str = "\u{fe184}";
pub const MISS: &str = "\u{e4f8}";
pub const MISS_FILL: &str = "\u{fe4f8}";
pub const TAG: &str = "\u{e478}";
pub const TAG_FILL: &str = "\u{fe478}";
pub const SHARES_TAG: &str = "\u{e47a}";
pub const SHARES_TAG_FILL: &str = "\u{fe47a}";
pub const TAIL: &str = "\u{e4ac}";
pub const POPULAR: &str = "\u{e624}";
pub const POPULAR_FILL: &str = "\u{fe624}";
pub const NEW: &str = "\u{e6a2}";
pub const NEW_FILL: &str = "\u{fe6a2}";
pub const ALSO_FOUND: &str = "\u{e2d2}";
pub const ALSO_FOUND_FILL: &str = "\u{fe2d2}";
pub const PIN: &str = "\u{e3e2}";
pub const PIN_FILL: &str = "\u{fe3e2}";
pub const UNPIN: &str = "\u{e3e4}";
pub const CHECK: &str = "\u{e182}";
pub const CLOSE: &str = "\u{e4f6}";
pub const ADD: &str = "\u{e3d4}";
pub const REMOVE: &str = "\u{e32a}";
pub const SEARCH: &str = "\u{e30c}";
pub const FILTER: &str = "\u{e266}";
pub const FILTER_FILL: &str = "\u{fe266}";
pub const CLEAR_FILTER: &str = "\u{e26c}";
pub const SORT_ASCENDING: &str = "\u{e444}";
pub const SORT_DESCENDING: &str = "\u{e446}";
pub const SORT: &str = "\u{e140}";
pub const SETTINGS: &str = "\u{e270}";
pub const SETTINGS_FILL: &str = "\u{fe270}";
pub const ADJUST: &str = "\u{e434}";
pub const MENU: &str = "\u{e2f0}";
pub const MORE: &str = "\u{e1fe}";
pub const MORE_VERTICAL: &str = "\u{e208}";
pub const DRAG: &str = "\u{eae2}";
pub const UNDO: &str = "\u{e038}";
pub const REDO: &str = "\u{e036}";
pub const REFRESH: &str = "\u{e094}";
pub const BACK: &str = "\u{e058}";
pub const FORWARD: &str = "\u{e06c}";
pub const UP: &str = "\u{e13c}";
pub const DOWN: &str = "\u{e136}";
pub const LEFT: &str = "\u{e138}";
pub const RIGHT: &str = "\u{e13a}";
pub const ARROW_UP: &str = "\u{e08e}";
pub const ARROW_DOWN: &str = "\u{e03e}";
pub const EXPAND: &str = "\u{e0a6}";
pub const COLLAPSE: &str = "\u{e09e}";
pub const OPEN_EXTERNAL: &str = "\u{e5de}";
pub const FOLDER: &str = "\u{e24a}";
pub const FOLDER_FILL: &str = "\u{fe24a}";
pub const FOLDER_OPEN: &str = "\u{e256}";
pub const FOLDER_OPEN_FILL: &str = "\u{fe256}";
pub const FILE: &str = "\u{e230}";
pub const FILE_FILL: &str = "\u{fe230}";
pub const TABLE: &str = "\u{e476}";
pub const TABLE_FILL: &str = "\u{fe476}";
pub const DATABASE: &str = "\u{e1de}";
pub const DATABASE_FILL: &str = "\u{fe1de}";
pub const IMAGE: &str = "\u{e2ca}";
pub const IMAGE_FILL: &str = "\u{fe2ca}";
pub const IMAGE_BROKEN: &str = "\u{e7a8}";
pub const CAMERA: &str = "\u{e10e}";
pub const CAMERA_FILL: &str = "\u{fe10e}";
pub const COPY: &str = "\u{e1ca}";
pub const EXPORT: &str = "\u{eaf0}";
pub const DOWNLOAD: &str = "\u{e20c}";
pub const UPLOAD: &str = "\u{e4c0}";
pub const SAVE: &str = "\u{e248}";
pub const DELETE: &str = "\u{e4a6}";
pub const DELETE_FILL: &str = "\u{fe4a6}";
pub const RENAME: &str = "\u{e3b4}";
pub const NOTE: &str = "\u{e34c}";
pub const TRAIN: &str = "\u{e2de}";
pub const TRAIN_FILL: &str = "\u{fe2de}";
pub const RUN: &str = "\u{e3d2}";
pub const RUN_FILL: &str = "\u{fe3d2}";
pub const PAUSE: &str = "\u{e39e}";
pub const PAUSE_FILL: &str = "\u{fe39e}";
pub const STOP: &str = "\u{e46c}";
pub const STOP_FILL: &str = "\u{fe46c}";
pub const JOBS: &str = "\u{e6ac}";
pub const TIMER: &str = "\u{e492}";
pub const CLOCK: &str = "\u{e19a}";
pub const CALENDAR: &str = "\u{e10a}";
pub const HISTORY: &str = "\u{e1a0}";
pub const SPINNER: &str = "\u{eb44}";
pub const QUEUED: &str = "\u{e2b2}";
pub const DONE: &str = "\u{e184}";
pub const WARNING: &str = "\u{e4e0}";
pub const WARNING_FILL: &str = "\u{fe4e0}";
pub const ERROR: &str = "\u{e4e2}";
pub const ERROR_FILL: &str = "\u{fe4e2}";
pub const INFO: &str = "\u{e2ce}";
pub const INFO_FILL: &str = "\u{fe2ce}";
pub const HELP: &str = "\u{e3e8}";
pub const HELP_FILL: &str = "\u{fe3e8}";
pub const USER: &str = "\u{e4c2}";
pub const USER_FILL: &str = "\u{fe4c2}";
pub const USERS: &str = "\u{e4d6}";
pub const USERS_FILL: &str = "\u{fe4d6}";
pub const ITEM: &str = "\u{e390}";
pub const ITEM_FILL: &str = "\u{fe390}";
pub const LANE: &str = "\u{e39c}";
pub const GRAPH: &str = "\u{eb58}";
pub const GRAPH_FILL: &str = "\u{feb58}";
pub const TREE: &str = "\u{e67c}";
pub const MODEL: &str = "\u{e74e}";
pub const MODEL_FILL: &str = "\u{fe74e}";
pub const EXPERIMENT: &str = "\u{e79e}";
pub const EXPERIMENT_FILL: &str = "\u{fe79e}";
pub const MAP: &str = "\u{eaac}";
pub const CHART_LINE: &str = "\u{e154}";
pub const CHART_BAR: &str = "\u{e150}";
pub const CHART_BAR_FILL: &str = "\u{fe150}";
pub const CHART_BAR_HORIZONTAL: &str = "\u{e152}";
pub const EVALUATE: &str = "\u{ed62}";
pub const RECALL: &str = "\u{e47c}";
pub const RECALL_FILL: &str = "\u{fe47c}";
pub const COMPARE: &str = "\u{e546}";
pub const SHUFFLE: &str = "\u{e422}";
pub const SURPRISE: &str = "\u{e1ee}";
pub const SURPRISE_FILL: &str = "\u{fe1ee}";
pub const DATA_REPORT: &str = "\u{e198}";
pub const LAYOUT: &str = "\u{e6d6}";
pub const LAYOUT_FILL: &str = "\u{fe6d6}";
pub const GRID: &str = "\u{e464}";
pub const GRID_FILL: &str = "\u{fe464}";
pub const LIST: &str = "\u{e5a2}";
pub const STRIP: &str = "\u{e792}";
pub const SPLIT: &str = "\u{e870}";
pub const PANEL_LEFT: &str = "\u{ec24}";
pub const PANEL_LEFT_FILL: &str = "\u{fec24}";
pub const PALETTE: &str = "\u{e1c4}";
pub const KEYBOARD: &str = "\u{e2d8}";
pub const LINK: &str = "\u{e2e6}";
pub const SELECTION: &str = "\u{e69a}";
pub const LASSO: &str = "\u{edc6}";
pub const ZOOM_IN: &str = "\u{e310}";
pub const ZOOM_OUT: &str = "\u{e30e}";
pub const FIT: &str = "\u{e1d0}";
pub const CENTRE: &str = "\u{e1d8}";
pub const HIDE: &str = "\u{e224}";
pub const LOCK: &str = "\u{e308}";
pub const LOCK_FILL: &str = "\u{fe308}";
pub const UNLOCK: &str = "\u{e30a}";
pub const CPU: &str = "\u{e610}";
pub const CPU_FILL: &str = "\u{fe610}";
pub const MEMORY: &str = "\u{e9c4}";
pub const DEVICE: &str = "\u{e560}";
pub const SUN: &str = "\u{e472}";
pub const SUN_FILL: &str = "\u{fe472}";
pub const MOON: &str = "\u{e330}";
pub const MOON_FILL: &str = "\u{fe330}";
pub const SYSTEM_THEME: &str = "\u{e18c}";
pub const LANGUAGE: &str = "\u{e4a2}";
pub const TEXT_SIZE: &str = "\u{e6ee}";
pub const SWAP: &str = "\u{e83c}";
pub const WINDOW: &str = "\u{e5da}";
pub const HOME: &str = "\u{e2c2}";
pub const HOME_FILL: &str = "\u{fe2c2}";
pub const DOT: &str = "\u{e18a}";
pub const DOT_FILL: &str = "\u{fe18a}";
pub const MAGIC: &str = "\u{e6b6}";

/// Every icon with its name.
#[rustfmt::skip]
pub const ALL: [(&str, &str); 191] = [
    ("CLICK", CLICK),
    ("CLICK_FILL", CLICK_FILL),
    ("LIKE", LIKE),
    ("LIKE_FILL", LIKE_FILL),
    ("COMMENT", COMMENT),
    ("COMMENT_FILL", COMMENT_FILL),
    ("FAVORITE", FAVORITE),
    ("FAVORITE_FILL", FAVORITE_FILL),
    ("PUBLISH", PUBLISH),
    ("PUBLISH_FILL", PUBLISH_FILL),
    ("VIEW", VIEW),
    ("VIEW_FILL", VIEW_FILL),
    ("CART", CART),
    ("CART_FILL", CART_FILL),
    ("BUY", BUY),
    ("BUY_FILL", BUY_FILL),
    ("PLAY", PLAY),
    ("PLAY_FILL", PLAY_FILL),
    ("HEART", HEART),
    ("HEART_FILL", HEART_FILL),
    ("BOOKMARK", BOOKMARK),
    ("BOOKMARK_FILL", BOOKMARK_FILL),
    ("SHARE", SHARE),
    ("SHARE_FILL", SHARE_FILL),
    ("RATE", RATE),
    ("RATE_FILL", RATE_FILL),
    ("HIT", HIT),
    ("HIT_FILL", HIT_FILL),
    ("MISS", MISS),
    ("MISS_FILL", MISS_FILL),
    ("TAG", TAG),
    ("TAG_FILL", TAG_FILL),
    ("SHARES_TAG", SHARES_TAG),
    ("SHARES_TAG_FILL", SHARES_TAG_FILL),
    ("TAIL", TAIL),
    ("POPULAR", POPULAR),
    ("POPULAR_FILL", POPULAR_FILL),
    ("NEW", NEW),
    ("NEW_FILL", NEW_FILL),
    ("ALSO_FOUND", ALSO_FOUND),
    ("ALSO_FOUND_FILL", ALSO_FOUND_FILL),
    ("PIN", PIN),
    ("PIN_FILL", PIN_FILL),
    ("UNPIN", UNPIN),
    ("CHECK", CHECK),
    ("CLOSE", CLOSE),
    ("ADD", ADD),
    ("REMOVE", REMOVE),
    ("SEARCH", SEARCH),
    ("FILTER", FILTER),
    ("FILTER_FILL", FILTER_FILL),
    ("CLEAR_FILTER", CLEAR_FILTER),
    ("SORT_ASCENDING", SORT_ASCENDING),
    ("SORT_DESCENDING", SORT_DESCENDING),
    ("SORT", SORT),
    ("SETTINGS", SETTINGS),
    ("SETTINGS_FILL", SETTINGS_FILL),
    ("ADJUST", ADJUST),
    ("MENU", MENU),
    ("MORE", MORE),
    ("MORE_VERTICAL", MORE_VERTICAL),
    ("DRAG", DRAG),
    ("UNDO", UNDO),
    ("REDO", REDO),
    ("REFRESH", REFRESH),
    ("BACK", BACK),
    ("FORWARD", FORWARD),
    ("UP", UP),
    ("DOWN", DOWN),
    ("LEFT", LEFT),
    ("RIGHT", RIGHT),
    ("ARROW_UP", ARROW_UP),
    ("ARROW_DOWN", ARROW_DOWN),
    ("EXPAND", EXPAND),
    ("COLLAPSE", COLLAPSE),
    ("OPEN_EXTERNAL", OPEN_EXTERNAL),
    ("FOLDER", FOLDER),
    ("FOLDER_FILL", FOLDER_FILL),
    ("FOLDER_OPEN", FOLDER_OPEN),
    ("FOLDER_OPEN_FILL", FOLDER_OPEN_FILL),
    ("FILE", FILE),
    ("FILE_FILL", FILE_FILL),
    ("TABLE", TABLE),
    ("TABLE_FILL", TABLE_FILL),
    ("DATABASE", DATABASE),
    ("DATABASE_FILL", DATABASE_FILL),
    ("IMAGE", IMAGE),
    ("IMAGE_FILL", IMAGE_FILL),
    ("IMAGE_BROKEN", IMAGE_BROKEN),
    ("CAMERA", CAMERA),
    ("CAMERA_FILL", CAMERA_FILL),
    ("COPY", COPY),
    ("EXPORT", EXPORT),
    ("DOWNLOAD", DOWNLOAD),
    ("UPLOAD", UPLOAD),
    ("SAVE", SAVE),
    ("DELETE", DELETE),
    ("DELETE_FILL", DELETE_FILL),
    ("RENAME", RENAME),
    ("NOTE", NOTE),
    ("TRAIN", TRAIN),
    ("TRAIN_FILL", TRAIN_FILL),
    ("RUN", RUN),
    ("RUN_FILL", RUN_FILL),
    ("PAUSE", PAUSE),
    ("PAUSE_FILL", PAUSE_FILL),
    ("STOP", STOP),
    ("STOP_FILL", STOP_FILL),
    ("JOBS", JOBS),
    ("TIMER", TIMER),
    ("CLOCK", CLOCK),
    ("CALENDAR", CALENDAR),
    ("HISTORY", HISTORY),
    ("SPINNER", SPINNER),
    ("QUEUED", QUEUED),
    ("DONE", DONE),
    ("WARNING", WARNING),
    ("WARNING_FILL", WARNING_FILL),
    ("ERROR", ERROR),
    ("ERROR_FILL", ERROR_FILL),
    ("INFO", INFO),
    ("INFO_FILL", INFO_FILL),
    ("HELP", HELP),
    ("HELP_FILL", HELP_FILL),
    ("USER", USER),
    ("USER_FILL", USER_FILL),
    ("USERS", USERS),
    ("USERS_FILL", USERS_FILL),
    ("ITEM", ITEM),
    ("ITEM_FILL", ITEM_FILL),
    ("LANE", LANE),
    ("GRAPH", GRAPH),
    ("GRAPH_FILL", GRAPH_FILL),
    ("TREE", TREE),
    ("MODEL", MODEL),
    ("MODEL_FILL", MODEL_FILL),
    ("EXPERIMENT", EXPERIMENT),
    ("EXPERIMENT_FILL", EXPERIMENT_FILL),
    ("MAP", MAP),
    ("CHART_LINE", CHART_LINE),
    ("CHART_BAR", CHART_BAR),
    ("CHART_BAR_FILL", CHART_BAR_FILL),
    ("CHART_BAR_HORIZONTAL", CHART_BAR_HORIZONTAL),
    ("EVALUATE", EVALUATE),
    ("RECALL", RECALL),
    ("RECALL_FILL", RECALL_FILL),
    ("COMPARE", COMPARE),
    ("SHUFFLE", SHUFFLE),
    ("SURPRISE", SURPRISE),
    ("SURPRISE_FILL", SURPRISE_FILL),
    ("DATA_REPORT", DATA_REPORT),
    ("LAYOUT", LAYOUT),
    ("LAYOUT_FILL", LAYOUT_FILL),
    ("GRID", GRID),
    ("GRID_FILL", GRID_FILL),
    ("LIST", LIST),
    ("STRIP", STRIP),
    ("SPLIT", SPLIT),
    ("PANEL_LEFT", PANEL_LEFT),
    ("PANEL_LEFT_FILL", PANEL_LEFT_FILL),
    ("PALETTE", PALETTE),
    ("KEYBOARD", KEYBOARD),
    ("LINK", LINK),
    ("SELECTION", SELECTION),
    ("LASSO", LASSO),
    ("ZOOM_IN", ZOOM_IN),
    ("ZOOM_OUT", ZOOM_OUT),
    ("FIT", FIT),
    ("CENTRE", CENTRE),
    ("HIDE", HIDE),
    ("LOCK", LOCK),
    ("LOCK_FILL", LOCK_FILL),
    ("UNLOCK", UNLOCK),
    ("CPU", CPU),
    ("CPU_FILL", CPU_FILL),
    ("MEMORY", MEMORY),
    ("DEVICE", DEVICE),
    ("SUN", SUN),
    ("SUN_FILL", SUN_FILL),
    ("MOON", MOON),
    ("MOON_FILL", MOON_FILL),
    ("SYSTEM_THEME", SYSTEM_THEME),
    ("LANGUAGE", LANGUAGE),
    ("TEXT_SIZE", TEXT_SIZE),
    ("SWAP", SWAP),
    ("WINDOW", WINDOW),
    ("HOME", HOME),
    ("HOME_FILL", HOME_FILL),
    ("DOT", DOT),
    ("DOT_FILL", DOT_FILL),
    ("MAGIC", MAGIC),
];
