//! Fixed-size groups of numbers with a byte layout: the declaration of a group is its layout.

use half::f16;

use crate::FactsError;

/// A feature as it travels in a token: IEEE 754 binary16, always finite. Everything is scored after this rounding, so
/// that server, bench and trainer see the same number.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub(crate) struct Half(f16);

impl Half {
    pub(crate) fn get(self) -> f32 {
        self.0.to_f32()
    }
}

impl From<f32> for Half {
    /// Clamps to the finite range; what is no number becomes 0.
    fn from(value: f32) -> Self {
        let value = if value.is_nan() { 0.0 } else { value };
        Self(f16::from_f32(
            value.clamp(f16::MIN.to_f32(), f16::MAX.to_f32()),
        ))
    }
}

/// A number with a fixed place in the layout, little-endian.
pub(crate) trait Column: Sized {
    const BYTES: usize;
    fn write(&self, out: &mut Vec<u8>);
    fn read(input: &mut &[u8]) -> Result<Self, FactsError>;
    fn number(&self) -> f32;
}

macro_rules! unsigned {
    ($($ty:ty),+) => {$(
        impl Column for $ty {
            const BYTES: usize = size_of::<$ty>();
            fn write(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }
            fn read(input: &mut &[u8]) -> Result<Self, FactsError> {
                let (head, rest) = input.split_first_chunk().ok_or(FactsError::Length)?;
                *input = rest;
                Ok(Self::from_le_bytes(*head))
            }
            fn number(&self) -> f32 {
                *self as f32
            }
        }
    )+};
}

unsigned!(u8, u16, u32, u64);

impl Column for Half {
    const BYTES: usize = 2;

    fn write(&self, out: &mut Vec<u8>) {
        self.0.to_bits().write(out);
    }

    fn read(input: &mut &[u8]) -> Result<Self, FactsError> {
        let value = f16::from_bits(u16::read(input)?);
        if value.is_finite() {
            Ok(Self(value))
        } else {
            Err(FactsError::NotFinite)
        }
    }

    fn number(&self) -> f32 {
        self.get()
    }
}

/// Declares a group: a struct whose fields are [`Column`]s, written in the order of their declaration.
macro_rules! record {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $field:ident: $ty:ty,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Default)]
        pub(crate) struct $name { $($(#[$doc])* pub(crate) $field: $ty,)+ }

        impl $name {
            pub(crate) const BYTES: usize = 0 $(+ <$ty as $crate::record::Column>::BYTES)+;

            pub(crate) fn write(&self, out: &mut Vec<u8>) {
                $($crate::record::Column::write(&self.$field, out);)+
            }

            pub(crate) fn read(input: &mut &[u8]) -> Result<Self, $crate::FactsError> {
                Ok(Self { $($field: $crate::record::Column::read(input)?,)+ })
            }

            pub(crate) fn columns(&self, out: &mut Vec<(&'static str, f32)>) {
                $(out.push((
                    concat!(stringify!($name), ".", stringify!($field)),
                    $crate::record::Column::number(&self.$field),
                ));)+
            }
        }
    };
}

pub(crate) use record;

/// Counts saturate: a count above the column's range means "many".
pub(crate) fn saturate(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// `part` of `whole` as a share; 0 of nothing.
pub(crate) fn share(part: u16, whole: u16) -> f32 {
    if whole == 0 {
        0.0
    } else {
        f32::from(part) / f32::from(whole)
    }
}
