//! A store that fails when it is told to.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use touchstone_store::{Store, StoreError};

use crate::{
    kit::wrapped::{Hook, Wrapped},
    operations::Fault,
};

/// Passes everything on, but for the next operation that meets the fault.
pub type Faulty = Wrapped<Faults>;

#[derive(Default)]
pub struct Faults(Mutex<Option<Fault>>);

impl Faulty {
    pub fn new(store: Arc<dyn Store>) -> Self {
        let hook = Faults::default();
        Self { store, hook }
    }

    /// The next operation fails so; an answer is lost of the next assessment or annotation only.
    pub fn fail(&self, fault: Option<Fault>) {
        *self.hook.0.lock().unwrap() = fault;
    }

    pub fn fault(&self) -> Option<Fault> {
        *self.hook.0.lock().unwrap()
    }
}

#[async_trait]
impl Hook for Faults {
    async fn before(&self, _operation: &'static str) -> Result<(), StoreError> {
        let mut fault = self.0.lock().unwrap();
        let error = match *fault {
            Some(Fault::Refuse) => StoreError::Unavailable("told to fail".to_owned()),
            Some(Fault::Overload) => StoreError::Overloaded,
            Some(Fault::LoseAnswer) | None => return Ok(()),
        };
        *fault = None;
        Err(error)
    }

    fn after(&self, operation: &'static str) -> Result<(), StoreError> {
        let mut fault = self.0.lock().unwrap();
        if *fault == Some(Fault::LoseAnswer) && ["assess", "annotate"].contains(&operation) {
            *fault = None;
            return Err(StoreError::Unavailable("the answer is lost".to_owned()));
        }
        Ok(())
    }
}
