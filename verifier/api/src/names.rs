//! Resource names: `projects/my-site/keys/6Lc…`.
//!
//! A name is parsed from a path whose percent-encoding is already undone, and prints as the same path.

use std::{fmt, str::FromStr};

use segment::{Rule, Segments};

mod segment;

pub use segment::NameError;

/// The identifier of a project: 1 to 63 characters of `[a-z0-9-]`, the first not a hyphen. A project number is one too.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProjectId(String);

impl ProjectId {
    /// The identifier as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ProjectId {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        segment::part("{project}", "project", text, Rule::Project).map(Self)
    }
}

/// A name of something that belongs to a project.
pub trait InProject: FromStr<Err = NameError> {
    /// The project.
    fn project(&self) -> &ProjectId;
}

/// Defines one type of name from its pattern: fixed words, and a field for every part in between.
macro_rules! resource_name {
    ($(#[$doc:meta])* $name:ident = $pattern:literal
     { $($word:literal / $field:ident : $rule:ident),* } $($tail:literal)?) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name {
            project: ProjectId,
            $($field: String,)*
        }

        impl $name {
            /// The name of these parts.
            ///
            /// # Errors
            ///
            /// A [`NameError`] for the first part that does not keep to the characters of its kind.
            pub fn new(project: ProjectId, $($field: impl Into<String>),*) -> Result<Self, NameError> {
                $(let $field = segment::part($pattern, stringify!($field), &$field.into(), Rule::$rule)?;)*
                Ok(Self { project, $($field),* })
            }

            /// The project.
            pub fn project(&self) -> &ProjectId {
                &self.project
            }

            $(
                #[doc = concat!("The part after `", $word, "/`.")]
                pub fn $field(&self) -> &str {
                    &self.$field
                }
            )*
        }

        impl InProject for $name {
            fn project(&self) -> &ProjectId {
                &self.project
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "projects/{}", self.project)?;
                $(write!(f, "/{}/{}", $word, self.$field)?;)*
                $(write!(f, "/{}", $tail)?;)?
                Ok(())
            }
        }

        impl FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                let mut segments = Segments::new($pattern, text);
                let project = ProjectId(segments.pair("projects", "project", Rule::Project)?);
                $(let $field = segments.pair($word, stringify!($field), Rule::$rule)?;)*
                $(segments.word($tail)?;)?
                segments.end()?;
                Ok(Self { project, $($field),* })
            }
        }
    };
}

resource_name! {
    /// A project.
    ProjectName = "projects/{project}" {}
}
resource_name! {
    /// An assessment. Its identifier is lower-case hexadecimal.
    AssessmentName = "projects/{project}/assessments/{assessment}" { "assessments" / assessment: Hex }
}
resource_name! {
    /// A site key. Its identifier is the site key itself.
    KeyName = "projects/{project}/keys/{key}" { "keys" / key: Word }
}
resource_name! {
    /// The counts of a site key.
    MetricsName = "projects/{project}/keys/{key}/metrics" { "keys" / key: Word } "metrics"
}
resource_name! {
    /// The policy of a site key.
    PolicyName = "projects/{project}/keys/{key}/policy" { "keys" / key: Word } "policy"
}
resource_name! {
    /// A firewall policy.
    FirewallPolicyName = "projects/{project}/firewallpolicies/{policy}" { "firewallpolicies" / policy: Word }
}
resource_name! {
    /// A group of related accounts.
    RelatedAccountGroupName = "projects/{project}/relatedaccountgroups/{group}" {
        "relatedaccountgroups" / group: Word
    }
}
resource_name! {
    /// One account in a group of related ones.
    RelatedAccountGroupMembershipName =
        "projects/{project}/relatedaccountgroups/{group}/memberships/{membership}" {
        "relatedaccountgroups" / group: Word,
        "memberships" / membership: Word
    }
}

#[cfg(test)]
mod tests;
