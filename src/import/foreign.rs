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

/// A kind of file that is known and read by no importer.
#[derive(Clone, Copy)]
pub(crate) struct Foreign {
    /// A stable name, by which the studio has words for it: `foreign_packed`.
    #[cfg(feature = "seal")]
    pub(crate) reason: &'static str,
    /// What people call the format, where the words are of several: `xz`.
    #[cfg(feature = "seal")]
    pub(crate) format: &'static str,
    /// What is said of it.
    pub(crate) what: &'static str,
}

macro_rules! foreign {
    ($kind:literal, $what:expr) => {
        foreign!($kind, "", $what)
    };
    ($kind:literal, $format:literal, $what:expr) => {
        Foreign {
            #[cfg(feature = "seal")]
            reason: concat!("foreign_", $kind),
            #[cfg(feature = "seal")]
            format: $format,
            what: $what,
        }
    };
}

/// Files of rows, documents and pictures: what they are is all that there is to say.
macro_rules! no_model {
    ($kind:literal, $format:literal, $what:literal) => {
        foreign!($kind, $format, concat!("this is ", $what, ", and no model"))
    };
}

macro_rules! packed_by {
    ($by:literal) => {
        foreign!("packed", $by, packed!($by))
    };
}

/// How a kind of file begins, and what it is.
const BEGINNINGS: [(&[u8], Foreign); 30] = [
    (b"CONFIG-offset:", BOOSTER_MEMORY),
    (b"{\"Config\":", BOOSTER_MEMORY),
    // In UBJSON a key has its length before it, in eight bytes.
    (b"{L\0\0\0\0\0\0\0\x06Config", BOOSTER_MEMORY),
    (
        b"{\"learner\":{\"generic_param\"",
        foreign!(
            "settings",
            "this is a booster's settings (save_config), without its trees; save the model itself: \
            booster.save_model(\"model.ubj\")"
        ),
    ),
    (b"booster[0]:", DUMP),
    (b"binf", OLD_BINARY),
    (b"\xfd7zXZ\0", packed_by!("xz")),
    (b"\x5d\0\0", packed_by!("lzma")),
    (b"BZh", packed_by!("bzip2")),
    (b"\x04\x22\x4d\x18", packed_by!("lz4")),
    (b"\x28\xb5\x2f\xfd", packed_by!("zstd")),
    (b"7z\xbc\xaf\x27\x1c", packed_by!("7-Zip")),
    (b"Rar!\x1a\x07", packed_by!("RAR")),
    (
        b"ZF",
        foreign!(
            "joblib",
            "this is packed as joblib packed before 0.10; load it with the joblib that wrote it, and dump it anew"
        ),
    ),
    (
        b"\x89HDF",
        foreign!(
            "layers",
            "HDF5",
            "this is an HDF5 file, as Keras writes models of layers: only models of trees are read"
        ),
    ),
    (
        b"version https://git-lfs.github.com/",
        foreign!("pointer", "this is a pointer of Git LFS, and the file itself was not fetched: git lfs pull does it"),
    ),
    (b"\xff\xfe", UTF_16),
    (b"\xfe\xff", UTF_16),
    (b"PAR1", foreign!("columns", "Parquet", "this is a Parquet file: rows, and no model")),
    (b"ARROW1", foreign!("columns", "Arrow", "this is an Arrow file: rows, and no model")),
    (b"\x93NUMPY", foreign!("columns", "numpy", "this is a numpy array: rows, and no model")),
    (b"SQLite format 3\0", no_model!("columns", "SQLite", "a SQLite database")),
    (b"\xd0\xcf\x11\xe0", no_model!("workbook", "", "a workbook (.xls) or another file of Office")),
    (b"%PDF-", no_model!("document", "PDF", "a PDF")),
    (b"{\\rtf", no_model!("document", "RTF", "a text document (RTF)")),
    (b"\x89PNG", no_model!("picture", "PNG", "a picture (PNG)")),
    (b"\xff\xd8\xff", no_model!("picture", "JPEG", "a picture (JPEG)")),
    (b"GIF8", no_model!("picture", "GIF", "a picture (GIF)")),
    (b"RIFF", no_model!("picture", "RIFF", "a picture or a sound (RIFF)")),
    (b"II*\0", no_model!("picture", "TIFF", "a picture (TIFF)")),
];

