use touchstone_api::{ApiError, rpc::bad_request::FieldViolation};

/// What is wrong with a request: all of it, so that it can be mended in one go.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<FieldViolation>);

impl Faults {
    /// Notes a fault. `field` is the path from the request's body, in lowerCamelCase.
    pub fn add(&mut self, field: impl Into<String>, description: impl Into<String>) {
        if self.0.len() < MOST {
            self.0.push(FieldViolation {
                field: field.into(),
                description: description.into(),
            });
        }
    }

    /// Notes a fault unless something holds.
    pub fn unless(
        &mut self,
        holds: bool,
        field: impl Into<String>,
        description: impl Into<String>,
    ) {
        if !holds {
            self.add(field, description);
        }
    }

    /// A text of at most `most` characters.
    pub fn at_most(&mut self, text: &str, most: usize, field: &str) {
        let length = text.chars().count();
        let what = format!("It has {length} characters; at most {most} are allowed.");
        self.unless(length <= most, field, what);
    }

    /// A list of at most `most` entries.
    pub fn at_most_entries(&mut self, entries: usize, most: usize, field: &str) {
        let what = format!("There are {entries} entries; at most {most} are allowed.");
        self.unless(entries <= most, field, what);
    }

    /// Refuses the request if a fault was noted.
    pub fn refuse(self) -> Result<(), ApiError> {
        match self.0.is_empty() {
            true => Ok(()),
            false => Err(ApiError::invalid_fields(self.0)),
        }
    }
}

/// An answer must not grow with the request.
const MOST: usize = 20;
