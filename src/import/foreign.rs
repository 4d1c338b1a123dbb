//! What a file is that no importer reads, and what to do with it: people save what is at hand, and a name tells nothing.

/// What to do with a file that something has packed that is not unpacked here.
macro_rules! packed {
    ($by:literal) => {
        concat!(
            "this is packed with ",
            $by,
            "; unpack it first: only gzip and zlib are unpacked here (joblib.dump(model, path, compress=3) packs with zlib)"
        )
    };
}

/// How a kind of file begins, and what is said of it.
const BEGINNINGS: [(&[u8], &str); 20] = [
    (b"CONFIG-offset:", BOOSTER_MEMORY),
    (b"{\"Config\":", BOOSTER_MEMORY),
    // In UBJSON a key has its length before it, in eight bytes.
    (b"{L\0\0\0\0\0\0\0\x06Config", BOOSTER_MEMORY),
    (
        b"{\"learner\":{\"generic_param\"",
        "this is a booster's settings (save_config), without its trees; save the model itself: \
        booster.save_model(\"model.ubj\")",
    ),
    (b"booster[0]:", DUMP),
    (b"binf", OLD_BINARY),
    (b"\xfd7zXZ\0", packed!("xz")),
    (b"\x5d\0\0", packed!("lzma")),
    (b"BZh", packed!("bzip2")),
    (b"\x04\x22\x4d\x18", packed!("lz4")),
    (b"\x28\xb5\x2f\xfd", packed!("zstd")),
    (b"ZF", "this is packed as joblib packed before 0.10; load it with the joblib that wrote it, and dump it anew"),
    (
        b"PK\x03\x04",
        "this is a zip file, as PyTorch and Keras write models, of which none is read; of a model in it save that by itself",
    ),
    (b"\x89HDF", "this is an HDF5 file, as Keras writes models of layers: only models of trees are read"),
    (
        b"version https://git-lfs.github.com/",
        "this is a pointer of Git LFS, and the file itself was not fetched: git lfs pull does it",
    ),
    (b"\xff\xfe", UTF_16),
    (b"\xfe\xff", UTF_16),
    (b"PAR1", "this is a Parquet file: rows, and no model"),
    (b"\x93NUMPY", "this is a numpy array: rows, and no model"),
    (b"SQLite format 3\0", "this is a SQLite database, and no model"),
];

const BOOSTER_MEMORY: &str = "this is a booster's memory, as pickles hold it, not a model's file; save the model itself: \
    booster.save_model(\"model.ubj\")";
const OLD_BINARY: &str =
    "this is XGBoost's old binary format; load it with XGBoost 1.0 to 3.0 and save the model again as .json or .ubj";
const DUMP: &str = "this is a dump of the trees for people (dump_model), which has lost what the objective does with them; save \
    the model itself: booster.save_model(\"model.ubj\")";
const UTF_16: &str = "this is text in UTF-16, as PowerShell's > writes it; write it in UTF-8";
const PAGE: &str = "this is a web page, as of a log-in, saved in the place of a file; download the file itself";
const PMML: &str =
    "PMML models are not supported; save the model by its trainer's own means, as in model.save_model(\"model.ubj\")";
const XML: &str = "this is XML, which no supported model is";
pub(super) const TABLE: &str = "this is a table of rows, and no model";

/// What these bytes are, if they are known not to be a model that is read here; `text` is what follows their white space.
pub(super) fn what(bytes: &[u8], text: &[u8]) -> Option<&'static str> {
    let known = BEGINNINGS.iter().find(|(start, _)| bytes.starts_with(start) || text.starts_with(start));
    if let Some((_, what)) = known {
        return Some(what);
    }
    let near = &text[..text.len().min(2000)];
    let has = |word: &[u8]| near.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word));
    Some(match text.first()? {
        b'<' if has(b"<PMML") => PMML,
        b'<' if has(b"<!DOCTYPE html") || has(b"<html") => PAGE,
        b'<' if has(b"<?xml") => XML,
        b'[' if has(b"\"nodeid\"") => DUMP,
        b'0' if text.starts_with(b"0:[") || text.starts_with(b"0:leaf=") => DUMP,
        _ if is_old_binary(bytes) => OLD_BINARY,
        _ if is_table(near) => TABLE,
        _ => return None,
    })
}

/// Whether JSON may be XGBoost's: all else of its kind has been told by its first keys.
pub(super) fn is_no_xgboosts(json: &[u8]) -> bool {
    const KEY: &[u8] = b"\"learner\"";
    !json.windows(KEY.len()).any(|window| window == KEY)
}

/// What is said of other JSON.
pub(super) const OTHER_JSON: &str = "the JSON is no model that is read here: XGBoost's (save_model) has a \"learner\", LightGBM's \
    (dump_model) a \"tree_info\", CatBoost's (format=\"json\") begins with \"ctr_data\", \"features_info\" or \"oblivious_trees\"";

/// Whether these are the bytes of XGBoost's binary files before 1.2, which have no mark: parameters of 136 bytes, then the
/// length of the objective's name, in eight bytes, and the name.
fn is_old_binary(bytes: &[u8]) -> bool {
    const PARAMETERS: usize = 136;
    let name = || {
        let (length, rest) = bytes.get(PARAMETERS..)?.split_first_chunk()?;
        rest.get(..usize::try_from(u64::from_le_bytes(*length)).ok()?)
    };
    let is_objective = |name: &[u8]| name.contains(&b':') && name.iter().all(u8::is_ascii_graphic);
    name().is_some_and(is_objective)
}

/// Whether this is text of which the first two lines have as many commas, semicolons or tabs.
fn is_table(near: &[u8]) -> bool {
    let text = match std::str::from_utf8(near) {
        Ok(text) => text,
        // Cut within a character.
        Err(error) => std::str::from_utf8(&near[..error.valid_up_to()]).unwrap_or(""),
    };
    let mut lines = text.lines();
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else { return false };
    let is_cell_end =
        |sign: &char| first.contains(*sign) && first.matches(*sign).count() == second.matches(*sign).count();
    !first.starts_with(['{', '[']) && [',', ';', '\t'].iter().any(is_cell_end)
}
