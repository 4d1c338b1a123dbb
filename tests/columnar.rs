//! The binary, given files of rows whose columns have types, and asked for such files.

mod binary;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type, Int32Type};
use arrow_array::*;
use arrow_buffer::ArrowNativeType;
use arrow_cast::cast;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use binary::{stderr, stdout, wardian};

const DATA: &str = "models/diabetes/pima-indians-diabetes.csv";

/// What a refusal says last.
fn refusal(arguments: &[&str]) -> String {
    let output = wardian(arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", stderr(&output));
    stderr(&output).lines().last().unwrap_or("").to_owned()
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of this machine")
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let fields: Vec<Field> =
        columns.iter().map(|(name, column)| Field::new(*name, column.data_type().clone(), true)).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns.into_iter().map(|(_, column)| column).collect())
        .expect("a batch")
}

fn write_parquet(path: &Path, batch: &RecordBatch, compression: Compression) {
    // Some row groups, and pages that do not end with them.
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_max_row_group_row_count(Some(300))
        .set_data_page_row_count_limit(70)
        .build();
    let file = File::create(path).expect("a file");
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).expect("a writer");
    writer.write(batch).expect("written");
    writer.close().expect("closed");
}

fn write_arrow(path: &Path, batch: &RecordBatch, packed: Option<arrow_ipc::CompressionType>) {
    let options = IpcWriteOptions::default().try_with_compression(packed).expect("options");
    let file = File::create(path).expect("a file");
    let mut writer = FileWriter::try_new_with_options(file, &batch.schema(), options).expect("a writer");
    for start in (0..batch.num_rows()).step_by(250) {
        writer.write(&batch.slice(start, 250.min(batch.num_rows() - start))).expect("written");
    }
    writer.finish().expect("finished");
}

fn write_stream(path: &Path, batch: &RecordBatch) {
    let mut writer = StreamWriter::try_new(File::create(path).expect("a file"), &batch.schema()).expect("a writer");
    writer.write(batch).expect("written");
    writer.finish().expect("finished");
}

/// The shipped model's data: whole numbers, and numbers with a fraction.
fn people() -> RecordBatch {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(DATA)).expect("the data");
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().expect("names").split(',').collect();
    let rows: Vec<Vec<f64>> =
        lines.map(|line| line.split(',').map(|cell| cell.parse().expect("a number")).collect()).collect();
    let column = |place: usize| -> ArrayRef {
        let values = Float64Array::from_iter_values(rows.iter().map(|row| row[place]));
        let whole = values.iter().flatten().all(|value| value.trunc() == value);
        cast(&values, if whole { &DataType::Int64 } else { &DataType::Float64 }).expect("cast")
    };
    batch(names.iter().enumerate().map(|(place, name)| (*name, column(place))).collect())
}

/// The same, its columns of other types.
fn people_as(kind: impl Fn(&DataType) -> DataType) -> RecordBatch {
    let people = people();
    let schema = people.schema();
    let columns = schema.fields().iter().zip(people.columns());
    batch(
        columns
            .map(|(field, column)| (field.name().as_str(), cast(column, &kind(column.data_type())).expect("cast")))
            .collect(),
    )
}

