//! The lock of targets that are asked by HTTP: one small file that says who publishes. In: how to read and write it there.
//! Out: a lock that is ours, or who has it. Knows no protocol.
//!
//! Some servers honour `If-None-Match: *` (RFC 9110, section 13.1.2) and some pass it over. So the file is looked for first,
//! and a server that takes the same condition twice is not believed: then the last to write has the lock, which shows when
//! it is read again after a while.

use crate::publish::target::{Failure, Hold, Publisher};
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::time::Duration;

/// Where sunlit keeps on the target what is no part of the section.
pub(super) const FOLDER: &str = ".sunlit-publish";

/// After so long every publisher that saw no lock has written its own.
const WAIT: Duration = Duration::from_secs(2);

/// How the lock is read and written.
pub(super) struct Store<'a> {
    pub(super) read: &'a dyn Fn() -> Result<Option<Vec<u8>>, Failure>,
    pub(super) write: &'a Write<'a>,
}

/// Writes the lock.
type Write<'a> = dyn Fn(&[u8], Condition) -> Result<Written, Failure> + 'a;

/// When a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Condition {
    /// Whatever is there.
    Always,
    /// Only where there is none, as far as the server cares.
    IfAbsent,
}

/// What became of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    Done,
    /// The condition did not hold.
    Exists,
}

/// What a lock says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Owner {
    who: String,
    since: String,
    token: String,
}

impl Owner {
    /// This run, under a name that no other run has.
    pub(super) fn new(publisher: &Publisher) -> Self {
        let since = jiff::Timestamp::from_second(publisher.started).map(|t| t.to_string()).unwrap_or_default();
        let token = format!("{:016x}", RandomState::new().hash_one(&publisher.who));
        Self { who: publisher.who.clone(), since, token }
    }

    pub(super) fn text(&self) -> String {
        serde_json::json!({"who": self.who, "since": self.since, "token": self.token}).to_string()
    }

    /// Reads a lock; what is missing or broken is empty, since a lock holds whatever stands in it.
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let value: serde_json::Value = serde_json::from_slice(bytes).unwrap_or_default();
        let text = |key: &str| {
            let text = value.get(key).and_then(|v| v.as_str()).unwrap_or_default();
            text.chars().filter(|c| !c.is_control()).take(200).collect()
        };
        Self { who: text("who"), since: text("since"), token: text("token") }
    }

    /// Whether a lock as it was read is the lock of this run.
    pub(super) fn holds(&self, lock: Option<&[u8]>) -> bool {
        lock.is_some_and(|lock| Self::parse(lock).token == self.token)
    }

    pub(super) fn busy(self) -> Failure {
        Failure::Busy { who: if self.who.is_empty() { "?".to_string() } else { self.who }, since: self.since }
    }
}

/// Takes the lock for `me`.
///
/// # Errors
/// [`Failure::Busy`], or what the target refuses.
pub(super) fn take(store: &Store<'_>, hold: Hold, me: &Owner) -> Result<(), Failure> {
    let text = me.text();
    let busy = |lock: Option<Vec<u8>>| Err(Owner::parse(&lock.unwrap_or_default()).busy());
    if hold == Hold::TakeOver {
        (store.write)(text.as_bytes(), Condition::Always)?;
    } else {
        match (store.read)()? {
            // An answer of the first try was lost on the way.
            Some(lock) if me.holds(Some(&lock)) => return Ok(()),
            Some(lock) => return busy(Some(lock)),
            None => {}
        }
        if (store.write)(text.as_bytes(), Condition::IfAbsent)? == Written::Exists {
            return busy((store.read)()?);
        }
        if (store.write)(text.as_bytes(), Condition::IfAbsent)? == Written::Exists {
            return Ok(());
        }
    }
    pause(WAIT);
    match (store.read)()? {
        lock if me.holds(lock.as_deref()) => Ok(()),
        lock => busy(lock),
    }
}

/// Waits the whole time: nobody ever sends.
fn pause(time: Duration) {
    let (_nobody, receiver) = std::sync::mpsc::channel::<()>();
    let _ = receiver.recv_timeout(time);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::{Cell, RefCell};

    #[test]
    fn a_lock_says_who_and_is_known_again() {
        let publisher = Publisher { who: "甲局 web@host 17".to_string(), started: 1_700_000_000 };
        let (me, other) = (Owner::new(&publisher), Owner::new(&publisher));
        assert!(me.holds(Some(me.text().as_bytes())));
        assert!(!me.holds(Some(other.text().as_bytes())) && !me.holds(Some(b"nonsense")) && !me.holds(None));
        assert_eq!(Owner::parse(me.text().as_bytes()), me);
        assert_eq!(me.since, "2023-11-14T22:13:20Z");
    }

    /// A store that honours conditions, or passes them over and to which another publisher writes at the same time.
    fn run(honours: bool, hold: Hold, lock: Option<&str>, late: Option<&str>) -> Result<(), Failure> {
        let held = RefCell::new(lock.map(|l| l.as_bytes().to_vec()));
        let writes = Cell::new(0);
        let read = || Ok(held.borrow().clone());
        let write = |bytes: &[u8], condition| {
            if honours && condition == Condition::IfAbsent && held.borrow().is_some() {
                return Ok(Written::Exists);
            }
            writes.set(writes.get() + 1);
            let last = late.filter(|_| writes.get() == 2).map_or(bytes, str::as_bytes);
            *held.borrow_mut() = Some(last.to_vec());
            Ok(Written::Done)
        };
        let me = Owner { who: "me".into(), since: String::new(), token: "mine".into() };
        let took = take(&Store { read: &read, write: &write }, hold, &me);
        assert_eq!(took.is_ok(), me.holds(held.borrow().as_deref()), "who has it knows it");
        took
    }

    #[test]
    fn one_publisher_has_the_lock_whatever_the_server_thinks_of_conditions() {
        let theirs = r#"{"who":"other","since":"2026-01-01T00:00:00Z","token":"theirs"}"#;
        let busy = Failure::Busy { who: "other".into(), since: "2026-01-01T00:00:00Z".into() };
        for honours in [true, false] {
            assert_eq!(run(honours, Hold::Take, None, None), Ok(()));
            assert_eq!(run(honours, Hold::Take, Some(theirs), None), Err(busy.clone()));
            assert_eq!(run(honours, Hold::Take, Some(r#"{"token":"mine"}"#), None), Ok(()), "a try is repeated");
            assert_eq!(run(honours, Hold::TakeOver, Some(theirs), None), Ok(()));
        }
        assert_eq!(run(false, Hold::Take, None, Some(theirs)), Err(busy));
        assert_eq!(run(true, Hold::Take, Some(""), None), Err(Failure::Busy { who: "?".into(), since: "".into() }));
    }
}
