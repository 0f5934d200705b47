/// What conditions of one kind of policy may speak about.
pub trait Vocabulary: sealed::Sealed + 'static {
    /// The variables.
    type Variable: Copy + std::fmt::Debug + Send + Sync + 'static;
    /// What is known when a condition is asked.
    type Facts<'a>;
    /// Each variable with its name and kind.
    const VARIABLES: &'static [(&'static str, Kind, Self::Variable)];
    /// A condition in this vocabulary, for messages to the operator.
    const EXAMPLE: &'static str;
    /// Named constants.
    const CONSTANTS: &'static [(&'static str, AssessmentType)];

    /// The value of a variable, of the kind that the table gives it.
    fn value<'a>(facts: &'a Self::Facts<'_>, variable: Self::Variable) -> Value<'a>;
}

/// What kind of value a part of a condition has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// True or false.
    Bool,
    /// A number; whole numbers and fractions compare with each other.
    Number,
    /// Text.
    Text,
    /// One of the constants `AssessmentType.*`.
    AssessmentType,
}

impl Kind {
    /// The kind, as messages to the operator name it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bool => "true or false",
            Self::Number => "a number",
            Self::Text => "text",
            Self::AssessmentType => "an AssessmentType",
        }
    }
}

/// A value while a condition is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Of [`Kind::Bool`].
    Bool(bool),
    /// Of [`Kind::Number`].
    Number(f64),
    /// Of [`Kind::Text`].
    Text(&'a str),
    /// Of [`Kind::AssessmentType`].
    AssessmentType(AssessmentType),
}

/// Which use of a site key an assessment is about, as firewall policies name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssessmentType {
    /// A token made for one action.
    Action,
    /// A token that stands for a session.
    Session,
    /// A token of the challenge page.
    ChallengePage,
    /// No token: what the edge saw of the request.
    Express,
}

/// The vocabulary of firewall policies.
#[derive(Debug, Clone, Copy)]
pub enum Firewall {}

/// What a firewall policy is asked about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FirewallFacts<'a> {
    /// `recaptcha.score`, 0.0 to 1.0.
    pub score: f32,
    /// `recaptcha.token.valid`.
    pub token_valid: bool,
    /// `recaptcha.token.action`; empty without one.
    pub token_action: &'a str,
    /// `recaptcha.assessment_type`.
    pub assessment_type: AssessmentType,
    /// `http.ip`: the visitor's address as text.
    pub ip: &'a str,
    /// `http.path`: the path of the requested URI.
    pub path: &'a str,
    /// `http.domain`: the host of the requested URI, without a port.
    pub domain: &'a str,
}

/// The vocabulary of challenge rules.
#[derive(Debug, Clone, Copy)]
pub enum Challenge {}

/// What a challenge rule is asked about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChallengeFacts<'a> {
    /// `score`, 0.0 to 1.0.
    pub score: f32,
    /// `user_ip_address`: the visitor's address as text.
    pub user_ip_address: &'a str,
    /// `user_asn`: the number of the address's autonomous system; 0 where nobody knows.
    pub user_asn: u32,
    /// `user_agent`.
    pub user_agent: &'a str,
    /// `region_code`: where the address is; empty where nobody knows.
    pub region_code: &'a str,
    /// `verified_bots.name`: the bot that signed its request; empty for none.
    pub bot_name: &'a str,
    /// `verified_bots.bot_type`, by the contract's name, such as `SEARCH_INDEXER`; empty for none.
    pub bot_type: &'a str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirewallVariable {
    Score,
    TokenValid,
    TokenAction,
    AssessmentType,
    Ip,
    Path,
    Domain,
}

impl Vocabulary for Firewall {
    type Variable = FirewallVariable;
    type Facts<'a> = FirewallFacts<'a>;

