use std::io::{self, BufRead};

use super::MAX_LINE_BYTES;

/// Lines of bytes, of which none makes memory grow.
pub struct Lines<R> {
    reader: R,
    position: u64,
    line: Vec<u8>,
}

/// One of them.
#[derive(Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// Its bytes, without the newline.
    Whole(&'a [u8]),
    /// It was longer than [`MAX_LINE_BYTES`] and is passed over.
    TooLong,
}

impl<R: BufRead> Lines<R> {
    /// The lines of what is read; `position` is where that starts, counted in bytes.
    pub fn new(reader: R, position: u64) -> Self {
        Self {
            reader,
            position,
            line: Vec::new(),
        }
    }

    /// The next line; none at the end. The last one needs no newline.
    ///
    /// # Errors
    /// What the reader says, such as that a packed file is cut off.
    pub fn next_line(&mut self) -> io::Result<Option<Line<'_>>> {
        self.line.clear();
        let (mut is_there, mut is_long) = (false, false);
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                break;
            }
            is_there = true;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let part = &buffer[..end.unwrap_or(buffer.len())];
            is_long |= self.line.len() + part.len() > MAX_LINE_BYTES;
            if !is_long {
                self.line.extend_from_slice(part);
            }
            let read = end.map_or(buffer.len(), |end| end + 1);
            self.reader.consume(read);
            self.position += read as u64;
            if end.is_some() {
                break;
            }
        }
        Ok(match (is_there, is_long) {
            (false, _) => None,
            (true, true) => Some(Line::TooLong),
            (true, false) => Some(Line::Whole(&self.line)),
        })
    }

    /// Where the next line starts, counted in bytes.
    pub fn position(&self) -> u64 {
        self.position
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn read(bytes: &[u8], capacity: usize) -> Vec<(Option<Vec<u8>>, u64)> {
        let mut lines = Lines::new(BufReader::with_capacity(capacity, bytes), 100);
        let mut found = Vec::new();
        while let Some(line) = lines.next_line().unwrap() {
            let line = match line {
                Line::Whole(line) => Some(line.to_vec()),
                Line::TooLong => None,
            };
            found.push((line, lines.position()));
        }
        found
    }

    #[test]
    fn lines_come_with_where_the_next_one_starts() {
        for capacity in [1, 2, 3, 64] {
            let found = read(b"ab\n\nc", capacity);
            let line = |text: &[u8], at| (Some(text.to_vec()), at);
            assert_eq!(found, [line(b"ab", 103), line(b"", 104), line(b"c", 105)]);
        }
        assert_eq!(read(b"", 8), []);
    }

    #[test]
    fn a_line_without_end_is_passed_over_in_bounded_memory() {
        let mut bytes = vec![b'x'; 100_000];
        bytes.extend_from_slice(b"\na:b\n");
        let mut lines = Lines::new(BufReader::with_capacity(1_000, &bytes[..]), 0);
        assert_eq!(lines.next_line().unwrap(), Some(Line::TooLong));
        assert!(lines.line.capacity() <= 2 * MAX_LINE_BYTES);
        assert_eq!(lines.next_line().unwrap(), Some(Line::Whole(b"a:b")));
    }

    #[test]
    fn the_longest_line_is_read_and_one_byte_more_is_not() {
        let longest = vec![b'x'; MAX_LINE_BYTES];
        assert_eq!(read(&longest, 64)[0].0, Some(longest));
        assert_eq!(read(&[b'x'; MAX_LINE_BYTES + 1], 64)[0].0, None);
    }
}
