use std::{
    fs::File,
    io::{BufRead, BufReader, Lines, Read},
    path::{Path, PathBuf},
};

use flate2::bufread::MultiGzDecoder;
use serde::Deserialize;

use crate::{Class, Device, Key, Kind, Label, Pointer, Trace};

/// Why a file is no list of traces.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// It cannot be opened or read.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A line is no JSON object of this format; the message names field or column.
    #[error("{}:{line}: {source}", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// A field has a value that it cannot have.
    #[error("{}:{line}: {field}[{index}]: {wrong}", path.display())]
    Value {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// `events` or `keys`.
        field: &'static str,
        /// Which entry of it, counted from 0.
        index: usize,
        /// What is wrong.
        wrong: &'static str,
    },
}

/// The segments of a file, read as they are asked for.
pub struct Traces {
    path: PathBuf,
    line: usize,
    lines: Lines<Box<dyn BufRead>>,
}

/// Opens a `.jsonl` file, or a compressed one if its name ends in `.gz`.
pub fn read(path: &Path) -> Result<Traces, TraceError> {
    let file = File::open(path).map_err(|source| TraceError::Io {
        path: path.into(),
        source,
    })?;
    let file = BufReader::new(file);
    Ok(if path.extension().is_some_and(|end| end == "gz") {
        from_reader(path, MultiGzDecoder::new(file))
    } else {
        from_reader(path, file)
    })
}

/// Reads plain lines from anywhere; `name` stands for the file in errors.
pub fn from_reader(name: &Path, reader: impl Read + 'static) -> Traces {
    let reader: Box<dyn BufRead> = Box::new(BufReader::new(reader));
    Traces {
        path: name.into(),
        line: 0,
        lines: reader.lines(),
    }
}

impl Iterator for Traces {
    type Item = Result<Trace, TraceError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.line += 1;
            let line = match self.lines.next()? {
                Ok(line) => line,
                Err(source) => {
                    return Some(Err(TraceError::Io {
                        path: self.path.clone(),
                        source,
                    }));
                }
            };
            if !line.trim().is_empty() {
                return Some(self.parse(&line));
            }
        }
    }
}

impl Traces {
    fn parse(&self, line: &str) -> Result<Trace, TraceError> {
        let line: Line = serde_json::from_str(line).map_err(|source| TraceError::Json {
            path: self.path.clone(),
            line: self.line,
            source,
        })?;
        line.into_trace()
            .map_err(|(field, index, wrong)| TraceError::Value {
                path: self.path.clone(),
                line: self.line,
                field,
                index,
                wrong,
            })
    }
}

/// The fields that are read; others are ignored.
#[derive(Deserialize)]
struct Line {
    src: String,
    #[serde(default)]
    user: String,
    #[serde(default)]
    session: String,
    device: Device,
    label: Option<Label>,
    bot: Option<String>,
    #[serde(default)]
    events: Vec<Event>,
    #[serde(default)]
    keys: Vec<(f64, f64, String, u32)>,
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "an event is [t, x, y, kind] or [down, up, class]"
)]
enum Event {
    Pointer(f64, f64, f64, String),
    Key(f64, f64, String),
}

type Wrong = (&'static str, usize, &'static str);

impl Line {
    fn into_trace(self) -> Result<Trace, Wrong> {
        let (mut pointer, mut keys) = (Vec::new(), Vec::with_capacity(self.keys.len()));
        for (index, event) in self.events.iter().enumerate() {
            let wrong = |what| ("events", index, what);
            match event {
                Event::Pointer(t, x, y, kind) => {
                    pointer.push(pointer_event(*t, *x, *y, kind).map_err(wrong)?);
                }
                Event::Key(down, up, class) => keys.push(key(*down, *up, class, 0).map_err(wrong)?),
            }
        }
        for (index, (down, up, class, field)) in self.keys.iter().enumerate() {
            keys.push(key(*down, *up, class, *field).map_err(|what| ("keys", index, what))?);
        }
        // Recorders that poll may tell two events of one moment in either order.
        pointer.sort_by(|a, b| a.t.total_cmp(&b.t));
        keys.sort_by(|a, b| a.down.total_cmp(&b.down));
        Ok(Trace {
            src: self.src,
            user: self.user,
            session: self.session,
            device: self.device,
            label: self.label,
            bot: self.bot,
            pointer,
            keys,
        })
    }
}

