//! Cases and what they are sealed into, hostile ones among them. The shell is a small one: the page's own is tried in browsers.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};
use wardian::case::{Asked, Case, Files, Kind, RowsFile};
use wardian::seal::{Given, Made, Product, Sealed, Shell, Studio};
use wardian::{Dialect, Feature, Forest, Link, Model, Numbers, Parts, Schema, format};

fn shell_with(sealed: bool) -> Shell {
    let html = |preload: &str| {
        format!(
            "<!doctype html><html lang=\"@@lang@@\"><head><meta http-equiv=\"Content-Security-Policy\" content=\"style-src \
             'self'@@style-hash@@\"><title>@@title@@ · Wardian</title><meta name=\"description\" content=\"@@description@@\">{preload}@@style@@\
             </head><body><div id=\"app\">@@masthead@@</div>@@data@@</body></html>"
        )
    };
    let said = json!({
        "version": "0.1.0",
        "sealed": sealed,
        "page": {
            "files": ["main-1.js"], "index": "i.html", "single": "s.html", "service_worker": "w.js", "manifest": "m.json",
            "preload": { "kinds": { "risk": [{ "file": "risk-1.js", "integrity": "sha256-x" }] }, "languages": {} },
        },
    });
    let files = [
        ("shell.json", said.to_string()),
        ("main-1.js", "start()".to_owned()),
        ("i.html", html("@@preload@@")),
        ("s.html", html("")),
        ("w.js", "const sealed=\"@@case@@\";".to_owned()),
        (
            "m.json",
            "{\"name\":\"@@title@@ · Wardian\",\"short_name\":\"@@name@@\",\"description\":\"@@description@@\"}"
                .to_owned(),
        ),
    ];
    let files: BTreeMap<String, Vec<u8>> =
        files.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())).collect();
    Shell::read(&Shell::pack(&files).expect("it is packed")).expect("a shell")
}

fn shell() -> Shell {
    shell_with(false)
}

fn read(path: &str) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The files of a case of the shipped model.
fn case_of(said: &Value) -> Files {
    files_of(said, read("models/diabetes/diabetes.ubj"))
}

fn files_of(said: &Value, model: Vec<u8>) -> Files {
    let mut files = Files::new();
    files.add("case.json", said.to_string().into_bytes()).expect("a name");
    files.add("model.bin", model).expect("a name");
    files
}

fn sealed(files: &Files, asked: &Asked) -> Sealed {
    Sealed::new(Case::read(files, "folder", asked).expect("a case")).expect("documents")
}

fn fault(said: &Value) -> String {
    Case::read(&case_of(said), "folder", &Asked::default()).expect_err("a fault").to_string()
}

fn single(sealed: &Sealed) -> String {
    match sealed.make(Product::Single, Some(&shell())).expect("a page") {
        Made::File(bytes) => String::from_utf8(bytes).expect("UTF-8"),
        Made::Folder(_) => panic!("a folder"),
    }
}

fn folder(sealed: &Sealed) -> BTreeMap<String, Vec<u8>> {
    match sealed.make(Product::Folder, Some(&shell())).expect("a page") {
        Made::Folder(files) => files,
        Made::File(_) => panic!("a file"),
    }
}

fn block(page: &str, id: &str) -> Value {
    let begin = format!("<script type=\"application/json\" id=\"{id}\">");
    let content = page.split_once(&begin).and_then(|(_, rest)| rest.split_once("</script>")).expect(id).0;
    serde_json::from_str(content).expect(id)
}

/// A model of features of these names, whose tree asks for none.
fn wide_model(names: impl Iterator<Item = String>) -> Vec<u8> {
    let schema = Schema::new("", "", "", names.map(Feature::named).collect()).expect("a schema");
    let parts = Parts {
        columns: Vec::new(),
        nodes: vec![None],
        leaves: Numbers::Single(vec![1.0]),
        tree_outputs: vec![0],
        base_margins: Numbers::Single(vec![0.5]),
        base: Default::default(),
        link: Link::Identity,
        dialect: Dialect::default(),
    };
    format::write(&Model::new(schema, Forest::new(parts).expect("a forest")).expect("a model"))
}

#[test]
fn every_trainers_models_are_sealed_alone_and_always_the_same() {
    let mut kinds = BTreeMap::new();
    let mut count = 0;
    for folder_name in ["tests/golden", "tests/golden/others"] {
        for entry in fs::read_dir(folder_name).expect("a folder").flatten() {
            let path = entry.path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let is_model =
                [".ubj", ".wardian", ".txt", ".cbm", ".pkl", ".joblib", ".onnx", "lightgbm.json", "catboost.json"];
            if !is_model.iter().any(|ending| name.ends_with(ending)) {
                continue;
            }
            let mut files = Files::new();
            files.add(name.clone(), read(&path.to_string_lossy())).expect("a name");
            let make = || {
                let case = Case::read(&files, name.split('.').next().expect("a stem"), &Asked::default());
                let sealed = Sealed::new(case.unwrap_or_else(|error| panic!("{name}: {error}"))).expect("documents");
                assert!(sealed.case.golden.len(&sealed.case.model) > 0, "{name}");
                (single(&sealed), folder(&sealed), sealed)
            };
            let (page, files_made, sealed) = make();
            let again = make();
            assert!(page == again.0 && files_made == again.1, "{name}: the same case gives the same bytes");
            assert_eq!(files_made["page.html"], page.as_bytes());
            assert_eq!(block(&page, "case")["page"]["kind"], sealed.case.kind().as_str());
            kinds.entry(sealed.case.kind()).or_insert_with(Vec::new).push(name);
            count += 1;
        }
    }
    assert!(count >= 25, "{count} models: {kinds:?}");
    for kind in [Kind::Risk, Kind::Classes, Kind::Number, Kind::Count] {
        assert!(kinds.contains_key(&kind), "{kinds:?}");
    }
}

