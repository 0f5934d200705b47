use alloc::{borrow::ToOwned, string::String, vec::Vec};

use crate::{DecodeError, is_action};

/// The report of a page whose browser runs no WebAssembly: it says so, and nothing else was measured.
///
/// Wire form, simple enough for a few lines of script: `0x00`, the reason, the action in ASCII to the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainReport {
    /// What kept the agent from running.
    pub reason: PlainReason,
    /// The action, as in an envelope.
    pub action: String,
}

/// What kept the agent from running, as far as the script can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum PlainReason {
    /// The browser has no WebAssembly (Lockdown Mode, Tor Browser's "Safer").
    NoWasm = 1,
    /// WebAssembly is there but was refused, for example by a Content-Security-Policy without `'wasm-unsafe-eval'`.
    WasmRefused = 2,
    /// The agent's files could not be loaded.
    NotLoaded = 3,
    /// The agent started and failed.
    Failed = 4,
}

impl PlainReport {
    /// The first byte of the wire form; an envelope starts with its version, which is never 0.
    pub const MARK: u8 = 0;

    /// The bytes to post to the token endpoint.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(2 + self.action.len());
        out.extend_from_slice(&[Self::MARK, self.reason as u8]);
        out.extend_from_slice(self.action.as_bytes());
        out
    }

    /// Reads a posted plain report.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let [mark, reason, action @ ..] = bytes else {
            return Err(DecodeError::Malformed);
        };
        if *mark != Self::MARK {
            return Err(DecodeError::Version(*mark));
        }
        let reason = match reason {
            1 => PlainReason::NoWasm,
            2 => PlainReason::WasmRefused,
            3 => PlainReason::NotLoaded,
            4 => PlainReason::Failed,
            _ => return Err(DecodeError::Impossible("the reason")),
        };
        let action = core::str::from_utf8(action).map_err(|_| DecodeError::Malformed)?;
        if !is_action(action) {
            return Err(DecodeError::Impossible("the action"));
        }
        Ok(Self {
            reason,
            action: action.to_owned(),
        })
    }
}

/// How the unsealed token begins that the script resolves to when the network failed. Anyone can write it; it assesses
/// as BROWSER_ERROR with score 0 and is never stored.
pub const BROWSER_ERROR_PREFIX: &str = "touchstone-browser-error-";
