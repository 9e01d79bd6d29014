//! Judges a run of digits and letters: citizen number, credit code, mobile number, bank card, travel document, QQ
//! account, plate, mask.
//! In: the run and the text around it. Out: hits. Numbers of bodies are recognized in order to be passed over.

use super::context::{IDENTITY, after, before, has, is_amount, is_in_address, is_labelled};
use super::{Hit, Personal, account, mask, place};
use crate::base::CivilDate;
use crate::text::identity::{self, Check};
use crate::text::normal::{Joint, Piece, Run};

/// Longest number that is judged, in characters; a country code before a mobile number included.
const LONGEST: usize = 22;

/// Words that announce a card or account.
const ACCOUNT: &[&str] =
    &["卡号", "账号", "帐号", "账户", "帐户", "开户", "银行卡", "储蓄卡", "信用卡", "工资卡", "一卡通"];

/// Words that announce a passport or a permit.
const TRAVEL: &[&str] = &["护照", "通行证", "证件号", "回乡证", "台胞证", "旅行证"];

/// Latin words that stand before a number without a space.
const PREFIXES: &[&str] = &["telephone", "mobile", "phone", "tel", "mob", "qq", "vx", "wx", "sfz"];

/// A stretch of the run that may be a number, and what surrounds it.
struct Candidate<'a> {
    text: &'a str,
    plain: &'a str,
    pieces: &'a [Piece],
    start: usize,
    end: usize,
    latest: CivilDate,
}

/// What a candidate is.
enum Verdict {
    Personal(Personal),
    /// The number of a body: nothing in it is looked at again.
    Public,
}

/// Adds what the run holds to `hits`.
pub(super) fn judge(text: &str, run: &Run, latest: CivilDate, hits: &mut Vec<Hit>) {
    hits.extend(place::plate(text, run));
    if run.plain().contains(['*', 'X', 'x']) {
        hits.extend(mask::weak(text, run));
    }
    if run.plain().len() >= 5 {
        hits.extend(account::qq(text, run));
    }
    if run.plain().len() < 8 {
        return;
    }
    let pieces = run.pieces();
    let mut first = 0;
    while let Some(piece) = pieces.get(first) {
        let step = if piece.joint == Joint::Tie { None } else { number_from(text, run, first, latest) };
        first += match step {
            Some((count, hit)) => {
                hits.extend(hit);
                count
            }
            None => 1,
        };
    }
}

/// The most telling number that begins with the piece `first`, and how many pieces it takes.
fn number_from(text: &str, run: &Run, first: usize, latest: CivilDate) -> Option<(usize, Option<Hit>)> {
    let pieces = run.pieces().get(first..)?;
    let start = pieces.first()?.range.start;
    let mut best: Option<(usize, Option<Hit>)> = None;
    for (i, piece) in pieces.iter().enumerate() {
        if pieces.get(i + 1).is_some_and(|next| next.joint == Joint::Tie) {
            continue;
        }
        let (skip, length) = bounds(run.plain().get(start..piece.range.end)?);
        if length > LONGEST {
            break;
        }
        let range = start + skip..start + skip + length;
        let (Some(plain), Some(origin)) = (run.plain().get(range.clone()), run.origin(range)) else { continue };
        let of = &pieces[..=i];
        let candidate = Candidate { text, plain, pieces: of, start: origin.start, end: origin.end, latest };
        let hit = match candidate.verdict() {
            None => continue,
            Some(Verdict::Public) => None,
            Some(Verdict::Personal(what)) => {
                let plus =
                    what == Personal::Mobile && plain.starts_with("86") && text[..origin.start].ends_with(['+', '＋']);
                let sign = if plus { text[..origin.start].chars().next_back().map_or(0, char::len_utf8) } else { 0 };
                Some(Hit { range: origin.start - sign..origin.end, what })
            }
        };
        let better = match (&best, &hit) {
            (Some((_, Some(old))), Some(new)) => new.what <= old.what,
            (Some((_, None)), Some(new)) => new.what == Personal::CitizenNumber,
            (Some(_), None) => false,
            (None, _) => true,
        };
        if better {
            best = Some((i + 1, hit));
        }
    }
    best
}

