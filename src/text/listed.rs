//! Which figures of a paragraph are the total and the parts of one list, and whether the list is meant to be complete.
//! In: the joints of a paragraph and the place of one that may open a list. Out: places of total and parts.
//! It compares units and words, never values.

use super::clause::{Joint, Placed, REACH, closing};
use super::number::Number;

/// How surely a list names every part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Complete {
    /// It says so: 分别为, or its last part is 其他.
    Stated,
    /// It reads so.
    Likely,
    /// It says that it is partial, or its parts may overlap.
    No,
}

/// A total and its parts, as places among the joints.
#[derive(Debug)]
pub(super) struct List {
    pub(super) total: usize,
    pub(super) parts: Vec<usize>,
    /// Figures alike behind the comma that ends the list; they are parts where only so the sum holds.
    pub(super) further: Vec<usize>,
    pub(super) complete: Complete,
}

/// Parts of one list at most.
const PARTS: usize = 200;

/// Figures of another kind among parts at most; with more of them it is no list.
const MIXED: usize = 6;

/// Joints looked at before a list for its total.
const BACK: usize = 64;

/// Words of a clause that compares with another year; its figures are no totals and no parts.
const COMPARING: [&str; 15] = [
    "同比", "环比", "较上", "较去", "比上", "比去", "较前", "比前", "去年", "上年", "增加", "减少", "增长", "下降",
    "上升",
];

/// Words that make a list partial.
const PARTIAL: [&str; 11] = ["包括", "包含", "不含", "主要", "居多", "为主", "其次", "特别是", "尤其", "仅", "最多"];

/// Words that a list behind its opening begins with when it is partial.
const OPENING: [&str; 4] = ["涉及", "含", "涉", "有关"];

/// Words of a part that is a step or a trait of others, so that parts overlap.
const OVERLAPPING: [&str; 18] = [
    "办结", "结案", "整改", "销号", "答复", "回复", "采纳", "归档", "满意", "移送", "胜诉", "反馈", "合格", "党员",
    "女", "以下", "以上", "岁",
];

/// Words of a part that completes such a step: then the parts exclude each other.
const COMPLETING: [&str; 15] =
    ["未", "正在", "尚", "待", "在办", "不", "其他", "其余", "男", "败诉", "非", "撤", "驳", "中止", "终止"];

/// Words that begin a new statement behind a comma.
const NEW: [&str; 18] = [
    "办结", "已", "均", "共", "合计", "累计", "全部", "结转", "较", "比", "同比", "涉及", "覆盖", "惠及", "罚款", "占",
    "参与", "整改",
];

/// Words before the last part that takes in all the rest.
const REST: [&str; 6] = ["其他", "其它", "其余", "剩余", "另有", "另外"];

/// Words that join two parts without a mark.
const AND: [&str; 5] = ["以及", "和", "及", "与", "并"];

/// The list that the joint at `at` opens, if it does.
pub(super) fn list(text: &str, numbers: &[Number], joints: &[Placed], at: usize) -> Option<List> {
    let view = View { text, numbers, joints };
    match joints.get(at)?.joint {
        Joint::Among => view.among(at, Complete::Likely),
        Joint::Each => view.among(at, Complete::Stated),
        Joint::Open => view.bracket(at),
        Joint::Colon => view.colon(at),
        Joint::Number(_) => view.behind(at),
        _ => None,
    }
}

/// What a reader of lists sees.
struct View<'a> {
    text: &'a str,
    numbers: &'a [Number],
    joints: &'a [Placed],
}

/// Parts as they are gathered.
struct Gathered {
    parts: Vec<usize>,
    further: Vec<usize>,
    /// Byte at which the list ends.
    end: usize,
    /// How many figures of another kind stand between its parts.
    mixed: usize,
}

