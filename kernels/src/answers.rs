//! What rows answer the splits of a tree, sixteen rows at a time, and numbers made of several answers.

use wide::{i8x16, u8x16};

use crate::fold::{LANES, Line};

/// The answer of a row that went to the other side at an earlier split on the same feature; 0 is left, 1 is right.
pub const DEAD: u8 = 2;

/// A split as rows answer it.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// The column that it asks.
    pub column: u32,
    /// A row goes right if its byte, less 1 where `missing_right`, is above.
    pub threshold: i8,
    /// Where a missing value goes.
    pub missing_right: bool,
    /// What the earlier split on the same feature must have been answered with.
    pub side: u8,
    /// That split's place, plus 1; 0 for none.
    pub earlier: u32,
}

impl Answer {
    /// Whether a row of this byte goes right.
    #[inline(always)]
    pub fn is_right(&self, byte: i8) -> bool {
        byte.wrapping_sub(i8::from(self.missing_right)) > self.threshold
    }

    #[inline(always)]
    fn right(&self, bytes: &[i8; 16]) -> u8x16 {
        let one = i8x16::splat(i8::from(self.missing_right));
        bytemuck::cast((i8x16::new(*bytes) - one).simd_gt(i8x16::splat(self.threshold)))
    }
}

/// One of the answers that a number is made of.
#[derive(Clone, Copy, Debug)]
pub struct Digit {
    /// The split's place.
    pub split: u32,
    /// Whether the answer has three values, or two: [`DEAD`] is then left.
    pub is_whole: bool,
}

/// The bytes of up to 128 rows: sixteen rows after sixteen, and column after column.
#[derive(Clone, Copy, Debug)]
pub struct Codes<'a> {
    /// All rows' bytes, whole sixteens.
    pub sixteens: &'a [[i8; 16]],
    /// From one column to the next.
    pub step: usize,
    /// The first sixteen of these rows.
    pub first: usize,
    /// How many sixteens there are, up to eight.
    pub count: usize,
}

impl Codes<'_> {
    #[inline(always)]
    fn of(&self, answer: &Answer) -> &[[i8; 16]] {
        &self.sixteens[answer.column as usize * self.step + self.first..][..self.count]
    }
}

/// Writes a line of answers for each split.
///
/// # Panics
/// If a column or a line is not there.
pub fn answer(answers: &[Answer], codes: Codes<'_>, lines: &mut [Line]) {
    for (place, answer) in answers.iter().enumerate() {
        let (above, own) = lines.split_at_mut(place);
        let own = &mut own[0];
        if answer.earlier == 0 {
            for (vector, bytes) in codes.of(answer).iter().enumerate() {
                own.store(vector, answer.right(bytes) & u8x16::splat(1));
            }
            continue;
        }
        let above = &above[answer.earlier as usize - 1];
        for (vector, bytes) in codes.of(answer).iter().enumerate() {
            let right = answer.right(bytes) & u8x16::splat(1);
            let alive = above.load(vector).simd_eq(u8x16::splat(answer.side));
            own.store(vector, (right & alive) | (u8x16::splat(DEAD) & !alive));
        }
    }
}

/// Writes the answers of one row, whose bytes are `step` apart, to the lines' first places.
///
/// # Panics
/// If a column or a line is not there.
pub fn answer_one(answers: &[Answer], bytes: &[i8], step: usize, lines: &mut [Line]) {
    for (place, answer) in answers.iter().enumerate() {
        let is_dead = answer.earlier > 0 && lines[answer.earlier as usize - 1].byte(0) as u8 != answer.side;
        let right = u8::from(answer.is_right(bytes[answer.column as usize * step]));
        lines[place].set_first(if is_dead { DEAD } else { right });
    }
}

/// As [`combine`], of the lines' first places.
///
/// # Panics
/// If a line is not there.
pub fn combine_one(digits: &[Digit], lines: &mut [Line], to: usize) {
    let number = digits.iter().fold(0, |number, digit| {
        let answer = lines[digit.split as usize].byte(0) as u8;
        if digit.is_whole { 3 * number + answer } else { 2 * number + (answer & 1) }
    });
    lines[to].set_first(number);
}

/// Writes the number that the digits make for each row, the first digit the highest.
///
/// # Panics
/// If a line is not there.
pub fn combine(digits: &[Digit], count: usize, lines: &mut [Line], to: usize) {
    for vector in 0..count.min(LANES / 16) {
        let mut number = u8x16::ZERO;
        for digit in digits {
            let answer = lines[digit.split as usize].load(vector);
            number = number + number + if digit.is_whole { number + answer } else { answer & u8x16::splat(1) };
        }
        lines[to].store(vector, number);
    }
}

/// Writes the number that the answers of up to eight splits make for each row, the first split's the highest bit.
///
/// # Panics
/// If a column is not there.
pub fn masks(answers: &[Answer], codes: Codes<'_>, line: &mut Line) {
    for vector in 0..codes.count.min(LANES / 16) {
        let mut number = u8x16::ZERO;
        for answer in answers {
            // -1 for an answer of right.
            number = number + number - answer.right(&codes.of(answer)[vector]);
        }
        line.store(vector, number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_rows_answer_as_one_does() {
        let count = LANES / 16;
        let byte = |index: usize| (index * 7919 % 251) as u8 as i8;
        let sixteens: Vec<[i8; 16]> =
            (0..3 * count).map(|vector| std::array::from_fn(|row| byte(vector * 16 + row))).collect();
        let answers: Vec<Answer> = (0..9)
            .map(|place: u32| Answer {
                column: place % 3,
                threshold: byte(place as usize + 50),
                missing_right: place % 2 == 1,
                side: (place / 3 % 2) as u8,
                earlier: if place < 3 { 0 } else { place - 2 },
            })
            .collect();
        let digits: Vec<Digit> = (4..7).map(|split| Digit { split, is_whole: split > 4 }).collect();
        let codes = Codes { sixteens: &sixteens, step: count, first: 0, count };
        let mut lines = [Line::splat(9); 10];
        answer(&answers, codes, &mut lines);
        combine(&digits, count, &mut lines, 9);
        let mut line = Line::splat(9);
        masks(&answers[..8], codes, &mut line);
        for row in 0..LANES {
            let mut one = [Line::splat(9); 10];
            answer_one(&answers, &sixteens.as_flattened()[row..], count * 16, &mut one);
            combine_one(&digits, &mut one, 9);
            for (all, one) in lines.iter().zip(&one) {
                assert_eq!(all.byte(row), one.byte(0), "row {row}");
            }
            let right =
                |answer: &Answer| answer.is_right(sixteens.as_flattened()[answer.column as usize * LANES + row]);
            let mask = answers[..8].iter().fold(0_u8, |mask, answer| mask << 1 | u8::from(right(answer)));
            assert_eq!(line.byte(row) as u8, mask, "row {row}");
        }
        assert!(lines[..9].iter().flat_map(Line::bytes).collect::<std::collections::BTreeSet<_>>().len() == 3);
    }
}