#[test]
fn the_same_rows_have_the_same_bits_in_every_kind_of_file() {
    let folder = folder("columnar-kinds");
    let expected = stdout(&wardian(&["predict", "--csv", DATA]));
    let explained = stdout(&wardian(&["explain", "--csv", DATA]));
    let check = |path: &Path| {
        let output = wardian(&["predict", "--rows", text(path)]);
        assert_eq!(stdout(&output), expected, "{}", path.display());
        assert!(stderr(&output).contains("passed over: \"diabetes\""), "{}", stderr(&output));
    };
    for (name, compression) in [
        ("plain", Compression::UNCOMPRESSED),
        ("snappy", Compression::SNAPPY),
        ("zstd", Compression::ZSTD(Default::default())),
        ("gzip", Compression::GZIP(Default::default())),
        ("lz4", Compression::LZ4_RAW),
        ("brotli", Compression::BROTLI(Default::default())),
    ] {
        let path = folder.join(name);
        write_parquet(&path, &people(), compression);
        check(&path);
    }
    for packed in [None, Some(arrow_ipc::CompressionType::LZ4_FRAME), Some(arrow_ipc::CompressionType::ZSTD)] {
        let path = folder.join("arrow");
        write_arrow(&path, &people(), packed);
        check(&path);
    }
    let stream = folder.join("stream");
    write_stream(&stream, &people());
    check(&stream);
    assert_eq!(stdout(&wardian(&["explain", "--csv", text(&stream)])), explained);
    assert_eq!(
        stdout(&wardian(&["explain", "--csv", text(&stream), "--summary"])),
        stdout(&wardian(&["explain", "--csv", DATA, "--summary"]))
    );
    // 32-bit floats have the digits that the text had; 16 bits hold the whole numbers.
    let types: [fn(&DataType) -> DataType; 4] = [
        |_| DataType::Float32,
        |kind| if kind.is_integer() { DataType::Float16 } else { DataType::Float64 },
        |kind| if kind.is_integer() { DataType::UInt16 } else { DataType::Decimal128(9, 3) },
        |_| DataType::Utf8View,
    ];
    for kind in types {
        let path = folder.join("types.parquet");
        write_parquet(&path, &people_as(kind), Compression::SNAPPY);
        check(&path);
    }
    // However it comes.
    for name in ["snappy", "stream", "arrow"] {
        let packed = folder.join("packed.gz");
        let mut out = flate2::write::GzEncoder::new(File::create(&packed).expect("a file"), Default::default());
        std::io::copy(&mut File::open(folder.join(name)).expect("a file"), &mut out).expect("copied");
        out.finish().expect("finished");
        check(&packed);
        let output = Command::new(env!("CARGO_BIN_EXE_wardian"))
            .args(["predict", "--csv", "-"])
            .stdin(File::open(folder.join(name)).expect("a file"))
            .output()
            .expect("the binary runs");
        assert_eq!(stdout(&output), expected, "{name}");
    }
}

#[test]
fn every_float_keeps_its_bits() {
    let folder = folder("columnar-bits");
    // As base margins: what the trees add is the same for all rows.
    let mut state = 1_u32;
    let values: Vec<f32> = (0..20_000)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f32::from_bits(state)
        })
        .filter(|value| value.is_finite())
        .chain([0.0, -0.0, f32::MIN_POSITIVE, 1e-45, f32::MAX, 16_777_217.0, 1e15, 0.1, 7.038531e-26])
        .collect();
    let rows = values.len();
    let nothing = || Arc::new(Float32Array::from(vec![1.0; rows])) as ArrayRef;
    let names = [
        "times_pregnant",
        "glucose",
        "blood_pressure",
        "skin_fold_thick",
        "serum_insulin",
        "mass_index",
        "diabetes_pedigree",
        "age",
    ];
    for kind in [DataType::Float32, DataType::Float64] {
        let margins = cast(&Float32Array::from(values.clone()), &kind).expect("cast");
        let columns = names.iter().map(|&name| (name, nothing())).chain([("own", margins)]);
        let path = folder.join("margins.parquet");
        write_parquet(&path, &batch(columns.collect()), Compression::SNAPPY);
        let path = text(&path);
        let margins = stdout(&wardian(&["predict", "--csv", path, "--base-margin", "own", "--margin"]));
        let csv = folder.join("margins.csv");
        let lines: String = values.iter().map(|value| format!("1,1,1,1,1,1,1,1,{:e}\n", f64::from(*value))).collect();
        fs::write(&csv, format!("{},own\n{lines}", names.join(","))).expect("written");
        assert_eq!(stdout(&wardian(&["predict", "--csv", text(&csv), "--base-margin", "own", "--margin"])), margins);
        assert_eq!(margins.lines().count(), rows);
    }
}

