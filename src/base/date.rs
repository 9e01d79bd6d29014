//! Civil dates and instants, two types that never turn into each other by accident.
//! 成文日期 is a day on a calendar; 发布时间 is a moment in the portal's zone. No clock is read here.

use jiff::{RoundMode, Timestamp, Unit, ZonedDateTime, ZonedDateTimeRound as ZonedRound, civil, tz::TimeZone};
use std::fmt;

/// A day on the calendar, with no time and no zone: `2024-11-28`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CivilDate(civil::Date);

/// A time zone of the IANA database, e.g. `Asia/Shanghai`.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone(TimeZone);

/// A moment, kept with the zone in which the portal writes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(ZonedDateTime);

impl CivilDate {
    /// The last day that can be written.
    pub const LAST: Self = Self(civil::Date::MAX);

    /// Reads `YYYY-MM-DD`, a day that exists; `None` for anything else, `2024-2-3` and `2024-02-30` included.
    pub fn parse(text: &str) -> Option<Self> {
        is_shape(text, "dddd-dd-dd").then(|| text.parse().ok().map(Self)).flatten()
    }

    /// The calendar year.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// Whole days from `earlier` to this day; negative when `earlier` is the later one.
    pub fn days_since(self, earlier: Self) -> i64 {
        self.0.duration_since(earlier.0).as_hours() / 24
    }

    /// Month and day of the month, both from 1.
    pub fn month_and_day(self) -> (i8, i8) {
        (self.0.month(), self.0.day())
    }

    /// Days since the last Monday: 0 is Monday, 5 and 6 are the weekend.
    pub fn weekday(self) -> i8 {
        self.0.weekday().to_monday_zero_offset()
    }
}

impl fmt::Display for CivilDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl Zone {
    /// Looks an IANA name up in the zone data that the program carries.
    pub fn named(name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(Self)
    }

    /// Its IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// Coordinated Universal Time.
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }
}

impl Instant {
    /// Reads a local time in `zone` (`2024-12-09 09:35`, seconds optional, `T` allowed) or RFC 3339 with an offset.
    ///
    /// A local time that a clock change skipped or repeated is read as RFC 5545 reads it.
    pub fn parse(text: &str, zone: &Zone) -> Option<Self> {
        let local = ["dddd-dd-dd dd:dd", "dddd-dd-dd dd:dd:dd", "dddd-dd-ddTdd:dd", "dddd-dd-ddTdd:dd:dd"];
        if local.iter().any(|shape| is_shape(text, shape)) {
            let when: civil::DateTime = text.parse().ok()?;
            return when.to_zoned_datetime(zone.0.clone()).ok().map(Self);
        }
        let dated = text.get(..10).is_some_and(|head| is_shape(head, "dddd-dd-dd"));
        let stamp: Timestamp = if dated { text.parse().ok()? } else { return None };
        Some(Self(stamp.to_zoned_datetime(zone.0.clone())))
    }

    /// The moment `seconds` after 1970-01-01T00:00:00Z, shown in `zone`.
    pub fn from_unix(seconds: i64, zone: &Zone) -> Option<Self> {
        let stamp = Timestamp::from_second(seconds).ok()?;
        Some(Self(stamp.to_zoned_datetime(zone.0.clone())))
    }

    /// Midnight at the start of `date` in `zone`.
    pub fn start_of(date: CivilDate, zone: &Zone) -> Option<Self> {
        date.0.to_zoned_datetime(zone.0.clone()).ok().map(Self)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn unix(&self) -> i64 {
        self.0.timestamp().as_second()
    }

    /// The same moment, shown in another zone.
    pub fn in_zone(&self, zone: &Zone) -> Self {
        Self(self.0.with_time_zone(zone.0.clone()))
    }

    /// This moment where it is a whole second, else the next one; for clocks that know no fractions.
    pub fn next_second(&self) -> Self {
        self.rounded_up(Unit::Second)
    }

    /// This moment where it is a whole minute, else the next one.
    pub fn next_minute(&self) -> Self {
        self.rounded_up(Unit::Minute)
    }

    /// At the end of what can be written it stays as it is.
    fn rounded_up(&self, unit: Unit) -> Self {
        let round = ZonedRound::new().smallest(unit).mode(RoundMode::Ceil);
        self.0.round(round).map_or_else(|_| self.clone(), Self)
    }

    /// Hour and minute in its zone.
    pub fn hour_and_minute(&self) -> (i8, i8) {
        (self.0.hour(), self.0.minute())
    }

    /// The day of this moment in its zone.
    pub fn date(&self) -> CivilDate {
        CivilDate(self.0.date())
    }

    /// `YYYY-MM-DD HH:MM`, the form that 国办发〔2017〕47号 asks of `PubDate` and of the visible header.
    pub fn to_minute(&self) -> String {
        let t = self.0.datetime();
        format!("{} {:02}:{:02}", self.date(), t.hour(), t.minute())
    }

    /// RFC 3339 with seconds and offset: `2024-12-09T09:35:00+08:00`.
    pub fn to_rfc3339(&self) -> String {
        let t = self.0.datetime();
        let seconds = self.0.offset().seconds();
        let (sign, offset) = if seconds < 0 { ('-', -seconds) } else { ('+', seconds) };
        format!(
            "{}T{:02}:{:02}:{:02}{sign}{:02}:{:02}",
            self.date(),
            t.hour(),
            t.minute(),
            t.second(),
            offset / 3600,
            offset % 3600 / 60
        )
    }
}

/// Whether `text` has the shape: `d` stands for an ASCII digit, anything else for itself.
fn is_shape(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).all(|(c, s)| if s == b'd' { c.is_ascii_digit() } else { c == s })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shanghai() -> Zone {
        Zone::named("Asia/Shanghai").expect("bundled zone")
    }

    #[test]
    fn a_local_time_is_read_in_the_portal_zone() {
        let t = Instant::parse("2024-12-09 09:35", &shanghai()).expect("valid");
        assert_eq!(t.to_rfc3339(), "2024-12-09T09:35:00+08:00");
        assert_eq!(t.to_minute(), "2024-12-09 09:35");
    }

    #[test]
    fn an_offset_is_moved_into_the_portal_zone() {
        let t = Instant::parse("2024-12-09T23:30:00Z", &shanghai()).expect("valid");
        assert_eq!(t.to_minute(), "2024-12-10 07:30");
    }

    #[test]
    fn days_are_counted_across_years_and_weekdays_begin_on_monday() {
        let day = |text| CivilDate::parse(text).expect("a day");
        assert_eq!(day("2025-01-02").days_since(day("2024-12-31")), 2);
        assert_eq!(day("2024-02-28").days_since(day("2024-03-01")), -2);
        assert_eq!(["2024-12-09", "2024-12-14", "2024-12-15"].map(|d| day(d).weekday()), [0, 5, 6]);
    }

    #[test]
    fn loose_and_impossible_dates_are_refused() {
        for bad in ["2024-2-03", "2024-02-30", "20240203", "2024/02/03", "", "2024-02-03 10:00"] {
            assert_eq!(CivilDate::parse(bad), None, "{bad}");
        }
        for bad in ["2024-12-09", "2024-12-09 9:35", "2024-12-09 25:00", "20241209T093500Z", "昨天"] {
            assert_eq!(Instant::parse(bad, &shanghai()), None, "{bad}");
        }
    }
}
