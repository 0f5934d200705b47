use std::io;

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

/// The wish to stop, shared by everything that serves.
#[derive(Debug, Clone)]
pub struct Shutdown(watch::Receiver<bool>);

impl Shutdown {
    /// Wished by SIGTERM or SIGINT.
    ///
    /// # Errors
    /// The signals cannot be received.
    pub fn on_signal() -> io::Result<Self> {
        let (mut term, mut int) = (
            signal(SignalKind::terminate())?,
            signal(SignalKind::interrupt())?,
        );
        let (wish, shutdown) = Self::by_hand();
        tokio::spawn(async move {
            tokio::select! {
                _ = term.recv() => {}
                _ = int.recv() => {}
            }
            tracing::info!("stopping: answering what is under way");
            wish.stop();
        });
        Ok(shutdown)
    }

    /// Wished by whoever holds the other half.
    pub fn by_hand() -> (Wish, Self) {
        let (sender, receiver) = watch::channel(false);
        (Wish(sender), Self(receiver))
    }

    /// Resolves when the wish is there, or nobody is left to have it.
    pub async fn wished(&mut self) {
        let _ = self.0.wait_for(|wished| *wished).await;
    }
}

/// Whoever may wish to stop.
#[derive(Debug)]
pub struct Wish(watch::Sender<bool>);

impl Wish {
    /// Stops everything that waits for it.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}
