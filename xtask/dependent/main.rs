//! A crate that depends on the packaged one, compiled without a flag: which way many rows go, and that their answers are right.

fn main() {
    let bytes = wardian::vector_bytes();
    #[cfg(target_arch = "x86_64")]
    assert_eq!(bytes, if std::arch::is_x86_feature_detected!("avx2") { 32 } else { 16 }, "bytes at once");
    #[cfg(not(target_arch = "x86_64"))]
    assert_eq!(bytes, 16, "bytes at once");
    let row = [1.0, 106.0, 70.0, 28.0, 135.0, 34.2, 0.142, 22.0];
    let model = wardian::diabetes();
    let one = model.predict(&model.schema().row_from_values(row.to_vec()).expect("a row")).values;
    let many = model.predict_many(&row.repeat(1000)).expect("rows");
    assert!(many.iter().all(|prediction| Some(prediction) == one.get(0)), "many rows are as one");
    println!("{bytes} bytes at once, {one}");
}