#[test]
fn cells_of_every_type_mean_what_they_say() {
    let folder = folder("columnar-cells");
    let path = folder.join("cells.parquet");
    let csv = folder.join("cells.csv");
    let same = |columns: Vec<(&str, ArrayRef)>, lines: &str, options: &[&str]| {
        write_parquet(&path, &batch(columns), Compression::SNAPPY);
        fs::write(&csv, lines).expect("written");
        let with = |file| [&["predict", "--csv", file], options].concat();
        let output = stdout(&wardian(&with(text(&path))));
        assert_eq!(output, stdout(&wardian(&with(text(&csv)))), "{lines}");
        output
    };
    let categories = ["--model", "tests/golden/categories.ubj"];
    // pandas' categoricals, a null, a word that means missing, white space.
    let colours: DictionaryArray<Int32Type> =
        [Some("red"), None, Some("blue"), Some("NA"), Some(" olive green")].into_iter().collect();
    let sizes = StringArray::from(vec![Some("s1"), Some("s2"), Some(""), Some("s11"), None]);
    let amounts = Float64Array::from(vec![Some(0.25), Some(f64::NAN), None, Some(-1e-7), Some(1e300)]);
    let columns = |amounts: Float64Array| -> Vec<(&str, ArrayRef)> {
        vec![("size", Arc::new(sizes.clone())), ("colour", Arc::new(colours.clone())), ("amount", Arc::new(amounts))]
    };
    let fine = Float64Array::from(vec![Some(0.25), Some(f64::NAN), None, Some(-1e-7), Some(1e30)]);
    let lines = "colour,amount,size\nred,0.25,s1\n,NaN,s2\nblue,,NA\nNA,-1e-7,s11\nolive green,1e30,\n";
    same(columns(fine), lines, &categories);
    write_parquet(&path, &batch(columns(amounts)), Compression::SNAPPY);
    let arguments = ["predict", "--csv", text(&path), categories[0], categories[1]];
    let said = refusal(&arguments);
    assert!(said.contains("row 5: amount: ") && said.ends_with("is beyond the range of a 32-bit float"), "{said}");
    // The rows before it have their answers.
    assert_eq!(wardian(&arguments).stdout.iter().filter(|&&byte| byte == b'\n').count(), 4);

    let of = |value: ArrayRef| -> Vec<(&str, ArrayRef)> {
        let ones = |name| -> (&str, ArrayRef) { (name, Arc::new(Int8Array::from(vec![1; 3]))) };
        vec![("f0", value), ones("f1"), ones("f2"), ones("f3")]
    };
    let classes = ["--model", "tests/golden/classes.ubj"];
    let lines = |cells: [&str; 3]| format!("f0,f1,f2,f3\n{},1,1,1\n{},1,1,1\n{},1,1,1\n", cells[0], cells[1], cells[2]);
    same(of(Arc::new(BooleanArray::from(vec![Some(true), None, Some(false)]))), &lines(["1", "", "0"]), &classes);
    same(of(Arc::new(NullArray::new(3))), &lines(["NA", "NA", "NA"]), &classes);
    same(of(Arc::new(UInt64Array::from(vec![0, 1, u64::MAX]))), &lines(["0", "1", "18446744073709551615"]), &classes);
    let decimals =
        Decimal128Array::from(vec![Some(-125), None, Some(5)]).with_precision_and_scale(9, 2).expect("decimals");
    same(of(Arc::new(decimals)), &lines(["-1.25", "", "0.05"]), &classes);
    // A code that means missing, whatever it is written as.
    for code in ["-999", "-999.0", "-9.99e2"] {
        let floats: ArrayRef = Arc::new(Float32Array::from(vec![-999.0, 1.5, 0.5]));
        let ints: ArrayRef = Arc::new(Int16Array::from(vec![-999, 1, 0]));
        let said = ["--model", "tests/golden/classes.ubj", "--missing-text", code];
        same(of(floats), &lines(["NA", "1.5", "0.5"]), &said);
        same(of(ints), &lines(["NA", "1", "0"]), &said);
    }
    // 2^53 + 2^29 + 1 lies nearer to the float above, and rounded to 64 bits first as near to the one below.
    let large = (1_i64 << 53) + (1 << 29) + 1;
    let once = (large as f32).to_string();
    same(
        of(Arc::new(Int64Array::from(vec![large, -large, i64::MAX]))),
        &lines([&once, &format!("-{once}"), "9223372036854775807"]),
        &classes,
    );
}

