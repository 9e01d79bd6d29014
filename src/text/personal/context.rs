//! What stands around a number: words that say what it is, units that say it is an amount, an address on the web that
//! it is part of.
//! In: the text and a byte on a character boundary. Out: a few characters, or yes and no.

/// Words that announce the number of a citizen.
pub(super) const IDENTITY: &[&str] = &["身份证", "证件号", "公民身份", "身份号码"];

/// Words that announce another kind of number, and so excuse what only looks like a personal one.
const LABELS: &[&str] = &[
    "编号",
    "索引号",
    "流水",
    "文号",
    "代码",
    "订单",
    "单号",
    "案号",
    "注册号",
    "登记号",
    "备案",
    "许可",
    "许可证",
    "批号",
    "型号",
    "标准",
    "发票",
    "序列",
    "条码",
    "图书",
    "准字",
    "信用",
    "标识",
    "书号",
    "刊号",
    "合同",
    "专利",
];

/// Units that make a number an amount. One that also begins an everyday word (个人, 户主, 本人) is not among them.
const UNITS: &[&str] =
    &["元", "万", "亿", "平方", "立方", "千瓦", "吨", "余", "美元", "字节", "条", "公里", "亩", "%", "％"];

/// Up to `count` characters before `at`, at most to the last end of a sentence, cell or line.
pub(super) fn before(text: &str, at: usize, count: usize) -> &str {
    let head = text.get(..at).unwrap_or_default();
    let ends = |c: &char| matches!(c, '。' | '；' | ';' | '\n' | '|' | '！' | '？');
    let length: usize = head.chars().rev().take(count).take_while(|c| !ends(c)).map(char::len_utf8).sum();
    head.get(head.len() - length..).unwrap_or_default()
}

/// Up to `count` characters from `at`, at most to the next end of a sentence, cell or line.
pub(super) fn after(text: &str, at: usize, count: usize) -> &str {
    let tail = text.get(at..).unwrap_or_default();
    let ends = |c: &char| matches!(c, '。' | '；' | ';' | '\n' | '|' | '！' | '？');
    let length: usize = tail.chars().take(count).take_while(|c| !ends(c)).map(char::len_utf8).sum();
    tail.get(..length).unwrap_or_default()
}

/// Whether one of the words occurs.
pub(super) fn has(text: &str, words: &[&str]) -> bool {
    words.iter().any(|w| text.contains(w))
}

/// Whether the words right before `at` call the number something that is not personal: 编号：, 国药准字, 发票号码为.
pub(super) fn is_labelled(text: &str, at: usize) -> bool {
    let near = before(text, at, 10).trim_end_matches(['：', ':', ' ', '为', '是', '（', '(', '\u{3000}']);
    let short = near.trim_end_matches(['号', '码']);
    LABELS.iter().any(|label| near.ends_with(label) || short.ends_with(label))
}

/// Whether an amount or decimal begins or ends here, so that `start..end` is no number of anything.
pub(super) fn is_amount(text: &str, start: usize, end: usize) -> bool {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let (head, tail) = (text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default());
    let mut left = head.chars().rev();
    let decimal = left.next() == Some('.') && digit(left.next());
    let mut right = tail.chars();
    decimal
        || (right.next() == Some('.') && digit(right.next()))
        || UNITS.iter().any(|u| tail.trim_start().starts_with(u))
}

/// Whether the number at `start..end` is part of a web address, a path or a file name.
pub(super) fn is_in_address(text: &str, start: usize, end: usize) -> bool {
    let head = text.as_bytes().get(start.saturating_sub(512)..start).unwrap_or_default();
    let stops = |b: &u8| !b.is_ascii_graphic() || matches!(b, b'"' | b'<' | b'>' | b'(' | b')' | b'[' | b']' | b'|');
    let token = head.get(head.iter().rposition(stops).map_or(0, |i| i + 1)..).unwrap_or_default();
    let has = |word: &[u8]| token.windows(word.len()).any(|w| w.eq_ignore_ascii_case(word));
    let mut tail = text.get(end..).unwrap_or_default().bytes();
    let file = tail.next() == Some(b'.') && tail.next().is_some_and(|b| b.is_ascii_alphabetic());
    let path = has(b"/") && token.iter().any(u8::is_ascii_alphabetic);
    has(b"://") || has(b"www.") || path || (file && !token.is_empty()) || token.ends_with(b"_") && file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_view_ends_with_the_sentence() {
        let text = "卡号如下。甲某的帐号：1";
        let at = text.len() - 1;
        assert_eq!(before(text, at, 15), "甲某的帐号：");
        assert_eq!(before(text, at, 3), "帐号：");
        assert_eq!(after(text, at, 3), "1");
    }

    #[test]
    fn a_label_stands_right_before_its_number() {
        for (text, labelled) in
            [("项目编号：1", true), ("发票号码为1", true), ("手机号1", false), ("标准化科电话1", false)]
        {
            assert_eq!(is_labelled(text, text.len() - 1), labelled, "{text}");
        }
    }

    #[test]
    fn paths_and_files_are_addresses_and_slashes_between_numbers_are_not() {
        for (text, number) in
            [("见https://a.cn/1x", "1"), ("www.a.cn?1", "1"), ("/art/1/", "1"), ("(b/1.png)", "1"), ("a_1.pdf", "1")]
        {
            let at = text.find(number).expect("there");
            assert!(is_in_address(text, at, at + 1), "{text}");
        }
        for (text, number) in [("2/1", "1"), ("手机/1", "1"), ("tel:1", "1"), ("1.2", "1")] {
            let at = text.find(number).expect("there");
            assert!(!is_in_address(text, at, at + 1), "{text}");
        }
    }
}
