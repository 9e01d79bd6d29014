//! Digests of the algorithms that bags name, all of a file's at one reading. In: bytes. Out: digests.

use md5::Digest;
use std::io::{self, Read};

/// An algorithm of a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    /// RFC 1321; no protection against intent.
    Md5,
    /// FIPS 180-4; no protection against intent.
    Sha1,
    /// FIPS 180-4.
    Sha224,
    /// FIPS 180-4.
    Sha256,
    /// FIPS 180-4.
    Sha384,
    /// FIPS 180-4; the one that RFC 8493 asks for first.
    Sha512,
}

impl Algorithm {
    /// Every algorithm.
    pub const ALL: [Algorithm; 6] =
        [Algorithm::Md5, Algorithm::Sha1, Algorithm::Sha224, Algorithm::Sha256, Algorithm::Sha384, Algorithm::Sha512];

    /// Its name in the name of a manifest.
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::Md5 => "md5",
            Algorithm::Sha1 => "sha1",
            Algorithm::Sha224 => "sha224",
            Algorithm::Sha256 => "sha256",
            Algorithm::Sha384 => "sha384",
            Algorithm::Sha512 => "sha512",
        }
    }

    /// The algorithm of a name: RFC 8493, 2.4, compares without regard to case and punctuation, so that `SHA-512` is one.
    pub fn named(name: &str) -> Option<Self> {
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        Self::ALL.into_iter().find(|a| a.name().eq_ignore_ascii_case(&plain))
    }

    /// Bytes of a digest.
    pub fn size(self) -> usize {
        match self {
            Algorithm::Md5 => 16,
            Algorithm::Sha1 => 20,
            Algorithm::Sha224 => 28,
            Algorithm::Sha256 => 32,
            Algorithm::Sha384 => 48,
            Algorithm::Sha512 => 64,
        }
    }
}

enum Hasher {
    Md5(md5::Md5),
    Sha1(sha1::Sha1),
    Sha224(sha2::Sha224),
    Sha256(sha2::Sha256),
    Sha384(sha2::Sha384),
    Sha512(sha2::Sha512),
}

impl Hasher {
    fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Md5 => Self::Md5(md5::Md5::new()),
            Algorithm::Sha1 => Self::Sha1(sha1::Sha1::new()),
            Algorithm::Sha224 => Self::Sha224(sha2::Sha224::new()),
            Algorithm::Sha256 => Self::Sha256(sha2::Sha256::new()),
            Algorithm::Sha384 => Self::Sha384(sha2::Sha384::new()),
            Algorithm::Sha512 => Self::Sha512(sha2::Sha512::new()),
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Md5(h) => h.update(bytes),
            Self::Sha1(h) => h.update(bytes),
            Self::Sha224(h) => h.update(bytes),
            Self::Sha256(h) => h.update(bytes),
            Self::Sha384(h) => h.update(bytes),
            Self::Sha512(h) => h.update(bytes),
        }
    }

    fn finish(self) -> Vec<u8> {
        match self {
            Self::Md5(h) => h.finalize().to_vec(),
            Self::Sha1(h) => h.finalize().to_vec(),
            Self::Sha224(h) => h.finalize().to_vec(),
            Self::Sha256(h) => h.finalize().to_vec(),
            Self::Sha384(h) => h.finalize().to_vec(),
            Self::Sha512(h) => h.finalize().to_vec(),
        }
    }
}

/// Several digests of the same bytes.
pub struct Digests(Vec<Hasher>);

impl std::fmt::Debug for Digests {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Digests({})", self.0.len())
    }
}

impl Digests {
    /// Begins digests of these algorithms.
    pub fn new(algorithms: &[Algorithm]) -> Self {
        Self(algorithms.iter().map(|a| Hasher::new(*a)).collect())
    }

    /// Takes more bytes in.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.iter_mut().for_each(|h| h.update(bytes));
    }

    /// The digests, in the order of the algorithms.
    pub fn finish(self) -> Vec<Vec<u8>> {
        self.0.into_iter().map(Hasher::finish).collect()
    }

    /// The digests and the number of everything that `reader` yields.
    ///
    /// # Errors
    /// What the reader reports.
    pub fn of_reader(algorithms: &[Algorithm], reader: &mut dyn Read) -> io::Result<(Vec<Vec<u8>>, u64)> {
        let (mut digests, mut size) = (Self::new(algorithms), 0);
        let mut room = vec![0; 1 << 16];
        loop {
            match reader.read(&mut room)? {
                0 => return Ok((digests.finish(), size)),
                n => {
                    digests.update(&room[..n]);
                    size += n as u64;
                }
            }
        }
    }
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Reads hexadecimal of either case; `None` for anything else.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| if let [a, b] = pair { Some(digit(*a)? << 4 | digit(*b)?) } else { None }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digests_of_abc_are_the_published_ones() {
        // RFC 1321, A.5; FIPS 180-4 examples.
        let starts = [
            "900150983cd24fb0",
            "a9993e364706816a",
            "23097d223405d822",
            "ba7816bf8f01cfea",
            "cb00753f45a35e8b",
            "ddaf35a193617aba",
        ];
        let (digests, size) = Digests::of_reader(&Algorithm::ALL, &mut &b"abc"[..]).expect("memory");
        assert_eq!(size, 3);
        for ((algorithm, digest), start) in Algorithm::ALL.iter().zip(&digests).zip(starts) {
            assert_eq!(digest.len(), algorithm.size());
            assert!(hex(digest).starts_with(start), "{algorithm:?}");
            assert_eq!(unhex(&hex(digest)), Some(digest.clone()));
        }
        assert_eq!((unhex("abc"), unhex("zz"), unhex("AB")), (None, None, Some(vec![0xab])));
    }

    #[test]
    fn an_algorithm_is_known_however_it_is_spelled() {
        assert_eq!(Algorithm::named("SHA-512"), Some(Algorithm::Sha512));
        assert_eq!(Algorithm::named("md5"), Some(Algorithm::Md5));
        assert_eq!(Algorithm::named("sha3-512"), None);
    }
}