/// What a zip file is by the names of the files in it; the last of any other.
const ZIPS: [(&[u8], Foreign); 6] = [
    (b"xl/", no_model!("workbook", "", "a workbook")),
    (b"opendocument.spreadsheet", no_model!("workbook", "", "a workbook")),
    (b"word/", no_model!("document", "Word", "a text document (Word)")),
    (b"ppt/", no_model!("document", "PowerPoint", "a PowerPoint file")),
    (b"opendocument.", no_model!("document", "OpenDocument", "an OpenDocument file")),
    (
        b"",
        foreign!(
            "zip",
            "this is a zip file, as PyTorch and Keras write models, of which none is read; of a model in it save that by itself"
        ),
    ),
];

const BOOSTER_MEMORY: Foreign = foreign!(
    "memory",
    "this is a booster's memory, as pickles hold it, not a model's file; save the model itself: \
    booster.save_model(\"model.ubj\")"
);
const OLD_BINARY: Foreign = foreign!(
    "old_binary",
    "this is XGBoost's old binary format; load it with XGBoost 1.0 to 3.0 and save the model again as .json or .ubj"
);
const DUMP: Foreign = foreign!(
    "dump",
    "this is a dump of the trees for people (dump_model), which has lost what the objective does with them; save \
    the model itself: booster.save_model(\"model.ubj\")"
);
const UTF_16: Foreign = foreign!("utf_16", "this is text in UTF-16, as PowerShell's > writes it; write it in UTF-8");
const TAR: Foreign = packed_by!("tar");
const PAGE: Foreign =
    foreign!("page", "this is a web page, as of a log-in, saved in the place of a file; download the file itself");
const PMML: Foreign = foreign!(
    "pmml",
    "PMML models are not supported; save the model by its trainer's own means, as in model.save_model(\"model.ubj\")"
);
const XML: Foreign = foreign!("xml", "this is XML, which no supported model is");
const TABLE: Foreign = foreign!("table", "this is a table of rows, and no model");

/// What these bytes are, if they are known not to be a model that is read here; `text` is what follows their white space.
pub(super) fn what(bytes: &[u8], text: &[u8]) -> Option<Foreign> {
    /// Where the names of a zip's first files are; and where tar has its mark.
    const NAMES: usize = 8000;
    const TAR_MARK: usize = 257;
    let known = BEGINNINGS.iter().find(|(start, _)| bytes.starts_with(start) || text.starts_with(start));
    if let Some((_, what)) = known {
        return Some(*what);
    }
    let has = |near: &[u8], word: &[u8]| near.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word));
    if bytes.starts_with(b"PK\x03\x04") {
        let near = &bytes[..bytes.len().min(NAMES)];
        return ZIPS.iter().find(|(name, _)| name.is_empty() || has(near, name)).map(|(_, what)| *what);
    }
    let near = &text[..text.len().min(2000)];
    let has = |word: &[u8]| has(near, word);
    Some(match text.first()? {
        b'<' if has(b"<PMML") => PMML,
        b'<' if has(b"<!DOCTYPE html") || has(b"<html") => PAGE,
        b'<' if has(b"<?xml") => XML,
        b'[' if has(b"\"nodeid\"") => DUMP,
        b'0' if text.starts_with(b"0:[") || text.starts_with(b"0:leaf=") => DUMP,
        _ if bytes.get(TAR_MARK..).is_some_and(|rest| rest.starts_with(b"ustar")) => TAR,
        _ if is_old_binary(bytes) => OLD_BINARY,
        _ if is_table(near) => TABLE,
        _ => return None,
    })
}

#[cfg(feature = "seal")]
impl Foreign {
    /// Whether a file of this kind that begins so is no file of rows either. Some kinds begin as a line of names may: those have bytes that no
    /// text has.
    pub(crate) fn is_no_rows(&self, start: &[u8]) -> bool {
        let is_text = || {
            !start.contains(&0) && std::str::from_utf8(start).map_or_else(|error| error.error_len().is_none(), |_| true)
        };
        match self.reason {
            "foreign_page" | "foreign_document" | "foreign_pointer" => true,
            "foreign_packed" | "foreign_joblib" | "foreign_layers" | "foreign_columns" | "foreign_picture" => {
                !is_text()
            }
            _ => false,
        }
    }
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
