//! Slips of the hand in numbers: one digit mistyped, two neighbours swapped, one digit lost or doubled.
//! In: two numbers. Out: whether one becomes the other by a single slip.

/// Whether `printed` and `meant` differ by one slip. Both count steps of the last printed place;
/// `width` is how many digits are printed.
pub(super) fn is_one(printed: u128, meant: u128, width: usize) -> bool {
    let (a, b) = (digits(printed, width), digits(meant, width));
    match (a.len(), b.len()) {
        (x, y) if x == y => {
            let wrong: Vec<usize> = (0..x).filter(|i| a.get(*i) != b.get(*i)).collect();
            match wrong.as_slice() {
                [_] => true,
                [i, j] => j - i == 1 && a.get(*i) == b.get(*j) && a.get(*j) == b.get(*i),
                _ => false,
            }
        }
        // Of two digits one is too easily lost: 3 and 13 are two numbers, 134 and 1034 may be one.
        (x, y) if x + 1 == y && y >= 3 => drops_to(&b, &a),
        (x, y) if y + 1 == x && x >= 3 => drops_to(&a, &b),
        _ => false,
    }
}

fn digits(number: u128, width: usize) -> Vec<u8> {
    format!("{number:0width$}", width = width.min(40)).into_bytes()
}

/// Whether leaving out one digit of `long` gives `short`.
fn drops_to(long: &[u8], short: &[u8]) -> bool {
    let same = long.iter().zip(short).take_while(|(a, b)| a == b).count();
    long.get(same + 1..) == short.get(same..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_one_digit_a_swap_or_a_lost_digit() {
        for (printed, meant) in [(451, 551), (451, 541), (1034, 134), (134, 1034), (1, 9), (100, 10)] {
            assert!(is_one(printed, meant, 1), "{printed} {meant}");
        }
        assert!(is_one(41, 441, 3), "printed 041");
        for (printed, meant) in [(451, 562), (3, 13), (451, 145), (1000, 10), (451, 451)] {
            assert!(!is_one(printed, meant, 1), "{printed} {meant}");
        }
    }
}
