//! `wardian seal`, run as a user runs it.

mod binary;

use std::fs;
use std::path::{Path, PathBuf};

use binary::{stderr, wardian};

/// A new folder for one test's files.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("a folder")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn text(path: &Path) -> String {
    path.to_str().expect("UTF-8").to_owned()
}

#[test]
fn a_case_is_sealed_and_what_was_made_is_told() {
    let folder = folder("seal-products");
    let outputs = ["risk.wardian", "openapi.json", "card.html", "case.json"].map(|name| text(&folder.join(name)));
    let mut arguments = vec!["seal", "models/diabetes/diabetes.ubj", "--title", "A risk"];
    outputs.iter().for_each(|output| arguments.extend(["-o", output]));
    let told = wardian(&arguments);
    assert!(told.status.success(), "{}", stderr(&told));
    let last = stderr(&told).lines().last().expect("a line").to_owned();
    assert!(
        last.starts_with("diabetes (risk): 8 features, 150 trees; 20 rows replayed, of no trainer's answers"),
        "{last}"
    );
    assert_eq!(names(&folder), ["card.html", "case.json", "openapi.json", "risk.wardian"]);
    let case = fs::read_to_string(folder.join("case.json")).expect("the case");
    assert!(case.contains("\"title\": \"A risk\""));
}

#[test]
fn what_is_wrong_with_a_file_names_it_once() {
    let folder = folder("seal-named");
    let (model, out) = (text(&folder.join("x.ubj")), text(&folder.join("x.wardian")));
    fs::write(&model, "no model").expect("a file");
    for arguments in [
        ["seal", &model, "-o", &out].as_slice(),
        ["figures", &model, "--data", "models/petal/golden.csv", "--label", "species"].as_slice(),
    ] {
        let told = stderr(&wardian(arguments));
        assert!(told.starts_with(&format!("wardian: {model}: the file is none")), "{told}");
        assert_eq!(told.matches("x.ubj").count(), 1, "{told}");
    }
}

#[test]
fn a_folder_that_is_not_there_is_named_and_no_temporary_file_is() {
    let absent = folder("seal-absent").join("sites");
    for output in ["risk.wardian", "openapi.json"] {
        let output = text(&absent.join(output));
        let told = stderr(&wardian(&["seal", "models/diabetes/diabetes.ubj", "-o", &output]));
        assert_eq!(told.trim(), format!("wardian: {output}: there is no folder {}; make it first", absent.display()));
    }
    let output = text(&absent.join("risk.wardian"));
    let told = stderr(&wardian(&["convert", "models/diabetes/diabetes.ubj", "-o", &output]));
    assert!(told.contains("there is no folder"), "{told}");
}

#[test]
fn nothing_is_left_behind_where_a_golden_row_disagrees() {
    let folder = folder("seal-golden");
    let case = folder.join("case");
    fs::create_dir_all(&case).expect("a folder");
    fs::copy("models/diabetes/diabetes.wardian", case.join("m.wardian")).expect("a copy");
    fs::write(case.join("case.json"), r#"{"golden": "golden.csv"}"#).expect("a file");
    let header = "times_pregnant,glucose,blood_pressure,skin_fold_thick,serum_insulin,mass_index,diabetes_pedigree,age,prediction";
    fs::write(
        case.join("golden.csv"),
        format!("{header}\n1,106,70,28,135,34.2,0.142,22,0.10455212\n1,106,70,28,135,34.2,0.142,22,0.2\n"),
    )
    .expect("a file");
    let output = text(&folder.join("out.wardian"));
    let told = wardian(&["seal", &text(&case), "-o", &output]);
    assert_eq!(told.status.code(), Some(1));
    assert!(
        stderr(&told)
            .contains("golden.csv, row 2: the trainer's answer is 0.2, ours 0.10455212: a difference of 0.095447"),
        "{}",
        stderr(&told)
    );
    assert_eq!(names(&folder), ["case"]);
    fs::write(case.join("golden.csv"), format!("{header}\n1,106,70,28,135,34.2,0.142,22,0.10455212\n"))
        .expect("a file");
    let told = wardian(&["seal", &text(&case.join("case.json")), "-o", &output]);
    assert!(stderr(&told).contains("1 of 1 rows identical to the trainer"), "{}", stderr(&told));
    assert_eq!(
        fs::read(folder.join("out.wardian")).expect("the model"),
        fs::read("models/diabetes/diabetes.wardian").expect("the model")
    );
}

#[test]
fn a_file_out_of_the_folder_is_none_of_the_cases() {
    let folder = folder("seal-links");
    let case = folder.join("case");
    fs::create_dir_all(&case).expect("a folder");
    fs::copy("models/diabetes/diabetes.wardian", folder.join("m.wardian")).expect("a copy");
    fs::write(case.join("case.json"), r#"{"model": "../m.wardian"}"#).expect("a file");
    let output = text(&folder.join("out.wardian"));
    let told = wardian(&["seal", &text(&case), "-o", &output]);
    assert!(stderr(&told).contains("is no name of a file in the case's folder"), "{}", stderr(&told));
    #[cfg(unix)]
    {
        fs::write(case.join("case.json"), r#"{"model": "m.wardian"}"#).expect("a file");
        std::os::unix::fs::symlink(folder.join("m.wardian"), case.join("m.wardian")).expect("a link");
        let told = wardian(&["seal", &text(&case), "-o", &output]);
        assert!(stderr(&told).contains("it is a link out of the case's folder"), "{}", stderr(&told));
    }
    assert!(!folder.join("out.wardian").exists());
}

#[test]
fn outputs_are_told_by_their_endings_and_others_folders_are_left_alone() {
    let folder = folder("seal-outputs");
    let seal = |output: &str| stderr(&wardian(&["seal", "models/diabetes/diabetes.ubj", "-o", output]));
    assert!(seal(&text(&folder.join("x.zip"))).contains("it ends with none of .html"));
    fs::write(folder.join("own.txt"), "mine").expect("a file");
    assert!(seal(&text(&folder)).contains("--force replaces it"));
    assert_eq!(names(&folder), ["own.txt"]);
    let twice = wardian(&["seal", "models/diabetes/diabetes.ubj", "-o", "a.wardian", "-o", "./a.wardian"]);
    assert!(stderr(&twice).contains("it is to be made twice"), "{}", stderr(&twice));
}