#[test]
fn who_trained_a_model_and_for_what_follows_from_its_file() {
    for (path, trainer, kind) in [
        ("models/diabetes/diabetes.ubj", "XGBoost 3.2.0", Kind::Risk),
        ("tests/golden/classes.ubj", "XGBoost 3.2.0", Kind::Classes),
        ("tests/golden/largest_class.ubj", "XGBoost 3.2.0", Kind::Classes),
        ("tests/golden/counts.ubj", "XGBoost 3.2.0", Kind::Count),
        ("tests/golden/others/amounts.lightgbm.txt", "LightGBM", Kind::Risk),
        ("tests/golden/others/classes.lightgbm.txt", "LightGBM", Kind::Classes),
        ("tests/golden/others/sides.catboost.cbm", "CatBoost 1.2.10", Kind::Risk),
        ("tests/golden/others/forest.onnx", "ONNX", Kind::Classes),
    ] {
        let mut files = Files::new();
        files.add("m", read(path)).expect("a name");
        let case = Case::read(&files, "m", &Asked::default()).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!((&*case.trainer, case.kind()), (trainer, kind), "{path}");
    }
}

#[test]
fn every_kind_can_be_said_of_a_number() {
    for kind in Kind::ALL {
        let said = json!({ "kind": kind.as_str() });
        let result = Case::read(&case_of(&said), "folder", &Asked::default());
        match kind {
            Kind::Classes | Kind::Targets => {
                let error = result.expect_err("one number a row").to_string();
                assert!(error.contains("kind: it is") && error.contains("one number a row"), "{error}");
            }
            _ => assert_eq!(
                block(&single(&Sealed::new(result.expect("a case")).expect("documents")), "case")["page"]["kind"],
                kind.as_str()
            ),
        }
    }
}

/// The rows of the diabetes data, and XGBoost's probabilities of them in decimals.
fn answered() -> (Vec<u8>, String) {
    let data = read("models/diabetes/pima-indians-diabetes.csv");
    let bits = String::from_utf8(read("tests/golden/diabetes.expected.csv")).expect("text");
    let number = |line: &str| {
        let bits = line.rsplit(',').next().expect("three columns");
        f32::from_bits(u32::from_str_radix(bits, 16).expect("bits")).to_string()
    };
    (data, bits.lines().skip(1).map(number).collect::<Vec<_>>().join("\n"))
}

fn rows(bytes: Vec<u8>) -> Option<RowsFile> {
    Some(RowsFile { place: "rows.csv".to_owned(), bytes, ..RowsFile::default() })
}

#[test]
fn rows_and_answers_make_figures_and_golden_rows() {
    let (data, answers) = answered();
    let mut files = Files::new();
    files.add("m.wardian", read("models/diabetes/diabetes.wardian")).expect("a name");
    let asked = Asked {
        data: rows(data.clone()),
        label: Some("diabetes".to_owned()),
        predictions: rows(answers.clone().into_bytes()),
        ..Asked::default()
    };
    let own = sealed(&files, &asked);
    assert_eq!((own.case.golden.compared, own.case.golden.len(&own.case.model)), (768, 20));
    let page = &own.pages["en"];
    assert!((page["base_rate"].as_f64().expect("a rate") - 268.0 / 768.0).abs() < 0.001, "{page}");
    let glucose = &page["features"][1];
    assert_eq!(glucose["quartiles"], json!([99, 117, 141]));
    assert_eq!(glucose["whole"], true);
    // What the model's own schema says is not said again, and the model stays what it is.
    assert_eq!(glucose.get("label"), None);
    assert_eq!(own.case.model_bytes, read("models/diabetes/diabetes.wardian"));

    // A header, an index, both classes' probabilities: as pandas and predict_proba write them.
    let lines =
        answers.lines().enumerate().map(|(row, answer)| format!("{row},{},{answer}\n", 0.5)).collect::<String>();
    let both = Asked { predictions: rows(format!(",0,1\n{lines}").into_bytes()), ..asked.clone() };
    assert_eq!(sealed(&files, &both).case.golden.compared, 768);

    let wrong = |answers: String| {
        let asked = Asked { predictions: rows(answers.into_bytes()), ..asked.clone() };
        Case::read(&files, "m", &asked).expect_err("a fault").to_string()
    };
    let other = answers.replacen(answers.lines().nth(3).expect("a line"), "0.25", 1);
    let error = wrong(other);
    assert!(
        error.starts_with("rows.csv, row 4: the trainer's answer is 0.25, ours 0.0")
            && error.contains("1 of 768 rows differ"),
        "{error}"
    );
    let short: String =
        answers.lines().map(|line| format!("{:.4}\n", line.parse::<f64>().expect("a number"))).collect();
    assert!(wrong(short).contains("were all digits written? 9 significant ones"));
    let classes: String = answers.lines().map(|line| if line.starts_with("0.9") { "1\n" } else { "0\n" }).collect();
    assert!(wrong(classes).contains("predict_proba"));
    assert!(wrong("1\n2".to_owned()).contains("2 lines of answers, and 768 rows of data"));
    assert!(wrong(answers.replace("\n0.0", "\nx0.0")).contains("is no number"));

    let label = |label: &str| {
        let asked = Asked { data: rows(data.clone()), label: Some(label.to_owned()), ..Asked::default() };
        Case::read(&files, "m", &asked).expect_err("a fault").to_string()
    };
    assert_eq!(label("outcome"), "--label: there is no column \"outcome\"; beside the features there are \"diabetes\"");
    assert_eq!(label("age"), "--label: the column \"age\" is a feature of the model");
}

