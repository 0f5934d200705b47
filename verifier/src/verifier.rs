use std::{net::IpAddr, path::Path, sync::Arc};

use touchstone_mfa::{FactorRequest, Verdict};
use touchstone_store::{GroupId, Store, StoreError};
use touchstone_token::{
    JUDGED_CHARS, JudgedToken, KeyRing, Millis, OpenError, Pending, Session, Token, TokenError,
    Vault, open_request,
};
use touchstone_traffic::{SketchKey, Traffic};
use zeroize::Zeroizing;

use crate::{
    answers::Answers,
    bots::{Bots, Claim, Crawlers},
    data::{DataDir, DataError, KeySource, LoadedKeys},
    environment::{Clock, fresh},
    factors::Factors,
    keys::{Credentials, FirewallPolicies, IpOverrides, Quotas, RingKeeper, SiteKeys},
    leaks::LeakedPasswords,
    metrics::{Measured, Metrics, Readings},
    page_loads::PageLoads,
    policies::Policies,
    proofs::PowMode,
    replays::{ReplayConfig, Replays},
    shared_traffic::SharedTraffic,
};

/// Everything a request needs: the parts, put together once at the start.
pub struct Verifier {
    /// What is remembered.
    pub store: Arc<dyn Store>,
    /// What sessions and tokens are sealed under.
    pub ring: RingKeeper,
    /// What customers' secrets are hashed and sealed under.
    pub vault: Arc<Vault>,
    /// Site keys.
    pub site_keys: SiteKeys,
    /// Addresses with a verdict that was given beforehand.
    pub ip_overrides: IpOverrides,
    /// Firewall policies.
    pub firewall_policies: FirewallPolicies,
    /// What was made of policies.
    pub policies: Policies,
    /// API keys.
    pub credentials: Credentials,
    /// Bots that can prove who they are.
    pub bots: Bots,
    /// What tells well-known crawlers from those that only claim to be; none if that is switched off.
    pub crawlers: Option<Crawlers>,
    /// Earlier visits.
    pub replays: Arc<Replays>,
    /// Passwords that leaked.
    pub leaks: LeakedPasswords,
    /// What codes of the second factor are sent by.
    pub factors: Factors,
    /// What visitors who were asked a question were answered.
    pub answers: Answers,
    /// How much comes from where.
    pub traffic: Traffic,
    shared_traffic: Option<SharedTraffic>,
    /// Pages that loaded a widget.
    pub page_loads: PageLoads,
    /// What is counted for the operator.
    pub metrics: Metrics,
    pow: PowMode,
    clock: Arc<dyn Clock>,
}

