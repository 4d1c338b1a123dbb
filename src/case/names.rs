//! What follows from names: what people read, and what programs call a case.

/// What people read of a name that programs use: `times_pregnant` is “Times pregnant”. Names that are written for people stay as they
/// are: `MedInc`, `LSTAT`, `f0`, `Sepal length (cm)`.
pub fn label_of(name: &str) -> String {
    let name = name.trim();
    let characters: Vec<char> = name.chars().collect();
    let is_numbered = matches!(characters[..], [first, ref rest @ ..] if first.is_ascii_lowercase() && !rest.is_empty()
        && rest.iter().all(char::is_ascii_digit));
    if is_numbered {
        return name.to_owned();
    }
    let mut out = String::with_capacity(name.len());
    let begins_lower = characters.first().is_some_and(|first| first.is_lowercase());
    for (index, &character) in characters.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| characters[before]);
        let after = characters.get(index + 1).copied();
        let is_between_letters = before.is_some_and(char::is_alphabetic) && after.is_some_and(char::is_alphabetic);
        // `houseAge`: a word begins with a capital after a small letter, unless more capitals follow.
        let begins_word = begins_lower
            && character.is_uppercase()
            && before.is_some_and(char::is_lowercase)
            && after.is_some_and(char::is_lowercase);
        if character == '_' || character == '-' && is_between_letters {
            out.push(' ');
        } else if begins_word {
            out.push(' ');
            out.extend(character.to_lowercase());
        } else {
            out.push(character);
        }
    }
    let words: Vec<&str> = out.split_whitespace().collect();
    let text = words.join(" ");
    let is_shouted =
        words.len() > 1 && !text.chars().any(char::is_lowercase) && words.iter().any(|word| word.len() > 4);
    let text = if is_shouted { text.to_lowercase() } else { text };
    let mut characters = text.chars();
    match characters.next() {
        None => name.to_owned(),
        Some(first) => first.to_uppercase().chain(characters).collect(),
    }
}

/// The longest name that npm gives a package.
const LONGEST_NAME: usize = 214;

/// Whether npm takes it for a package's name.
pub(crate) fn is_package_name(name: &str) -> bool {
    let is_part = |part: &str| {
        let rest = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-._~".contains(&byte);
        part.bytes().all(rest) && part.starts_with(|first: char| first != '.' && first != '_')
    };
    let parts = match name.strip_prefix('@') {
        Some(scoped) => scoped.split_once('/'),
        None => Some(("scope", name)),
    };
    const TAKEN: [&str; 2] = ["node_modules", "favicon.ico"];
    name.len() <= LONGEST_NAME
        && !TAKEN.contains(&name)
        && parts.is_some_and(|(scope, own)| is_part(scope) && is_part(own))
}

/// The name of a package that is most like a text: `Diabetes risk.ubj` → `diabetes-risk.ubj`. `model` where nothing is left.
pub(crate) fn package_name(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars().flat_map(char::to_lowercase) {
        let is_kept =
            character.is_ascii_lowercase() || character.is_ascii_digit() || matches!(character, '.' | '_' | '~');
        if is_kept {
            out.push(character);
        } else if !out.ends_with('-') {
            out.push('-');
        }
    }
    let name: String = out.trim_matches(|character| "-._".contains(character)).chars().take(100).collect();
    let name = name.trim_end_matches(['-', '.', '_']).to_owned();
    if is_package_name(&name) { name } else { String::from("model") }
}

/// Whether a text is a version as npm has them.
pub(crate) fn is_version(text: &str) -> bool {
    let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    let (numbers, pre) = text.split_once('-').map_or((text, None), |(numbers, pre)| (numbers, Some(pre)));
    let is_identifier =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let is_number = |part: &str| {
        !part.is_empty()
            && part.len() < 16
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'))
    };
    let numbers: Vec<&str> = numbers.split('.').collect();
    let is_pre =
        |part: &str| is_identifier(part) && (is_number(part) || part.bytes().any(|byte| !byte.is_ascii_digit()));
    numbers.len() == 3
        && numbers.iter().all(|part| is_number(part))
        && pre.is_none_or(|pre| pre.split('.').all(is_pre))
        && build.is_none_or(|build| build.split('.').all(is_identifier))
        && text.len() <= 100
}

/// Whether a text has the form of a BCP 47 code: `en`, `pt-BR`, `zh-Hans-CN`.
pub(crate) fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_lowercase())
        && text.len() <= 35
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_what_people_expect() {
        for (name, label) in [
            ("times_pregnant", "Times pregnant"),
            ("age", "Age"),
            ("MedInc", "MedInc"),
            ("LSTAT", "LSTAT"),
            ("CUSTOMER_AGE", "Customer age"),
            ("LDL_MAX", "LDL MAX"),
            ("houseAge", "House age"),
            ("fbcSNP", "FbcSNP"),
            ("blood-pressure", "Blood pressure"),
            ("lag-1", "Lag-1"),
            ("f0", "f0"),
            ("x12", "x12"),
            ("sepal length (cm)", "Sepal length (cm)"),
            ("serum_LDL", "Serum LDL"),
            ("_", "_"),
            ("__x__", "X"),
            ("年龄", "年龄"),
            ("🌡️_temp", "🌡️ temp"),
            ("élan_vital", "Élan vital"),
        ] {
            assert_eq!(label_of(name), label, "{name}");
        }
    }

    #[test]
    fn package_names_are_npms() {
        for name in ["risk", "@clinic/risk", "a.b-c_d", "0"] {
            assert!(is_package_name(name), "{name}");
        }
        for name in ["", "Risk", "@clinic", "@/risk", "a b", ".a", "_a", "a/b", "node_modules", "é", "../x", "a\""] {
            assert!(!is_package_name(name), "{name}");
        }
        assert_eq!(package_name("Diabetes risk"), "diabetes-risk");
        assert_eq!(package_name("年龄"), "model");
        assert_eq!(package_name("model.v2"), "model.v2");
        assert_eq!(package_name(&"x".repeat(10_000)).len(), 100);
    }

    #[test]
    fn versions_and_languages_have_their_forms() {
        for version in ["1.0.0", "0.1.2-beta.1", "1.2.3+5"] {
            assert!(is_version(version), "{version}");
        }
        for version in ["", "1", "1.0", "01.0.0", "1.0.0-", "1.0.0-01", "v1.0.0", "1.0.0 "] {
            assert!(!is_version(version), "{version}");
        }
        for code in ["en", "pt-BR", "zh-Hans-CN", "haw"] {
            assert!(is_language(code), "{code}");
        }
        for code in ["", "e", "EN", "english", "en_US", "en-", "en-\"", "../en"] {
            assert!(!is_language(code), "{code}");
        }
    }
}