#[test]
fn figures_without_labels_are_the_answers_and_say_so() {
    let (data, _) = answered();
    let own = sealed(&case_of(&json!({})), &Asked { data: rows(data), ..Asked::default() });
    assert_eq!(own.pages["en"]["figures_of"], "answers");
    let age = &own.case.model.schema().features()[7];
    assert_eq!((age.range, age.decimals, age.may_be_missing), (Some((21.0, 81.0)), Some(0), false));
}

#[test]
fn of_many_features_it_is_told_how_much_each_matters() {
    let mut files = Files::new();
    files.add("m.ubj", read("tests/golden/many_features.ubj")).expect("a name");
    let own = sealed(&files, &Asked::default());
    let told = |feature: &Value| feature["importance"].as_f64().expect("a share");
    let shares: Vec<f64> = own.pages["en"]["features"].as_array().expect("features").iter().map(told).collect();
    assert!(
        shares.len() > 20 && shares.contains(&1.0) && shares.iter().all(|share| (0.0..=1.0).contains(share)),
        "{shares:?}"
    );
    assert_eq!(sealed(&case_of(&json!({})), &Asked::default()).pages["en"]["features"][0].get("importance"), None);
}

#[test]
fn features_without_names_take_the_columns_of_the_rows() {
    let text = "age,blood_pressure,y\n50,120,1\n60,130.5,2\n";
    let mut files = Files::new();
    files.add("m.wardian", wide_model(["f0", "f1"].into_iter().map(str::to_owned))).expect("a name");
    let asked = Asked { data: rows(text.as_bytes().to_vec()), label: Some("y".to_owned()), ..Asked::default() };
    let own = sealed(&files, &asked);
    let features = own.case.model.schema().features();
    assert_eq!((&*features[1].name, &*features[1].label, features[1].decimals), ("f1", "Blood pressure", Some(1)));
    assert_eq!(own.pages["en"]["answer"]["range"], json!([1, 2]));
    assert_eq!(own.pages["en"]["answer"]["label"], "Y");
}

/// A row with a category that training did not see is a golden row like any other, and an example of the case: both name it by a text that is
/// no category's, so that the page and the package read it as what it was.
#[test]
fn a_category_that_training_did_not_see_is_sealed_as_none_of_them() {
    let mut files = Files::new();
    files.add("colours.json", read("tests/golden/others/colours.catboost.json")).expect("a name");
    let asked = Asked { data: rows(b"amount,colour\n1,new\n2,new\n3,other\n".to_vec()), ..Asked::default() };
    let own = sealed(&files, &asked);
    let said = own.golden.to_string();
    assert!(said.contains("\"?\""), "{said}");
    assert!(!said.contains("[1,4]"), "{said}");
    let example = |text: &str| {
        let asked = Asked { data: rows(text.as_bytes().to_vec()), ..Asked::default() };
        let case = sealed(&files, &asked).case;
        let row = case.model.schema().row_from_text(case.file.example.as_deref().expect("an example")).expect("a row");
        row.values()[case.model.schema().index_of("colour").expect("a feature")]
    };
    // A row that the form can show comes first.
    assert_eq!(example("amount,colour\n1,new\n2,red\n3,other\n"), 3.0);
    assert_eq!(example("amount,colour\n1,new\n2,new\n3,other\n"), 4.0);
}