impl Verifier {
    /// [`Verifier::with_keys`] of a data directory.
    ///
    /// # Errors
    /// The key files of the data directory cannot be read, or there are no random bytes.
    pub fn new(
        data: &DataDir,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, DataError> {
        let keys = LoadedKeys::from_files(data.clone())?;
        Ok(Self::with_keys(keys, store, clock)?.with_leaks(data.path()))
    }

    /// Puts the parts together; reports cost nothing, and earlier visits are not known yet: [`Verifier::load_replays`].
    ///
    /// # Errors
    /// There are no random bytes.
    pub fn with_keys(
        keys: LoadedKeys,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, DataError> {
        let vault = Arc::new(keys.vault);
        let (traffic, shared_traffic) = match &keys.source {
            KeySource::Files(_) => (Traffic::new(SketchKey(fresh()?), clock.now()), None),
            KeySource::Shared(shared) => {
                let traffic = Traffic::shared(SketchKey(vault.traffic_secret()), clock.now());
                (traffic, Some(SharedTraffic::new(shared.store(), fresh()?)))
            }
        };
        let metrics = Metrics::default();
        let store: Arc<dyn Store> = Arc::new(Measured::new(store, &metrics));
        Ok(Self {
            ring: RingKeeper::new(keys.source, keys.ring, keys.stamp),
            site_keys: SiteKeys::new(store.clone()),
            ip_overrides: IpOverrides::new(store.clone()),
            firewall_policies: FirewallPolicies::new(store.clone()),
            policies: Policies::new(),
            credentials: Credentials::new(store.clone(), vault.clone()),
            bots: Bots::default(),
            crawlers: None,
            replays: Arc::new(Replays::new(&vault, ReplayConfig::default())),
            leaks: LeakedPasswords::none(),
            factors: Factors::default(),
            answers: Answers::default(),
            traffic,
            shared_traffic,
            page_loads: PageLoads::default(),
            metrics,
            pow: PowMode::Off,
            vault,
            store,
            clock,
        })
    }

    /// The same, knowing the leaked passwords of a data directory.
    pub fn with_leaks(self, data: &Path) -> Self {
        let leaks = LeakedPasswords::new(data, self.vault.clone());
        Self { leaks, ..self }
    }

    /// The same, knowing these bots.
    pub fn with_bots(self, bots: Bots) -> Self {
        Self { bots, ..self }
    }

    /// The same, verifying crawlers.
    pub fn with_crawlers(self, crawlers: Option<Crawlers>) -> Self {
        Self { crawlers, ..self }
    }

    /// The same, sending codes.
    pub fn with_factors(self, factors: Factors) -> Self {
        Self { factors, ..self }
    }

    /// What came of the claim to be a well-known crawler that a user agent makes; none if it makes none, nothing can be found
    /// out at once, or crawlers are not verified. Waits for DNS for a fifth of a second at most.
    pub async fn claim(&self, user_agent: &str, address: IpAddr) -> Option<Claim> {
        self.crawlers.as_ref()?.claim(user_agent, address).await
    }

    /// The same with a price on reports.
    pub fn with_pow(self, pow: PowMode) -> Self {
        Self { pow, ..self }
    }

    /// The same, accepting the test keys: whoever knows a test key knows its secret.
    pub fn with_test_keys(self) -> Self {
        let site_keys = self.site_keys.with_test_keys(&self.vault);
        Self { site_keys, ..self }
    }

    /// What a report for a site key costs now, in hashes; `address` as for [`Traffic::requested`].
    pub fn price(&self, site_key: &str, address: Option<IpAddr>, now: Millis) -> u32 {
        let pressure = self.traffic.pressure(site_key, address, now);
        self.pow.price(pressure)
    }

    /// Compares visits as `config` says, with those that the store remembers, too. To be called before serving.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn load_replays(&mut self, config: ReplayConfig) -> Result<(), StoreError> {
        self.replays = Arc::new(Replays::new(&self.vault, config));
        self.replays.load(&*self.store, self.stored_now()).await
    }

    /// Takes over the visits that other verifiers recorded; answers how many.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn follow_replays(&self) -> Result<u64, StoreError> {
        self.replays.follow(&*self.store, self.stored_now()).await
    }

    /// Whether other verifiers are told what is counted here.
    pub const fn is_shared(&self) -> bool {
        self.shared_traffic.is_some()
    }

