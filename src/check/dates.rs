//! DATE: whether the days of a report can follow each other as it says, and whether it came in time.
//! In: the front matter, the kind's deadline, the site's holidays. Dates inside the text are another family's.
//! A report that is not due yet, or a draft, is not judged against the day of the build.

use super::{Document, Rule, Run};
use crate::base::{CivilDate, Instant};
use crate::diag::{Code, Diagnostic, Message};
use crate::model::kind::PerYear;
use crate::model::policy::Level;
use crate::model::{Kind, Organization, Policy, Report};
use serde_yaml::Value;

pub(super) const RULES: &[Rule] = &[
    Rule { codes: &[Code::Date001], run: Run::Document(order) },
    Rule { codes: &[Code::Date002], run: Run::Document(deadline) },
    Rule { codes: &[Code::Date003], run: Run::Document(working_days) },
    Rule { codes: &[Code::Date006], run: Run::Document(years) },
];

/// Working days within which information is to be published after it came to be (政府信息公开条例, 第二十六条).
const WORKING_DAYS: i64 = 20;

/// The dates of a list such as `review`, each with its place in it.
fn dated<'a>(document: &Document<'a>, list: &str) -> impl Iterator<Item = (usize, CivilDate)> + use<'a> {
    let items = document.map.get(list).and_then(Value::as_sequence).into_iter().flatten().enumerate();
    items.filter_map(|(index, item)| Some((index, CivilDate::parse(item.get("date")?.as_str()?.trim())?)))
}

/// DATE-001: what comes before publication is not dated after it, and nothing after the day of the build. A signature
/// after publication is found where the report is read.
fn order(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    let Some(published) = document.report.and_then(|r| r.published.as_ref()).map(Instant::date) else { return };
    // Where the record of review is asked for, its own rule says the same.
    if document.site.policy.level(Code::Review002) == Level::Off {
        // The review of a correction comes before the day of that correction.
        let until = document.report.and_then(Report::corrected_on).map_or(published, |day| day.max(published));
        for (index, date) in dated(document, "review").filter(|(_, date)| *date > until) {
            let message = Message::new("date.review_late").with("date", date).with("published", published);
            let finding = document.at_item(Code::Date001, message, "review", index, "date");
            sink.push(finding.help(Message::new("date.review_late.help")));
        }
    }
    if published > document.today {
        return;
    }
    for (index, date) in dated(document, "corrections").filter(|(_, date)| *date > document.today) {
        let message = Message::new("date.correction_future").with("date", date).with("today", document.today);
        let finding = document.at_item(Code::Date001, message, "corrections", index, "date");
        sink.push(finding.help(Message::new("date.correction_future.help")));
    }
}

/// DATE-002: published in time.
fn deadline(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    let (Some(report), Some(kind)) = (document.report, document.kind) else { return };
    let owner = document.site.organization(&report.organization);
    let Some(published) = report.published.as_ref().map(Instant::date) else { return };
    let Some((month, day)) = publish_by(kind, owner) else { return };
    let Some(last) = CivilDate::parse(&format!("{:04}-{month:02}-{day:02}", report.id.year + 1)) else { return };
    let late = published.days_since(last);
    if late > 0 {
        let message =
            Message::new("date.deadline").with("published", published).with("deadline", last).with("days", late);
        let finding = document.at_key(Code::Date002, message, &["published"]);
        sink.push(finding.help(Message::new("date.deadline.help")));
    }
}

/// Month and day until which a report is due. The office of a government publishes the report of the government as a
/// whole, which has until 31 March (政府信息公开条例, 第四十九条); the kind knows the departments' day. A portal that
/// sets another day in a kind of its own is taken at its word.
fn publish_by(kind: &Kind, owner: Option<&Organization>) -> Option<(u8, u8)> {
    const GOVERNMENT: [&str; 3] = ["人民政府", "人民政府办公室", "人民政府办公厅"];
    let of_government = owner.is_some_and(|o| GOVERNMENT.iter().any(|end| o.name.ends_with(end)));
    match kind.publish_by {
        Some((1, 31)) if kind.id.as_str() == "information-disclosure" && of_government => Some((3, 31)),
        due => due,
    }
}

/// DATE-003: published soon after it was signed.
fn working_days(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    let Some(report) = document.report else { return };
    let (Some(signed), Some(published)) = (report.signed_on, report.published.as_ref().map(Instant::date)) else {
        return;
    };
    let days = working_days_between(signed, published, &document.site.policy);
    if days > WORKING_DAYS {
        let message = Message::new("date.slow").with("signed", signed).with("days", days).with("limit", WORKING_DAYS);
        let finding = document.at_key(Code::Date003, message, &["published"]);
        sink.push(finding.help(Message::new("date.slow.help")));
    }
}

