use std::sync::Arc;

use moka::sync::Cache;
use prost::Message;
use touchstone_api::v1;
use touchstone_store::{FirewallPolicy, ProjectId, Store, StoreError};

use super::site_keys::{MOST, REMEMBERED};

/// The firewall policies of projects, remembered for four seconds.
pub struct FirewallPolicies {
    store: Arc<dyn Store>,
    known: Cache<ProjectId, Arc<[v1::FirewallPolicy]>>,
}

impl FirewallPolicies {
    /// Reads through to the store.
    pub fn new(store: Arc<dyn Store>) -> Self {
        let known = Cache::builder()
            .max_capacity(MOST)
            .time_to_live(REMEMBERED)
            .build();
        Self { store, known }
    }

    /// The policies of a project in the order in which they are tried.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn of(&self, project: &ProjectId) -> Result<Arc<[v1::FirewallPolicy]>, StoreError> {
        if let Some(known) = self.known.get(project) {
            return Ok(known);
        }
        let stored = self.store.firewall_policies(project).await?;
        let found: Arc<[_]> = stored.iter().map(Self::read).collect::<Result<_, _>>()?;
        self.known.insert(project.clone(), found.clone());
        Ok(found)
    }

    /// A stored policy as the API shows it.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for what is no message.
    pub fn read(stored: &FirewallPolicy) -> Result<v1::FirewallPolicy, StoreError> {
        let corrupt = |_| StoreError::Corrupt(format!("firewall policy {}", stored.id));
        let message = v1::FirewallPolicy::decode(&stored.policy[..]).map_err(corrupt)?;
        let (project, id) = (&stored.project, &stored.id);
        Ok(v1::FirewallPolicy {
            name: format!("projects/{project}/firewallpolicies/{id}"),
            ..message
        })
    }

    /// Forgets the policies of a project that this process has changed, so that the change takes effect at once.
    pub fn forget(&self, project: &ProjectId) {
        self.known.invalidate(project);
    }
}
