"""Called by subset.sh: subset.py UNPACKED_PACKAGES ASSETS_FONTS."""

import re
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

# The window's icons: name in Rust, name in Phosphor, also as a filled form (NAME_FILL).
ICONS = """
CLICK cursor-click fill | LIKE thumbs-up fill | COMMENT chat-circle-text fill | FAVORITE star fill
PUBLISH paper-plane-tilt fill | VIEW eye fill | CART shopping-cart-simple fill | BUY bag-simple fill | PLAY play fill
HEART heart fill | BOOKMARK bookmark-simple fill | SHARE share-network fill | RATE star-half fill
HIT check-circle fill | MISS x-circle fill | TAG tag fill | SHARES_TAG tag-simple fill | TAIL trend-down
POPULAR flame fill | NEW sparkle fill | ALSO_FOUND intersect fill | PIN push-pin fill | UNPIN push-pin-slash
CHECK check | CLOSE x | ADD plus | REMOVE minus | SEARCH magnifying-glass | FILTER funnel fill | CLEAR_FILTER funnel-x
SORT_ASCENDING sort-ascending | SORT_DESCENDING sort-descending | SORT caret-up-down | SETTINGS gear fill
ADJUST sliders-horizontal | MENU list | MORE dots-three | MORE_VERTICAL dots-three-vertical | DRAG dots-six-vertical
UNDO arrow-counter-clockwise | REDO arrow-clockwise | REFRESH arrows-clockwise | BACK arrow-left | FORWARD arrow-right
UP caret-up | DOWN caret-down | LEFT caret-left | RIGHT caret-right | ARROW_UP arrow-up | ARROW_DOWN arrow-down
EXPAND arrows-out-simple | COLLAPSE arrows-in-simple | OPEN_EXTERNAL arrow-square-out
FOLDER folder fill | FOLDER_OPEN folder-open fill | FILE file fill | TABLE table fill | DATABASE database fill
IMAGE image fill | IMAGE_BROKEN image-broken | CAMERA camera fill | COPY copy | EXPORT export | DOWNLOAD download-simple
UPLOAD upload-simple | SAVE floppy-disk | DELETE trash fill | RENAME pencil-simple | NOTE note-pencil
TRAIN lightning fill | RUN play-circle fill | PAUSE pause fill | STOP stop fill | JOBS queue | TIMER timer | CLOCK clock
CALENDAR calendar-blank | HISTORY clock-counter-clockwise | SPINNER circle-notch | QUEUED hourglass
DONE check-circle | WARNING warning fill | ERROR warning-circle fill | INFO info fill | HELP question fill
USER user fill | USERS users fill | ITEM package fill | LANE path | GRAPH graph fill | TREE tree-structure
MODEL brain fill | EXPERIMENT flask fill | MAP chart-scatter | CHART_LINE chart-line | CHART_BAR chart-bar fill
CHART_BAR_HORIZONTAL chart-bar-horizontal | EVALUATE ranking | RECALL target fill | COMPARE columns | SHUFFLE shuffle
SURPRISE dice-five fill | DATA_REPORT clipboard-text | LAYOUT layout fill | GRID squares-four fill | LIST rows
STRIP film-strip | SPLIT square-split-horizontal | PANEL_LEFT sidebar-simple fill | PALETTE command | KEYBOARD keyboard
LINK link-simple | SELECTION selection | LASSO lasso | ZOOM_IN magnifying-glass-plus | ZOOM_OUT magnifying-glass-minus
FIT corners-out | CENTRE crosshair-simple | HIDE eye-slash | LOCK lock-simple fill | UNLOCK lock-simple-open
CPU cpu fill | MEMORY memory | DEVICE desktop | SUN sun fill | MOON moon fill | SYSTEM_THEME circle-half | LANGUAGE translate
TEXT_SIZE text-aa | SWAP swap | WINDOW app-window | HOME house fill | DOT circle fill | MAGIC magic-wand
"""
FILL_OFFSET = 0xF0000  # Filled forms stand in the supplementary private-use plane, so that one family can hold both.

# What Inter draws: Latin, Greek, Cyrillic, punctuation, currencies, arrows, mathematics, keys, shapes.
LATIN = [
    (0x20, 0x24F), (0x259, 0x259), (0x2B0, 0x36F), (0x370, 0x3FF), (0x400, 0x52F), (0x1E00, 0x1EFF), (0x2000, 0x206F),
    (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x215F), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2300, 0x23FF),
    (0x25A0, 0x25FF), (0x2600, 0x27BF), (0xFFFD, 0xFFFD),
]


def encoded(codec, rows):
    """The characters that two bytes of an East Asian code stand for, the first byte in `rows`."""
    found = set()
    for pair in (bytes([row, cell]) for row in rows for cell in range(0x40, 0xFF)):
        try:
            text = pair.decode(codec)
        except UnicodeDecodeError:
            continue
        if len(text) == 1:
            found.add(ord(text))
    return found


def cut(font, code_points, target, features, hinting):
    options = Options()
    options.layout_features = features
    options.hinting = hinting
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.name_languages = [0x409]
    options.notdef_outline = True
    options.recalc_bounds = True
    options.drop_tables += ["DSIG", "vhea", "vmtx", "VORG", "BASE"]
    if not features:
        options.drop_tables += ["GSUB", "GPOS", "GDEF"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=code_points)
    subsetter.subset(font)
    font.recalcTimestamp = False
    font.save(target)
    print(f"{target.name}: {len(font.getBestCmap())} characters, {target.stat().st_size / 1000:.0f} kB")


