//! The fonts that are built in; what they lack comes from the system's fonts. See `assets/fonts/README.md`.

use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily, FontTweak};

/// Medium weight: titles of panels, the selected row.
pub fn medium() -> FontFamily {
    FontFamily::Name("medium".into())
}

/// Semi-bold weight: titles of views, the figure that counts.
pub fn semibold() -> FontFamily {
    FontFamily::Name("semibold".into())
}

/// Inter, then Chinese and kana, then the icons, for every family; Hack leads the monospaced one.
pub fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    fonts.font_data.remove("Ubuntu-Light");
    // Icons are centred on their square; lowered, they are centred on the capitals beside them.
    let icon = FontTweak { y_offset_factor: 0.05, ..FontTweak::default() };
    let files: [(&str, &'static [u8], FontTweak); 7] = [
        ("inter", include_bytes!("../../assets/fonts/Inter-Regular.otf"), FontTweak::default()),
        ("inter-medium", include_bytes!("../../assets/fonts/Inter-Medium.otf"), FontTweak::default()),
        ("inter-semibold", include_bytes!("../../assets/fonts/Inter-SemiBold.otf"), FontTweak::default()),
        ("chinese", include_bytes!("../../assets/fonts/NotoSansCJKsc-Regular.otf"), FontTweak::default()),
        ("chinese-medium", include_bytes!("../../assets/fonts/NotoSansCJKsc-Medium.otf"), FontTweak::default()),
        ("icons", include_bytes!("../../assets/fonts/Phosphor-Regular.ttf"), icon.clone()),
        ("icons-fill", include_bytes!("../../assets/fonts/Phosphor-Fill.ttf"), icon),
    ];
    for (name, bytes, tweak) in files {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes).tweak(tweak)));
    }
    let families: [(FontFamily, &[&str]); 4] = [
        (FontFamily::Proportional, &["inter", "chinese"]),
        (FontFamily::Monospace, &["Hack", "inter", "chinese"]),
        (medium(), &["inter-medium", "chinese-medium", "chinese"]),
        (semibold(), &["inter-semibold", "chinese-medium", "chinese"]),
    ];
    for (family, names) in families {
        // egui's own widgets draw a few signs of `egui-icons`.
        let names = names.iter().chain(&["icons", "icons-fill", "egui-icons"]);
        fonts.families.insert(family, names.map(|&name| name.to_owned()).collect());
    }
    fonts
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use egui::{FontId, RichText};

    use super::*;
    use crate::ui::icons;

    fn context() -> egui::Context {
        let ctx = egui::Context::default();
        ctx.set_fonts(definitions());
        let _ = ctx.run_ui(egui::RawInput::default(), |_| {});
        ctx
    }

    fn families() -> [FontFamily; 4] {
        [FontFamily::Proportional, FontFamily::Monospace, medium(), semibold()]
    }

    #[test]
    fn every_family_draws_every_script_and_icon() {
        let ctx = context();
        let text = "Recall 0.123 × − ± ≥ → ⌘ é ß Ω Ж 召回用户点击喜欢评论收藏发布 カタカナひらがな 東京桜國 “”…—·，。：（）《》「」￥";
        for family in families() {
            let font = FontId::new(14.0, family);
            ctx.fonts_mut(|fonts| {
                for sign in text.chars() {
                    assert!(fonts.has_glyph(&font, sign), "{sign} in {font:?}");
                }
                for (name, icon) in icons::ALL {
                    assert!(fonts.has_glyphs(&font, icon), "{name} in {font:?}");
                }
                assert!(!fonts.has_glyph(&font, '\u{10fffd}'));
            });
        }
    }

    #[test]
    fn digits_are_equally_wide() {
        let ctx = context();
        for family in families() {
            let font = FontId::new(13.0, family);
            let widths: Vec<f32> =
                ctx.fonts_mut(|fonts| ('0'..='9').map(|digit| fonts.glyph_width(&font, digit)).collect());
            assert!(widths.iter().all(|width| *width > 5.0 && *width == widths[0]), "{font:?}: {widths:?}");
        }
    }

    #[test]
    fn a_row_is_as_high_with_chinese_as_without() {
        let ctx = context();
        let height = |text: &str| {
            ctx.fonts_mut(|fonts| {
                fonts.layout_no_wrap(text.to_owned(), FontId::proportional(14.0), egui::Color32::WHITE).size().y
            })
        };
        assert_eq!(height("Recall"), height("召回 Recall"));
        assert_eq!(height("Recall"), height(&format!("{} Recall", icons::CLICK)));
    }

    /// A page to look at: `cargo test --release --lib fonts -- --ignored`, then target/fonts.png.
    #[test]
    #[ignore = "writes a picture to look at"]
    fn specimen() {
        let mut harness = egui_kittest::Harness::builder().with_size([1_000.0, 900.0]).with_pixels_per_point(2.0).wgpu().build_ui(
            |ui| {
                ui.ctx().set_fonts(definitions());
                if ui.ctx().cumulative_pass_nr() < 2 {
                    return;
                }
                for family in families() {
                    for size in [12.0, 14.0, 20.0] {
                        let line = format!("{} Recalled 1,234,567.89 — 召回用户点击喜欢 {} カタカナ ひらがな 東京桜 Ωμέγα Жизнь (0.1111) 3x4 -> ", icons::CLICK, icons::FAVORITE_FILL);
                        ui.label(RichText::new(line).font(FontId::new(size, family.clone())));
                    }
                }
                ui.separator();
                ui.horizontal_wrapped(|ui| {
                    for (_, icon) in icons::ALL {
                        ui.label(RichText::new(icon).size(22.0));
                    }
                });
                ui.separator();
                ui.horizontal_wrapped(|ui| {
                    for (name, icon) in icons::ALL.iter().take(60) {
                        let _ = ui.button(format!("{icon} {name}"));
                    }
                });
            },
        );
        harness.run_steps(4);
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/target");
        std::fs::create_dir_all(folder).unwrap();
        harness.render().unwrap().save(format!("{folder}/fonts.png")).unwrap();
    }
}