/// LightGBM, which compares 64-bit floats, parts numbers of one at 2^60 + 512.
const LARGE: &str = "tree
version=v4
num_class=1
num_tree_per_iteration=1
label_index=0
max_feature_idx=0
objective=regression
feature_names=id
feature_infos=[0:2e18]
tree_sizes=300

Tree=0
num_leaves=2
num_cat=0
split_feature=0
split_gain=1
threshold=1152921504606847488
decision_type=2
left_child=-1
right_child=-2
leaf_value=1 2
leaf_weight=1 1
leaf_count=1 1
internal_value=0
internal_weight=2
internal_count=2
is_linear=0
shrinkage=1


end of trees
";

#[test]
fn large_whole_numbers_are_seen_as_their_trainer_sees_them() {
    let folder = folder("columnar-large");
    let (model, rows) = (folder.join("large.txt"), folder.join("large.parquet"));
    fs::write(&model, LARGE).expect("written");
    let ids = [0, 256, 512, 768, 1024].map(|more| (1_i64 << 60) + more);
    write_parquet(&rows, &batch(vec![("id", Arc::new(Int64Array::from(ids.to_vec())))]), Compression::SNAPPY);
    let answers = stdout(&wardian(&["predict", "--model", text(&model), "--rows", text(&rows)]));
    assert_eq!(answers, "1.0\n1.0\n1.0\n2.0\n2.0\n");
}

#[test]
fn names_and_units_are_the_readers() {
    let folder = folder("columnar-names");
    let path = folder.join("names.parquet");
    let renamed = |names: &[(&str, &str)]| {
        let people = people();
        let schema = people.schema();
        let name_of =
            |name: &str| names.iter().find(|(own, _)| *own == name).map_or(name, |(_, other)| other).to_owned();
        let fields: Vec<Field> =
            schema.fields().iter().map(|field| field.as_ref().clone().with_name(name_of(field.name()))).collect();
        let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), people.columns().to_vec()).expect("a batch");
        write_parquet(&path, &batch, Compression::SNAPPY);
    };
    let predict = |options: &[&str]| wardian(&[&["predict", "--csv", text(&path)], options].concat());
    let refused = |options: &[&str]| refusal(&[&["predict", "--csv", text(&path)], options].concat());
    let expected = stdout(&wardian(&["predict", "--csv", DATA]));
    renamed(&[("age", "Age"), ("glucose", "Glucose [mg/dL]")]);
    assert_eq!(stdout(&predict(&[])), expected);
    renamed(&[("age", "Age [months]")]);
    let output = predict(&[]);
    assert_ne!(stdout(&output), expected);
    assert!(stderr(&output).contains("\"age\" is converted from months to "), "{}", stderr(&output));
    assert_eq!(stdout(&predict(&["--unit", "age=years"])), expected);
    renamed(&[("age", "x"), ("diabetes", "y, or \"not\"")]);
    assert!(refused(&[]).contains("no column is called \"age\""));
    assert_eq!(stdout(&predict(&["--column", "age=x"])), expected);
    assert_eq!(stdout(&predict(&["--column", "age=#8"])), expected);
    assert!(stdout(&predict(&["--absent"])).lines().count() == 768);
    let plan = stdout(&predict(&["--column", "age=x", "--show-plan"]));
    let kept = folder.join("plan.json");
    fs::write(&kept, plan).expect("written");
    assert_eq!(stdout(&predict(&["--plan", text(&kept)])), expected);
    renamed(&[("age", "Age"), ("diabetes", "AGE")]);
    assert!(refused(&[]).contains("columns #8 and #9 may both be \"age\""));
    renamed(&[]);
    assert!(refused(&["--plan", text(&kept)]).contains("the header names other columns than the plan does"));
    fs::write(&kept, stdout(&wardian(&["predict", "--csv", DATA, "--show-plan"])).replace("\",\"", "\";\""))
        .expect("written");
    assert!(refused(&["--plan", text(&kept)]).ends_with("the plan is of text, and it is a Parquet file"));
    for (option, value) in
        [("--decimal", ","), ("--delimiter", ";"), ("--header", "yes"), ("--skip", "1"), ("--encoding", "utf-8")]
    {
        assert!(refused(&[option, value]).contains(&format!("{option} is of text, and it is a Parquet file")));
    }
    let margins = predict(&["--base-margin", "diabetes", "--margin"]);
    assert_eq!(
        stdout(&margins),
        stdout(&wardian(&["predict", "--csv", DATA, "--base-margin", "diabetes", "--margin"]))
    );
}

