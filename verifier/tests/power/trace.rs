//! The calls of a recorded server that matter to its files, and what it answered, in the order in which they happened.

use std::{collections::HashMap, fs, path::Path};

use data_encoding::HEXLOWER;
use serde_json::Value;

/// The calls that strace is to record.
pub const CALLS: &str = "trace=openat,creat,write,pwrite64,pwritev,writev,fsync,fdatasync,ftruncate,unlink,rename,recvfrom,read,sendto,sendmsg";

/// A recorded run.
pub struct Trace {
    steps: Vec<Step>,
    answers: Vec<Answered>,
}

/// One line of the record: a call begins or ends.
pub struct Step {
    pub call: usize,
    pub does: Does,
}

/// What happens to a file, named by its last part.
pub enum Does {
    Make {
        file: String,
    },
    Remove {
        file: String,
    },
    /// From here on, some of the bytes may be on the disk.
    BeginWrite {
        file: String,
        at: usize,
        bytes: Vec<u8>,
    },
    Cut {
        file: String,
        length: usize,
    },
    EndWrite,
    BeginSync {
        file: String,
    },
    /// What was written before the beginning is on the disk. Also of the folder, which is the empty name.
    EndSync {
        file: String,
    },
    Nothing,
}

/// An answer with status 200.
pub struct Answered {
    /// The step before which the first byte of it was not yet sent.
    pub at: usize,
    pub what: What,
    /// The id that is the last part of the name.
    pub name: String,
}

/// What was acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Key,
    Assessment { valid: bool },
    Annotation,
}

impl Trace {
    /// Reads the record of a server on this data directory.
    pub fn read(log: &Path, data: &Path) -> Self {
        let text = fs::read_to_string(log).unwrap();
        let data = fs::canonicalize(data).unwrap();
        Self::parse(&text, data.to_str().unwrap())
    }

    /// Reads the lines of strace about this folder.
    pub fn parse(text: &str, data: &str) -> Self {
        let calls = calls(text);
        let mut steps: Vec<Step> = Vec::new();
        let mut asked: HashMap<String, Vec<u8>> = HashMap::new();
        let mut answers = Vec::new();
        for (number, edge) in edges(&calls) {
            let call = &calls[number];
            let of_socket = call.target.starts_with("TCP");
            let file = call.file_in(data);
            let does = match (call.name.as_str(), edge, file) {
                ("recvfrom" | "read", Edge::End, _) if of_socket => {
                    asked.insert(call.target.clone(), call.bytes.clone());
                    Does::Nothing
                }
                ("sendto" | "sendmsg" | "write" | "writev", Edge::Begin, _) if of_socket => {
                    let request = asked.get(&call.target).map_or(&[][..], |bytes| bytes);
                    let at = steps.len();
                    answers.extend(answered(at, request, &call.bytes));
                    Does::Nothing
                }
                (_, _, None) => Does::Nothing,
                (_, _, Some(file)) if file.ends_with("-shm") => Does::Nothing,
                ("openat", Edge::End, Some(file)) if call.makes => Does::Make { file },
                ("unlink", Edge::Begin, Some(file)) => Does::Remove { file },
                ("unlink", Edge::End, Some(_)) => Does::Nothing,
                ("pwrite64", Edge::Begin, Some(file)) => Does::BeginWrite {
                    file,
                    at: call.number,
                    bytes: call.bytes.clone(),
                },
                ("pwrite64" | "ftruncate", Edge::End, Some(_)) => Does::EndWrite,
                ("ftruncate", Edge::Begin, Some(file)) => Does::Cut {
                    file,
                    length: call.number,
                },
                ("fsync" | "fdatasync", Edge::Begin, Some(file)) => Does::BeginSync { file },
                ("fsync" | "fdatasync", Edge::End, Some(file)) => Does::EndSync { file },
                ("openat" | "read" | "recvfrom", ..) => Does::Nothing,
                (name, ..) => panic!("the model does not know what {name} does to a file"),
            };
            steps.push(Step { call: number, does });
        }
        Self { steps, answers }
    }

    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    pub fn end(&self) -> usize {
        self.steps.len()
    }

    /// In the order in which they were given.
    pub fn answers(&self) -> &[Answered] {
        &self.answers
    }
}

#[derive(Debug, Default)]
struct Call {
    name: String,
    /// The file or socket of the descriptor.
    target: String,
    bytes: Vec<u8>,
    /// Offset or length.
    number: usize,
    /// Whether an opened file may be new.
    makes: bool,
    begin: usize,
    end: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    Begin,
    End,
}

