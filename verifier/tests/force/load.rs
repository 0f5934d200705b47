//! Requests from many connections, until the server is gone.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::{
    backend::{Asked, Backend, Lost},
    ledger::Ledger,
};

/// Connections at work.
pub struct Load(JoinSet<()>);

/// Begins to ask, each connection one request after the other.
pub fn start(backend: &Arc<Backend>, ledger: &Arc<Ledger>, mut random: fastrand::Rng) -> Load {
    let mut workers = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let worker = Worker {
            backend: backend.clone(),
            ledger: ledger.clone(),
            random: random.fork(),
        };
        workers.spawn(worker.ask_until_lost());
    }
    Load(workers)
}

impl Load {
    /// Hangs up on every connection, whatever was asked.
    pub async fn stop(mut self) {
        self.0.shutdown().await;
    }

    /// Waits until every connection noticed that the server is gone; a failed promise fails here.
    pub async fn end(mut self) {
        while let Some(ended) = self.0.join_next().await {
            ended.unwrap();
        }
    }
}

struct Worker {
    backend: Arc<Backend>,
    ledger: Arc<Ledger>,
    random: fastrand::Rng,
}

impl Worker {
    async fn ask_until_lost(mut self) {
        while self.page().await.is_ok() {}
    }

    /// One page's worth of requests.
    async fn page(&mut self) -> Result<(), Lost> {
        let page = self.backend.page().await?;
        for counter in 0..TOKENS_OF_A_PAGE {
            match self.random.u8(..20) {
                0 => self.make_key().await?,
                1..=3 => self.annotate().await?,
                4..=6 => self.spend_again().await?,
                _ => {
                    let token = self.backend.token(&page, counter).await?;
                    self.spend(token).await?;
                }
            }
        }
        Ok(())
    }

    async fn spend(&mut self, token: String) -> Result<(), Lost> {
        let idempotency = self
            .random
            .bool()
            .then(|| format!("{:x}", self.random.u128(..)));
        let asked = Asked { token, idempotency };
        match self.backend.assess(&asked).await {
            Ok(told) => {
                self.ledger.first_answer(&asked, &told);
                Ok(())
            }
            Err(lost) => {
                self.ledger.lost(asked);
                Err(lost)
            }
        }
    }

    async fn spend_again(&mut self) -> Result<(), Lost> {
        if let Some((token, _)) = self.ledger.any_valid(&mut self.random) {
            let idempotency = None;
            let told = self.backend.assess(&Asked { token, idempotency }).await?;
            self.ledger.later_answer(&told);
        }
        Ok(())
    }

    async fn annotate(&mut self) -> Result<(), Lost> {
        if let Some((_, id)) = self.ledger.any_valid(&mut self.random) {
            self.backend.annotate(&id).await?;
            self.ledger.annotated(id);
        }
        Ok(())
    }

    async fn make_key(&mut self) -> Result<(), Lost> {
        let id = self.backend.create_key().await?;
        self.ledger.key_made(id);
        Ok(())
    }
}

const CONNECTIONS: usize = 16;
const TOKENS_OF_A_PAGE: u8 = 64;