/// The columns of a file that was written, by name.
fn read(path: &Path) -> BTreeMap<String, ArrayRef> {
    let file = File::open(path).expect("a file");
    let batches: Vec<RecordBatch> = if path.extension().is_some_and(|ending| ending == "parquet") {
        ParquetRecordBatchReader::try_new(file, 1 << 20)
            .expect("Parquet")
            .map(|batch| batch.expect("a batch"))
            .collect()
    } else {
        arrow_ipc::reader::FileReader::try_new(file, None)
            .expect("Arrow")
            .map(|batch| batch.expect("a batch"))
            .collect()
    };
    assert_eq!(batches.len(), 1);
    let schema = batches[0].schema();
    let columns = schema.fields().iter().map(|field| field.name().clone()).zip(batches[0].columns().to_vec());
    columns.collect()
}

#[test]
fn answers_are_written_as_what_is_wanted() {
    let folder = folder("columnar-answers");
    let lines: Vec<String> = stdout(&wardian(&["predict", "--csv", DATA])).lines().map(str::to_owned).collect();
    let expected: Vec<f32> = lines.iter().map(|line| line.parse().expect("a number")).collect();
    let floats = |column: &ArrayRef| column.as_primitive::<Float32Type>().values().to_vec();
    let out = |name: &str| folder.join(name);

    let json: String = lines.iter().map(|line| format!("{{\"prediction\":{line}}}\n")).collect();
    assert_eq!(stdout(&wardian(&["predict", "--csv", DATA, "--format", "jsonl"])), json);
    let classes = ["predict", "--model", "tests/golden/classes.ubj", "--csv", "tests/golden/classes.rows.csv"];
    let several = stdout(&wardian(&[&classes[..], &["--format", "jsonl", "--margin"]].concat()));
    let margins = stdout(&wardian(&[&classes[..], &["--margin"]].concat()));
    assert_eq!(several.lines().next(), Some(&*format!("{{\"margin\":[{}]}}", margins.lines().next().expect("a line"))));

    write_parquet(&out("people.parquet"), &people(), Compression::SNAPPY);
    for (name, option) in [("a.parquet", None), ("a.arrow", None), ("a.feather", None), ("a.bin", Some("arrow"))] {
        let path = out(name);
        let form: Vec<&str> = option.into_iter().flat_map(|option| ["--format", option]).collect();
        stdout(&wardian(&[&["predict", "--csv", DATA, "-o", text(&path)], &form[..]].concat()));
        let columns = read(&path);
        assert_eq!((columns.len(), floats(&columns["prediction"])), (1, expected.clone()), "{name}");
        // The rows of a text are texts; a table's keep their types.
        stdout(&wardian(&[&["predict", "--csv", DATA, "--with-rows", "-o", text(&path)], &form[..]].concat()));
        let columns = read(&path);
        assert_eq!((columns["age"].data_type(), columns["age"].as_string::<i32>().value(0)), (&DataType::Utf8, "50"));
        assert_eq!(columns["prediction"].as_primitive::<Float32Type>().values()[..], expected[..]);
        let people_file = out("people.parquet");
        stdout(&wardian(
            &[&["predict", "--csv", text(&people_file), "--with-rows", "-o", text(&path)], &form[..]].concat(),
        ));
        let columns = read(&path);
        assert_eq!(columns["age"].data_type(), &DataType::Int64);
        assert_eq!((columns.len(), columns["error"].null_count()), (11, 768));
        assert_eq!(floats(&columns["prediction"]), expected);
        stdout(&wardian(&[&["explain", "--csv", text(&people_file), "-o", text(&path)], &form[..]].concat()));
        let columns = read(&path);
        assert_eq!(floats(&columns["prediction"]), expected);
        let explained = stdout(&wardian(&["explain", "--csv", DATA]));
        let first: Vec<f64> =
            explained.lines().nth(1).expect("a row").split(',').map(|cell| cell.parse().expect("a number")).collect();
        assert_eq!(columns["age"].as_primitive::<Float64Type>().value(0), first[10]);
    }
    let path = out("classes.parquet");
    stdout(&wardian(&[&classes[..], &["-o", text(&path)]].concat()));
    assert_eq!(read(&path).into_keys().collect::<Vec<_>>(), ["prediction_0", "prediction_1", "prediction_2"]);
    let explain = ["explain", classes[1], classes[2], classes[3], classes[4], "-o"];
    stdout(&wardian(&[&explain[..], &[text(&path)]].concat()));
    let columns = read(&path);
    assert_eq!(columns["output"].as_primitive::<Int32Type>().values()[..4], [0, 1, 2, 0]);
    let json = out("explained.jsonl");
    stdout(&wardian(&[&explain[..], &[text(&json)]].concat()));
    let rows = fs::read_to_string("tests/golden/classes.rows.csv").expect("rows");
    let one = stdout(&wardian(&["explain", classes[1], classes[2], rows.lines().next().expect("a row")]));
    assert_eq!(fs::read_to_string(&json).expect("written").lines().next(), one.lines().next());

    // Bytes to who reads them from standard output, too.
    let bytes = wardian(&["predict", "--csv", DATA, "--format", "parquet"]).stdout;
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
}

