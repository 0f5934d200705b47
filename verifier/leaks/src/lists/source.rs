use std::{
    fs::File,
    io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};

use super::Lines;

/// A list that can be imported.
pub enum Source {
    /// A file, which is known again by what is in it.
    File {
        /// Where it is.
        path: PathBuf,
        /// What it is known by.
        id: ListId,
        /// Its bytes, packed as it is.
        size: u64,
    },
    /// Standard input, which cannot be known again.
    Input,
}

/// What a file is known by: a hash of its size, its first mebibyte and its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ListId(pub [u8; 32]);

/// A list that is being read.
pub struct Reader {
    /// Its lines.
    pub lines: Lines<Box<dyn BufRead + Send>>,
    /// Packed bytes that were read until now; none if it is not packed.
    unpacked: Option<Arc<AtomicU64>>,
}

impl Reader {
    /// Bytes of the file that are done, packed as it is. Of a packed one, what unpacking has read ahead counts as done.
    pub fn bytes_done(&self) -> u64 {
        let unpacked = self.unpacked.as_ref();
        unpacked.map_or(self.lines.position(), |read| read.load(Ordering::Relaxed))
    }
}

impl Source {
    /// A file; `-` is standard input.
    ///
    /// # Errors
    /// The file cannot be read, or is none.
    pub fn at(path: &Path) -> io::Result<Self> {
        if path == Path::new("-") {
            return Ok(Self::Input);
        }
        let mut file = File::open(path)?;
        let data = file.metadata()?;
        if !data.is_file() {
            return Err(io::Error::other("it is no regular file"));
        }
        let size = data.len();
        Ok(Self::File {
            path: path.to_owned(),
            id: ListId::of(&mut file, size)?,
            size,
        })
    }

    /// What it is called.
    pub fn name(&self) -> String {
        match self {
            Self::File { path, .. } => path.file_name().map_or_else(
                || path.display().to_string(),
                |name| name.to_string_lossy().into_owned(),
            ),
            Self::Input => "standard input".to_owned(),
        }
    }

    /// Its bytes, packed as it is, if that is known.
    pub fn size(&self) -> Option<u64> {
        match self {
            Self::File { size, .. } => Some(*size),
            Self::Input => None,
        }
    }

    /// What it is known by, if by anything.
    pub fn id(&self) -> Option<ListId> {
        match self {
            Self::File { id, .. } => Some(*id),
            Self::Input => None,
        }
    }

    /// Reads it from a position on, counted in unpacked bytes. What gzip or Zstandard packed is unpacked, whatever the file is
    /// called.
    ///
    /// # Errors
    /// It cannot be read, or ends before that position.
    pub fn read_from(&self, position: u64) -> io::Result<Reader> {
        let raw: Box<dyn Read + Send> = match self {
            Self::File { path, .. } => {
                let mut file = File::open(path)?;
                if packing(&start(&mut file)?) == Packing::None {
                    file.seek(SeekFrom::Start(position))?;
                    return Ok(Reader {
                        lines: Lines::new(buffered(file), position),
                        unpacked: None,
                    });
                }
                file.rewind()?;
                Box::new(file)
            }
            Self::Input => Box::new(io::stdin()),
        };
        let read = Arc::new(AtomicU64::new(0));
        let mut raw = Counted(raw, read.clone());
        let start = start(&mut raw)?;
        let packing = packing(&start);
        let packed = BufReader::new(Cursor::new(start).chain(raw));
        let mut reader: Box<dyn BufRead + Send> = match packing {
            Packing::None => buffered(packed),
            Packing::Gzip => buffered(MultiGzDecoder::new(packed)),
            Packing::Zstandard => {
                let mut decoder = zstd::Decoder::with_buffer(packed)?;
                decoder.window_log_max(MAX_WINDOW_LOG)?;
                buffered(decoder)
            }
        };
        let passed = io::copy(&mut reader.by_ref().take(position), &mut io::sink())?;
        if passed < position {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(Reader {
            lines: Lines::new(reader, position),
            unpacked: Some(read),
        })
    }
}

impl ListId {
    fn of(file: &mut File, size: u64) -> io::Result<Self> {
        let mut hash = Sha256::new().chain_update(size.to_be_bytes());
        let mut part = Vec::new();
        for start in [0, size.saturating_sub(SAMPLE_BYTES)] {
            part.clear();
            file.seek(SeekFrom::Start(start))?;
            file.take(SAMPLE_BYTES).read_to_end(&mut part)?;
            hash.update(&part);
        }
        Ok(Self(hash.finalize().into()))
    }
}

#[derive(PartialEq, Eq)]
enum Packing {
    None,
    Gzip,
    Zstandard,
}

/// The bytes that tell how a list is packed; fewer of a list that has fewer.
fn start(reader: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    reader.take(4).read_to_end(&mut start)?;
    Ok(start)
}

/// By the first bytes: RFC 1952, 2.3.1 and RFC 8878, 3.1.1.
fn packing(start: &[u8]) -> Packing {
    if start.starts_with(&[0x1f, 0x8b]) {
        Packing::Gzip
    } else if start.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        Packing::Zstandard
    } else {
        Packing::None
    }
}

