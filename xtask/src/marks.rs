//! Places in documents that commands write: what stands between two comments that no reader sees.
//!
//! Within a line that is `<!-- KIND: NAME -->12.4 KB<!-- / -->`; whole lines stand between `<!-- NAME -->` and `<!-- /NAME -->`.

use anyhow::{Context, Result, ensure};

const CLOSES: &str = "<!-- / -->";

fn opens(kind: &str) -> String {
    format!("<!-- {kind}: ")
}

/// The places of a kind: what each is called, and what stands there.
pub(crate) fn marked(text: &str, kind: &str) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    rewritten(text, kind, |name, said| {
        found.push((name.to_owned(), said.to_owned()));
        Ok(None)
    })?;
    Ok(found)
}

/// What stands at the place of this name.
pub(crate) fn said(text: &str, kind: &str, name: &str) -> Result<String> {
    let mut all = marked(text, kind)?.into_iter();
    all.find(|(other, _)| other == name)
        .map(|(_, said)| said)
        .with_context(|| format!("nothing is marked {kind}: {name}"))
}

/// The document with what is now to stand at the places of a kind; where that is nothing, what stands there stays.
pub(crate) fn rewritten(
    text: &str,
    kind: &str,
    mut now: impl FnMut(&str, &str) -> Result<Option<String>>,
) -> Result<String> {
    let opens = opens(kind);
    let mut parts = text.split(&opens);
    let mut written = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once(" -->").with_context(|| format!("{opens} has no end"))?;
        let (said, rest) = rest.split_once(CLOSES).with_context(|| format!("{name} has no {CLOSES} after it"))?;
        ensure!(!said.contains('\n'), "{name} has no {CLOSES} on its line");
        let now = now(name, said)?;
        written.extend([&opens, name, " -->", now.as_deref().unwrap_or(said), CLOSES, rest]);
    }
    Ok(written)
}

/// The document without what stands at the places of a kind.
#[cfg(test)]
pub(crate) fn bare(text: &str, kind: &str) -> Result<String> {
    let empty = rewritten(text, kind, |_, _| Ok(Some(String::new())))?;
    let names = marked(text, kind)?;
    Ok(names.iter().fold(empty, |text, (name, _)| text.replace(&format!("{}{name} -->{CLOSES}", opens(kind)), "")))
}

/// The document with other lines at a place.
pub(crate) fn with_lines(text: &str, name: &str, lines: &[String]) -> Result<String> {
    let (opens, closes) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = text.split_once(&opens).with_context(|| format!("there is no {}", opens.trim()))?;
    let (_, after) = rest.split_once(&closes).with_context(|| format!("there is no {closes}"))?;
    Ok(format!("{before}{opens}{}\n{closes}{after}", lines.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_comments_is_changed_and_nothing_else() {
        let text =
            "a <!-- seen: roads -->old<!-- / --> b <!-- figure: KB -->1<!-- / -->, <!-- seen: seal --><!-- / -->.";
        let now = |name: &str, _: &str| Ok((name == "roads").then(|| "new".to_owned()));
        assert_eq!(rewritten(text, "seen", now).expect("written"), text.replace("old", "new"));
        assert_eq!(bare(text, "seen").expect("bare"), "a  b <!-- figure: KB -->1<!-- / -->, .");
        assert_eq!(said(text, "seen", "roads").expect("said"), "old");
        said(text, "seen", "KB").expect_err("another kind");
        for wrong in ["<!-- seen: roads ", "<!-- seen: roads -->1", "<!-- seen: roads -->1\n<!-- / -->"] {
            marked(wrong, "seen").expect_err(wrong);
        }
    }

    #[test]
    fn lines_are_put_between_their_comments() {
        let table = ["| a |".to_owned(), "|---|".to_owned(), "| 1 |".to_owned()];
        let text = "x\n<!-- spark -->\n| old |\n<!-- /spark -->\ny";
        assert_eq!(
            with_lines(text, "spark", &table).expect("written"),
            "x\n<!-- spark -->\n| a |\n|---|\n| 1 |\n<!-- /spark -->\ny"
        );
        with_lines(text, "python", &table).expect_err("another name");
    }
}
