//! measure
use peak_alloc::PeakAlloc;
use wardian::import;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

#[test]
#[ignore]
fn measure() {
    let folder = std::env::var("WARDIAN_MEMORY").unwrap();
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().flatten().map(|e| e.path()).collect();
    paths.sort();
    for path in paths {
        let bytes = std::fs::read(&path).unwrap();
        ALLOCATOR.reset_peak_usage();
        let before = ALLOCATOR.current_usage();
        let model = import::read(&bytes);
        let peak = ALLOCATOR.peak_usage() - before;
        let kept = ALLOCATOR.current_usage() - before;
        let n = bytes.len() as f64;
        match &model {
            Ok(model) => {
                let f = model.forest();
                println!("{:20} {:9} bytes, peak {:5.1}, kept {:5.1}; a leaf: file {:.0} peak {:.0} kept {:.0} clone {:.0}", path.file_name().unwrap().to_string_lossy(), bytes.len(), peak as f64 / n, kept as f64 / n,
                n / f.leaves().len() as f64,
                peak as f64 / f.leaves().len() as f64, kept as f64 / f.leaves().len() as f64, {
                    let before = ALLOCATOR.current_usage();
                    let clone = f.clone();
                    let d = ALLOCATOR.current_usage() - before; drop(clone); d as f64 / f.leaves().len() as f64
                });
            }
            Err(error) => println!("{} {error}, peak {:.1}", path.display(), peak as f64 / n),
        }
    }
}
