/// FNV-1a, 64 bits (Fowler, Noll, Vo; offset basis and prime as in the IETF draft draft-eastlake-fnv).
///
/// Used to compare strings that both sides see (the user agent of page, worker and header) without sending them twice.
/// It is no cryptographic hash: never use it where somebody gains by a collision.
pub fn fnv1a64(bytes: &[u8]) -> u64 {
    bytes.iter().fold(OFFSET_BASIS, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(PRIME)
    })
}

const OFFSET_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_vectors_hold() {
        assert_eq!(super::fnv1a64(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(super::fnv1a64(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(super::fnv1a64(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
