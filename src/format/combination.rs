//! The section `COMB`: what makes predictions of several estimators' sums. Of all other models there is none.

use super::bytes::{Reader, put_doubles, put_varint};
use super::forest::{link_number, link_of};
use crate::combination::{Combination, Step};
use crate::error::{Result, broken};
use crate::finish::Finish;
use crate::forest::MAX_OUTPUTS;

pub(super) const TAG: [u8; 4] = *b"COMB";

/// The kinds of steps.
const LINKED: u8 = 0;
const SIGMOID: u8 = 1;
const ISOTONIC: u8 = 2;
const SHARES: u8 = 3;
const CAPPED: u8 = 4;
const SHIFTED: u8 = 5;
const GATHERED: u8 = 6;
const MEAN: u8 = 7;
const MEDIAN: u8 = 8;

/// The section.
pub(super) fn write(combination: &Combination) -> Vec<u8> {
    let mut out = Vec::new();
    put_varint(&mut out, combination.steps().len() as u32);
    for step in combination.steps() {
        put_step(&mut out, step);
    }
    out
}

fn put_step(out: &mut Vec<u8>, step: &Step) {
    let mut begin = |kind: u8, numbers: &[u32]| {
        out.push(kind);
        numbers.iter().for_each(|&number| put_varint(out, number));
    };
    match step {
        Step::Linked { from, count, finish: Finish { divisor, slope, .. }, link } => {
            begin(LINKED, &[*from, *count, link_number(*link) as u32]);
            put_doubles(out, &[*divisor, *slope]);
        }
        Step::Sigmoid { from, slope, offset } => {
            begin(SIGMOID, &[*from]);
            put_doubles(out, &[*slope, *offset]);
        }
        Step::Isotonic { from, places, values } => {
            begin(ISOTONIC, &[*from, places.len() as u32]);
            put_doubles(out, places);
            put_doubles(out, values);
        }
        Step::Shares { from, count } => begin(SHARES, &[*from, *count]),
        Step::Capped { from, count } => begin(CAPPED, &[*from, *count]),
        Step::Shifted { from, count, by } => {
            begin(SHIFTED, &[*from, *count]);
            put_doubles(out, &[*by]);
        }
        Step::Gathered { from } => {
            begin(GATHERED, &[from.len() as u32]);
            // No place is 0, and any other its number and 1.
            from.iter().for_each(|from| put_varint(out, from.wrapping_add(1)));
        }
        Step::Mean { from, count, weights, divisor } => {
            begin(MEAN, &[from.len() as u32]);
            from.iter().for_each(|&from| put_varint(out, from));
            put_varint(out, *count);
            out.push(u8::from(!weights.is_empty()));
            put_doubles(out, weights);
            put_doubles(out, &[*divisor]);
        }
        Step::Median { from, weights } => {
            begin(MEDIAN, &[*from, weights.len() as u32]);
            put_doubles(out, weights);
        }
    }
}

/// Whether each step has what it looks at, the forest says.
pub(super) fn read(reader: &mut Reader<'_>) -> Result<Combination> {
    // The shortest step has three bytes.
    let count = reader.count("steps", 3 * 8);
    if count > MAX_OUTPUTS {
        return Err(broken("# steps; the limit is #", &[count, MAX_OUTPUTS]).place("offset #", &[reader.offset()]));
    }
    let mut steps = Vec::new();
    for _ in 0..count {
        steps.push(read_step(reader)?);
    }
    reader.check()?;
    Ok(Combination::new(steps))
}