    /// Tells the other verifiers of the store what was counted here, and counts what they tell.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn exchange_traffic(&self, quotas: &Quotas) -> Result<(), StoreError> {
        match &self.shared_traffic {
            Some(shared) => shared.exchange(&self.traffic, quotas, self.now()).await,
            None => Ok(()),
        }
    }

    /// Milliseconds since the Unix epoch.
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// The same, as the store counts it.
    pub fn stored_now(&self) -> touchstone_store::Millis {
        touchstone_store::Millis(self.now())
    }

    /// The key ring.
    pub fn ring(&self) -> Arc<KeyRing> {
        self.ring.ring()
    }

    /// Opens a sealed session, with the same second look at the ring as [`Verifier::open_token`].
    pub async fn open_session(&self, sealed: &[u8]) -> Option<Session> {
        match Session::open(&self.ring(), sealed) {
            Ok(session) => Some(session),
            Err(OpenError::UnknownKey(_)) => {
                // Rare, and large.
                let looking = Box::pin(self.ring.look_for_unknown(self.now()));
                { looking.await }
                    .then(|| Session::open(&self.ring(), sealed).ok())
                    .flatten()
            }
            Err(_) => None,
        }
    }

    /// Opens a pending token that a page carried, with the same second look at the ring as [`Verifier::open_token`].
    pub async fn open_pending(&self, sealed: &[u8]) -> Option<Pending> {
        match Pending::open(&self.ring(), sealed) {
            Ok(pending) => Some(pending),
            Err(OpenError::UnknownKey(_)) => {
                // Rare, and large.
                let looking = Box::pin(self.ring.look_for_unknown(self.now()));
                { looking.await }
                    .then(|| Pending::open(&self.ring(), sealed).ok())
                    .flatten()
            }
            Err(_) => None,
        }
    }

    /// Opens a token's text. A key that is not in the ring may have been published a moment ago by another replica: the
    /// ring is looked at once more before the token counts as malformed.
    pub async fn open_token(&self, text: &str) -> Option<Token> {
        match Token::open(&self.ring(), text) {
            Ok(token) => Some(token),
            Err(TokenError::UnknownKey(_)) => {
                // Rare, and large.
                let looking = Box::pin(self.ring.look_for_unknown(self.now()));
                { looking.await }
                    .then(|| Token::open(&self.ring(), text).ok())
                    .flatten()
            }
            Err(_) => None,
        }
    }

    /// Opens the text of a token, or of a verdict token, which are told from each other by their lengths.
    pub async fn open_any_token(&self, text: &str) -> Option<(Token, Option<Verdict>)> {
        if text.len() != JUDGED_CHARS {
            return Some((self.open_token(text).await?, None));
        }
        let open = || JudgedToken::open(&self.ring(), text);
        let judged = match open() {
            Err(TokenError::UnknownKey(_)) if self.ring.look_for_unknown(self.now()).await => {
                open().ok()?
            }
            opened => opened.ok()?,
        };
        let verdict = Verdict::from_bytes(&judged.verdict)?;
        Some((judged.token, Some(verdict)))
    }

    /// Opens a request token of the second factor, with the same second look at the ring as [`Verifier::open_token`].
    pub async fn open_factor_request(&self, text: &str) -> Option<FactorRequest> {
        let open = || open_request(&self.ring(), text);
        let plain = match open() {
            Err(TokenError::UnknownKey(_)) if self.ring.look_for_unknown(self.now()).await => {
                open().ok()?
            }
            opened => opened.ok()?,
        };
        FactorRequest::from_bytes(&Zeroizing::new(plain)).ok()
    }

    /// The text of `/metrics`.
    pub fn metrics_text(&self) -> String {
        let (ring, now) = (self.ring(), self.now());
        let sealing = ring.keys().filter(|key| key.seals_from <= now).last();
        self.metrics.text(Readings {
            ring_keys: ring.keys().count(),
            sealing_key_created: sealing.map_or(0, |key| key.created_at),
            sketches: self.replays.len(),
        })
    }

    /// Writes what is counted in memory, then removes what is over: spent marks, first answers, sketches, assessments past their retention.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn prune(&self, retention_ms: u64) -> Result<(), StoreError> {
        self.page_loads.write(&*self.store).await?;
        let pruned = self.store.prune(self.stored_now(), retention_ms).await?;
        let sketches = self.replays.prune(&*self.store, self.stored_now()).await?;
        tracing::debug!(?pruned, sketches, "pruned the store");
        Ok(())
    }

    /// Removes what is kept of accounts that nobody visited for so long.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn prune_accounts(&self, retention_ms: u64) -> Result<(), StoreError> {
        let before = self.stored_now().before(retention_ms);
        let profiles = self.store.prune_profiles(before).await?;
        let related = self.prune_relations(before).await?;
        tracing::debug!(profiles, related, "pruned the accounts");
        Ok(())
    }

    /// Forgets whom accounts are related to that were last seen before. Answers how many.
    async fn prune_relations(&self, before: touchstone_store::Millis) -> Result<u64, StoreError> {
        let mut all = 0;
        loop {
            // Without random bytes there are no ids for what is left of their groups: the next time there will be.
            let Ok(fresh) = fresh() else { return Ok(all) };
            match self.store.prune_relations(before, GroupId(fresh)).await? {
                0 => return Ok(all),
                some => all += some,
            }
        }
    }
}