#[test]
fn rows_that_cannot_be_read_are_given_back_with_what_is_wrong() {
    let folder = folder("columnar-faults");
    let csv = folder.join("rows.csv");
    fs::write(&csv, "colour,amount,size,prediction\nred,0.5,s1,\"a, \"\"b\"\"\"\npink,1,s2,\nblue,,s3,x\n")
        .expect("written");
    let table = folder.join("rows.parquet");
    let days = Date32Array::from(vec![Some(0), Some(20_000), None]);
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("colour", Arc::new(StringArray::from(vec!["red", "pink", "blue"]))),
        ("amount", Arc::new(Float64Array::from(vec![Some(0.5), Some(1.0), None]))),
        ("size", Arc::new(StringArray::from(vec!["s1", "s2", "s3"]))),
        ("prediction", Arc::new(days)),
    ];
    write_parquet(&table, &batch(columns), Compression::SNAPPY);
    let model = ["predict", "--model", "tests/golden/categories.ubj", "--with-rows", "--csv"];
    let with = |file: &Path, format: &str| {
        let output = wardian(&[&model[..], &[text(file), "--format", format]].concat());
        assert!(stderr(&output).contains("1 rows cannot be read"), "{}", stderr(&output));
        stdout(&output)
    };
    let lines: Vec<String> = with(&csv, "jsonl").lines().map(str::to_owned).collect();
    let answers: Vec<String> =
        stdout(&wardian(&[&model[..], &[text(&csv)]].concat())).lines().map(str::to_owned).collect();
    let answer = answers[1]
        .strip_prefix("red,0.5,s1,\"a, \"\"b\"\"\",")
        .and_then(|rest| rest.strip_suffix(','))
        .expect("an answer");
    let wrong = "colour: \\\"pink\\\" is none of the feature's categories";
    assert_eq!(
        lines[0],
        format!(
            "{{\"colour\":\"red\",\"amount\":0.5,\"size\":\"s1\",\"prediction\":\"a, \\\"b\\\"\",\"prediction_2\":{answer},\"error\":null}}"
        )
    );
    assert_eq!(
        lines[1],
        format!(
            "{{\"colour\":\"pink\",\"amount\":1,\"size\":\"s2\",\"prediction\":null,\"prediction_2\":null,\"error\":\"{wrong}\"}}"
        )
    );
    let lines: Vec<String> = with(&table, "jsonl").lines().map(str::to_owned).collect();
    assert_eq!(
        lines[0],
        format!(
            "{{\"colour\":\"red\",\"amount\":0.5,\"size\":\"s1\",\"prediction\":\"1970-01-01\",\"prediction_2\":{answer},\"error\":null}}"
        )
    );
    assert_eq!(
        lines[1],
        format!(
            "{{\"colour\":\"pink\",\"amount\":1.0,\"size\":\"s2\",\"prediction\":\"2024-10-04\",\"prediction_2\":null,\"error\":\"{wrong}\"}}"
        )
    );
    assert!(
        lines[2]
            .starts_with("{\"colour\":\"blue\",\"amount\":null,\"size\":\"s3\",\"prediction\":null,\"prediction_2\":")
    );
    let lines: Vec<String> = with(&table, "csv").lines().map(str::to_owned).collect();
    assert_eq!(lines[0], "colour,amount,size,prediction,prediction_2,error");
    assert_eq!(lines[1], format!("red,0.5,s1,1970-01-01,{answer},"));
    assert_eq!(lines[2], "pink,1.0,s2,2024-10-04,,\"colour: \"\"pink\"\" is none of the feature's categories\"");
    for file in [&csv, &table] {
        let path = folder.join("out.parquet");
        let output = wardian(&[&model[..], &[text(file), "-o", text(&path)]].concat());
        assert_eq!(stdout(&output), "");
        let columns = read(&path);
        assert!(columns["prediction_2"].is_null(1) && columns["prediction_2"].null_count() == 1);
        assert_eq!(
            columns["error"].as_string::<i32>().value(1),
            "colour: \"pink\" is none of the feature's categories"
        );
    }
}