    const VARIABLES: &'static [(&'static str, Kind, FirewallVariable)] = &[
        ("recaptcha.score", Kind::Number, FirewallVariable::Score),
        (
            "recaptcha.token.valid",
            Kind::Bool,
            FirewallVariable::TokenValid,
        ),
        (
            "recaptcha.token.action",
            Kind::Text,
            FirewallVariable::TokenAction,
        ),
        (
            "recaptcha.assessment_type",
            Kind::AssessmentType,
            FirewallVariable::AssessmentType,
        ),
        ("http.ip", Kind::Text, FirewallVariable::Ip),
        ("http.path", Kind::Text, FirewallVariable::Path),
        ("http.domain", Kind::Text, FirewallVariable::Domain),
    ];
    const EXAMPLE: &'static str = "recaptcha.score < 0.5 && http.path.startsWith(\"/login\")";
    const CONSTANTS: &'static [(&'static str, AssessmentType)] = &[
        ("AssessmentType.ACTION", AssessmentType::Action),
        ("AssessmentType.SESSION", AssessmentType::Session),
        (
            "AssessmentType.CHALLENGEPAGE",
            AssessmentType::ChallengePage,
        ),
        ("AssessmentType.EXPRESS", AssessmentType::Express),
    ];

    fn value<'a>(facts: &'a FirewallFacts<'_>, variable: FirewallVariable) -> Value<'a> {
        match variable {
            FirewallVariable::Score => Value::Number(exact(facts.score)),
            FirewallVariable::TokenValid => Value::Bool(facts.token_valid),
            FirewallVariable::TokenAction => Value::Text(facts.token_action),
            FirewallVariable::AssessmentType => Value::AssessmentType(facts.assessment_type),
            FirewallVariable::Ip => Value::Text(facts.ip),
            FirewallVariable::Path => Value::Text(facts.path),
            FirewallVariable::Domain => Value::Text(facts.domain),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChallengeVariable {
    Score,
    Address,
    Asn,
    UserAgent,
    Region,
    BotName,
    BotType,
}

impl Vocabulary for Challenge {
    type Variable = ChallengeVariable;
    type Facts<'a> = ChallengeFacts<'a>;

    const VARIABLES: &'static [(&'static str, Kind, ChallengeVariable)] = &[
        ("score", Kind::Number, ChallengeVariable::Score),
        ("user_ip_address", Kind::Text, ChallengeVariable::Address),
        ("user_asn", Kind::Number, ChallengeVariable::Asn),
        ("user_agent", Kind::Text, ChallengeVariable::UserAgent),
        ("region_code", Kind::Text, ChallengeVariable::Region),
        ("verified_bots.name", Kind::Text, ChallengeVariable::BotName),
        (
            "verified_bots.bot_type",
            Kind::Text,
            ChallengeVariable::BotType,
        ),
    ];
    const EXAMPLE: &'static str = "score < 0.5 && user_agent.contains(\"bot\")";
    const CONSTANTS: &'static [(&'static str, AssessmentType)] = &[];

    fn value<'a>(facts: &'a ChallengeFacts<'_>, variable: ChallengeVariable) -> Value<'a> {
        match variable {
            ChallengeVariable::Score => Value::Number(exact(facts.score)),
            ChallengeVariable::Address => Value::Text(facts.user_ip_address),
            ChallengeVariable::Asn => Value::Number(facts.user_asn.into()),
            ChallengeVariable::UserAgent => Value::Text(facts.user_agent),
            ChallengeVariable::Region => Value::Text(facts.region_code),
            ChallengeVariable::BotName => Value::Text(facts.bot_name),
            ChallengeVariable::BotType => Value::Text(facts.bot_type),
        }
    }
}

/// The number that a score is written as: 0.9, where the nearest `f32` lies a little below. Else `score >= 0.9` would not
/// hold for the score 0.9.
fn exact(score: f32) -> f64 {
    (f64::from(score) * SCORE_STEPS).round() / SCORE_STEPS
}

/// Finer than any score that is told, coarser than what `f32` gets wrong.
const SCORE_STEPS: f64 = 1e6;

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Firewall {}
    impl Sealed for super::Challenge {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_compares_as_it_is_written() {
        for tenth in 0..=10u8 {
            assert_eq!(exact(f32::from(tenth) / 10.0), f64::from(tenth) / 10.0);
        }
        assert_eq!(exact(0.123_456), 0.123_456);
    }
}
