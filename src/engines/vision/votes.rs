//! How the pair and the captioner have a say in what the fashion encoder's heads answer.
use super::{
    manifest::{HeadSpec, Votes},
    tensor::{Side, Tensor, TensorSpec},
};

/// The heads one network votes on: it has an output of the same name for each.
pub(super) struct Ballot {
    /// Which of the pack's heads, what a vote counts, and the output.
    heads: Vec<(usize, f32, TensorSpec)>,
}

/// Logits to be added to those of the fashion encoder's heads: (head, share, logits).
pub(super) type Vote = Vec<(usize, f32, Vec<f32>)>;

impl Ballot {
    /// `share` picks one network's share from what a head says of votes; zero means none.
    pub(super) fn new(heads: &[HeadSpec], share: impl Fn(Votes) -> f32) -> Self {
        let asked = heads.iter().enumerate().filter_map(|(place, head)| {
            let counts = share(head.votes);
            let sides = [Side::Batch, Side::Is(head.labels.len())];
            (counts > 0.0).then(|| (place, counts, TensorSpec::floats(&head.output, &sides)))
        });
        Self {
            heads: asked.collect(),
        }
    }

    /// What the network must give besides its own output, in this order.
    pub(super) fn outputs(&self) -> impl Iterator<Item = TensorSpec> + '_ {
        self.heads.iter().map(|(_, _, output)| output.clone())
    }

    /// What came of it.
    pub(super) fn cast(&self, outputs: Vec<Tensor>) -> Vote {
        self.heads
            .iter()
            .zip(outputs)
            .map(|((place, share, _), tensor)| (*place, *share, tensor.values))
            .collect()
    }
}

/// Adds the votes on head `place` to its own `logits`.
pub(super) fn counted(place: usize, mut logits: Vec<f32>, votes: &[&Vote]) -> Vec<f32> {
    let cast = votes.iter().flat_map(|vote| vote.iter());
    for (_, share, said) in cast.filter(|(head, _, _)| *head == place) {
        for (logit, vote) in logits.iter_mut().zip(said) {
            *logit += share * vote;
        }
    }
    logits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn votes_count_for_their_head_by_their_share() {
        let (clip, blip) = (
            vec![(1, 0.5, vec![2.0, 4.0])],
            vec![(1, 1.0, vec![1.0, 0.0])],
        );
        let votes = [&clip, &blip];
        assert_eq!(counted(1, vec![0.0, 1.0], &votes), [2.0, 3.0]);
        assert_eq!(counted(0, vec![0.0, 1.0], &votes), [0.0, 1.0]);
    }
}
