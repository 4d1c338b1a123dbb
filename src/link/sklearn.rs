//! scikit-learn's softmax, in 64 bits: the sum of the classes is numpy's, which differs from that of one after another from eight on.

/// The classes' shares.
pub(super) fn softmax(margins: &mut [f64]) {
    super::double::softmax(margins, numpy_sum);
}

/// numpy's sum of a row: up to seven numbers one by one; more in eight sums at once, which are added in pairs; beyond 128 in
/// halves.
pub(crate) fn numpy_sum(row: &[f64]) -> f64 {
    const BLOCK: usize = 128;
    if row.len() < 8 {
        return row.iter().fold(0.0, |sum, number| sum + number);
    }
    if row.len() > BLOCK {
        let half = row.len() / 2 / 8 * 8;
        let (left, right) = row.split_at(half);
        return numpy_sum(left) + numpy_sum(right);
    }
    let (blocks, rest) = row.as_chunks::<8>();
    let sums = blocks.iter().skip(1).fold(blocks[0], |mut sums, block| {
        sums.iter_mut().zip(block).for_each(|(sum, number)| *sum += number);
        sums
    });
    let pairs = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
    rest.iter().fold(pairs, |sum, number| sum + number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_added_as_numpy_adds_them() {
        let numbers = |count: i32| {
            (0..count).map(|index| 0.1 * f64::from(index % 7) + 1e-9 * f64::from(index)).collect::<Vec<_>>()
        };
        // By numpy.sum.
        for (count, expected) in [(7, 2.1000000210000005), (8, 2.100000028), (20, 5.70000019), (300, 89.70004485000001)]
        {
            assert_eq!(numpy_sum(&numbers(count)), expected, "{count}");
        }
    }

    #[test]
    fn shares_of_the_classes_add_up() {
        let mut margins: Vec<f64> = (0..11).map(|class| f64::from(class % 4) - 1000.0).collect();
        softmax(&mut margins);
        assert!((margins.iter().sum::<f64>() - 1.0).abs() < 1e-15);
        assert_eq!(margins[0], margins[4]);
    }
}