/// A page says which of two classes its probability is of, whatever it is told by: the case, the model's own names, the labels.
#[test]
fn a_risk_is_of_the_class_that_has_a_name() {
    let outcome = |classes: [&str; 2], said: Value, positive: Option<&str>| {
        let own = wardian::diabetes();
        // The shipped model tells an outcome itself.
        let schema = Schema::new("risk", "Risk", "", own.schema().features().to_vec()).expect("a schema");
        let schema = schema.with_classes(classes.map(str::to_owned).to_vec()).expect("two");
        let model = format::write(&own.clone().with_schema(schema).expect("a model"));
        let labelled = positive.and_then(|text| {
            let other = format!("1,106,70,28,135,34.2,0.142,22,{text}\n1,90,70,28,135,34.2,0.142,22,other\n");
            let names: Vec<&str> = own.schema().features().iter().map(|feature| &*feature.name).collect();
            rows(format!("{},y\n{other}", names.join(",")).into_bytes())
        });
        let asked = Asked {
            data: labelled,
            label: positive.map(|_| "y".to_owned()),
            positive: positive.map(str::to_owned),
            ..Asked::default()
        };
        sealed(&files_of(&said, model), &asked).case.file.outcome
    };
    assert_eq!(outcome(["bad", "good"], json!({}), None).as_deref(), Some("good"));
    assert_eq!(outcome(["bad", "good"], json!({ "outcome": "a good risk" }), None).as_deref(), Some("a good risk"));
    for unnamed in [["0", "1"], ["False", "True"], ["-1.5", "2e3"]] {
        assert_eq!(outcome(unnamed, json!({}), None), None, "{unnamed:?}");
    }
    assert_eq!(outcome(["0", "1"], json!({}), Some("sick")).as_deref(), Some("sick"));
}

/// A category with a comma in its name is one value of the example, and one group of the figures.
#[test]
fn a_category_with_a_comma_in_its_name_is_in_quotes_in_the_example() {
    let text = String::from_utf8(read("tests/golden/others/amounts.lightgbm.txt")).expect("text");
    let named = r#"pandas_categorical:[["blue", "red, or \"rose\"", "c", "d", "e"]]"#;
    let mut files = Files::new();
    files.add("m.txt", text.replace("pandas_categorical:[]", named).into_bytes()).expect("a name");
    let red = "\"red, or \"\"rose\"\"\"";
    let table = format!("amount,kind,y\n1,{red},1\n2,{red},0\n3,blue,1\n4,blue,0\n").into_bytes();
    let asked = Asked {
        held_out: rows(table.clone()),
        data: rows(table),
        label: Some("y".to_owned()),
        group: Some("kind".to_owned()),
        ..Asked::default()
    };
    let own = sealed(&files, &asked);
    assert_eq!(own.case.file.example.as_deref(), Some(&*format!("1,{red}")));
    let row = own.case.model.schema().row_from_text(&format!("1,{red}")).expect("a row");
    assert_eq!(row.values(), [1.0, 1.0]);
    let groups = own.case.file.figures.expect("figures").groups;
    assert_eq!(groups.iter().map(|group| &*group.name).collect::<Vec<_>>(), ["blue", "red, or \"rose\""]);
}

#[test]
fn a_golden_file_is_replayed_whole_or_nothing_is_sealed() {
    let model = wardian::diabetes();
    let row = "1,106,70,28,135,34.2,0.142,22";
    let own = model.predict(&model.schema().row_from_text(row).expect("a row"));
    let names: Vec<&str> = model.schema().features().iter().map(|feature| &*feature.name).collect();
    let golden = |prediction: f64, margin: String| {
        let text = format!("{},prediction,margin\n{row},{},{margin}\n", names.join(","), prediction as f32);
        let mut files = files_of(
            &json!({ "golden": "golden.csv", "model": "model.bin" }),
            read("models/diabetes/diabetes.wardian"),
        );
        files.add("golden.csv", text.into_bytes()).expect("a name");
        Case::read(&files, "folder", &Asked::default())
    };
    let margin = own.margins.all().to_string();
    let case = golden(own.value(), margin.clone()).expect("the same bits");
    assert_eq!((case.golden.compared, case.golden.margins.is_some()), (1, true));
    let error = golden(f64::from((own.value() as f32).next_up()), margin).expect_err("other bits").to_string();
    assert!(error.starts_with("golden.csv, row 1: the trainer's answer is 0.1045521"), "{error}");
    let error = golden(own.value(), "0.5".to_owned()).expect_err("another margin").to_string();
    assert!(error.contains("the trainer's margin is 0.5"), "{error}");
}

