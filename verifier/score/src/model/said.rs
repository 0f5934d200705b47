//! What the model says of a visit, asked once for all detectors that want to know.

use std::borrow::Cow;

use super::{Explanation, Model, Part};
use crate::Facts;

/// By which model behaviour is judged: the shipped one by default.
#[derive(Debug, Clone, Copy, Default)]
pub struct Behaviour<'a> {
    model: Option<&'a Model>,
    said: Option<&'a Said>,
}

/// What a model said of some facts, part by part.
#[derive(Debug)]
pub(crate) struct Said([Option<Explanation>; Part::ALL.len()]);

impl<'a> Behaviour<'a> {
    /// By another model. The bench judges people and scripts by models that have not seen their like.
    pub fn by(model: &'a Model) -> Self {
        Self {
            model: Some(model),
            said: None,
        }
    }

    /// What is to be said of facts.
    pub(crate) fn ask(&self, facts: &Facts) -> Said {
        let model = self.model();
        Said([Part::Movement, Part::Typing].map(|part| model.explain(part, facts)))
    }

    /// The same model, which need not be asked about these facts again.
    pub(crate) fn heard(self, said: &'a Said) -> Self {
        Self {
            said: Some(said),
            ..self
        }
    }

    /// What a part says of facts; none if there is too little to say anything.
    pub(crate) fn explain(&self, part: Part, facts: &Facts) -> Option<Cow<'a, Explanation>> {
        match self.said {
            Some(Said(parts)) => parts.get(part as usize)?.as_ref().map(Cow::Borrowed),
            None => self.model().explain(part, facts).map(Cow::Owned),
        }
    }

    /// Weight and detail of a part's finding; none if there is nothing to say.
    pub(crate) fn find(&self, part: Part, facts: &Facts) -> Option<(f32, Cow<'static, str>)> {
        let explanation = self.explain(part, facts)?;
        if explanation.weight == 0.0 {
            return None;
        }
        let detail = explanation.in_words(part, facts);
        Some((explanation.weight, detail.into()))
    }

    fn model(&self) -> &'a Model {
        self.model.unwrap_or_else(|| Model::shipped())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::quiet;

    #[test]
    fn what_was_heard_is_what_each_part_says() {
        let mut facts = quiet();
        facts.keys.held = 40;
        facts.keys.intervals = 40;
        let behaviour = Behaviour::default();
        let said = behaviour.ask(&facts);
        for part in Part::ALL {
            let explained = behaviour.explain(*part, &facts);
            assert!(explained.is_some());
            assert_eq!(behaviour.heard(&said).explain(*part, &facts), explained);
        }
    }
}
