use rusqlite::{Connection, OptionalExtension};

use crate::lists::{Broken, ListId};

/// How far the import of a list is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes that are done, unpacked.
    pub position: u64,
    /// Bytes of the file that are done, packed as it is. Not kept.
    pub bytes_done: u64,
    /// Whether that is all.
    pub is_done: bool,
    /// What was found.
    pub tally: Tally,
}

/// What was found in a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Lines.
    pub lines: u64,
    /// Those that held a pair, or a hash.
    pub taken: u64,
    /// Rows that the database did not have before; a pair has one to five, as many as its name has forms.
    pub added: u64,
    /// Lines with nothing on them.
    pub blank: u64,
    /// Lines over the limit.
    pub too_long: u64,
    /// Lines with a NUL.
    pub not_text: u64,
    /// Lines without a delimiter.
    pub no_delimiter: u64,
    /// Lines without a user name.
    pub no_user: u64,
    /// Lines without a password.
    pub no_password: u64,
    /// Lines without a hash and a count.
    pub no_hash: u64,
}

impl Tally {
    /// The lines that were not taken, by what is wrong with them.
    pub fn broken(&self) -> [(&'static str, u64); 7] {
        [
            ("blank", self.blank),
            ("too long", self.too_long),
            ("not text", self.not_text),
            ("without delimiter", self.no_delimiter),
            ("without user name", self.no_user),
            ("without password", self.no_password),
            ("without hash", self.no_hash),
        ]
    }

    /// The sum of two.
    pub fn add(&mut self, other: &Self) {
        let mut sum = self.row();
        for (sum, more) in sum.iter_mut().zip(other.row()) {
            *sum += more;
        }
        *self = Self::from_row(sum);
    }

    pub(super) fn count_broken(&mut self, broken: Broken) {
        *match broken {
            Broken::Blank => &mut self.blank,
            Broken::TooLong => &mut self.too_long,
            Broken::NotText => &mut self.not_text,
            Broken::NoDelimiter => &mut self.no_delimiter,
            Broken::NoUser => &mut self.no_user,
            Broken::NoPassword => &mut self.no_password,
            Broken::NoHash => &mut self.no_hash,
        } += 1;
    }

    /// In the order of the table's columns.
    fn row(&self) -> [u64; 10] {
        [
            self.lines,
            self.taken,
            self.added,
            self.blank,
            self.too_long,
            self.not_text,
            self.no_delimiter,
            self.no_user,
            self.no_password,
            self.no_hash,
        ]
    }

    fn from_row(row: [u64; 10]) -> Self {
        let [lines, taken, added, rest @ ..] = row;
        let [blank, too_long, not_text, no_delimiter, rest @ ..] = rest;
        let [no_user, no_password, no_hash] = rest;
        Self {
            lines,
            taken,
            added,
            blank,
            too_long,
            not_text,
            no_delimiter,
            no_user,
            no_password,
            no_hash,
        }
    }
}

impl Progress {
    /// How far a list was when it was last written.
    pub(super) fn of(connection: &Connection, id: ListId) -> rusqlite::Result<Option<Self>> {
        let query = format!("SELECT position, is_done, {COLUMNS} FROM list WHERE id = ?1");
        connection
            .query_row(&query, [id.0], |row| {
                let mut counts = [0; 10];
                for (index, count) in counts.iter_mut().enumerate() {
                    *count = row.get(index + 2)?;
                }
                Ok(Self {
                    position: row.get(0)?,
                    bytes_done: 0,
                    is_done: row.get(1)?,
                    tally: Tally::from_row(counts),
                })
            })
            .optional()
    }

    pub(super) fn write(
        &self,
        transaction: &Connection,
        id: ListId,
        name: &str,
    ) -> rusqlite::Result<()> {
        let query = format!(
            "INSERT OR REPLACE INTO list (id, name, position, is_done, {COLUMNS}) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"
        );
        let mut statement = transaction.prepare_cached(&query)?;
        statement.raw_bind_parameter(1, id.0)?;
        statement.raw_bind_parameter(2, name)?;
        statement.raw_bind_parameter(3, self.position)?;
        statement.raw_bind_parameter(4, self.is_done)?;
        for (index, count) in self.tally.row().into_iter().enumerate() {
            statement.raw_bind_parameter(index + 5, count)?;
        }
        statement.raw_execute().map(|_| ())
    }
}

const COLUMNS: &str =
    "lines, taken, added, blank, too_long, not_text, no_delimiter, no_user, no_password, no_hash";
