//! A deterministic corpus: report `i` of `n` is the same text on every machine, whatever was generated before it.
//! Reports are spread over the years 2015 to 2025 and as many bodies as that takes (n / 11). It knows nothing of the
//! generators that are measured: `portal` and `hugo` write the same bodies in their own layouts.

use crate::words as w;
use std::fmt::Write as _;

pub(crate) const FIRST_YEAR: u32 = 2015;
pub(crate) const YEARS: usize = 11;
/// What a body is filled up to; real annual reports have 3,000 to 6,000 Han characters.
const HAN: usize = 4_000;

/// SplitMix64 (Steele, Lea and Flood, 2014): a whole generator in four lines, and any seed is a good one.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.next() as usize % list.len()]
    }

    /// `count` different entries, in the order of the list.
    fn some<T: Copy>(&mut self, list: &[T], count: usize) -> Vec<T> {
        let mut left = list.len();
        let mut need = count.min(left);
        let mut out = Vec::with_capacity(need);
        for &entry in list {
            if self.next() % (left as u64) < need as u64 {
                out.push(entry);
                need -= 1;
            }
            left -= 1;
        }
        out
    }
}

/// A publishing body.
pub(crate) struct Organization {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) short: String,
}

/// One report, without its year's and its body's folders.
pub(crate) struct Report {
    pub(crate) year: u32,
    pub(crate) organization: usize,
    pub(crate) title: String,
    /// Local time, `YYYY-MM-DD HH:MM`.
    pub(crate) published: String,
    /// A civil date.
    pub(crate) signed: String,
    pub(crate) summary: String,
    pub(crate) keywords: Vec<&'static str>,
    pub(crate) body: String,
}

/// What is generated: the bodies at once, the reports one by one.
pub(crate) struct Corpus {
    pub(crate) reports: usize,
    pub(crate) organizations: Vec<Organization>,
}

impl Corpus {
    pub(crate) fn new(reports: usize) -> Self {
        let organizations = (0..reports.div_ceil(YEARS).max(1)).map(organization).collect();
        Self { reports, organizations }
    }