/// Working days after `from`, up to and including `to`: Mondays to Fridays, as the site's list of holidays changes them.
fn working_days_between(from: CivilDate, to: CivilDate, policy: &Policy) -> i64 {
    let days = to.days_since(from);
    if days <= 0 {
        return 0;
    }
    let first = i64::from(from.weekday());
    let rest = (1..=days % 7).filter(|n| (first + n) % 7 < 5).count();
    let within = |d: &&CivilDate| **d > from && **d <= to;
    let holidays = policy.holidays.iter().filter(within).filter(|d| d.weekday() < 5).count();
    let workdays = policy.workdays.iter().filter(within).filter(|d| d.weekday() >= 5).count();
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    days / 7 * 5 + count(rest) - count(holidays) + count(workdays)
}

/// DATE-006: title, `year` and the time of publication fit each other.
fn years(document: &Document<'_>, sink: &mut Vec<Diagnostic>) {
    let Some(report) = document.report else { return };
    let year = report.id.year;
    let titled = years_of(&report.title);
    if let Some(other) = titled.last().filter(|_| !titled.contains(&year)) {
        let message = Message::new("date.title_year").with("title", other).with("year", year);
        let finding = document.at_key(Code::Date006, message, &["title"]);
        sink.push(finding.help(Message::new("date.title_year.help")));
    }
    let Some(published) = report.published.as_ref().map(|p| p.date().year()) else { return };
    let (published, year) = (i32::from(published), i32::from(year));
    if published != year && published != year + 1 {
        let message = Message::new("date.published_year").with("published", published).with("year", year);
        let finding = document.at_key(Code::Date006, message, &["published"]);
        sink.push(finding.help(Message::new("date.published_year.help")));
    } else if published == year && is_yearly(document.kind) && !says_until_when(document) {
        let message = Message::new("date.year_not_over").with("year", year);
        let finding = document.at_key(Code::Date006, message, &["published"]);
        sink.push(finding.help(Message::new("date.year_not_over.help")));
    }
}

/// Every `20NN年` of a title, in its order.
fn years_of(title: &str) -> Vec<u16> {
    let ends = title.match_indices('年').map(|(at, _)| &title[..at]);
    let digits = |text: &str| {
        let from = text.len() - text.bytes().rev().take_while(u8::is_ascii_digit).count();
        text[from..].parse().ok().filter(|year| text.len() - from == 4 && (2000..2100).contains(year))
    };
    ends.filter_map(digits).collect()
}

fn is_yearly(kind: Option<&Kind>) -> bool {
    kind.is_some_and(|k| k.per_year == PerYear::One)
}

/// Whether the text tells up to which day its figures count.
fn says_until_when(document: &Document<'_>) -> bool {
    ["截至", "截止", "as of ", "As of "].iter().any(|words| document.body.prose.text.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> CivilDate {
        CivilDate::parse(text).expect("a day")
    }

    #[test]
    fn working_days_leave_weekends_and_holidays_out_and_made_up_days_in() {
        let plain = Policy::default();
        let cases = [("2024-11-28", "2024-12-09", 7), ("2024-11-28", "2024-11-28", 0), ("2024-11-29", "2024-12-01", 0)];
        for (from, to, days) in cases {
            assert_eq!(working_days_between(day(from), day(to), &plain), days, "{from} {to}");
        }
        let mut policy = Policy::default();
        policy.holidays = vec![day("2025-01-01"), day("2025-01-28"), day("2025-02-01")];
        policy.workdays = vec![day("2025-01-26"), day("2025-02-10")];
        // Six weeks and a day: 31 days of the week, two of them holidays, one Sunday made up.
        assert_eq!(working_days_between(day("2024-12-31"), day("2025-02-12"), &policy), 31 - 2 + 1);
    }

    #[test]
    fn counting_in_weeks_equals_counting_day_by_day() {
        let days: Vec<CivilDate> = (1..=31)
            .map(|d| day(&format!("2024-01-{d:02}")))
            .chain((1..=29).map(|d| day(&format!("2024-02-{d:02}"))))
            .collect();
        for (from, start) in days.iter().enumerate() {
            for (to, end) in days.iter().enumerate().skip(from) {
                let slow = days[from + 1..=to].iter().filter(|d| d.weekday() < 5).count();
                assert_eq!(working_days_between(*start, *end, &Policy::default()), i64::try_from(slow).expect("small"));
            }
        }
    }

    #[test]
    fn years_of_a_title_have_four_digits_and_a_word() {
        assert_eq!(years_of("甲局2024年度关于2023年工作的报告"), [2024, 2023]);
        assert!(years_of("甲局年度报告（2024）第12024年").is_empty());
    }
}
