use super::*;
use crate::link::OtherLink;

fn applied(steps: Vec<Step>, outputs: usize, margins: &[f64]) -> Vec<f64> {
    let combination = Combination::new(steps);
    combination.check(outputs).expect("a combination");
    let mut results = margins.to_vec();
    combination.apply(outputs, &mut results);
    results
}

fn linked(from: u32, count: u32, divisor: f64, link: Link) -> Step {
    Step::Linked { from, count, finish: Finish { divisor, ..Finish::PLAIN }, link }
}

#[test]
fn members_are_averaged_each_by_its_own_link() {
    let steps = vec![
        linked(0, 1, 4.0, Link::Identity),
        linked(1, 1, 1.0, Link::Logistic),
        Step::Mean { from: vec![2, 3], count: 1, weights: vec![1.0, 3.0], divisor: 4.0 },
    ];
    assert_eq!(applied(steps, 2, &[1.0, 0.0, 4.0, 0.0]), [(0.25 + 1.5) / 4.0, (1.0 + 1.5) / 4.0]);
}

#[test]
fn classes_of_several_curves_are_shares_of_their_sum() {
    let curve = |from| Step::Isotonic { from, places: vec![0.0, 1.0, 3.0], values: vec![0.0, 0.5, 1.0] };
    let steps = |last| {
        let mut steps = vec![curve(0), curve(1), Step::Gathered { from: vec![3, Step::NO_PLACE, 4] }];
        steps.push(Step::Shares { from: 5, count: 3 });
        steps.extend(last);
        steps
    };
    // Beyond its ends a curve goes on, at a place it has that place's value.
    assert_eq!(applied(steps(None), 3, &[1.0, 9.0, 0.0]), [1.0 / 3.0, 0.0, 2.0 / 3.0]);
    assert_eq!(applied(steps(None), 3, &[2.0, -9.0, 0.0]), [1.0, 0.0, 0.0]);
    // All are 0: nobody knows.
    let capped = Some(Step::Capped { from: 8, count: 3 });
    assert_eq!(applied(steps(capped), 3, &[-1.0, 0.0, 0.0]), [1.0 / 3.0; 3]);
}

#[test]
fn what_rounding_made_more_than_one_is_one() {
    let steps = vec![Step::Capped { from: 0, count: 3 }];
    assert_eq!(applied(steps, 3, &[1.000_001, 1.1, -0.5]), [1.0, 1.1, -0.5]);
    let steps = vec![Step::Sigmoid { from: 0, slope: -2.0, offset: 1.0 }];
    assert_eq!(applied(steps, 1, &[0.5]), [0.5]);
}

#[test]
fn scores_of_isolation_are_powers_of_two() {
    let link = Link::Other(OtherLink::Isolation);
    let steps = vec![linked(0, 1, 2.0, link), Step::Shifted { from: 1, count: 1, by: 0.5 }];
    assert_eq!(applied(steps, 1, &[4.0, 0.0]), [0.25, -0.5]);
}

#[test]
fn a_median_is_where_the_weights_come_to_half() {
    let steps = |weights: &[f64]| vec![Step::Median { from: 0, weights: weights.to_vec() }];
    let numbers = [3.0, 1.0, 2.0];
    assert_eq!(applied(steps(&[1.0, 1.0, 1.0]), 3, &numbers), [2.0]);
    assert_eq!(applied(steps(&[5.0, 1.0, 1.0]), 3, &numbers), [3.0]);
    assert_eq!(applied(steps(&[1.0, 3.0, 1.0]), 3, &numbers), [1.0]);
    assert_eq!(applied(steps(&[2.0, 1.0, 1.0]), 3, &numbers), [2.0]);
}

#[test]
fn what_a_step_cannot_look_at_is_named() {
    let fault = |steps: Vec<Step>, outputs| Combination::new(steps).check(outputs).expect_err("a fault").to_string();
    let mean = |from: Vec<u32>, count, weights: Vec<f64>, divisor| Step::Mean { from, count, weights, divisor };
    let first = |step| fault(vec![step], 2);
    for step in [
        linked(0, 3, 1.0, Link::Identity),
        linked(u32::MAX, 1, 1.0, Link::Identity),
        linked(1, u32::MAX, 1.0, Link::Identity),
        linked(0, 0, 1.0, Link::Identity),
        Step::Gathered { from: vec![2] },
        Step::Gathered { from: vec![] },
        mean(vec![], 1, vec![], 1.0),
        mean(vec![0, Step::NO_PLACE], 1, vec![], 1.0),
        Step::Median { from: 0, weights: vec![] },
        Step::Median { from: 1, weights: vec![1.0; 2] },
    ] {
        let fault = first(step.clone());
        assert!(fault.contains("step 0 of the combination") && fault.contains("not there"), "{step:?}: {fault}");
    }
    for step in [
        linked(0, 1, 0.0, Link::Identity),
        linked(0, 1, f64::NAN, Link::Identity),
        linked(0, 1, 1.0, Link::Sorted),
        Step::Sigmoid { from: 0, slope: f64::INFINITY, offset: 0.0 },
        Step::Isotonic { from: 0, places: vec![], values: vec![] },
        Step::Isotonic { from: 0, places: vec![1.0, 1.0], values: vec![0.0, 0.0] },
        Step::Isotonic { from: 0, places: vec![1.0, f64::NAN], values: vec![0.0, 0.0] },
        Step::Isotonic { from: 0, places: vec![1.0], values: vec![0.0, 0.0] },
        Step::Shifted { from: 0, count: 1, by: f64::NAN },
        mean(vec![0], 1, vec![1.0, 1.0], 1.0),
        mean(vec![0], 1, vec![f64::NAN], 1.0),
        mean(vec![0], 1, vec![], 0.0),
        Step::Median { from: 0, weights: vec![f64::NAN] },
    ] {
        let fault = first(step.clone());
        assert!(fault.contains("step 0 of the combination") && !fault.contains("not there"), "{step:?}: {fault}");
    }
    let link = |from| linked(from, 2, 1.0, Link::Identity);
    assert!(fault(vec![link(0), link(1), link(5)], 2).contains("step 2"));
    assert!(fault(vec![], 2).contains("makes 0 predictions of 2 outputs"));
    assert!(fault(vec![Step::Gathered { from: vec![0, 0, 1] }], 2).contains("makes 3 predictions of 2 outputs"));
    // A few bytes that would cost a row any amount of time.
    let all = || linked(0, 60_000, 1.0, Link::Identity);
    assert!(fault(vec![all(), all()], 60_000).contains("too much"));
    assert!(fault(vec![mean(vec![0; 100], 60_000, vec![], 1.0)], 60_000).contains("too much"));
}
