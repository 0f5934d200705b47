/// A visit's sketch, which later visits are compared with. What is in it, only the verifier knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptSketch {
    /// Its place in the order in which sketches were kept.
    pub number: u64,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Largest sketch of a visit, in bytes.
pub const MAX_SKETCH_BYTES: usize = 128;