#[test]
fn what_cannot_be_is_refused() {
    let folder = folder("columnar-refused");
    let path = folder.join("rows.parquet");
    let people = people();
    let schema = people.schema();
    let with = |name: &str, column: ArrayRef| {
        let columns = schema.fields().iter().zip(people.columns());
        let columns = columns.map(|(field, own)| {
            (field.name().as_str(), if field.name() == name { column.clone() } else { own.clone() })
        });
        write_parquet(&path, &batch(columns.collect()), Compression::SNAPPY);
    };
    let predict = ["predict", "--csv", text(&path)];
    with("age", Arc::new(Date32Array::from(vec![1; 768])));
    assert!(refusal(&predict).ends_with("column \"age\" is of the type Date32, which is no number, boolean or text"));
    let lists = ListArray::from_iter_primitive::<Int32Type, _, _>((0..768).map(|_| Some([Some(1)])));
    with("age", Arc::new(lists.clone()));
    assert!(refusal(&predict).contains("column \"age\" is of the type List("), "{}", refusal(&predict));
    // What no feature takes may be anything.
    with("diabetes", Arc::new(lists));
    assert_eq!(stdout(&wardian(&predict)).lines().count(), 768);
    assert!(
        stdout(&wardian(&[&predict[..], &["--with-rows", "--format", "jsonl"]].concat())).contains("\"diabetes\":[1],")
    );
    with("age", Arc::new(Float32Array::from(vec![f32::INFINITY; 768])));
    assert!(refusal(&predict).contains("row 1: age: \"inf\" is not a finite number"));
    for (bytes, message) in [
        (&b"PARE\x1c\0\0\0"[..], "it is a Parquet file that is encrypted: write it without"),
        (
            b"FEA1\0\0\0\0",
            "it is a Feather file of version 1: write it as version 2, which is Arrow's file, or as Parquet",
        ),
        (b"PAR1", "the file ends early: it was cut off, or is still being written (EOF: "),
        (b"ARROW1", "it is cut off: it ends before its end mark"),
    ] {
        fs::write(&path, bytes).expect("written");
        let said = refusal(&predict);
        assert!(said.contains(message), "{said}");
    }
    write_parquet(&path, &people, Compression::SNAPPY);
    let whole = fs::read(&path).expect("written");
    fs::write(&path, &whole[..whole.len() - 100]).expect("written");
    let said = refusal(&predict);
    assert!(said.contains("the file ends early: it was cut off, or is still being written (Parquet error: "), "{said}");
    // Whole, and with a damaged account of itself.
    let mut damaged = whole.clone();
    let place = whole.len() - 8;
    damaged[place..place + 4].copy_from_slice(&[0xff; 4]);
    fs::write(&path, damaged).expect("written");
    assert!(!refusal(&predict).contains("ends early"));
    fs::write(&path, "PARENTS,FEA1,f1,f2,f3\n1,1,1,1,1\n").expect("written");
    let classes = ["predict", "--model", "tests/golden/classes.ubj", "--csv", text(&path), "--column", "f0=FEA1"];
    assert_eq!(stdout(&wardian(&classes)).lines().count(), 1);
    let row = "1,106,70,28,135,34.2,0.142,22";
    assert!(refusal(&["predict", row, "-o", "x.parquet"]).contains("the answer to one row is JSON"));
    assert!(
        refusal(&["explain", "--csv", DATA, "--summary", "--format", "jsonl"]).contains("a summary is lines of CSV")
    );
    // No rows are none, and no file is half written.
    write_parquet(&path, &people.slice(0, 0), Compression::SNAPPY);
    let out = folder.join("none.parquet");
    assert_eq!(stdout(&wardian(&predict)), "");
    assert_eq!(stdout(&wardian(&[&predict[..], &["-o", text(&out)]].concat())), "");
    assert!(fs::read(&out).expect("written").ends_with(b"PAR1"));
    fs::remove_file(&out).expect("removed");
    with("age", Arc::new(StringArray::from(vec!["old"; 768])));
    refusal(&[&predict[..], &["-o", text(&out)]].concat());
    assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 1);
}