fn buffered(reader: impl Read + Send + 'static) -> Box<dyn BufRead + Send> {
    Box::new(BufReader::with_capacity(BUFFER_BYTES, reader))
}

/// Counts what is read through it.
struct Counted<R>(R, Arc<AtomicU64>);

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buffer)?;
        self.1.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

const SAMPLE_BYTES: u64 = 1 << 20;
const BUFFER_BYTES: usize = 256 * 1024;
/// Memory that unpacking may take: 128 MiB, as much as `zstd --long` writes for.
const MAX_WINDOW_LOG: u32 = 27;

#[cfg(test)]
mod tests {
    use std::{fs, io::Write};

    use flate2::{Compression, write::GzEncoder};

    use super::*;
    use crate::lists::Line;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn read(path: &Path, from: u64) -> io::Result<Vec<String>> {
        let mut reader = Source::at(path)?.read_from(from)?;
        let mut found = Vec::new();
        while let Some(line) = reader.lines.next_line()? {
            if let Line::Whole(line) = line {
                found.push(String::from_utf8_lossy(line).into_owned());
            }
        }
        Ok(found)
    }

    #[test]
    fn what_is_packed_is_known_by_its_content() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("list.txt");
        let text = b"a:1\nb:2\n";
        // Both packers allow several parts in a row.
        let gzips = [gzip(b"a:1\n"), gzip(b"b:2\n")].concat();
        let zstd = |bytes: &[u8]| zstd::encode_all(bytes, 1).unwrap();
        let zstds = [zstd(b"a:1\n"), zstd(b"b:2\n")].concat();
        for bytes in [text.to_vec(), gzip(text), gzips, zstd(text), zstds] {
            fs::write(&path, &bytes).unwrap();
            assert_eq!(read(&path, 0).unwrap(), ["a:1", "b:2"]);
            assert_eq!(read(&path, 4).unwrap(), ["b:2"]);
        }
    }

    #[test]
    fn a_packed_file_that_is_cut_off_is_an_error_after_what_it_has() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("list.gz");
        let packed = gzip(b"a:1\nb:2\n");
        fs::write(&path, &packed[..packed.len() - 4]).unwrap();
        assert_eq!(
            read(&path, 0).unwrap_err().kind(),
            io::ErrorKind::UnexpectedEof
        );
    }

    #[test]
    fn a_file_is_known_again_by_its_content_alone() {
        let dir = tempfile::tempdir().unwrap();
        let id = |name: &str, content: &[u8]| {
            let path = dir.path().join(name);
            fs::write(&path, content).unwrap();
            Source::at(&path).unwrap().id()
        };
        let long = vec![b'x'; 3 << 20];
        assert_eq!(id("one", &long), id("two", &long));
        assert_ne!(id("one", &long), id("two", &long[1..]));
        let mut other = long.clone();
        *other.last_mut().unwrap() = b'y';
        assert_ne!(id("one", &long), id("two", &other));
    }

    #[test]
    fn a_folder_is_no_list() {
        let dir = tempfile::tempdir().unwrap();
        assert!(Source::at(dir.path()).is_err());
    }
}