#[test]
fn what_a_case_says_wrong_is_named_with_its_place() {
    for (said, expected) in [
        (
            json!({ "features": [{ "name": "glucos" }] }),
            "features[0].name: the model has no feature \"glucos\"; is \"glucose\" meant?",
        ),
        (
            json!({ "features": [{ "name": "age" }, { "name": "age" }] }),
            "features[1].name: two features are called \"age\"",
        ),
        (json!({ "features": [{ "name": "__proto__" }] }), "features[0].name: the model has no feature \"__proto__\""),
        (
            json!({ "features": [{ "name": "age", "range": [5, 1] }] }),
            "features[0].range: it is upside down: 5 is more than 1",
        ),
        (
            json!({ "features": [{ "name": "age", "choices": { "old": "Old" } }] }),
            "the model has no category \"old\": it names none",
        ),
        (
            json!({ "features": [{ "name": "age", "units": [{ "unit": "months" }] }] }),
            "features[0].units[0]: it has \"times\" or \"per\"",
        ),
        (
            json!({ "features": [{ "name": "age", "units": [{ "unit": "months", "times": 0 }] }] }),
            "0 makes no unit of another",
        ),
        (
            json!({ "features": [{ "name": "age", "quartiles": [3, 2, 1] }] }),
            "features[0].quartiles: they do not ascend",
        ),
        (json!({ "features": [{ "name": "age", "step": -1 }] }), "features[0].step: \"age\": it is not above 0"),
        (json!({ "classes": { "yes": "Yes" } }), "the model has no class \"yes\""),
        (json!({ "name": "Diabetes risk" }), "name: \"Diabetes risk\" is no name of a package"),
        (json!({ "version": "1" }), "version: \"1\" is no version"),
        (json!({ "language": "english" }), "language: \"english\" is no code of a language"),
        (json!({ "translations": { "../x": {} } }), "is no code of a language"),
        (json!({ "translations": { "zh": "zh.json" } }), "there is no file \"zh.json\" in the folder"),
        (json!({ "golden": "../../etc/passwd" }), "is no name of a file in the case's folder"),
        (json!({ "look": { "accent": "red" } }), "look.accent: \"red\" is no colour"),
        (json!({ "words": { "persn.framing": "x" } }), "is no word of the page; is \"person.framing\" meant?"),
        (json!({ "words": { "person": "x" } }), "\"person\" is no word of the page"),
        (
            json!({ "zones": [{ "to": 0.5 }, { "to": 0.25 }] }),
            "zones[1]: its bound 0.25 is not above the one before, 0.5",
        ),
        (json!({ "zones": [{ "text": "x" }, { "to": 0.25 }] }), "zones[0]: it has no \"to\""),
        (json!({ "zones": [{ "to": 25 }] }), "zones[0]: its bound 25 is no probability"),
        (json!({ "base_rate": 35 }), "base_rate: 35 is no share"),
        (json!({ "answer": { "unit": "mg" } }), "answer: it is of a number"),
        (json!({ "targets": [{}] }), "targets: they are of several targets"),
        (json!({ "example": "1,2,3" }), "example, skin_fold_thick: 8 values are needed, 3 given"),
        (json!({ "rest": "api/x" }), "rest: \"api/x\" is no path"),
        (json!({ "rest": "/../x" }), "rest: \"/../x\" is no path"),
        (json!({ "title": "x".repeat(10_001) }), "has more than 10000 characters"),
        (json!({ "title": "a\u{0}b" }), "has a null character"),
        (json!({ "model": "other.ubj" }), "there is no file \"other.ubj\" in the folder"),
    ] {
        let error = fault(&said);
        assert!(error.contains(expected), "{said}: {error}");
    }
}

#[test]
fn no_text_ends_what_it_is_in() {
    let evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\" onload=\"x' @@data@@ \u{2028}\u{202e}עברית🙂${x}`";
    let said = json!({
        "title": evil, "outcome": evil, "language": "en", "words": { "app.lede": evil, "app.notice": evil, "app.population": evil },
        "features": [{
            "name": "age", "label": evil, "help": evil, "unit": evil, "group": evil, "names": [evil],
            "units": [{ "unit": format!("{evil}2"), "times": 12 }],
        }],
        "zones": [{ "to": 0.5, "name": evil, "text": evil }, { "text": evil }],
        "translations": { "zh": { evil: evil } },
        "card": { "notice": evil, "__proto__": { evil: [evil] }, "x": evil },
        "look": { "accent": "#17603f" },
    });
    let own = sealed(&case_of(&said), &Asked::default());
    let page = single(&own);
    let made = folder(&own);
    let index = String::from_utf8(made["index.html"].clone()).expect("UTF-8");
    let card = match own.make(Product::Card, None).expect("a card") {
        Made::File(bytes) => String::from_utf8(bytes).expect("UTF-8"),
        Made::Folder(_) => panic!("a folder"),
    };
    for html in [&page, &index, &card] {
        assert!(
            !html.contains("<img")
                && !html.contains("<script>")
                && !html.contains("onload=\"")
                && !html.contains("onload='")
        );
    }
    // As many scripts end as begin, and all of them are data.
    for html in [&page, &index] {
        assert_eq!(html.matches("<script ").count(), html.matches("</script>").count());
        assert_eq!(html.matches("<script ").count(), html.matches("<script type=\"application/").count());
    }
    assert_eq!(block(&page, "case")["page"]["title"], evil);
    assert_eq!(block(&page, "about.en")["card"]["__proto__"][evil][0], evil);
    let manifest: Value = serde_json::from_slice(&made["manifest.webmanifest"]).expect("JSON");
    assert_eq!(manifest["name"], format!("{evil} · Wardian"));
    assert!(!String::from_utf8_lossy(&made["service-worker.js"]).contains("</script"));
}

#[test]
fn many_features_and_long_names_are_sealed() {
    let long = "x".repeat(9_990);
    for names in [
        (0..10_000).map(|index| format!("feature_{index}")).collect::<Vec<_>>(),
        (0..12).map(|index| format!("{long}{index}")).collect(),
    ] {
        let mut files = Files::new();
        files.add("wide.wardian", wide_model(names.iter().cloned())).expect("a name");
        let own = sealed(&files, &Asked::default());
        let page = single(&own);
        let features = block(&page, "case")["page"]["features"].as_array().expect("features").len();
        assert_eq!(features, names.len());
    }
    for names in [["__proto__", "constructor"], ["年龄", "🌡️"], ["a\u{202e}b", "toString"]] {
        let mut files = Files::new();
        files.add("odd.wardian", wide_model(names.into_iter().map(str::to_owned))).expect("a name");
        assert_eq!(
            block(&single(&sealed(&files, &Asked::default())), "case")["page"]["features"]
                .as_array()
                .expect("features")
                .len(),
            2
        );
    }
}