/// A file that is cut off anywhere is an error; one with another bit somewhere is an error or other numbers. No panic, and no signal.
#[test]
fn damaged_files_are_refused() {
    let folder = folder("columnar-damaged");
    let rows = people().slice(0, 60);
    let texts = people_as(|_| DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))).slice(0, 60);
    let (mut refused, mut state) = (0, 7_u64);
    for (name, batch) in [("rows", &rows), ("texts", &texts)] {
        for kind in ["parquet", "arrow", "stream", "packed"] {
            let path = folder.join(format!("{name}.{kind}"));
            match kind {
                "parquet" => write_parquet(&path, batch, Compression::ZSTD(Default::default())),
                "arrow" => write_arrow(&path, batch, None),
                "packed" => write_arrow(&path, batch, Some(arrow_ipc::CompressionType::LZ4_FRAME)),
                _ => write_stream(&path, batch),
            }
            let whole = fs::read(&path).expect("written");
            let expected = wardian(&["predict", "--csv", text(&path)]);
            assert_eq!(stdout(&expected).lines().count(), 60);
            let damaged = folder.join("damaged");
            let ask = |bytes: &[u8]| {
                fs::write(&damaged, bytes).expect("written");
                let output = wardian(&["predict", "--csv", text(&damaged)]);
                let said = stderr(&output);
                assert!(matches!(output.status.code(), Some(0 | 1)), "{name} {kind}: {:?} {said}", output.status);
                assert!(!said.contains("panicked"), "{said}");
                output.status.code() == Some(1)
            };
            let mut draw = |below: usize| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 33).as_usize() % below
            };
            for part in 1..40 {
                assert!(ask(&whole[..part * whole.len() / 40]), "{name} {kind}: {part}/40 of it");
            }
            for _ in 0..40 {
                let mut bytes = whole.clone();
                // Where lengths and offsets stand: mostly at the ends.
                let place = if draw(2) == 0 { draw(whole.len()) } else { whole.len() - 1 - draw(whole.len().min(900)) };
                bytes[place] ^= 1 << draw(8);
                refused += usize::from(ask(&bytes));
            }
        }
    }
    assert!(refused > 80, "{refused}");
}