impl<'a> View<'a> {
    fn number(&self, at: usize) -> Option<&'a Number> {
        match self.joints.get(at)?.joint {
            Joint::Number(index) => self.numbers.get(index),
            _ => None,
        }
    }

    fn unit(&self, number: &Number) -> &'a str {
        self.text.get(number.unit.clone()).unwrap_or_default()
    }

    fn between(&self, from: usize, to: usize) -> &'a str {
        self.text.get(from..to).unwrap_or_default()
    }

    /// The words before the joint at `at`, back to the mark before it.
    fn label(&self, at: usize) -> &'a str {
        let to = self.joints.get(at).map_or(0, |j| j.range.start);
        let from = at.checked_sub(1).and_then(|b| self.joints.get(b)).map_or(0, |j| j.range.end);
        let from = at.checked_sub(1).and_then(|b| self.number(b)).map_or(from, |n| n.unit.end.max(from));
        self.between(from.min(to), to).trim()
    }

    fn among(&self, at: usize, complete: Complete) -> Option<List> {
        let opening = self.joints.get(at)?;
        let gathered = self.gather(at + 1, opening.depth)?;
        let first = self.unit(self.number(*gathered.parts.first()?)?);
        let total = self.total(at, opening.depth, first)?;
        let complete = self.judge(opening.range.end, &gathered, complete);
        Some(List { total, parts: gathered.parts, further: gathered.further, complete })
    }

    /// The figure that a list opened at `at` divides: the nearest before it with the same unit.
    fn total(&self, at: usize, depth: usize, unit: &str) -> Option<usize> {
        let (mut depth, mut sentences, mut lone) = (depth, 0, None);
        let starts = |j: &Placed| matches!(j.joint, Joint::Stop | Joint::Semicolon);
        for place in (at.saturating_sub(BACK)..at).rev() {
            let joint = self.joints.get(place)?;
            if joint.joint == Joint::Open && joint.depth < depth {
                depth = joint.depth; // the figure that owns the bracket
            } else if joint.depth <= depth && starts(joint) {
                // A sentence that begins with 其中 divides the only figure of the one before.
                if sentences > 0 || place + 1 != at || !self.label(at).is_empty() {
                    return lone;
                }
                sentences += 1;
            } else if joint.depth == depth
                && self.number(place).is_some_and(|n| n.is_figure() && self.unit(n) == unit)
                && !self.compares(place)
            {
                if sentences == 0 {
                    return Some(place);
                }
                if lone.is_some() {
                    return None;
                }
                lone = Some(place);
            }
        }
        lone
    }

    /// Whether the clause of a figure compares with another year.
    fn compares(&self, at: usize) -> bool {
        let label = self.label(at);
        COMPARING.iter().any(|w| label.contains(w))
    }

    fn bracket(&self, at: usize) -> Option<List> {
        let open = self.joints.get(at)?;
        let total = at.checked_sub(1)?;
        let owner = self.number(total).filter(|n| n.is_figure())?;
        let noun = self.between(owner.unit.end, open.range.start);
        if owner.unit.is_empty() || noun.chars().count() > 12 || self.compares(total) {
            return None;
        }
        if self.joints.get(at + 1).is_some_and(|j| j.joint == Joint::Among) {
            return None; // 其中 opens it
        }
        let gathered = self.gather(at + 1, open.depth + 1)?;
        let first = self.unit(self.number(*gathered.parts.first()?)?);
        if !first.is_empty() && first != self.unit(owner) {
            return None;
        }
        let inside = self.between(open.range.end, gathered.end);
        let complete = self.judge(open.range.end, &gathered, Complete::Likely);
        // 涉及 before bracketed parts names them all; 含 does not
        let complete = if inside.starts_with("涉及") && complete == Complete::No {
            self.judge(open.range.end + "涉及".len(), &gathered, Complete::Likely)
        } else {
            complete
        };
        Some(List { total, parts: gathered.parts, further: gathered.further, complete })
    }

    fn colon(&self, at: usize) -> Option<List> {
        let colon = self.joints.get(at)?;
        let total = at.checked_sub(1)?;
        let owner = self.number(total).filter(|n| n.is_figure() && !n.unit.is_empty())?;
        if self.between(owner.unit.end, colon.range.start).chars().count() > 8 {
            return None;
        }
        let gathered = self.gather(at + 1, colon.depth)?;
        if self.unit(self.number(*gathered.parts.first()?)?) != self.unit(owner) {
            return None;
        }
        let complete = self.judge(colon.range.end, &gathered, Complete::Likely);
        Some(List { total, parts: gathered.parts, further: gathered.further, complete })
    }

    /// A total behind its parts: 甲5件、乙7件，共12件.
    fn behind(&self, at: usize) -> Option<List> {
        let total = self.number(at).filter(|n| n.is_figure() && !n.unit.is_empty())?;
        if !matches!(self.label(at), "共" | "合计" | "共计" | "总计" | "一共" | "总共" | "合计达" | "总计达")
        {
            return None;
        }
        let mut place = at.checked_sub(1)?;
        let depth = self.joints.get(place).filter(|j| j.joint == Joint::Comma)?.depth;
        let mut parts = Vec::new();
        while let Some(before) = place.checked_sub(1).filter(|p| at - p <= BACK) {
            let joint = self.joints.get(before)?;
            match joint.joint {
                _ if joint.depth > depth => {}
                Joint::Close => {}
                Joint::Open if joint.depth == depth => {}
                Joint::Number(_) => {
                    if self.unit(self.number(before)?) != self.unit(total) || self.compares(before) {
                        break;
                    }
                    parts.push(before);
                    let joined = before.checked_sub(1).is_some_and(|b| self.number(b).is_some());
                    if joined && !AND.iter().any(|w| self.label(before).starts_with(w)) {
                        break;
                    }
                }
                Joint::Enumeration => {}
                _ => break,
            }
            place = before;
        }
        parts.reverse();
        let start = self.joints.get(*parts.first()?)?.range.start;
        let gathered = Gathered { parts, further: Vec::new(), end: self.joints.get(at)?.range.start, mixed: 0 };
        let complete = self.judge(start, &gathered, Complete::Likely);
        Some(List { total: at, parts: gathered.parts, further: gathered.further, complete })
    }

    /// The parts from the joint at `from` on, as far as the list goes.
    fn gather(&self, from: usize, depth: usize) -> Option<Gathered> {
        let colon = self.joints.get(from).filter(|j| j.joint == Joint::Colon && self.label(from).is_empty()).is_some();
        let colon = colon || from.checked_sub(1).and_then(|p| self.joints.get(p))?.joint == Joint::Colon;
        let mut got = Gathered { parts: Vec::new(), further: Vec::new(), end: self.text.len(), mixed: 0 };
        let (mut unit, mut style, mut mark, mut at) = ("", None, None, from);
        while let Some(joint) = self.joints.get(at) {
            let many = got.parts.len() >= 2;
            if joint.joint == Joint::Open && joint.depth == depth {
                // A closing bracket is passed; the end of a sentence is not.
                let Some(end) = closing(self.joints, at) else {
                    got.end = joint.range.start;
                    break;
                };
                at = end + usize::from(self.joints.get(end)?.joint == Joint::Close);
                continue;
            }
            if joint.depth < depth {
                got.end = joint.range.start;
                break;
            }
            let ends = match joint.joint {
                Joint::Stop | Joint::Among | Joint::Each => true,
                Joint::Semicolon => !colon,
                // 甲20件、乙10件，办结28件: the comma ends what 、 lists
                Joint::Comma => many && style == Some(Joint::Enumeration),
                _ => got.parts.len() >= PARTS || at - from >= REACH,
            };
            if ends {
                got.end = joint.range.start;
                if joint.joint == Joint::Comma {
                    got.further = self.alike(at, depth, unit);
                }
                break;
            }
            match joint.joint {
                Joint::Comma | Joint::Enumeration | Joint::Semicolon => mark = Some(joint.joint),
                Joint::Number(_) => {
                    let (number, label) = (self.number(at)?, self.label(at));
                    let joined = mark.is_none() && AND.iter().any(|w| label.starts_with(w));
                    if got.parts.is_empty() {
                        unit = self.unit(number);
                    }
                    let alike = number.is_figure() && self.unit(number) == unit && !self.compares(at);
                    let fresh = mark == Some(Joint::Comma) && many;
                    if fresh && (!alike || NEW.iter().any(|w| label.starts_with(w))) {
                        got.end = joint.range.start - label.len().min(joint.range.start);
                        break;
                    }
                    if alike && (got.parts.is_empty() || mark.is_some() || joined) {
                        if got.parts.len() == 1 {
                            style = if joined { Some(Joint::Enumeration) } else { mark };
                        }
                        got.parts.push(at);
                        mark = None;
                    } else {
                        got.mixed += 1;
                        if got.mixed > MIXED {
                            return None;
                        }
                    }
                }
                _ => {}
            }
            at += 1;
        }
        (got.parts.len() >= 2).then_some(got)
    }

    /// The figures with this unit behind the joint at `at`, to the end of the sentence.
    fn alike(&self, at: usize, depth: usize, unit: &str) -> Vec<usize> {
        let ends = |j: &Placed| matches!(j.joint, Joint::Stop | Joint::Semicolon | Joint::Among) || j.depth < depth;
        let more = self.joints.iter().enumerate().skip(at).take(BACK).take_while(|(_, j)| !ends(j));
        let more = more.filter(|(_, j)| j.depth == depth).filter_map(|(p, _)| Some((p, self.number(p)?)));
        more.filter(|(_, n)| n.is_figure() && self.unit(n) == unit).map(|(p, _)| p).collect()
    }

    /// How complete a list is, by its words; `start` is the byte at which it begins.
    fn judge(&self, start: usize, list: &Gathered, complete: Complete) -> Complete {
        let words = self.between(start, list.end);
        let opening = words.trim_start_matches(['，', ',', '：', ':', ' ']);
        let says = |known: &[&str]| known.iter().any(|w| words.contains(w));
        if list.mixed > 0 || OPENING.iter().any(|w| opening.starts_with(w)) || says(&PARTIAL) || trails_off(words) {
            return Complete::No;
        }
        // 调解结案138件、裁决结案113件: a word of every part tells none from the others
        let labels: Vec<&str> = list.parts.iter().map(|p| self.label(*p)).collect();
        let tells = |w: &&str| words.contains(*w) && !labels.iter().all(|l| l.contains(*w));
        if OVERLAPPING.iter().any(tells) && !says(&COMPLETING) {
            return Complete::No;
        }
        let last = list.parts.last().map_or("", |p| self.label(*p));
        let rest = REST.iter().any(|w| AND.iter().fold(last, |l, a| l.strip_prefix(a).unwrap_or(l)).starts_with(w));
        if rest { Complete::Stated } else { complete }
    }
}

/// Whether 等 ends a list: 等。 等方面 等5项; not 等级, 平等.
fn trails_off(words: &str) -> bool {
    words.match_indices('等').any(|(at, mark)| {
        let next = words.get(at + mark.len()..).and_then(|r| r.chars().next());
        next.is_none_or(|c| "，、；。）),;多方共合".contains(c) || c.is_ascii_digit())
    })
}
