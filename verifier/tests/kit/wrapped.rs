//! A store between whose operations and their caller a test may step.

use std::sync::Arc;

use async_trait::async_trait;
use touchstone_store::{Store, StoreError};

/// Passes everything on, but for what the hook does.
pub struct Wrapped<H> {
    pub store: Arc<dyn Store>,
    pub hook: H,
}

/// What happens around each operation, told by its name.
#[async_trait]
pub trait Hook: Send + Sync + 'static {
    /// An error is the answer; the operation does not happen.
    async fn before(&self, operation: &'static str) -> Result<(), StoreError>;

    /// An error takes the place of the answer.
    fn after(&self, _operation: &'static str) -> Result<(), StoreError> {
        Ok(())
    }
}

macro_rules! pass_on {
    ($($name:ident($($given:ident: $of:ty),*) -> $answer:ty;)*) => {
        #[async_trait]
        impl<H: Hook> Store for Wrapped<H> {
            $(async fn $name(&self, $($given: $of),*) -> Result<$answer, StoreError> {
                self.hook.before(stringify!($name)).await?;
                let answer = self.store.$name($($given),*).await;
                self.hook.after(stringify!($name))?;
                answer
            })*

            async fn close(&self) {
                self.store.close().await;
            }
        }
    };
}

touchstone_store::for_each_operation!(pass_on);