impl Call {
    /// The name of the file in this folder; empty for the folder itself.
    fn file_in(&self, folder: &str) -> Option<String> {
        let rest = self.target.strip_prefix(folder)?;
        match rest.strip_prefix('/') {
            Some(file) => Some(file.to_owned()),
            None if rest.is_empty() => Some(String::new()),
            None => None,
        }
    }
}

/// The calls that succeeded.
fn calls(text: &str) -> Vec<Call> {
    let mut begun: HashMap<&str, (usize, &str)> = HashMap::new();
    let mut calls = Vec::new();
    for (line, text) in text.lines().enumerate() {
        let Some((thread, rest)) = text.split_once(' ') else {
            continue;
        };
        let rest = rest.trim_start();
        if let Some(first) = rest.strip_suffix(" <unfinished ...>") {
            begun.insert(thread, (line, first));
        } else if let Some((_, last)) = rest.split_once(" resumed>") {
            if let Some((begin, first)) = begun.remove(thread) {
                calls.extend(call(&format!("{first}{last}"), begin, line));
            }
        } else {
            calls.extend(call(rest, line, line));
        }
    }
    // What a kill left unfinished may have happened: it begins and never ends.
    for (begin, first) in begun.into_values() {
        calls.extend(call(&format!("{first}) = {}", i32::MAX), begin, usize::MAX));
    }
    calls
}

fn call(text: &str, begin: usize, end: usize) -> Option<Call> {
    let (name, rest) = text.split_once('(')?;
    // Aligned, so that there may be more than one space before the result.
    let (arguments, result) = rest.rsplit_once(" = ")?;
    let arguments = arguments.trim_end().strip_suffix(')')?;
    let result_number: i64 = result
        .split(|c: char| c != '-' && !c.is_ascii_digit())
        .next()?
        .parse()
        .ok()?;
    let result_number = usize::try_from(result_number).ok()?;
    let target = match name {
        "openat" => target(result)?,
        "unlink" | "rename" | "creat" => quoted(arguments).next().map(text_of)?,
        _ => target(arguments)?,
    };
    let mut bytes: Vec<u8> = match name {
        "openat" | "unlink" | "rename" | "creat" => Vec::new(),
        _ => quoted(arguments).flat_map(bytes_of).collect(),
    };
    bytes.truncate(result_number);
    let last = arguments.rsplit(", ").next().unwrap_or_default();
    Some(Call {
        name: name.to_owned(),
        target,
        bytes,
        number: last.parse().unwrap_or_default(),
        makes: arguments.contains("O_CREAT"),
        begin,
        end,
    })
}

/// What the first descriptor stands for.
fn target(text: &str) -> Option<String> {
    let (_, rest) = text.split_once('<')?;
    match rest.starts_with("\\x") {
        true => rest.split(['<', '>']).next().map(text_of),
        false => rest.split_once("]>").map(|(name, _)| name.to_owned()),
    }
}

fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2)
}

fn text_of(hex: &str) -> String {
    String::from_utf8_lossy(&bytes_of(hex)).into_owned()
}

fn bytes_of(hex: &str) -> Vec<u8> {
    let digits = hex.replace("\\x", "");
    HEXLOWER.decode(digits.as_bytes()).unwrap()
}

/// Beginnings and ends of all calls in the order of their lines.
fn edges(calls: &[Call]) -> impl Iterator<Item = (usize, Edge)> {
    let mut edges: Vec<_> = calls
        .iter()
        .enumerate()
        .flat_map(|(number, call)| {
            let begin = (call.begin, 0, number, Edge::Begin);
            let end = (call.end, 1, number, Edge::End);
            [Some(begin), (call.end < usize::MAX).then_some(end)]
        })
        .flatten()
        .collect();
    edges.sort_unstable_by_key(|(line, order, number, _)| (*line, *order, *number));
    edges.into_iter().map(|(_, _, number, edge)| (number, edge))
}

/// What these bytes acknowledge, if they are the whole answer to such a request.
fn answered(at: usize, request: &[u8], answer: &[u8]) -> Option<Answered> {
    let answer = String::from_utf8_lossy(answer);
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let body: Value = serde_json::from_str(body).ok()?;
    if !head.starts_with("HTTP/1.1 200") {
        return None;
    }
    let request = String::from_utf8_lossy(request);
    let path = request.split(' ').nth(1)?;
    let name = |name: &str| name.rsplit('/').next().map(str::to_owned);
    let (what, name) = match path.rsplit('/').next()? {
        "keys" => (What::Key, name(body["name"].as_str()?)?),
        "assessments" => {
            let valid = body["tokenProperties"]["valid"].as_bool()?;
            (What::Assessment { valid }, name(body["name"].as_str()?)?)
        }
        _ => (What::Annotation, name(path.strip_suffix(":annotate")?)?),
    };
    Some(Answered { at, what, name })
}