fn pointer_event(t: f64, x: f64, y: f64, kind: &str) -> Result<Pointer, &'static str> {
    if !(0.0..=LONGEST_MS).contains(&t) {
        return Err("the time is not within 0 and 12 hours");
    }
    if x.abs().max(y.abs()) > FARTHEST_PX {
        return Err("the position is beyond 100,000 pixels");
    }
    let kind = match kind {
        "m" => Kind::Move,
        "d" => Kind::Press,
        "u" => Kind::Release,
        "w" => Kind::Wheel,
        "c" => Kind::Click,
        _ => return Err("the kind is none of m, d, u, w, c"),
    };
    Ok(Pointer { t, x, y, kind })
}

fn key(down: f64, up: f64, class: &str, field: u32) -> Result<Key, &'static str> {
    if !(0.0..=LONGEST_MS).contains(&down) || !(0.0..=LONGEST_MS).contains(&up) {
        return Err("the time is not within 0 and 12 hours");
    }
    let class = match class {
        "L" => Class::Letter,
        "D" => Class::Digit,
        "S" => Class::Space,
        "B" => Class::Erase,
        "E" => Class::Enter,
        "M" => Class::Modifier,
        "N" => Class::Navigation,
        "P" => Class::Punctuation,
        "O" => Class::Other,
        _ => return Err("the class is none of L, D, S, B, E, M, N, P, O"),
    };
    Ok(Key {
        down,
        up: up.max(down),
        class,
        field,
    })
}

const LONGEST_MS: f64 = 12.0 * 3_600_000.0;
const FARTHEST_PX: f64 = 100_000.0;

#[cfg(test)]
mod tests {
    use super::*;

    fn one(line: &str) -> Result<Trace, TraceError> {
        let line = line.as_bytes().to_vec();
        from_reader(Path::new("x.jsonl"), std::io::Cursor::new(line))
            .next()
            .unwrap()
    }

    #[test]
    fn pointer_and_keys_are_read_and_unknown_fields_ignored() {
        let trace = one(
            r#"{"src":"s","user":"u","session":"1","device":"mouse","label":"human","vw":9,
                "events":[[0,1,2,"m"],[5.5,1,2.5,"c"]],"keys":[[7,9.5,"L",3]]}"#
                .replace('\n', "")
                .as_str(),
        )
        .unwrap();
        assert_eq!(trace.pointer[1].kind, Kind::Click);
        assert_eq!((trace.keys[0].field, trace.end()), (3, 9.5));
        let keys = one(r#"{"src":"s","device":"key","events":[[0,80,"O"]]}"#).unwrap();
        assert_eq!(keys.keys[0].class, Class::Other);
    }

    #[test]
    fn an_error_names_file_line_and_field() {
        let cases = [
            ("{", "x.jsonl:1: "),
            (
                r#"{"src":"s","device":"mouse","events":[[0,1,2,"m"],[0,1,2,"q"]]}"#,
                "x.jsonl:1: events[1]: the kind is none of m, d, u, w, c",
            ),
            (
                r#"{"src":"s","device":"mouse","keys":[[-1,1,"L",2]]}"#,
                "x.jsonl:1: keys[0]: the time is not within 0 and 12 hours",
            ),
            (r#"{"device":"mouse"}"#, "x.jsonl:1: missing field `src`"),
            (
                r#"{"src":"s","device":"mouse","events":[[0]]}"#,
                "x.jsonl:1: an event is [t, x, y, kind] or [down, up, class]",
            ),
        ];
        for (line, expected) in cases {
            let error = one(line).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }

    #[test]
    fn compressed_and_plain_files_are_read_alike() {
        use std::io::Write;
        let folder = tempfile::tempdir().unwrap();
        let line = b"{\"src\":\"s\",\"device\":\"touch\",\"events\":[[0,1,2,\"d\"]]}\n\n";
        let (plain, packed) = (
            folder.path().join("a.jsonl"),
            folder.path().join("a.jsonl.gz"),
        );
        std::fs::write(&plain, line).unwrap();
        let mut gz =
            flate2::write::GzEncoder::new(File::create(&packed).unwrap(), Default::default());
        gz.write_all(line).unwrap();
        gz.finish().unwrap();
        let all = |path| read(path).unwrap().collect::<Result<Vec<_>, _>>().unwrap();
        assert_eq!(all(&plain), all(&packed));
        assert_eq!(all(&plain).len(), 1);
    }
}
