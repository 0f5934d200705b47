use std::{io::BufRead, path::Path};

use clap::Args;
use serde_json::json;
use touchstone_leaks::verify;
use zeroize::Zeroizing;

use super::{CliError, NOTHING, print};
use crate::leaks::{VaultSafe, database};

#[derive(Debug, Args)]
pub(in super::super) struct Verify {
    /// Look for this user name and the password on the first line of standard input
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Verify, safe: &VaultSafe, data: &Path) -> Result<(), CliError> {
    let path = database(data);
    if !path.exists() {
        return Err(NOTHING.into());
    }
    let password = match command.user {
        Some(_) => password()?,
        None => Zeroizing::default(),
    };
    let pair = command
        .user
        .as_deref()
        .map(|user| (user, password.as_str()));
    let found = verify(&path, safe, pair)?;
    let said = match found {
        None => "",
        Some(true) => "; the pair is in it",
        Some(false) => "; the pair is not in it",
    };
    let text = format!("{} is whole{said}", path.display());
    print(
        command.json,
        &json!({"whole": true, "leaked": found}),
        &text,
    );
    Ok(())
}

fn password() -> Result<Zeroizing<String>, CliError> {
    let mut line = Zeroizing::new(String::new());
    std::io::stdin().lock().read_line(&mut line)?;
    let length = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(length);
    match line.is_empty() {
        true => Err("--user: give the password on standard input".into()),
        false => Ok(line),
    }
}
