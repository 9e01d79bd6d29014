//! Runs of digits: ASCII and full-width, with thousands separators and a decimal point.
//! In: bytes of UTF-8 and a place. Out: where a run begins and ends, and its digits as one number.

/// The first byte from `at` on where an ASCII or full-width digit begins.
pub(super) fn next_digit(bytes: &[u8], mut at: usize) -> Option<usize> {
    while let Some(byte) = bytes.get(at) {
        at += match byte {
            b'0'..=b'9' => return Some(at),
            0x00..=0x7F => 1,
            0xEF if digit_at(bytes, at).is_some() => return Some(at),
            0xE0..=0xEF => 3,
            0xF0.. => 4,
            _ => 2,
        };
    }
    None
}

/// The digit at a byte and its length.
fn digit_at(bytes: &[u8], at: usize) -> Option<(u8, usize)> {
    match bytes.get(at..)? {
        [d @ b'0'..=b'9', ..] => Some((d - b'0', 1)),
        [0xEF, 0xBC, d @ 0x90..=0x99, ..] => Some((d - 0x90, 3)),
        _ => None,
    }
}

/// A run of digits with its separators.
pub(super) struct Digits {
    /// Byte behind it.
    pub(super) end: usize,
    /// All digits as one number; `None` for more than 18.
    pub(super) value: Option<u64>,
    /// How many digits there are.
    pub(super) count: usize,
    /// How many of them stand behind a decimal point.
    pub(super) fraction: u32,
}

impl Digits {
    /// Reads the run that begins at `start`.
    pub(super) fn read(bytes: &[u8], start: usize) -> Self {
        let mut digits = Self { end: start, value: Some(0), count: 0, fraction: 0 };
        digits.run(bytes);
        let mut mark = None;
        while (1..=3).contains(&digits.count) && digits.end - start == digits.count || mark.is_some() {
            let Some(group) = separator(bytes, digits.end) else { break };
            if mark.is_some_and(|m| bytes.get(digits.end) != Some(&m)) {
                break; // 1,034 567: two numbers
            }
            mark = bytes.get(digits.end).copied();
            digits.end = group;
            digits.run(bytes);
        }
        let point = match bytes.get(digits.end..) {
            Some([b'.', ..]) => digits.end + 1,
            Some([0xEF, 0xBC, 0x8E, ..]) => digits.end + 3,
            _ => return digits,
        };
        if digit_at(bytes, point).is_some() {
            let before = digits.count;
            digits.end = point;
            digits.run(bytes);
            digits.fraction = u32::try_from(digits.count - before).unwrap_or(u32::MAX);
        }
        digits
    }

    fn run(&mut self, bytes: &[u8]) {
        while let Some((digit, length)) = digit_at(bytes, self.end) {
            self.end += length;
            self.count += 1;
            let longer = self.value.and_then(|v| v.checked_mul(10)?.checked_add(u64::from(digit)));
            self.value = longer.filter(|_| self.count <= 18);
        }
    }
}

/// Where the three digits of a next thousand begin, when a separator stands at `at`: a comma or one narrow space.
fn separator(bytes: &[u8], at: usize) -> Option<usize> {
    let length = match bytes.get(at..)? {
        [b',' | b' ', ..] => 1,
        [0xC2, 0xA0, ..] => 2,
        [0xE2, 0x80, 0x89 | 0xAF, ..] => 3,
        _ => return None,
    };
    let group = bytes.get(at + length..at + length + 3)?;
    let next = bytes.get(at + length + 3);
    (group.iter().all(u8::is_ascii_digit) && !next.is_some_and(u8::is_ascii_digit)).then_some(at + length)
}