def tabular_digits(font):
    """Makes the equal-width digits the default ones: the window cannot switch `tnum` on."""
    gsub = font["GSUB"].table
    mapping = {}
    for record in gsub.FeatureList.FeatureRecord:
        if record.FeatureTag == "tnum":
            for lookup in record.Feature.LookupListIndex:
                for table in gsub.LookupList.Lookup[lookup].SubTable:
                    table = getattr(table, "ExtSubTable", table)
                    mapping.update(getattr(table, "mapping", {}))
    names = font.getBestCmap()
    swaps = {ord(sign): mapping[names[ord(sign)]] for sign in "0123456789" if names[ord(sign)] in mapping}
    for table in font["cmap"].tables:
        for code_point, name in swaps.items():
            if code_point in table.cmap:
                table.cmap[code_point] = name
    # Some weights are off by up to 3 of 2816 units, which would add up in long columns.
    digits = [font.getBestCmap()[ord(digit)] for digit in "0123456789"]
    widths = [font["hmtx"][digit][0] for digit in digits]
    assert max(widths) - min(widths) <= 8, widths
    for digit in digits:
        font["hmtx"][digit] = (max(widths), font["hmtx"][digit][1])


def main(work, out):
    inter = work / "unpacked/usr/share/fonts/opentype/inter"
    latin = {code_point for first, last in LATIN for code_point in range(first, last + 1)}
    for weight in ["Regular", "Medium", "SemiBold"]:
        font = TTFont(inter / f"Inter-{weight}.otf")
        tabular_digits(font)
        # No contextual alternates or ligatures: an id or a title must show the characters it has.
        cut(font, latin, out / f"Inter-{weight}.otf", ["kern", "mark", "mkmk", "ccmp"], True)

    noto = work / "unpacked/usr/share/fonts/opentype/noto"
    gb_2312 = encoded("gb2312", range(0xA1, 0xF8))
    blocks = [(0x3000, 0x303F), (0x3040, 0x30FF), (0x31F0, 0x31FF), (0x3105, 0x312F), (0xFF00, 0xFFEF)]
    chinese = gb_2312 | {code_point for first, last in blocks for code_point in range(first, last + 1)}
    # Inter draws Latin, Greek and Cyrillic; half-width Hangul is left to the system's fonts.
    elsewhere = set(range(0x250)) | set(range(0x370, 0x530)) | set(range(0xFFA0, 0xFFDD))
    # Titles also come in Japanese and in traditional characters. One weight is enough for those.
    wide = chinese | encoded("euc_jp", range(0xB0, 0xF5)) | encoded("big5", range(0xA4, 0xC7))
    for weight, characters in [("Regular", wide - elsewhere), ("Medium", chinese - elsewhere)]:
        faces = TTCollection(noto / f"NotoSansCJK-{weight}.ttc").fonts
        font = next(face for face in faces if face["name"].getDebugName(1).startswith("Noto Sans CJK SC"))
        cut(font, characters, out / f"NotoSansCJKsc-{weight}.otf", [], False)

    icons = []
    for line in ICONS.strip().splitlines():
        for entry in line.split("|"):
            name, phosphor, *fill = entry.split()
            icons.append((name, phosphor, bool(fill)))
    places = {}
    css = (work / "package/src/regular/style.css").read_text()
    for phosphor, code_point in re.findall(r'\.ph\.ph-([a-z-]+):before \{\s*content: "\\([0-9a-f]+)"', css):
        places[phosphor] = int(code_point, 16)
    regular = {places[phosphor] for _, phosphor, _ in icons}
    filled = {places[phosphor] for _, phosphor, fill in icons if fill}
    cut(TTFont(work / "package/src/regular/Phosphor.ttf"), regular, out / "Phosphor-Regular.ttf", [], False)
    font = TTFont(work / "package/src/fill/Phosphor-Fill.ttf")
    glyphs = font.getBestCmap()
    wide = next(table for table in font["cmap"].tables if table.isUnicode())
    wide = type(wide).newSubtable(12)
    wide.platformID, wide.platEncID, wide.language = 3, 10, 0
    wide.cmap = {FILL_OFFSET + code_point: glyphs[code_point] for code_point in filled}
    font["cmap"].tables = [wide]
    cut(font, set(wide.cmap), out / "Phosphor-Fill.ttf", [], False)

    rust = ["//! The window's icons, as characters of the bundled Phosphor fonts. Written by `assets/fonts/subset.sh`.", ""]
    listed = []
    for name, phosphor, fill in icons:
        rust.append(f'pub const {name}: &str = "\\u{{{places[phosphor]:x}}}";')
        listed.append(name)
        if fill:
            rust.append(f'pub const {name}_FILL: &str = "\\u{{{FILL_OFFSET + places[phosphor]:x}}}";')
            listed.append(f"{name}_FILL")
    rust += ["", "/// Every icon with its name.", "#[rustfmt::skip]", f"pub const ALL: [(&str, &str); {len(listed)}] = ["]
    rust += [f'    ("{name}", {name}),' for name in listed]
    rust += ["];", ""]
    (out / "../../src/ui/icons.rs").write_text("\n".join(rust))
    print(f"icons.rs: {len(listed)} icons")


main(Path(sys.argv[1]), Path(sys.argv[2]))
