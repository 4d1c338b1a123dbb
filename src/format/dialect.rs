//! The section `DIAL`: what a trainer does otherwise than XGBoost. Of XGBoost's models there is none.

use super::bytes::{Reader, put_doubles, put_varint};
use crate::dialect::Dialect;
use crate::error::{Result, broken};
use crate::finish::Finish;
use crate::narrowing::{Input, Wide};

pub(super) const TAG: [u8; 4] = *b"DIAL";

/// How values are seen, in the order of the numbers in a file.
const INPUTS: [Input; 5] = [
    Input::Single,
    Input::Double { zero_is_missing: false },
    Input::Double { zero_is_missing: true },
    Input::Whole,
    Input::Exact,
];

/// The section; `None` if there is nothing to say.
pub(super) fn write(dialect: &Dialect) -> Option<Vec<u8>> {
    let (finish, wide) = (dialect.finish(), dialect.wide());
    if finish == Finish::PLAIN && wide.is_empty() {
        return None;
    }
    let Finish { scale, divisor, slope } = finish;
    let mut out = Vec::new();
    put_doubles(&mut out, &[scale, divisor, slope]);
    put_varint(&mut out, wide.len() as u32);
    for Wide { feature, input, cuts } in wide {
        put_varint(&mut out, *feature);
        out.push(INPUTS.iter().position(|other| other == input).unwrap_or_default() as u8);
        put_varint(&mut out, cuts.len() as u32);
    }
    for Wide { cuts, .. } in wide {
        put_doubles(&mut out, cuts);
    }
    Some(out)
}

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Dialect> {
    let finish = reader.doubles(3);
    // Feature, kind and count are a byte each at least, and a cut eight.
    let count = reader.count("features", 3 * 8);
    let mut shapes = Vec::with_capacity(count);
    for _ in 0..count {
        let (feature, kind) = (reader.varint(), reader.u8());
        let Some(&input) = INPUTS.get(usize::from(kind)) else {
            return Err(broken("inputs of kind # are unknown", &[kind.into()]).place("offset #", &[reader.offset()]));
        };
        shapes.push((feature, input, reader.count("cuts", 64)));
    }
    let wide = shapes.into_iter().map(|(feature, input, count)| Wide { feature, input, cuts: reader.doubles(count) });
    let wide = wide.collect();
    reader.check()?;
    let [scale, divisor, slope] = finish[..] else { return Err(broken("three numbers are due", &[])) };
    Ok(Dialect::new(Finish { scale, divisor, slope }, wide))
}