#[test]
fn a_model_is_rewritten_where_the_case_says_more_and_stays_where_it_does_not() {
    let shipped = read("models/diabetes/diabetes.wardian");
    let bytes = |said: Value| sealed(&files_of(&said, shipped.clone()), &Asked::default()).case.model_bytes;
    let other_words =
        json!({ "title": "Other", "features": [{ "name": "age", "help": "Other help.", "label": "Years" }] });
    assert!(bytes(other_words) == shipped, "a page has those beside");
    let range = bytes(json!({ "features": [{ "name": "age", "range": [0, 99] }] }));
    assert!(range != shipped);
    assert_eq!(format::read(&range).expect("a model").schema().features()[7].range, Some((0.0, 99.0)));
    let trained = sealed(
        &case_of(&json!({ "features": [{ "name": "age", "unit": "years", "missing_codes": [-1] }] })),
        &Asked::default(),
    );
    let model = format::read(&trained.case.model_bytes).expect("a model");
    assert!(model.covers().is_some(), "it explains");
    let age = &model.schema().features()[7];
    assert_eq!((&*age.unit, &age.missing_codes[..]), ("years", &[-1.0][..]));
}

#[test]
fn a_shell_around_the_shipped_model_takes_no_other() {
    let shell = shell_with(true);
    let shipped = sealed(&files_of(&json!({}), read("models/diabetes/diabetes.wardian")), &Asked::default());
    let Made::Folder(files) = shipped.make(Product::Folder, Some(&shell)).expect("a page") else { panic!("a file") };
    assert!(!files.contains_key("model.wardian"));
    let other = sealed(&files_of(&json!({}), read("tests/golden/counts.ubj")), &Asked::default());
    let error = other.make(Product::Folder, Some(&shell)).expect_err("another model").to_string();
    assert!(error.contains("built around another model"), "{error}");
}

#[test]
fn a_folder_names_its_files_with_their_hashes() {
    let said = json!({ "translations": { "zh": { "Diabetes": "糖尿病" }, "de": { "Diabetes": "Zucker" } }, "title": "Diabetes", "rest": "/a/b" });
    let own = sealed(&case_of(&said), &Asked::default());
    let made = folder(&own);
    let index = String::from_utf8(made["index.html"].clone()).expect("UTF-8");
    let case = block(&index, "case");
    assert_eq!(case["page"]["languages"], json!(["en", "zh"]));
    assert!(index.contains("<link rel=\"modulepreload\" href=\"risk-1.js\" integrity=\"sha256-x\">"));
    let keys: Vec<&String> = case["files"].as_object().expect("files").keys().collect();
    assert_eq!(keys, ["about.en", "about.zh", "columns", "golden", "model", "openapi", "page.zh"]);
    let chinese: Value = serde_json::from_slice(&made["case/page.zh.json"]).expect("JSON");
    assert_eq!(chinese["title"], "糖尿病");
    let worker = String::from_utf8(made["service-worker.js"].clone()).expect("UTF-8");
    let told: Value = serde_json::from_str(&worker["const sealed=".len()..worker.len() - 1]).expect("JSON");
    assert_eq!((&told["rest"], &told["description"]), (&json!("/a/b"), &json!("/a/openapi.json")));
    let urls: Vec<&str> =
        told["precache"].as_array().expect("a list").iter().map(|each| each["url"].as_str().expect("a url")).collect();
    assert!(
        urls.contains(&"index.html") && urls.contains(&"model.wardian") && !urls.contains(&"page.html"),
        "{urls:?}"
    );
    assert!(told["model"].as_str().expect("an address").starts_with("model.wardian?v="));
}

#[test]
fn a_case_may_bring_its_contracts_description() {
    let mut files = files_of(
        &json!({ "model": "model.bin", "openapi": "openapi.json", "rest": "/katana-ml/api/v1.0/diabetes" }),
        read("models/diabetes/diabetes.ubj"),
    );
    let own = read("models/diabetes/openapi.json");
    files.add("openapi.json", own.clone()).expect("a name");
    let document = sealed(&files, &Asked::default()).openapi;
    assert_eq!(document, serde_json::from_slice::<Value>(&own).expect("JSON"));
    let case = Case::read(
        &files_of(&json!({ "rest": "/other" }), read("models/diabetes/diabetes.ubj")),
        "x",
        &Asked::default(),
    );
    let made = Sealed::new(case.expect("a case")).expect("documents").openapi;
    assert!(made["paths"]["/other"]["post"].is_object() && made["paths"]["/openapi.json"]["get"].is_object());
}

#[test]
fn a_contracts_description_names_the_server_below_any_path() {
    // From the document's folder up to where the paths begin.
    for (rest, server) in [("/other", "."), ("/a/b", ".."), ("/katana-ml/api/v1.0/diabetes", "../../..")] {
        let files = files_of(&json!({ "rest": rest }), read("models/diabetes/diabetes.ubj"));
        let made = sealed(&files, &Asked::default()).openapi;
        assert_eq!(made["servers"], json!([{ "url": server }]), "{rest}");
    }
}

