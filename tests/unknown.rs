//! What is not known beside brute force: every committed model, whoever trained it, asked with every value that was observed.

use std::fs;
use std::path::{Path, PathBuf};

use wardian::import::{self, Options};
use wardian::{Column, Model, Observed, Test, Unknown, Values};

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }
}

/// All files of models below a folder, in one order.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn models() -> Vec<(PathBuf, Model)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    ["tests/golden", "models"].iter().for_each(|folder| files(&root.join(folder), &mut found));
    let opened = found.into_iter().filter_map(|path| {
        let model = import::read_noting(&fs::read(&path).ok()?, &Options::default()).map(|read| read.model).ok()?;
        Some((path, model))
    });
    opened.collect()
}

/// Values of a feature where a comparison can go wrong: at a cut, beside it and between two; and in and out of sets of categories.
fn values(model: &Model, feature: usize, random: &mut Random) -> Vec<f64> {
    let own = model.forest().columns().iter().filter(|column| column.feature as usize == feature);
    let mut values = Vec::new();
    for Column { test, .. } in own {
        match test {
            Test::Below(cuts) => {
                for &cut in cuts.iter().skip(random.below(3)).step_by(1 + cuts.len() / 20) {
                    values.extend([cut, cut.next_down(), cut.next_up(), cut * 1.5].map(f64::from));
                }
            }
            Test::InSet(set) => values.extend(set.iter().flat_map(|&category| [category, category + 1]).map(f64::from)),
        }
    }
    for wide in model.forest().dialect().wide().iter().filter(|wide| wide.feature as usize == feature) {
        values.extend(wide.cuts.iter().take(20).flat_map(|&cut| [cut, cut.next_down(), cut.next_up()]));
    }
    values.retain(|value| (*value as f32).is_finite());
    if values.is_empty() {
        values.push(1.0);
    }
    values
}

/// Rows whose values are all such, some of them missing.
fn rows(model: &Model, count: usize, random: &mut Random) -> Vec<f64> {
    let width = model.schema().features().len();
    let choices: Vec<Vec<f64>> = (0..width).map(|feature| values(model, feature, random)).collect();
    let value = |place: usize, random: &mut Random| match random.below(5) {
        0 => f64::NAN,
        _ => choices[place % width][random.below(choices[place % width].len())],
    };
    (0..count * width).map(|place| value(place, random)).collect()
}

/// The same by asking the model with each value of each row.
fn brute(model: &Model, row: &[f64], observed: &[f64]) -> Vec<Unknown> {
    let width = row.len();
    let asked = |feature: usize| model.forest().columns().iter().any(|column| column.feature as usize == feature);
    let codes = |feature: usize| &model.schema().features()[feature].missing_codes;
    let mut told = Vec::new();
    for feature in (0..width).filter(|&feature| row[feature].is_nan() && asked(feature)) {
        let is_code = |value: f64| codes(feature).iter().any(|&code| value == code || value == f64::from(code as f32));
        let own = observed.iter().skip(feature).step_by(width).filter(|value| !value.is_nan() && !is_code(**value));
        let mut substituted = Vec::new();
        for &value in own {
            let mut row = row.to_vec();
            row[feature] = value;
            substituted.extend(row);
        }
        if substituted.is_empty() {
            continue;
        }
        let answers: Vec<f64> = model.predict_many(&substituted).expect("answers").iter().collect();
        let count = model.prediction_count();
        let of = |place: usize| answers.iter().copied().skip(place).step_by(count);
        let spread = |place: usize| {
            let all = of(place).count() as f64;
            let mean = of(place).sum::<f64>() / all;
            (of(place).map(|answer| (answer - mean) * (answer - mean)).sum::<f64>() / all).sqrt()
        };
        told.push(Unknown {
            feature,
            low: (0..count).map(|place| of(place).fold(f64::INFINITY, f64::min)).collect(),
            high: (0..count).map(|place| of(place).fold(f64::NEG_INFINITY, f64::max)).collect(),
            spread: (0..count).map(spread).collect(),
        });
    }
    told
}