    pub(crate) fn years(&self) -> impl Iterator<Item = u32> {
        let years = self.reports.div_ceil(self.organizations.len());
        (0..years).map(|y| FIRST_YEAR + y as u32)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Report> {
        (0..self.reports).map(|i| self.report(i))
    }

    /// Report `i` by its body and year: all bodies of the first year, then all of the second.
    fn place(&self, i: usize) -> (usize, u32) {
        (i % self.organizations.len(), FIRST_YEAR + (i / self.organizations.len()) as u32)
    }

    /// Report `i` as its year and its body, which is its address without the ending: `2020/zhizhu-justice`.
    pub(crate) fn id(&self, i: usize) -> String {
        let (organization, year) = self.place(i);
        format!("{year}/{}", self.organizations[organization].id)
    }

    /// Report `i`.
    pub(crate) fn report(&self, i: usize) -> Report {
        let (organization, year) = self.place(i);
        let name = &self.organizations[organization];
        let mut dice = Dice((organization as u64) << 16 | u64::from(year));
        let topics = dice.some(&w::TOPICS, 8);
        let (day, hour, minute) = (dice.between(2, 27), dice.between(9, 17), dice.between(0, 59));
        let month = dice.between(1, 3);
        Report {
            year,
            organization,
            title: format!("{}{year}年法治政府建设年度报告", name.short),
            published: format!("{}-{month:02}-{day:02} {hour:02}:{minute:02}", year + 1),
            signed: format!("{}-{month:02}-{:02}", year + 1, day - 1),
            summary: format!(
                "{}报告{year}年度{}等方面的举措、问题和下一年度安排。",
                name.short,
                first_clause(topics[0])
            ),
            keywords: topics.iter().take(4).map(|t| first_clause(t)).collect(),
            body: Body { dice, year, own: name, text: String::with_capacity(16 << 10) }.write(&topics),
        }
    }
}

fn first_clause(topic: &'static str) -> &'static str {
    topic.split('，').next().unwrap_or(topic)
}

/// Body `i`: 40 districts with 24 bureaus each, after them 256 invented towns of each.
fn organization(i: usize) -> Organization {
    let (district, unit) = (i % 40, i / 40);
    let (first, second) = (w::FIRST[district % 8], w::SECOND[district / 8]);
    let (unit, letters) = match w::BUREAUS.get(unit) {
        Some((name, letters)) => ((*name).to_string(), (*letters).to_string()),
        None => {
            let town = unit - w::BUREAUS.len();
            let (a, b) = (w::TOWN_FIRST[town % 16], w::TOWN_SECOND[town / 16 % 16]);
            let round = if town < 256 { String::new() } else { format!("第{}", town / 256) };
            (format!("{round}{a}{b}街道办事处"), format!("town-{town}"))
        }
    };
    let short = format!("{}{}区{unit}", first.0, second.0);
    Organization { id: format!("{}{}-{letters}", first.1, second.1), name: format!("岚棹市{short}"), short }
}

struct Body<'a> {
    dice: Dice,
    year: u32,
    own: &'a Organization,
    text: String,
}

impl Body<'_> {
    fn write(mut self, topics: &[&str]) -> String {
        let (year, next) = (self.year, self.year + 1);
        let own = self.own.short.clone();
        self.push(&format!("{year}年，{own}围绕年度重点任务，依法全面履行职责。"));
        if year > FIRST_YEAR {
            let (last, id) = (year - 1, &self.own.id);
            let link = format!("上一年度的情况见[{last}年度报告](../{last}/{id}.html)。");
            self.push(&link);
        }
        self.push("现将有关情况报告如下：\n\n");
        self.push(&format!("## 一、{year}年度推进法治政府建设的主要举措和成效\n\n"));
        for (topic, ordinal) in topics.iter().zip(["一", "二", "三", "四", "五", "六", "七", "八"]) {
            self.push(&format!("### （{ordinal}）{topic}\n\n"));
            self.enumeration(5);
            match ordinal {
                "一" => self.push("全年工作以**压实责任、务求实效**为主线，统计口径见脚注[^1]。\n\n"),
                "二" => self.items_table(),
                "四" => self.places_table(),
                _ => {}
            }
        }
        self.push(&format!("## 二、{year}年度存在的不足和原因\n\n"));
        for ordinal in ["一", "二", "三"] {
            self.problem(ordinal);
        }
        self.push("## 三、党政主要负责人履行推进法治建设第一责任人职责情况\n\n");
        let (meetings, studies) = (self.dice.between(3, 12), self.dice.between(2, 8));
        self.push(&format!(
            "主要负责人主持召开专题会议{meetings}次[^2]，带头开展学法活动{studies}次，对重要工作亲自部署、重大问题亲自过问。"
        ));
        self.sentence();
        self.push("\n\n");
        self.push(&format!("## 四、{next}年度工作安排\n\n"));
        for ordinal in ["一", "二", "三"] {
            self.plan(ordinal);
        }
        while self.han() < HAN {
            self.enumeration(3);
        }
        self.push(&format!("[^1]: 数据统计时段为{year}年1月1日至{year}年12月31日。\n\n"));
        self.push("[^2]: 含以视频形式召开的会议。\n");
        self.text
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn han(&self) -> usize {
        self.text.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count()
    }

    /// 一是…二是…, one paragraph of about 80 characters an item; longer ones than 600 would be found too long.
    fn enumeration(&mut self, items: usize) {
        for ordinal in ["一是", "二是", "三是", "四是", "五是"].into_iter().take(items) {
            self.push(ordinal);
            self.sentence();
        }
        self.push("\n\n");
    }

    fn sentence(&mut self) {
        let d = &mut self.dice;
        let (act, object, way) = (d.pick(&w::ACTS), d.pick(&w::OBJECTS), d.pick(&w::WAYS));
        let (more, result) = (d.pick(&w::WAYS), d.pick(&w::RESULTS));
        let (before, after, low, high) = d.pick(&w::FIGURES);
        let value = d.between(*low, *high);
        let more = if more == way { "" } else { more };
        let comma = if more.is_empty() { "" } else { "，" };
        let sentence = format!("{act}{object}，{way}{comma}{more}，{before}{value}{after}，{result}。");
        self.push(&sentence);
    }

    fn problem(&mut self, ordinal: &str) {
        let d = &mut self.dice;
        let (object, other, cause) = (d.pick(&w::OBJECTS), d.pick(&w::OBJECTS), d.pick(&w::CAUSES));
        let (further, way) = (d.pick(&w::CAUSES), d.pick(&w::WAYS));
        let text = format!(
            "### （{ordinal}）{object}还不够健全\n\n对照年度目标，{object}的覆盖面和执行力仍有差距，{other}的衔接不够紧密。\
             主要原因是{cause}；同时{further}，工作的系统性有待加强。对此，已着手{way}，逐步加以改进。\n\n"
        );
        self.push(&text);
    }

    fn plan(&mut self, ordinal: &str) {
        let next = self.year + 1;
        let d = &mut self.dice;
        let (act, object, way, goal) = (d.pick(&w::ACTS), d.pick(&w::OBJECTS), d.pick(&w::WAYS), d.pick(&w::GOALS));
        let (month, further, result) = (d.between(3, 12), d.pick(&w::OBJECTS), d.pick(&w::RESULTS));
        let text = format!(
            "### （{ordinal}）{act}{object}\n\n{way}，力争在{next}年{month}月底前{goal}。同步推进{further}，明确牵头股室和完成时限，\
             做到年初有部署、年中有检查、年底有总结，使{result}。\n\n"
        );
        self.push(&text);
    }

    /// Rows that add up to the last one: the checks of sums have something to hold.
    fn items_table(&mut self) {
        let (last, year) = (self.year - 1, self.year);
        let mut rows = format!("表：{year}年度主要事项办理情况（件）\n\n| 事项 | {last}年 | {year}年 | 按时办结 |\n");
        rows.push_str("| --- | ---: | ---: | ---: |\n");
        let mut total = [0; 3];
        for item in self.dice.some(&w::ITEMS, 8) {
            let before = self.dice.between(40, 900);
            let now = before + self.dice.between(0, before / 2);
            let in_time = now - self.dice.between(0, now / 50);
            total = [total[0] + before, total[1] + now, total[2] + in_time];
            let _ = writeln!(rows, "| {item} | {before} | {now} | {in_time} |");
        }
        let _ = writeln!(rows, "| 合计 | {} | {} | {} |\n", total[0], total[1], total[2]);
        self.push(&rows);
    }

    fn places_table(&mut self) {
        let mut rows = String::from(
            "| 受理渠道 | 第一季度 | 第二季度 | 第三季度 | 第四季度 |\n| --- | ---: | ---: | ---: | ---: |\n",
        );
        for place in self.dice.some(&w::PLACES, 6) {
            let _ = write!(rows, "| {place} |");
            for _ in 0..4 {
                let _ = write!(rows, " {} |", self.dice.between(15, 640));
            }
            rows.push('\n');
        }
        let _ = write!(rows, "\n表：{}年度各渠道受理量（件）\n\n", self.year);
        self.push(&rows);
    }
}
