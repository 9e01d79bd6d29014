//! Arabic numbers as Chinese reports print them: `3864`, `1,034`, `12万`, `9千余`, `95.3％`.
//! In: a paragraph. Out: every number with its value, how exact it is, the measure word behind it and what it is for.
//! Whether a figure is right is judged elsewhere. Notation: GB/T 15835-2011.

use super::decimal::Decimal;
use super::digits::{Digits, next_digit};
use super::role::{self, Role};
use std::ops::Range;

/// How a printed number relates to what it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exactness {
    /// The number itself.
    Exact,
    /// 余, 多, 以上, 超过, 至少: that many or more.
    AtLeast,
    /// 近, 不足, 以内: that many or fewer.
    AtMost,
    /// 约, 左右: near it, on either side.
    Rounded,
}

/// A number in a text. Ranges are bytes of that text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// The digits, with multiplier and percent sign: `12万`, `95%`.
    pub range: Range<usize>,
    /// 万, 亿, 千, 百 behind the digits; empty when there is none.
    pub multiplier: Range<usize>,
    /// The measure word behind it: 项, 人次, 平方米; empty when there is none.
    pub unit: Range<usize>,
    /// In units of one: `12万` is 120000. A percentage counts its per cents.
    pub value: Decimal,
    /// What the last printed digit is worth: 10000 for `12万`, 0.1 for `95.3%`.
    pub step: Decimal,
    /// How exact it says to be.
    pub exactness: Exactness,
    /// A figure, or something that only looks like one.
    pub role: Role,
}

impl Number {
    /// Whether Arabic digits stand before 千 or 百, which GB/T 15835-2011 keeps to 万 and 亿.
    pub fn mixes_numerals(&self, text: &str) -> bool {
        text.get(self.multiplier.clone()).is_some_and(|m| m.contains(['千', '百']))
    }

    /// Whether it counts or measures something.
    pub fn is_figure(&self) -> bool {
        self.role == Role::Figure
    }
}

/// Measure words of more than one character that do not end in 次.
const LONG_UNITS: [&str; 26] = [
    "平方公里",
    "平方千米",
    "平方米",
    "立方米",
    "千瓦时",
    "个百分点",
    "个工作日",
    "个小时",
    "个月",
    "工作日",
    "公里",
    "公顷",
    "公斤",
    "千米",
    "千克",
    "千瓦",
    "千伏",
    "小时",
    "分钟",
    "课时",
    "学时",
    "美元",
    "港元",
    "欧元",
    "海里",
    "标箱",
];

/// Measure words in Latin letters; other letters behind digits make a code (5G, 4A).
const LATIN_UNITS: [&str; 16] =
    ["km", "m", "cm", "mm", "kg", "g", "t", "kW", "MW", "kWh", "GB", "TB", "MB", "ha", "L", "km2"];

/// Han that follows a number without measuring it.
const NO_UNITS: &str = "的是和与及至到以或但而在将把被为于之其等共约近超占比较均已也还又都按由从向对因并且";

/// Every number of `text`, in order.
pub fn numbers(text: &str) -> Vec<Number> {
    let (bytes, mut out, mut at) = (text.as_bytes(), Vec::<Number>::new(), 0);
    while let Some(start) = next_digit(bytes, at) {
        let digits = Digits::read(bytes, start);
        let number = read(text, start, &digits, out.last());
        at = digits.end.max(number.range.end);
        out.push(number);
    }
    out
}

fn read(text: &str, start: usize, digits: &Digits, last: Option<&Number>) -> Number {
    let (before, after) = (part(text, 0, start), part(text, digits.end, text.len()));
    let mut end = digits.end;
    // 10余万: the word stands between digits and multiplier
    let inner = after.strip_prefix(['余', '多']).filter(|rest| multiplier(rest).1 > 0);
    end += if inner.is_some() { 3 } else { 0 };
    let (power, length) = multiplier(inner.unwrap_or(after));
    let multiplier = end..end + length;
    end += length;
    let percent = part(text, end, text.len()).chars().next().filter(|c| matches!(c, '%' | '％' | '‰'));
    end += percent.map_or(0, char::len_utf8);
    let mut rest = part(text, end, text.len());
    let more = rest.strip_prefix(['余', '多']);
    rest = more.unwrap_or(rest);
    let spaced = rest.strip_prefix(' ').unwrap_or(rest);
    let unit = if percent.is_some() { "" } else { measure(spaced) };
    let from = text.len() - spaced.len();
    let unit = from..from + unit.len();
    let mut role = role::of(before, part(text, start, digits.end), digits, after, last);
    if role == Role::Figure && percent.is_some() {
        role = Role::Percent;
    }
    let scaled = digits.value.and_then(|v| Decimal::scaled(v, digits.fraction, power));
    let step = Decimal::scaled(1, digits.fraction, power);
    if scaled.is_none() || step.is_none() {
        role = Role::Code;
    }
    let exactness = if inner.is_some() || more.is_some() {
        Exactness::AtLeast
    } else {
        behind(part(text, unit.end, text.len())).unwrap_or_else(|| ahead(before))
    };
    let (value, step) = (scaled.unwrap_or_default(), step.unwrap_or(Decimal::whole(1)));
    Number { range: start..end, multiplier, unit, value, step, exactness, role }
}