fn read_step(reader: &mut Reader<'_>) -> Result<Step> {
    let offset = reader.offset();
    let step = match reader.u8() {
        LINKED => {
            let (from, count, number) = (reader.varint(), reader.varint(), reader.varint() as usize);
            let Some(link) = link_of(number) else {
                reader.check()?;
                return Err(broken("link # is unknown", &[number]).place("offset #", &[offset]));
            };
            let numbers = reader.doubles(2);
            let [divisor, slope] = numbers[..] else { return cut_off(reader) };
            Step::Linked { from, count, finish: Finish { divisor, slope, ..Finish::PLAIN }, link }
        }
        SIGMOID => {
            let (from, numbers) = (reader.varint(), reader.doubles(2));
            let [slope, offset] = numbers[..] else { return cut_off(reader) };
            Step::Sigmoid { from, slope, offset }
        }
        ISOTONIC => {
            let (from, count) = (reader.varint(), reader.count("places", 2 * 64));
            Step::Isotonic { from, places: reader.doubles(count), values: reader.doubles(count) }
        }
        SHARES => Step::Shares { from: reader.varint(), count: reader.varint() },
        CAPPED => Step::Capped { from: reader.varint(), count: reader.varint() },
        SHIFTED => {
            let (from, count, numbers) = (reader.varint(), reader.varint(), reader.doubles(1));
            let [by] = numbers[..] else { return cut_off(reader) };
            Step::Shifted { from, count, by }
        }
        GATHERED => {
            let count = reader.count("numbers", 8);
            Step::Gathered { from: (0..count).map(|_| reader.varint().wrapping_sub(1)).collect() }
        }
        MEAN => {
            let rows = reader.count("rows", 8);
            let from = (0..rows).map(|_| reader.varint()).collect();
            let (count, weighted) = (reader.varint(), reader.u8());
            if weighted > 1 {
                return Err(broken("weights of kind # are unknown", &[weighted.into()]).place("offset #", &[offset]));
            }
            let weights = if weighted == 1 { reader.doubles(rows) } else { Vec::new() };
            let numbers = reader.doubles(1);
            let [divisor] = numbers[..] else { return cut_off(reader) };
            Step::Mean { from, count, weights, divisor }
        }
        MEDIAN => {
            let (from, count) = (reader.varint(), reader.count("weights", 64));
            Step::Median { from, weights: reader.doubles(count) }
        }
        kind => {
            reader.check()?;
            return Err(broken("steps of kind # are unknown", &[kind.into()]).place("offset #", &[offset]));
        }
    };
    reader.check()?;
    Ok(step)
}

/// What the reader has noted of a step that does not end.
fn cut_off(reader: &mut Reader<'_>) -> Result<Step> {
    reader.check()?;
    Err(broken("a step is cut off", &[]).place("offset #", &[reader.offset()]))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::link::{Link, OtherLink};

    fn steps() -> Vec<Step> {
        let finish = Finish { divisor: 3.0, slope: 0.1, ..Finish::PLAIN };
        vec![
            Step::Linked { from: 0, count: 2, finish, link: Link::Softmax },
            Step::Linked { from: 300, count: 1, finish, link: Link::Other(OtherLink::Isolation) },
            Step::Sigmoid { from: 1, slope: -1.5, offset: 0.25 },
            Step::Isotonic { from: 1, places: vec![0.0, 0.1, 0.3], values: vec![0.0, 1.0 / 3.0, 1.0] },
            Step::Shares { from: 0, count: 128 },
            Step::Capped { from: 0, count: 2 },
            Step::Shifted { from: 0, count: 2, by: 0.5 },
            Step::Gathered { from: vec![0, Step::NO_PLACE, 127] },
            Step::Mean { from: vec![0, 1, 1], count: 1, weights: vec![1.0, 2.0, 0.5], divisor: 3.5 },
            Step::Mean { from: vec![0], count: 1, weights: vec![], divisor: 1.0 },
            Step::Median { from: 0, weights: vec![0.5, 0.25] },
        ]
    }

    #[test]
    fn what_was_written_is_read() {
        let written = write(&Combination::new(steps()));
        let mut reader = Reader::new(&written, 0);
        assert_eq!(read(&mut reader), Ok(Combination::new(steps())));
        assert!(reader.is_empty());
    }

    #[test]
    fn what_is_cut_off_or_unknown_is_an_error() {
        let written = write(&Combination::new(steps()));
        for end in 0..written.len() {
            let error = read(&mut Reader::new(&written[..end], 40)).expect_err("cut off").to_string();
            assert!(error.contains("offset"), "{error}");
        }
        let fault = |bytes: &[u8]| read(&mut Reader::new(bytes, 0)).expect_err("a fault").to_string();
        assert!(fault(&[1, 9, 0, 0]).contains("steps of kind 9 are unknown"));
        assert!(fault(&[1, LINKED, 0, 1, 99]).contains("link 99 is unknown"));
        assert!(fault(&[1, MEAN, 1, 0, 1, 2]).contains("weights of kind 2"));
        assert!(fault(&[1, ISOTONIC, 0, 255, 255, 3]).contains("do not fit"));
    }
}
