//! What the standard library would bring along.

use core::{arch::wasm32, panic::PanicInfo};

use talc::{
    base::{CHUNK_UNIT, binning::Binning},
    cell::TalcSyncCell,
    wasm::WasmGrowAndClaim,
};

/// Smaller than the one of the standard library. It gives back what is freed: an agent may live for days.
#[global_allocator]
static ALLOCATOR: TalcSyncCell<WasmGrowAndClaim, OneList> =
    TalcSyncCell::new_wasm(WasmGrowAndClaim);

/// All free memory in one list. The agent holds a few dozen blocks, so that sorting them by size costs more code than it
/// saves time.
struct OneList;

impl Binning for OneList {
    type AvailabilityBitField = u32;

    const BIN_COUNT: u32 = 1;

    fn size_to_bin(size: usize) -> u32 {
        // "In no list": what talc expects for less than its smallest block.
        if size < CHUNK_UNIT { u32::MAX } else { 0 }
    }
}

/// A trap: the call that ran into it throws, and the TypeScript around the agent answers with a plain report.
#[panic_handler]
fn trap(_: &PanicInfo<'_>) -> ! {
    wasm32::unreachable()
}
