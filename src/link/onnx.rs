//! Links of onnxruntime's tree ensembles, operation for operation in `f32`.

use wardian_kernels::exponential;

/// Replaces each margin by the logistic function of it: that of its distance from 0, or what is left of 1.
pub(super) fn logistic(margins: &mut [f32]) {
    // As many as are raised at once.
    for margins in margins.chunks_mut(4) {
        let mut powers = [0.0; 4];
        for (power, margin) in powers.iter_mut().zip(&*margins) {
            *power = -margin.abs();
        }
        exponential(&mut powers);
        for (margin, power) in margins.iter_mut().zip(powers) {
            let probability = 1.0 / (1.0 + power);
            *margin = if *margin < 0.0 { 1.0 - probability } else { probability };
        }
    }
}

/// Replaces the margins by the classes' probabilities: the powers are added up in order.
pub(super) fn softmax(margins: &mut [f32]) {
    let largest = margins.iter().copied().fold(f32::MIN, f32::max);
    for margin in margins.iter_mut() {
        *margin -= largest;
    }
    exponential(margins);
    let sum = margins.iter().fold(0.0, |sum, power| sum + power);
    for margin in margins {
        *margin /= sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logistic_function_is_one_less_that_of_the_opposite() {
        let mut margins = [-100.0, -2.0, -0.0, 2.0, 100.0];
        logistic(&mut margins);
        let [least, low, half, high, most] = margins;
        assert_eq!((least, half, most), (0.0, 0.5, 1.0));
        assert_eq!((low, high), (1.0 - high, 0.880_797));
    }

    #[test]
    fn probabilities_are_those_of_the_distances_from_the_largest() {
        let mut margins = [1.0, 3.0, 3.0, -200.0];
        softmax(&mut margins);
        assert!(margins[1] == margins[2] && margins[3] == 0.0, "{margins:?}");
        assert!((margins.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    }
}
