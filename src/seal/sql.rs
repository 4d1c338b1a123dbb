//! What ClickHouse is told of a module for databases (`udf/`): SQL that takes it in, and makes functions of it.
//!
//! Functions of WebAssembly are experimental there, and take no NULL and no other type than they say; so each comes with one of SQL's that
//! turns NULL into "not measured" and casts.

use super::Sealed;

impl Sealed {
    /// The statements for a module whose file is called `module`.
    pub fn sql(&self, module: &str) -> String {
        let case = &self.case;
        let name: String = {
            let short = case.name().rsplit('/').next().unwrap_or_default();
            short.chars().map(|sign| if sign.is_ascii_alphanumeric() { sign } else { '_' }).collect()
        };
        let model = &case.model;
        let features: Vec<String> = model.schema().features().iter().map(|feature| quoted(&feature.name)).collect();
        let value = if model.forest().dialect().wide().is_empty() { "Float32" } else { "Float64" };
        let number = if model.forest().precision() == crate::Precision::Double { "Float64" } else { "Float32" };
        let arguments: Vec<String> = features.iter().map(|feature| format!("{feature} {value}")).collect();
        let cast: Vec<String> = features.iter().map(|feature| format!("to{value}(ifNull({feature}, nan))")).collect();
        let functions = [
            ("", "wardian_predict", model.prediction_count()),
            ("_margin", "wardian_margin", model.forest().output_count()),
        ];
        let mut sql = format!(
            "-- {title}, in ClickHouse: functions `{name}` and `{name}_margin` of {count} columns.\n\
             -- Functions of WebAssembly are experimental there. The server's configuration allows them:\n\
             --   <allow_experimental_webassembly_udf>true</allow_experimental_webassembly_udf>\n\
             --   <webassembly_udf_engine>wasmtime</webassembly_udf_engine>\n\
             -- {module} lies in the server's user_files.\n\
             INSERT INTO system.webassembly_modules (name, code) SELECT 'wardian_{name}', code FROM file({file}, 'RawBLOB', 'code String');\n",
            title = case.title().replace(['\n', '\r'], " "),
            count = features.len(),
            file = text(module),
        );
        for (ending, export, count) in functions {
            let given = if count == 1 { number.to_owned() } else { format!("Array({number})") };
            sql += &format!(
                "\nCREATE FUNCTION `{name}{ending}_wasm` LANGUAGE WASM ABI BUFFERED_V1 FROM 'wardian_{name}' :: '{export}'\n    \
                 ARGUMENTS ({arguments}) RETURNS {given}\n    DETERMINISTIC SETTINGS serialization_format = 'RowBinary';\n\
                 CREATE FUNCTION `{name}{ending}` AS ({features}) ->\n    `{name}{ending}_wasm`({cast});\n",
                arguments = arguments.join(", "),
                features = features.join(", "),
                cast = cast.join(", "),
            );
        }
        sql += &format!(
            "\n-- SELECT `{name}`({features}) FROM rows SETTINGS webassembly_udf_max_fuel = 0, webassembly_udf_max_input_block_size = 8192\n",
            features = features.join(", ")
        );
        sql
    }
}

/// A name, as ClickHouse has it.
fn quoted(name: &str) -> String {
    format!("`{}`", escaped(name, '`'))
}

/// A text.
fn text(said: &str) -> String {
    format!("'{}'", escaped(said, '\''))
}

fn escaped(said: &str, quote: char) -> String {
    let mut out = String::new();
    for sign in said.chars() {
        match sign {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\\' => out.push_str("\\\\"),
            sign if sign == quote => out.extend(['\\', sign]),
            sign => out.push(sign),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_within_their_quotes() {
        assert_eq!(quoted("a`; DROP TABLE b\\"), "`a\\`; DROP TABLE b\\\\`");
        assert_eq!(text("it's\n"), "'it\\'s\\n'");
    }
}
