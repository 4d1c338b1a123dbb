//! The case's colour on the page's grounds: a little lighter or darker where it could not be read there.

use crate::case::colour;

type Rgb = [f64; 3];

/// What WCAG asks of text.
const LEAST: f64 = 4.5;
/// `--ground` and `--surface` of `www/app/base.css`, and the ink that a test finds there.
const LIGHT: [&str; 2] = ["#f4f5f0", "#ffffff"];
const DARK: [&str; 2] = ["#101512", "#171e1a"];
const DARK_INK: &str = "#0c1f15";

/// The style that gives the page this colour; none if it is no colour.
pub(super) fn style(accent: &str) -> Option<String> {
    let own = rgb(accent)?;
    let light = of_theme(own, LIGHT, [0.0; 3], 0.14)?;
    let dark = of_theme(own, DARK, [1.0; 3], 0.18)?;
    // More specific than the page's own, wherever it stands.
    Some(format!(
        ":root:root{{{light}}}@media (prefers-color-scheme:dark){{:root:root:not([data-theme=\"light\"]){{{dark}}}}}\
         :root:root:root[data-theme=\"dark\"]{{{dark}}}"
    ))
}

/// The colour's variables in a theme of these grounds; it is mixed with `end` until it can be read.
fn of_theme(own: Rgb, grounds: [&str; 2], end: Rgb, softness: f64) -> Option<String> {
    let grounds = [rgb(grounds[0])?, rgb(grounds[1])?];
    const STEPS: u32 = 100;
    let readable =
        (0..=STEPS).map(|step| mixed(own, end, f64::from(step) / f64::from(STEPS))).map(written).find(|colour| {
            let soft = written(mixed(grounds[1], *colour, softness));
            grounds.iter().chain([&soft]).all(|ground| contrast(*colour, *ground) >= LEAST)
        })?;
    let soft = mixed(grounds[1], readable, softness);
    let inks = [[1.0; 3], rgb(DARK_INK)?, [0.0; 3]];
    let ink = inks.into_iter().find(|ink| contrast(*ink, readable) >= LEAST)?;
    Some(format!("--accent:{};--accent-ink:{};--accent-soft:{}", text(readable), text(ink), text(soft)))
}

fn rgb(text: &str) -> Option<Rgb> {
    colour(text).map(|parts| parts.map(|part| f64::from(part) / 255.0))
}

/// The colour that is written for it.
fn written(colour: Rgb) -> Rgb {
    colour.map(|part| (part * 255.0).round() / 255.0)
}

fn text(colour: Rgb) -> String {
    let [red, green, blue] = colour.map(|part| (part * 255.0).round() as u8);
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// A part of the way from one to another.
fn mixed(from: Rgb, to: Rgb, part: f64) -> Rgb {
    [0, 1, 2].map(|index| from[index] + (to[index] - from[index]) * part)
}

/// WCAG's relative luminance. A table's worth of powers, by multiplication alone: the same bits on every machine.
fn luminance(colour: Rgb) -> f64 {
    let linear = colour.map(|part| {
        if part <= 0.04045 {
            return part / 12.92;
        }
        let base = (part + 0.055) / 1.055;
        // To the power of 2.4: the square, times the fifth root of the square.
        let square = base * base;
        let root = (0..60).fold(1.0_f64, |root, _| root - (root - square / (root * root * root * root)) / 5.0);
        square * root
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

fn contrast(one: Rgb, other: Rgb) -> f64 {
    let [one, other] = [one, other].map(luminance);
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrasts_are_wcags() {
        let of = |one: &str, other: &str| contrast(rgb(one).expect("a colour"), rgb(other).expect("a colour"));
        for (one, other, expected) in
            [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.478), ("#17603f", "#f4f5f0", 6.891)]
        {
            assert!((of(one, other) - expected).abs() < 0.01, "{one} {other} {}", of(one, other));
        }
    }

    #[test]
    fn every_colour_can_be_read_in_both_themes() {
        for accent in
            ["#17603f", "#ffcc00", "#000000", "#ffffff", "#ff0000", "#0000ff", "#00ff00", "#808080", "#7f7f00"]
        {
            let style = style(accent).expect("a style");
            let of = |variable: &str, place: usize| {
                let found = style.match_indices(variable).nth(place).map(|(at, _)| &style[at + variable.len()..][..7]);
                rgb(found.expect("a colour")).expect("a colour")
            };
            for (place, grounds) in [(0, LIGHT), (1, DARK)] {
                let (colour, ink, soft) =
                    (of("--accent:", place), of("--accent-ink:", place), of("--accent-soft:", place));
                for ground in grounds.map(|ground| rgb(ground).expect("a colour")).into_iter().chain([soft, ink]) {
                    assert!(contrast(colour, ground) >= LEAST, "{accent} {style}");
                }
            }
        }
        assert!(style("#17603f").expect("a style").contains("--accent:#17603f"), "what can be read is left");
        assert_eq!(style("red"), None);
    }

    #[test]
    fn the_grounds_are_the_pages() {
        let css = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/www/app/base.css"))
            .expect("the page's style");
        for (variable, colours) in [("--ground", [LIGHT[0], DARK[0]]), ("--surface", [LIGHT[1], DARK[1]])] {
            for colour in colours {
                assert!(css.contains(&format!("{variable}: {colour};")), "{variable} {colour}");
            }
        }
        assert!(css.contains(&format!("--accent-ink: {DARK_INK};")));
    }
}
