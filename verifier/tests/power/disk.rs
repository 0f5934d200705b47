//! A disk that keeps nothing but what was synced, and possibly any part of the rest.

use std::{collections::HashMap, fs, path::Path};

use crate::trace::{Does, Trace};

/// The files of the data directory at some step of the record.
#[derive(Default)]
pub struct Disk {
    files: Vec<File>,
    names: HashMap<String, Name>,
    step: usize,
    pub writes: usize,
    pub syncs: usize,
    pub syncs_of_database: usize,
    /// How many writes a sync that is under way makes safe.
    covered: HashMap<usize, usize>,
}

/// What became of the writes that were not synced when the power failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsynced {
    /// None reached the disk.
    Lost,
    /// All did.
    Written,
    /// Some did, in any order, some of them in part.
    Torn,
}

/// What a name in the folder leads to: files by their numbers.
#[derive(Default)]
struct Name {
    now: Option<usize>,
    /// When the sync of the folder that is under way began.
    in_sync: Option<usize>,
    synced: Option<usize>,
}

#[derive(Default)]
struct File {
    synced: Vec<u8>,
    pending: Vec<Write>,
}

struct Write {
    call: usize,
    has_ended: bool,
    change: Change,
}

enum Change {
    Bytes { at: usize, bytes: Vec<u8> },
    Length(usize),
}

impl Disk {
    /// A disk on which everything that is in the folder is safe.
    pub fn of(folder: &Path) -> Self {
        let mut disk = Self::default();
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let file = disk.new_file(fs::read(entry.path()).unwrap());
            let name = Name {
                now: file,
                in_sync: file,
                synced: file,
            };
            let text = entry.file_name().into_string().unwrap();
            disk.names.insert(text, name);
        }
        disk
    }

    /// Does everything up to this step.
    pub fn run(&mut self, trace: &Trace, to: usize) {
        for step in &trace.steps()[self.step..to] {
            self.one(step.call, &step.does);
        }
        self.step = to;
    }

    /// Writes the files as they are found after a power cut.
    pub fn write(&self, folder: &Path, unsynced: Unsynced, random: &mut fastrand::Rng) {
        for (text, name) in &self.names {
            let file = match unsynced {
                Unsynced::Lost => name.synced,
                Unsynced::Written => name.now,
                Unsynced::Torn => [name.now, name.synced][random.usize(..2)],
            };
            if let Some(file) = file {
                let content = self.files[file].found(unsynced, random);
                fs::write(folder.join(text), content).unwrap();
            }
        }
    }

    fn one(&mut self, call: usize, does: &Does) {
        match does {
            Does::Make { file } => {
                let is_there = self.names.get(file).is_some_and(|name| name.now.is_some());
                if !is_there {
                    let new = self.new_file(Vec::new());
                    self.names.entry(file.clone()).or_default().now = new;
                }
            }
            Does::Remove { file } => {
                if let Some(name) = self.names.get_mut(file) {
                    name.now = None;
                }
            }
            Does::BeginWrite { file, at, bytes } => {
                self.writes += 1;
                let (at, bytes) = (*at, bytes.clone());
                self.change(call, file, Change::Bytes { at, bytes });
            }
            Does::Cut { file, length } => self.change(call, file, Change::Length(*length)),
            Does::EndWrite => {
                let pending = self.files.iter_mut().flat_map(|file| &mut file.pending);
                for write in pending.filter(|write| write.call == call) {
                    write.has_ended = true;
                }
            }
            // A sync covers what was there when it began; what is done meanwhile may be on the disk or not.
            Does::BeginSync { file } if file.is_empty() => {
                for name in self.names.values_mut() {
                    name.in_sync = name.now;
                }
            }
            Does::BeginSync { file } => {
                let ended = |write: &&Write| write.has_ended;
                let covered = self.file(file).pending.iter().take_while(ended).count();
                self.covered.insert(call, covered);
            }
            Does::EndSync { file } if file.is_empty() => {
                for name in self.names.values_mut() {
                    name.synced = name.in_sync;
                }
            }
            Does::EndSync { file } => {
                self.syncs += 1;
                self.syncs_of_database += usize::from(file == "touchstone.db");
                let covered = self.covered.remove(&call).unwrap_or_default();
                let file = self.file(file);
                for write in file.pending.drain(..covered) {
                    write.change.apply(&mut file.synced);
                }
            }
            Does::Nothing => {}
        }
    }

    fn change(&mut self, call: usize, file: &str, change: Change) {
        self.file(file).pending.push(Write {
            call,
            has_ended: false,
            change,
        });
    }

    fn file(&mut self, name: &str) -> &mut File {
        let file = self.names.get(name).and_then(|name| name.now);
        &mut self.files[file.expect("a file that is there")]
    }

    fn new_file(&mut self, synced: Vec<u8>) -> Option<usize> {
        let pending = Vec::new();
        self.files.push(File { synced, pending });
        Some(self.files.len() - 1)
    }
}

