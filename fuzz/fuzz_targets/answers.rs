//! Valid forests, built and not parsed, and rows at and beside their cuts: every evaluator gives the bits of a plain walk
//! over the forest, and so does a model in all its ways.
#![no_main]

use libfuzzer_sys::arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use wardian::MOST_CUTS;
use wardian::answers::{Amounts, Kind, LINKS, Shape, Spread, compare};

#[derive(Debug)]
struct Drawn(Shape);

impl<'a> Arbitrary<'a> for Drawn {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        let given = bytes.bytes(bytes.len())?;
        shape(&mut Unstructured::new(&endless(given))).map(Self)
    }
}

/// These bytes, and behind them as many as any shape takes, drawn from the first. What is left of an input that has ended
/// is zeros otherwise, and the fuzzer begins with short ones: it took 7,800 inputs of small forests to find what is now
/// found by the first ones.
fn endless(given: &[u8]) -> Vec<u8> {
    const ENOUGH: usize = 1000;
    let mut bytes = given.to_vec();
    let mut state = given.iter().take(8).fold(1, |state: u64, &byte| state << 8 | u64::from(byte));
    while bytes.len() < ENOUGH {
        // Knuth's generator, whose high bits are the good ones.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        bytes.push((state >> 56) as u8);
    }
    bytes
}

fn shape(bytes: &mut Unstructured<'_>) -> Result<Shape> {
    let seed = bytes.arbitrary()?;
    // Few columns are more runs a second; many are other evaluators.
    let most = *bytes.choose(&[2, 4, 12, 16, 48, 60])?;
    let count = bytes.int_in_range(1..=most)?;
    let columns: Vec<Kind> = (0..count).map(|_| kind(bytes)).collect::<Result<_>>()?;
    let most_depth = *bytes.choose(&[3, 6, 12])?;
    Ok(Shape {
        seed,
        features: bytes.int_in_range(1..=columns.len())?,
        columns,
        spare_features: bytes.int_in_range(0..=2)?,
        trees: bytes.int_in_range(1..=12)?,
        depth: bytes.int_in_range(0..=most_depth)?,
        outputs: if bytes.arbitrary()? { 1 } else { bytes.int_in_range(1..=5)? },
        vector_leaves: bytes.ratio(1, 4)?,
        amounts: *bytes.choose(&Amounts::ALL)?,
        link: *bytes.choose(&LINKS)?,
        // Blocks are of 1024.
        rows: if bytes.ratio(1, 32)? { bytes.int_in_range(1000..=1100)? } else { bytes.int_in_range(1..=40)? },
        infinite: bytes.ratio(1, 16)?,
    })
}

/// A column, full or nearly two times out of three.
fn kind(bytes: &mut Unstructured<'_>) -> Result<Kind> {
    if bytes.ratio(1, 8)? {
        return Ok(Kind::Set(bytes.int_in_range(1..=20)?));
    }
    let counts = if bytes.ratio(2, 3)? { 250..=MOST_CUTS } else { 1..=MOST_CUTS };
    Ok(Kind::Cuts(bytes.int_in_range(counts)?, *bytes.choose(&Spread::ALL)?))
}

fuzz_target!(|drawn: Drawn| compare(&drawn.0));
