/// How much is asked of a visitor, in rising order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Difficulty {
    /// One round of four words, one of which is right.
    Usability,
    /// Two rounds of five words, one of which is right.
    Balance,
    /// Three rounds of six words, one to three of which are right.
    Security,
}

impl Difficulty {
    /// How many questions in all are to be answered rightly.
    pub const fn rounds(self) -> u8 {
        match self {
            Self::Usability => 1,
            Self::Balance => 2,
            Self::Security => 3,
        }
    }

    /// How many words a question offers.
    pub const fn options(self) -> usize {
        match self {
            Self::Usability => 4,
            Self::Balance => 5,
            Self::Security => 6,
        }
    }

    /// How many of them may be right, at most. At least one is.
    pub const fn most_right(self) -> usize {
        match self {
            Self::Usability | Self::Balance => 1,
            Self::Security => 3,
        }
    }

    pub(crate) const fn byte(self) -> u8 {
        match self {
            Self::Usability => 1,
            Self::Balance => 2,
            Self::Security => 3,
        }
    }

    pub(crate) const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            1 => Some(Self::Usability),
            2 => Some(Self::Balance),
            3 => Some(Self::Security),
            _ => None,
        }
    }
}
