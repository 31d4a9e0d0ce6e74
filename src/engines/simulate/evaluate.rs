//! Measures of one course.

/// Places of a ranking that count.
const PLACES: usize = 10;
/// Asks over which acceptance is averaged to see whether it has recovered.
const WINDOW: usize = 5;

/// NDCG@10 (Järvelin & Kekäläinen 2002) with the chance of being liked as gain. Of equal scores, the worse
/// outfit comes first: luck is not counted. 1 when nothing could be gained.
#[must_use]
pub fn discounted_gain(scores: &[f64], gains: &[f64]) -> f64 {
    let mut ranked: Vec<(f64, f64)> = scores.iter().copied().zip(gains.iter().copied()).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.total_cmp(&b.1)));
    let mut ideal = gains.to_vec();
    ideal.sort_by(|a, b| b.total_cmp(a));
    let sum = |gains: &mut dyn Iterator<Item = f64>| -> f64 {
        let places = gains.take(PLACES).zip(2_u32..);
        places
            .map(|(gain, place)| gain / f64::from(place).log2())
            .sum()
    };
    let best = sum(&mut ideal.into_iter());
    if best <= 0.0 {
        return 1.0;
    }
    sum(&mut ranked.into_iter().map(|(_, gain)| gain)) / best
}

/// How many events after `flip` the acceptance, averaged over a few asks, first reaches `share` of what it was
/// before; `None` when it never does.
#[must_use]
pub fn recovery(acceptance: &[f64], flip: usize, share: f64) -> Option<usize> {
    let mean = |window: &[f64]| window.iter().sum::<f64>() / window.len().max(1) as f64;
    let before = mean(acceptance.get(flip.checked_sub(2 * WINDOW)?..flip)?);
    let after = acceptance.get(flip..)?;
    let windows = after.windows(WINDOW);
    let reached = windows.enumerate().find(|(_, w)| mean(w) >= share * before);
    reached.map(|(start, _)| start + WINDOW / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ideal_order_gains_all_and_ties_gain_least() {
        let gains = [0.9, 0.1, 0.5];
        assert!((discounted_gain(&gains, &gains) - 1.0).abs() < 1e-12);
        let worst = discounted_gain(&[0.0, 2.0, 1.0], &gains);
        assert!((discounted_gain(&[1.0; 3], &gains) - worst).abs() < 1e-12 && worst < 0.8);
        assert!((discounted_gain(&[1.0, 2.0], &[0.0, 0.0]) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn recovery_is_counted_from_the_flip() {
        let mut acceptance = vec![0.8; 20];
        acceptance.extend([0.2; 6]);
        acceptance.extend([0.8; 14]);
        assert_eq!(recovery(&acceptance, 20, 0.9), Some(8));
        assert_eq!(recovery(&acceptance[..26], 20, 0.9), None);
        assert_eq!(recovery(&acceptance, 3, 0.9), None, "too little before");
    }
}