/// Leaves out a Latin word before the number and marks of emphasis around it: how much to skip, and the length that
/// remains.
fn bounds(plain: &str) -> (usize, usize) {
    let inner = plain.trim_start_matches('*');
    let word = PREFIXES.iter().find(|p| {
        let (head, rest) = inner.split_at_checked(p.len()).unwrap_or_default();
        head.eq_ignore_ascii_case(p) && rest.starts_with(|c: char| c.is_ascii_digit())
    });
    let skip = plain.len() - inner.len() + word.map_or(0, |w| w.len());
    (skip, plain.get(skip..).unwrap_or_default().trim_end_matches('*').len())
}

impl Candidate<'_> {
    fn verdict(&self) -> Option<Verdict> {
        let digits = self.plain.bytes().all(|b| b.is_ascii_digit());
        let what = match self.plain.len() {
            18 => return self.eighteen(digits),
            15 if digits && self.is_old() => Personal::CitizenNumberOld,
            20..=22 if self.is_disability_certificate() => Personal::CitizenNumber,
            _ if digits && self.is_mobile() => Personal::Mobile,
            12..=21 if digits => return self.card(),
            8..=11 => return self.travel(digits),
            _ => return None,
        };
        Some(Verdict::Personal(what))
    }

    /// The date decides first, since it is what a credit code made of digits hardly ever has; then the code of a body.
    fn eighteen(&self, digits: bool) -> Option<Verdict> {
        let code = self.plain.to_ascii_uppercase();
        let public = identity::credit_code(&code);
        match identity::citizen_number(&code, self.latest) {
            Some(Check::Right) if !(code.starts_with('9') && public == Some(Check::Right)) => {
                return Some(Verdict::Personal(Personal::CitizenNumber));
            }
            Some(Check::Wrong) if public != Some(Check::Right) => {
                let named = has(before(self.text, self.start, 15), IDENTITY);
                let tied = self.pieces.iter().any(|p| p.joint == Joint::Tie);
                if named || !(tied || is_labelled(self.text, self.start) || self.is_elsewhere()) {
                    return Some(Verdict::Personal(Personal::CitizenNumberWrong));
                }
            }
            _ => {}
        }
        match public {
            Some(Check::Right) => Some(Verdict::Public),
            _ if digits => self.card(),
            Some(Check::Wrong) => Some(Verdict::Public),
            None => None,
        }
    }

    fn is_old(&self) -> bool {
        identity::is_old_citizen_number(self.plain, self.latest) && has(before(self.text, self.start, 15), IDENTITY)
    }

    /// A certificate of disability has the citizen number, two digits for kind and degree, and two characters where
    /// it was issued again.
    fn is_disability_certificate(&self) -> bool {
        let number = self.plain.get(..18).and_then(|n| identity::citizen_number(n, self.latest));
        number == Some(Check::Right)
            && self.pieces.len() == 1
            && self.plain[18..].starts_with(['1', '2', '3', '4', '5', '6', '7'])
    }

    fn is_elsewhere(&self) -> bool {
        is_amount(self.text, self.start, self.end) || is_in_address(self.text, self.start, self.end)
    }

    /// A mobile number (1, then 3 to 9, then nine digits), with or without country code, in one of the groupings that
    /// people write.
    fn is_mobile(&self) -> bool {
        let code =
            ["0086", "86", "0"].into_iter().find(|c| self.plain.len() == 11 + c.len() && self.plain.starts_with(c));
        let code = code.unwrap_or_default().len();
        let Some(number) = self.plain.get(code..) else { return false };
        let form =
            number.len() == 11 && number.starts_with('1') && matches!(number.as_bytes().get(1), Some(b'3'..=b'9'));
        form && self.groups_of_a_mobile(code) && !self.is_elsewhere() && !is_labelled(self.text, self.start)
    }

    /// The groups after a country code of `code` digits: one, 3-4-4 and the like, or digit by digit. 1998-10-15 123
    /// is none.
    fn groups_of_a_mobile(&self, code: usize) -> bool {
        const GROUPS: &[&[usize]] =
            &[&[11], &[3, 4, 4], &[3, 8], &[7, 4], &[4, 3, 4], &[4, 4, 3], &[3, 3, 5], &[5, 6], &[6, 5], &[1; 11]];
        let mut lengths: Vec<usize> = self.pieces.iter().map(|p| p.range.len()).collect();
        // The first piece may carry a Latin word, the first and last marks of emphasis, and the first the country code.
        let spare = lengths.iter().sum::<usize>() - self.plain.len();
        if lengths.len() == 1 {
            return true;
        }
        if let Some(first) = lengths.first_mut() {
            *first = first.saturating_sub(spare + code);
        }
        let lengths = lengths.strip_prefix(&[0]).unwrap_or(&lengths);
        GROUPS.contains(&lengths)
    }

    /// Cards are long, pass Luhn, and stand in one piece or in fours. A tenth of all numbers passes Luhn, so that
    /// words count.
    fn card(&self) -> Option<Verdict> {
        let length = self.plain.len();
        let mut heads = self.pieces.iter().rev().skip(1);
        let fours =
            self.pieces.len() == 1 || heads.all(|p| p.range.len() == 4) || self.pieces.len() == 2 && length == 19;
        if self.is_elsewhere() || !fours {
            return None;
        }
        let luhn = identity::luhn(self.plain);
        let near = before(self.text, self.start, 15);
        let named = has(near, ACCOUNT);
        let beside = named || has(after(self.text, self.end, 15), &["开户", "卡号", "持卡"]);
        let union_pay = self.plain.starts_with("62") && (16..=19).contains(&length);
        if luhn && (13..=19).contains(&length) && (union_pay || beside) {
            return Some(Verdict::Personal(Personal::BankCard));
        }
        if named {
            return Some(Verdict::Personal(Personal::BankCardPossible));
        }
        let issuer = match length {
            16..=19 => self.plain.starts_with(['3', '4', '5', '6', '9']),
            15 => self.plain.starts_with("34") || self.plain.starts_with("37"),
            _ => false,
        };
        let counted = ["件", "个", "次", "人", "份", "笔", "户"];
        let tail = self.text.get(self.end..).unwrap_or_default();
        let amount = counted.iter().any(|u| tail.starts_with(u));
        let possible = luhn && issuer && !amount && !is_labelled(self.text, self.start);
        possible.then_some(Verdict::Personal(Personal::BankCardPossible))
    }

    /// Passports (E, EA, G; diplomatic and service D, S, P, DE, SE, PE; Hong Kong H, K, KJ; Macao MA) and permits (H,
    /// M; eight digits for Taiwan).
    fn travel(&self, digits: bool) -> Option<Verdict> {
        if self.pieces.len() != 1 {
            return None;
        }
        let near = before(self.text, self.start, 15);
        if digits {
            let taiwan = near.trim_end_matches(['号', '码', '：', ':', '（', '(', ' ', '为']);
            let named = taiwan.ends_with("大陆通行证") || taiwan.ends_with("台胞证");
            return (named && self.plain.len() == 8).then_some(Verdict::Personal(Personal::TravelDocument));
        }
        let code = self.plain.to_ascii_uppercase();
        let rest = code.trim_start_matches(|c: char| c.is_ascii_uppercase());
        let (letters, count) = (code.strip_suffix(rest)?, rest.len());
        if !rest.bytes().all(|b| b.is_ascii_digit()) || self.is_elsewhere() {
            return None;
        }
        let ordinary = match letters {
            "E" | "G" => count == 8,
            "H" | "M" => count == 8 || count == 10,
            _ => letters.len() == 2 && letters.starts_with('E') && !letters.ends_with(['I', 'O']) && count == 7,
        };
        let other =
            matches!(letters, "D" | "S" | "P" | "DE" | "SE" | "PE" | "K" | "KJ" | "MA") && (7..=8).contains(&count);
        if (ordinary || other) && has(near, TRAVEL) {
            return Some(Verdict::Personal(Personal::TravelDocument));
        }
        // E20240101 is a date with a letter before it. A hyphen or slash makes it part of a longer code.
        let dated = rest.starts_with("19") || rest.starts_with("20");
        let tied = near.ends_with(['-', '/', '.']) || self.text[self.end..].starts_with(['-', '/']);
        let possible = ordinary && !dated && !tied && !is_labelled(self.text, self.start);
        possible.then_some(Verdict::Personal(Personal::TravelDocumentPossible))
    }
}
