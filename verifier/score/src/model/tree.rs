/// A tree of depth two at most, with the value of every node, so that what a feature adds is the step its split makes.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    /// The root first; children come after their parents.
    pub nodes: Vec<Node>,
}

/// A split, or a leaf.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Node {
    /// In log-odds: what the tree says of all that reach the node.
    pub value: f32,
    /// Where it splits; none at a leaf.
    pub split: Option<Split>,
}

/// Below the threshold to the left, else to the right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split {
    /// Which of the part's inputs.
    pub input: u8,
    /// In the input's unit.
    pub threshold: f32,
    /// Place of the left child; the right one is the next.
    pub left: u8,
}

impl Tree {
    /// Adds what each input's splits say to `contributions`, and returns what the root says.
    pub(super) fn add_to(&self, inputs: &[f32], contributions: &mut [f32]) -> f32 {
        let Some(root) = self.nodes.first() else {
            return 0.0;
        };
        let mut node = root;
        while let Some(split) = node.split {
            let input = usize::from(split.input);
            let right = inputs
                .get(input)
                .is_some_and(|value| *value >= split.threshold);
            let Some(next) = self.nodes.get(usize::from(split.left) + usize::from(right)) else {
                break;
            };
            if let Some(term) = contributions.get_mut(input) {
                *term += next.value - node.value;
            }
            node = next;
        }
        root.value
    }

    /// Whether every child lies behind its parent and every input exists: then it ends, and adds up.
    pub(super) fn is_sound(&self, inputs: usize) -> bool {
        let sound = |(place, node): (usize, &Node)| {
            node.value.is_finite()
                && node.split.is_none_or(|split| {
                    let left = usize::from(split.left);
                    split.threshold.is_finite()
                        && usize::from(split.input) < inputs
                        && left > place
                        && left + 1 < self.nodes.len()
                })
        };
        (1..=MOST_NODES).contains(&self.nodes.len()) && self.nodes.iter().enumerate().all(sound)
    }
}

/// Three splits and four leaves.
pub(super) const MOST_NODES: usize = 7;
