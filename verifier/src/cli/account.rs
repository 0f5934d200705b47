use clap::{Args, Subcommand};
use data_encoding::{BASE64, BASE64URL};
use serde_json::json;
use touchstone_store::{GroupId, ProjectId, RelatedAccountId};

use super::{CliError, open, print};
use crate::{accounts::AccountName, config::DataConfig, data::Opened, environment::fresh};

#[derive(Debug, Subcommand)]
pub(super) enum AccountCommand {
    /// Erase what is kept of an account: its profile, its relations to others, its verified addresses, and its name in assessments and annotations
    ///
    /// To be run once the account is no longer used: what is assessed afterwards begins anew. Works while serving. Looks through all
    /// assessments that are kept, so it may take minutes; if it is interrupted, run it again.
    Forget(Forget),
}

#[derive(Debug, Args)]
pub(super) struct Forget {
    /// Project of the account
    #[arg(long, value_name = "P")]
    project: ProjectId,
    /// The account is given as hashedAccountId, in base64
    #[arg(long)]
    hashed: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// The account, as the backend sends it in event.userInfo.accountId
    #[arg(value_name = "ACCOUNT", allow_hyphen_values = true)]
    account: String,
}

pub(super) async fn run(command: AccountCommand, config: &DataConfig) -> Result<(), CliError> {
    match command {
        AccountCommand::Forget(command) => forget(command, config).await,
    }
}

async fn forget(command: Forget, config: &DataConfig) -> Result<(), CliError> {
    let hashed = match command.hashed {
        true => Some(bytes(&command.account).ok_or("--hashed: ACCOUNT is not base64")?),
        false => None,
    };
    let name = match &hashed {
        Some(bytes) => AccountName::of("", bytes),
        None => AccountName::of(&command.account, &[]),
    };
    let name = name.ok_or("ACCOUNT is empty")?;
    let Opened { keys, store } = open(config).await?;
    let account = name.hash(&keys.vault, &command.project);
    let related = RelatedAccountId::from(&account);
    let was_related = store.forget_relations(&command.project, related, GroupId(fresh()?));
    let was_related = was_related.await?;
    let forgotten = store.forget_account(&account).await?;
    let factors = store.forget_factors(&account.0).await?;
    store.close().await;
    let (assessments, annotations) = (forgotten.assessments, forgotten.annotations);
    let value = json!({
        "profile": forgotten.profile,
        "relations": was_related,
        "assessments": assessments,
        "annotations": annotations,
        "verifiedAddresses": factors,
    });
    let had = |there, what| if there { what } else { "none" };
    let text = format!(
        "erased: profile, {}; relations, {}; verified addresses, {}; its name in {assessments} assessments and {annotations} annotations",
        had(forgotten.profile, "1"),
        had(was_related, "all"),
        had(factors, "all"),
    );
    print(command.json, &value, &text);
    Ok(())
}

/// Either alphabet, as JSON bodies may have it, with or without padding.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    let padded = format!("{text}{}", &"==="[..(4 - text.len() % 4) % 4]);
    let bytes = [BASE64, BASE64URL].into_iter();
    bytes
        .into_iter()
        .find_map(|form| form.decode(padded.as_bytes()).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_read_in_every_form_that_json_has() {
        for (text, expected) in [
            ("3q2+7w==", Some(vec![0xde, 0xad, 0xbe, 0xef])),
            ("3q2-7w", Some(vec![0xde, 0xad, 0xbe, 0xef])),
            ("AAAA", Some(vec![0; 3])),
            ("A", None),
            ("é", None),
            ("3q2+7w==x", None),
        ] {
            assert_eq!(bytes(text), expected, "{text}");
        }
    }
}