/// The power of ten that a multiplier at the start of `rest` stands for, and its length in bytes.
fn multiplier(rest: &str) -> (u32, usize) {
    let mut chars = rest.chars();
    let (first, second) = (chars.next(), chars.next());
    let (small, big) = match first {
        Some('千') if !second.is_some_and(|c| "克米瓦伏卡赫帕焦安".contains(c)) => (3, second),
        Some('百') if second != Some('分') => (2, second),
        _ => (0, first),
    };
    let (large, more) = match big {
        Some('万') if small == 0 && second == Some('亿') => (12, 6),
        Some('万') => (4, 3),
        Some('亿') => (8, 3),
        _ => (0, 0),
    };
    (small + large, if small > 0 { 3 } else { 0 } + more)
}

/// The measure word at the start of `rest`. Any Han counts, for there are hundreds; 次 joins what stands before it.
fn measure(rest: &str) -> &str {
    let mut chars = rest.chars();
    let Some(first) = chars.next() else { return "" };
    if first.is_ascii_alphabetic() {
        return latin_unit(rest).unwrap_or_default();
    }
    if !matches!(first, '\u{4E00}'..='\u{9FFF}' | '\u{3300}'..='\u{33FF}' | '℃') || NO_UNITS.contains(first) {
        return "";
    }
    if let Some(long) = LONG_UNITS.iter().find(|u| rest.starts_with(**u)) {
        return part(rest, 0, long.len());
    }
    let joined = if first != '次' && chars.next() == Some('次') { '次'.len_utf8() } else { 0 };
    part(rest, 0, first.len_utf8() + joined)
}

/// The measure in Latin letters at the start of `rest`: km, kWh.
pub(super) fn latin_unit(rest: &str) -> Option<&str> {
    let length = rest.bytes().take(5).take_while(u8::is_ascii_alphanumeric).count();
    rest.get(..length).filter(|word| LATIN_UNITS.contains(word))
}

/// What stands behind a measure word and loosens the number.
fn behind(rest: &str) -> Option<Exactness> {
    let known = [
        ("以上", Exactness::AtLeast),
        ("及以上", Exactness::AtLeast),
        ("以下", Exactness::AtMost),
        ("以内", Exactness::AtMost),
        ("左右", Exactness::Rounded),
        ("上下", Exactness::Rounded),
    ];
    known.iter().find(|(word, _)| rest.starts_with(word)).map(|(_, e)| *e)
}

/// What stands before a number and loosens it.
fn ahead(before: &str) -> Exactness {
    let before = before.trim_end_matches(' ');
    let ends = |words: &[&str]| words.iter().any(|w| before.ends_with(w));
    match before.chars().next_back() {
        Some('近') if !ends(&["最近", "附近", "邻近", "靠近"]) => Exactness::AtMost,
        Some('足' | '到' | '过' | '多' | '于')
            if ends(&["不足", "不到", "不超过", "至多", "最多", "不高于", "不多于", "未超过"]) =>
        {
            Exactness::AtMost
        }
        Some('约') if !ends(&["节约", "预约", "签约", "违约", "公约", "履约", "续约", "制约", "条约"]) => {
            Exactness::Rounded
        }
        Some('过' | '于' | '少' | '破')
            if ends(&["超过", "突破", "不少于", "不低于", "多于", "高于", "大于", "至少", "最少"]) =>
        {
            Exactness::AtLeast
        }
        Some('超' | '逾') => Exactness::AtLeast,
        _ => Exactness::Exact,
    }
}

fn part(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or_default()
}

