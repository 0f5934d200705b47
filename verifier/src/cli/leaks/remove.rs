use std::path::Path;

use touchstone_leaks::Database;

use super::{CliError, NOTHING};
use crate::leaks::database;

pub(super) fn run(data: &Path) -> Result<(), CliError> {
    let path = database(data);
    match Database::remove(&path)? {
        true => {
            println!("removed {}", path.display());
            Ok(())
        }
        false => Err(NOTHING.into()),
    }
}
