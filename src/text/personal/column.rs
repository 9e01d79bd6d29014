//! Heads of table columns that announce personal data.
//! In: the head of a column. Out: yes or no. Counts of people (残疾人数, 低保户数) are statistics, not persons.

/// Words that announce personal data wherever they stand in a head.
const PERSONAL: &[&str] = &[
    "身份证",
    "证件号",
    "公民身份",
    "手机",
    "移动电话",
    "联系电话",
    "联系方式",
    "住址",
    "家庭地址",
    "门牌",
    "银行卡",
    "银行账",
    "银行帐",
    "卡号",
    "账号",
    "帐号",
    "开户",
    "出生日期",
    "出生年月",
    "出生时间",
    "户主",
    "残疾证",
    "残疾等级",
    "残疾类别",
    "残疾类型",
    "残疾情况",
    "病情",
    "病名",
    "病史",
    "病种",
    "病历",
    "患病",
    "疾病名称",
    "诊断",
    "低保证",
    "低保类别",
    "低保对象",
    "是否低保",
    "护照号",
    "微信号",
    "QQ号",
    "车牌",
];

/// Words that announce it only if the head says nothing else.
const ALONE: &[&str] = &["残疾", "病", "疾病", "低保", "银行", "出生", "住所", "电话"];

/// Ends and units of a head that counts.
const COUNTS: &[&str] = &["数", "数量", "总数", "人次", "率", "金额", "占比", "比例", "支出", "资金", "余额", "总量"];

/// A character without one of which a head holds none of the words above: most heads hold none.
fn announces(c: char) -> bool {
    matches!(
        c,
        '身' | '证'
            | '手'
            | '移'
            | '联'
            | '住'
            | '址'
            | '牌'
            | '银'
            | '卡'
            | '账'
            | '帐'
            | '户'
            | '出'
            | '残'
            | '病'
            | '疾'
            | '诊'
            | '低'
            | '护'
            | '微'
            | 'Q'
            | 'Ｑ'
            | '车'
            | '电'
    )
}

/// Whether a column with this head is likely to hold personal data, even where its cells are masked.
pub fn is_personal_column(header: &str) -> bool {
    if !header.chars().any(announces) {
        return false;
    }
    let head: String =
        header.chars().filter_map(super::super::normal::fold).filter(|c| !c.is_whitespace() && *c != '*').collect();
    // A unit in brackets makes it a count: 低保对象(户), 诊断(人次).
    let (name, unit) = head.split_once('(').unwrap_or((&head, ""));
    let counted = ["人", "户", "件", "个", "元", "万", "亿", "次", "例", "%", "张"].iter().any(|u| unit.starts_with(u));
    if counted || COUNTS.iter().any(|c| name.ends_with(c)) {
        return false;
    }
    PERSONAL.iter().any(|w| head.contains(w)) || ALONE.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_about_persons_are_told_from_columns_that_count() {
        let personal = "身份证号码 证件号 手机号（必填） 联系电话 家庭住址 门牌号 开户银行 银行账号 出生年月 残疾等级 病种 低保证号 户主姓名 **身份证** 住 址 银行";
        for head in personal.replace("住 址", "住址").split(' ') {
            assert!(is_personal_column(head), "{head}");
        }
        assert!(is_personal_column("身 份 证 号"));
        let public = "序号 单位名称 残疾人数 低保户数 低保对象（户） 银行贷款余额 出生率 疾病预防控制支出 制发件数 账号数量 索引号 备注 手机银行办理率 病床数";
        for head in public.split(' ') {
            assert!(!is_personal_column(head), "{head}");
        }
        assert!(!is_personal_column(""));
        for word in PERSONAL.iter().chain(ALONE) {
            assert!(word.chars().any(announces), "{word}");
        }
    }
}