/// Percentages above 100 that stand for a share or a rate, which cannot be more than everything.
/// Growth (增长150%) and fulfilled plans (完成率120%) may be.
pub fn shares_above_all(text: &str, numbers: &[Number]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    for number in numbers.iter().filter(|n| n.role == Role::Percent && n.value > Decimal::whole(100)) {
        let at = number.range.start;
        let near = (at.saturating_sub(120)..=at).find(|b| text.is_char_boundary(*b)).unwrap_or(at);
        let before = part(text, near, at);
        let clause = before.rsplit(['，', ',', '。', '；', ';', '、', '（', '(']).next().unwrap_or_default();
        let grows =
            ["增", "升", "提高", "涨", "完成", "执行", "达标率为", "同比", "利润", "回报", "贡献", "拨备", "覆盖率达"];
        let share = clause.contains('占') || clause.contains('率');
        if share
            && !grows.iter().any(|w| clause.contains(w))
            && !part(text, number.range.end, text.len()).starts_with('‰')
        {
            out.push(number.range.clone());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Role, what is printed, its value, its unit.
    fn shown(text: &str) -> Vec<(Role, &str, String, &str)> {
        let show = |n: Number| (n.role, &text[n.range], n.value.to_string(), &text[n.unit]);
        numbers(text).into_iter().map(show).collect()
    }

    #[test]
    fn figures_are_read_as_they_are_printed() {
        let known = [
            ("共3864篇", "3864", "3864", "篇"),
            ("共1,034件", "1,034", "1034", "件"),
            ("共1 034 568件", "1 034 568", "1034568", "件"),
            ("共１２件", "１２", "12", "件"),
            ("业务12万笔", "12万", "120000", "笔"),
            ("投资3.5亿元", "3.5亿", "350000000", "元"),
            ("群众9千余人", "9千", "9000", "人"),
            ("资金10余万元", "10余万", "100000", "元"),
            ("参加 463 人次", "463", "463", "人次"),
            ("道路12.5公里", "12.5", "12.5", "公里"),
            ("装机5千瓦", "5", "5", "千瓦"),
            ("全长30km，", "30", "30", "km"),
            ("提高3个百分点", "3", "3", "个百分点"),
            ("共30的", "30", "30", ""),
            ("总量2万亿元", "2万亿", "2000000000000", "元"),
            ("补贴3百万元", "3百万", "3000000", "元"),
        ];
        for (text, printed, value, unit) in known {
            assert_eq!(shown(text), [(Role::Figure, printed, value.to_string(), unit)], "{text}");
        }
        assert_eq!(shown("率95.3％以上"), [(Role::Percent, "95.3％", "95.3".to_string(), "")]);
    }

    #[test]
    fn words_around_a_number_loosen_it() {
        use Exactness::{AtLeast, AtMost, Exact, Rounded};
        let known = [("9千余人", AtLeast), ("30多件", AtLeast), ("30件以上", AtLeast), ("95%以上", AtLeast)];
        let more = [("超过30件", AtLeast), ("近30件", AtMost), ("不足30件", AtMost), ("不超过30件", AtMost)];
        let rest =
            [("约30件", Rounded), ("30件左右", Rounded), ("节约30元", Exact), ("最近3次", Exact), ("共30件", Exact)];
        for (text, exactness) in known.into_iter().chain(more).chain(rest) {
            assert_eq!(numbers(text).first().map(|n| n.exactness), Some(exactness), "{text}");
        }
    }

    #[test]
    fn numbers_that_are_no_figures_say_what_they_are() {
        let known = [
            ("2024年11月28日", Role::Date),
            ("2021—2024年", Role::Date),
            ("于2024-11-28", Role::Date),
            ("3至5月", Role::Date),
            ("于9:30、10：45", Role::Time),
            ("9时30分", Role::Time),
            ("第3批、第 2 次、12号", Role::Ordinal),
            ("阳府〔2024〕12号", Role::DocumentNumber),
            ("7*24小时、7×24", Role::Schedule),
            ("1.加强；2.推进", Role::ListMarker),
            ("（1）加强；（2）推进", Role::ListMarker),
            ("3至5个、10-20项", Role::Span),
            ("3:1", Role::Ratio),
            ("5G、4A、12345热线、0759-2345678、13800000000、GB2312", Role::Code),
        ];
        for (text, role) in known {
            let roles: Vec<Role> = numbers(text).into_iter().map(|n| n.role).collect();
            assert!(!roles.is_empty() && roles.iter().all(|r| *r == role), "{text}: {roles:?}");
        }
    }

    #[test]
    fn digits_before_qian_and_bai_and_shares_above_all_are_seen() {
        let mixes = |text: &str| numbers(text).iter().any(|n| n.mixes_numerals(text));
        assert!(mixes("9千余人") && mixes("3百万元"));
        assert!(!mixes("12万笔") && !mixes("5千瓦") && !mixes("3个百分点"));
        let above = |text: &str| shares_above_all(text, &numbers(text)).len();
        assert_eq!((above("满意率达120%"), above("占比105%"), above("满意率达100%")), (1, 1, 0));
        assert_eq!((above("增长率150%"), above("完成率120%"), above("增长150%")), (0, 0, 0));
    }
}
