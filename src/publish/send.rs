//! Sends files.

/// Files up to so many bytes are handed to a target in memory; larger ones are streamed.
pub const IN_MEMORY: u64 = 8 << 20;