#[test]
fn the_studio_makes_what_sealing_makes() {
    let bytes = read("models/petal/petal.lightgbm.txt");
    let rows = RowsFile { place: "rows.csv".to_owned(), bytes: read("models/petal/golden.csv"), ..RowsFile::default() };
    let mut studio = Studio::open("petal.lightgbm.txt", &bytes, &Default::default()).expect("a model");
    let about = studio.about();
    assert_eq!((&about["kind"], &about["trees"]), (&json!("number"), &json!(60)), "{about}");
    let importance: Vec<f64> = about["features"]
        .as_array()
        .expect("features")
        .iter()
        .filter_map(|feature| feature["importance"].as_f64())
        .collect();
    assert!(importance.contains(&1.0) && importance.iter().all(|share| (0.0..=1.0).contains(share)), "{importance:?}");
    studio.set_shell(shell());
    studio.give(Given::Data, Some(rows.clone()));
    for said in
        [json!({}), json!({ "title": "Petals", "look": { "accent": "#336699" } }), json!({ "version": "2.0.0" })]
    {
        let told = studio.put_together(said.to_string().into_bytes(), "folder", &Asked::default()).expect("a case");
        let given = studio.rows_given(said.to_string().as_bytes(), &Asked::default());
        assert_eq!(given["data"]["others"], json!(["prediction", "margin"]), "{told}");
        let mut files = Files::new();
        files.add("case.json", said.to_string().into_bytes()).expect("a name");
        files.add("petal.lightgbm.txt", bytes.clone()).expect("a name");
        let other = sealed(&files, &Asked { data: Some(rows.clone()), ..Asked::default() });
        for product in
            [Product::Single, Product::Folder, Product::Case, Product::Model, Product::Card, Product::OpenApi]
        {
            let made = studio.make(product).expect("a product");
            assert_eq!(made, other.make(product, Some(&shell())).expect("a product"), "{product:?} of {said}");
        }
    }
    // What is wrong leaves the last case as it was.
    let last = studio.make(Product::Case).expect("a product");
    let fault = studio.put_together(b"{\"titel\":1}".to_vec(), "folder", &Asked::default()).expect_err("a fault");
    assert!(fault.to_string().contains("is \"title\" meant?"), "{fault}");
    assert_eq!(studio.make(Product::Case).expect("a product"), last);
    // Rows that were held out wait for their label.
    studio.give(Given::HeldOut, Some(rows.clone()));
    let told = studio.put_together(b"{}".to_vec(), "folder", &Asked::default()).expect("a case");
    let given = studio.rows_given(b"{}", &Asked::default());
    assert_eq!(given["heldOut"]["others"], json!(["prediction", "margin"]), "{given}");
    assert!(told["case"]["figures"].is_null(), "{told}");
    let labelled = Asked { label: Some("prediction".to_owned()), ..Asked::default() };
    let told = studio.put_together(b"{}".to_vec(), "folder", &labelled).expect("a case");
    assert_eq!(told["case"]["figures"]["rows"], json!(180), "{told}");
    studio.give(Given::HeldOut, None);
    // A cross-validation's answers are judged as rows that were held out are.
    let (answers, labels): (Vec<f32>, Vec<f32>) =
        (0..60).map(|row| (row as f32, row as f32 + (row % 7) as f32 - 3.0)).unzip();
    let judged = studio.judge(&answers, &labels, "5 folds").expect("a judgement");
    assert_eq!(
        (&judged["figures"]["rows"], &judged["certainty"]["source"]),
        (&json!(60), &json!("5 folds")),
        "{judged}"
    );
    let said = json!({ "certainty": judged["certainty"], "figures": judged["figures"] });
    let told = studio.put_together(said.to_string().into_bytes(), "folder", &Asked::default()).expect("a case");
    assert_eq!(told["case"]["figures"], judged["figures"]);
    let judged = studio.judge(&answers[..20], &labels[..20], "5 folds").expect("a judgement");
    assert!(
        judged["certainty"].is_null() && judged["notes"][0].as_str().is_some_and(|note| note.contains("20")),
        "{judged}"
    );
    assert!(studio.judge(&[1.0], &[f32::NAN], "").is_err());
    studio.give(Given::Data, None);
    let told = studio.put_together(b"{}".to_vec(), "folder", &Asked::default()).expect("a case");
    assert_eq!(told["rows"], Value::Null);
    assert_eq!(studio.rows_given(b"{}", &Asked::default()), json!({ "data": null, "heldOut": null }));
}