impl File {
    fn found(&self, unsynced: Unsynced, random: &mut fastrand::Rng) -> Vec<u8> {
        let mut content = self.synced.clone();
        for write in &self.pending {
            match unsynced {
                Unsynced::Lost => {}
                Unsynced::Written => write.change.apply(&mut content),
                Unsynced::Torn => write.change.apply_in_part(&mut content, random),
            }
        }
        content
    }
}

impl Change {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Self::Bytes { at, bytes } => {
                let end = at + bytes.len();
                content.resize(content.len().max(end), 0);
                content[*at..end].copy_from_slice(bytes);
            }
            Self::Length(length) => content.resize(*length, 0),
        }
    }

    /// The whole, nothing, or some sectors from the beginning.
    fn apply_in_part(&self, content: &mut Vec<u8>, random: &mut fastrand::Rng) {
        match (self, random.u8(..3)) {
            (_, 0) => {}
            (Self::Bytes { at, bytes }, 1) => {
                let length = random.usize(..=bytes.len() / SECTOR) * SECTOR;
                let bytes = bytes[..length].to_vec();
                Self::Bytes { at: *at, bytes }.apply(content);
            }
            _ => self.apply(content),
        }
    }
}

/// What a disk writes whole.
const SECTOR: usize = 512;

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found of `touchstone.db` after these lines of strace, if nothing unsynced is left.
    fn found(lines: &str) -> Option<Vec<u8>> {
        let hex =
            |text: &str| -> String { text.bytes().map(|byte| format!("\\x{byte:02x}")).collect() };
        let lines = lines
            .replace("FOLDER", &hex("/d"))
            .replace("FILE", &hex("/d/touchstone.db"))
            .replace("TEXT", &hex("text"));
        let trace = Trace::parse(&lines, "/d");
        let mut disk = Disk::default();
        disk.run(&trace, trace.end());
        let folder = tempfile::tempdir().unwrap();
        let mut random = fastrand::Rng::with_seed(1);
        disk.write(folder.path(), Unsynced::Lost, &mut random);
        fs::read(folder.path().join("touchstone.db")).ok()
    }

    const MADE: &str = "1 openat(AT_FDCWD<FOLDER>, \"FILE\", O_RDWR|O_CREAT, 0600) = 3<FILE>\n\
                        1 fsync(4<FOLDER>) = 0\n";

    #[test]
    fn a_write_is_safe_once_a_sync_that_began_after_it_has_ended() {
        let after = |lines: &str| found(&format!("{MADE}{lines}")).unwrap();
        let write = "1 pwrite64(3<FILE>, \"TEXT\", 4, 0)      = 4\n";
        let begun = "2 fdatasync(3<FILE> <unfinished ...>\n";
        let ended = "2 <... fdatasync resumed>)            = 0\n";
        assert_eq!(after(write), b"");
        assert_eq!(after(&format!("{write}{begun}")), b"");
        assert_eq!(after(&format!("{begun}{write}{ended}")), b"");
        assert_eq!(after(&format!("{write}{begun}{ended}")), b"text");
    }

    #[test]
    fn a_file_is_there_once_its_folder_was_synced() {
        let (made, synced) = MADE.split_at(MADE.find('\n').unwrap() + 1);
        assert_eq!(found(made), None);
        assert_eq!(found(&format!("{made}{synced}")), Some(Vec::new()));
    }

    #[test]
    fn a_removed_file_is_gone_once_its_folder_was_synced() {
        let removed = "1 unlink(\"FILE\") = 0\n";
        assert_eq!(found(&format!("{MADE}{removed}")), Some(Vec::new()));
        let synced = "1 fsync(4<FOLDER>) = 0\n";
        assert_eq!(found(&format!("{MADE}{removed}{synced}")), None);
    }
}