#[test]
fn what_is_told_is_what_every_observed_value_gives() {
    let mut random = Random(1);
    let (mut asked, mut differing, mut told) = (0, 0, 0);
    for (path, model) in models() {
        let width = model.schema().features().len();
        let observed_rows = rows(&model, 150, &mut random);
        let observed = Observed::of_rows(&model, &observed_rows).expect("whole rows");
        for row in rows(&model, 6, &mut random).chunks_exact(width) {
            let row = model.schema().row_from_values(row.to_vec()).expect("a row");
            let mut ours = model.unknown(&row, &observed).expect("what is not known");
            let most = |each: &Unknown| each.spread.iter().copied().fold(0.0, f64::max);
            assert!(ours.windows(2).all(|pair| most(&pair[0]) >= most(&pair[1])), "{}", path.display());
            ours.sort_by_key(|each| each.feature);
            let theirs = brute(&model, row.values(), &observed_rows);
            assert_eq!(ours.len(), theirs.len(), "{}", path.display());
            for (ours, theirs) in ours.iter().zip(&theirs) {
                assert_eq!(
                    (ours.feature, &ours.low, &ours.high),
                    (theirs.feature, &theirs.low, &theirs.high),
                    "{}",
                    path.display()
                );
                for (one, other) in ours.spread.iter().zip(&theirs.spread) {
                    assert!(
                        (one - other).abs() <= 1e-9 * (1.0 + ours.high[0].abs()),
                        "{}: {one} {other}",
                        path.display()
                    );
                }
                differing += usize::from(ours.low != ours.high);
                told += 1;
            }
        }
        asked += 1;
    }
    println!("{asked} models, {told} missing values told, of which {differing} make a difference");
    assert!(asked >= 50 && differing * 3 > told, "{asked} models, {told} told, {differing} differing");
}

#[test]
fn without_rows_all_codes_are_asked() {
    let model = wardian::diabetes();
    let all = Observed::of_model(model).expect("a model");
    for (feature, own) in all.features().iter().enumerate() {
        let cuts: usize = model
            .forest()
            .columns()
            .iter()
            .filter(|column| column.feature as usize == feature)
            .map(Column::rank_count)
            .sum();
        assert_eq!(own.values.len(), if cuts == 0 { 0 } else { cuts + 1 });
    }
    let row = model.schema().row_from_text("1,,70,28,135,34.2,0.142,").expect("a row");
    let told = model.unknown(&row, &all).expect("what is not known");
    assert_eq!(told.len(), 2);
    for each in &told {
        let brute: Vec<f64> = (0..4000)
            .map(|step| {
                let mut values = row.values().to_vec();
                values[each.feature] = f64::from(step) / 10.0;
                model.predict(&model.schema().row_from_values(values).expect("a row")).value()
            })
            .collect();
        // A zero is a missing glucose, not a low one.
        let brute = if each.feature == 1 { &brute[1..] } else { &brute[..] };
        assert_eq!(each.low[0], brute.iter().copied().fold(1.0, f64::min));
        assert_eq!(each.high[0], brute.iter().copied().fold(0.0, f64::max));
    }
}

#[test]
fn values_of_another_model_are_refused() {
    let model = wardian::diabetes();
    let row = model.schema().row_from_text("1,,70,28,135,34.2,0.142,").expect("a row");
    let few = vec![Values::default(); 3];
    assert_eq!(
        Observed::of_values(model, few).expect_err("too few").to_string(),
        "3 lists of observed values; the model has 8 features"
    );
    let mut odd = vec![Values::default(); 8];
    odd[2] = Values { values: vec![1.0, 2.0], counts: vec![3] };
    assert_eq!(
        Observed::of_values(model, odd.clone()).expect_err("odd").to_string(),
        "blood_pressure: there are not as many counts as observed values"
    );
    odd[2] = Values { values: vec![f64::NAN], counts: vec![3] };
    assert_eq!(
        Observed::of_values(model, odd).expect_err("none").to_string(),
        "blood_pressure: an observed value is not a finite number"
    );
    let none = Observed::of_values(model, vec![Values::default(); 8]).expect("nothing was observed");
    assert_eq!(model.unknown(&row, &none).expect("nothing"), []);
}