#[test]
fn columns_of_other_names_are_proposed_and_taken_as_they_are_said() {
    let bytes = read("models/petal/petal.lightgbm.txt");
    let rows = String::from_utf8(read("models/petal/golden.csv")).expect("text");
    let (header, rest) = rows.split_once('\n').expect("a header");
    let renamed = header.replace("sepal_width", "Sepal wdth").replace("species", "third");
    let file = |columns: &[(&str, &str)]| RowsFile {
        place: "rows.csv".to_owned(),
        bytes: format!("{renamed}\n{rest}").into_bytes(),
        options: wardian::rows::Options {
            columns: columns.iter().map(|(feature, column)| ((*feature).to_owned(), (*column).to_owned())).collect(),
            ..Default::default()
        },
    };
    let mut studio = Studio::open("petal.lightgbm.txt", &bytes, &Default::default()).expect("a model");
    studio.give(Given::Data, Some(file(&[])));
    let given = studio.rows_given(b"{}", &Asked::default());
    let names: Vec<&str> = header.split(',').collect();
    let absent: Vec<Value> = given["data"]["absent"].as_array().expect("a list").clone();
    let of = |feature: &str| absent.iter().find(|each| each["feature"] == feature).map(|each| each["proposed"].clone());
    assert_eq!(
        of("sepal_width"),
        names.iter().position(|name| *name == "sepal_width").map(|place| json!(place)),
        "{given}"
    );
    assert_eq!((absent.len(), given["data"]["doubts"][0]["code"].as_str()), (2, Some("absent")), "{given}");
    assert!(studio.put_together(b"{}".to_vec(), "x", &Asked::default()).is_err());
    let said = file(&[("sepal_width", "Sepal wdth"), ("species", "third")]);
    studio.give(Given::Data, Some(said));
    assert_eq!(studio.rows_given(b"{}", &Asked::default())["data"]["absent"], json!([]));
    let told = studio.put_together(b"{}".to_vec(), "x", &Asked::default()).expect("a case");
    studio.give(Given::Data, Some(RowsFile { bytes: rows.clone().into_bytes(), ..file(&[]) }));
    assert_eq!(told["case"], studio.put_together(b"{}".to_vec(), "x", &Asked::default()).expect("a case")["case"]);
    // What the rows are does not hang on words that are wrong.
    let wrong = json!({ "features": [{ "name": "sepal_width", "range": [3, 1] }] }).to_string();
    assert!(studio.put_together(wrong.clone().into_bytes(), "x", &Asked::default()).is_err());
    assert_eq!(studio.rows_given(wrong.as_bytes(), &Asked::default())["data"]["names"][0], json!(names[0]));
}

#[test]
fn each_fault_has_its_place_and_its_reason() {
    let bytes = read("models/diabetes/diabetes.ubj");
    let studio = Studio::open("diabetes.ubj", &bytes, &Default::default()).expect("a model");
    let said = json!({
        "name": "Not A Name", "version": "one", "title": "ok", "look": { "accent": "red" },
        "features": [{ "name": "age", "range": [3, 1] }, { "name": "glucose", "step": -1, "unit": "x" }],
    });
    let faults = studio.faults(said.to_string().as_bytes(), &Asked::default());
    let places: Vec<String> = faults.iter().map(|fault| fault.to_string()).collect();
    for (fault, place) in
        places.iter().zip(["name: ", "version: ", "look.accent: ", "features[0].range: ", "features[1].step: "])
    {
        assert!(fault.starts_with(place), "{fault}");
    }
    assert_eq!(places.len(), 5, "{places:?}");
}

#[test]
fn what_was_made_of_rows_is_kept_while_only_words_change() {
    let bytes = read("models/diabetes/diabetes.ubj");
    let text = String::from_utf8(read("models/diabetes/pima-indians-diabetes.csv")).expect("text");
    let rows =
        |place: &str| RowsFile { place: place.to_owned(), bytes: text.clone().into_bytes(), ..RowsFile::default() };
    let fresh = || {
        let mut studio = Studio::open("diabetes.ubj", &bytes, &Default::default()).expect("a model");
        studio.give(Given::Data, Some(rows("--data")));
        studio.give(Given::HeldOut, Some(rows("--held-out")));
        studio
    };
    let mut studio = fresh();
    let asked = Asked { label: Some("diabetes".to_owned()), ..Asked::default() };
    let mut put = |said: Value, asked: &Asked| {
        let told = studio.put_together(said.to_string().into_bytes(), "x", asked).expect("a case");
        let other = fresh().put_together(said.to_string().into_bytes(), "x", asked).expect("a case");
        assert_eq!(told, other, "{said}");
        studio.kept().made()
    };
    assert_eq!(put(json!({ "title": "A" }), &asked), [1, 1, 1, 1, 1, 1, 0]);
    let words = json!({
        "title": "B", "look": { "accent": "#336699" }, "words": { "app.notice": "N" },
        "features": [{ "name": "glucose", "label": "G", "unit": "mg/dL", "help": "H", "group": "Blood" }],
    });
    assert_eq!(put(words, &asked), [1, 1, 1, 1, 1, 1, 0]);
    // A code for "not measured" is another value.
    let coded = json!({ "title": "B", "features": [{ "name": "glucose", "missing_codes": [99] }] });
    assert_eq!(put(coded, &asked), [2, 2, 2, 2, 2, 2, 0]);
    let grouped = Asked { group: Some("age".to_owned()), ..asked.clone() };
    let made = put(json!({ "title": "B" }), &grouped);
    assert_eq!((made[1], made[5]), (3, 3));
    assert_eq!(put(json!({ "kind": "number" }), &asked)[5], 4);
}
