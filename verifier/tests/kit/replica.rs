//! A second verifier on the data directory and the database of the first.

use std::{net::SocketAddr, sync::Arc};

use tokio::net::TcpListener;
use touchstone::{
    Verifier,
    environment::{Clock, ManualClock},
    serve::{self, Shutdown, Wish},
};
use touchstone_store::sqlite::{Durability, SqliteOptions};

use super::{Kit, START};

pub struct Replica {
    pub address: SocketAddr,
    pub clock: Arc<ManualClock>,
    pub verifier: Arc<Verifier>,
    _wish: Wish,
}

impl Kit {
    /// Serves a replica whose clock shows what this one's does.
    pub async fn replica(&self) -> Replica {
        let options = SqliteOptions {
            durability: Durability::Off,
            ..SqliteOptions::default()
        };
        let store = self.data.store(options, START).unwrap();
        let clock = Arc::new(ManualClock::at(self.clock.now()));
        let verifier = Arc::new(Verifier::new(&self.data, store, clock.clone()).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (wish, shutdown) = Shutdown::by_hand();
        let config = self.config.clone();
        tokio::spawn(serve::run_on(
            listener,
            None,
            verifier.clone(),
            config,
            shutdown,
        ));
        Replica {
            address,
            clock,
            verifier,
            _wish: wish,
        }
    }
}
