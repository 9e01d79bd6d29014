// Large type (适老): the same words at the same address, larger and in one column; with a script it is kept for the next
// page, without one the box works all the same; a browser that refuses storage says nothing about it.
const STATE = () => {
  const size = (element) => parseFloat(getComputedStyle(element ?? document.body).fontSize);
  const columns = document.querySelector('.columns, .halves');
  return {
    words: document.body.innerText.replace(/\s+/g, ' '),
    size: size(document.querySelector('main p')),
    leading: parseFloat(getComputedStyle(document.querySelector('main p') ?? document.body).lineHeight) / size(document.querySelector('main p')),
    columns: columns ? getComputedStyle(columns).gridTemplateColumns.split(' ').length : 1,
    checked: document.getElementById('large-type')?.checked,
  };
};

/** Checks the mode on one page. `plain` is a tab without scripts. */
export async function checkLargeType(tab, plain, address) {
  const findings = [];
  const say = (message) => findings.push(`large type: ${message}`);
  for (const one of [tab, plain]) one.removeAllListeners();
  await tab.goto(address, { waitUntil: 'load' });
  if (!(await tab.$('#large-type'))) return ['large type: no box to turn it on'];
  const before = await tab.evaluate(STATE);
  await tab.click('#large-type');
  const after = await tab.evaluate(STATE);
  if (after.words !== before.words) say('the words differ');
  if (!(after.size >= 1.4 * before.size)) say(`text grows from ${before.size} to ${after.size} px only`);
  if (!(after.size >= 20)) say(`text is ${after.size} px`);
  if (!(after.leading >= 1.8)) say(`lines are ${after.leading} of the text apart`);
  if (after.columns > 1) say(`${after.columns} columns`);
  await tab.reload({ waitUntil: 'load' });
  const kept = await tab.evaluate(STATE);
  if (!kept.checked || kept.size !== after.size) say('it is not kept for the next page');
  const moved = await tab.evaluate(() => new Promise((done) => {
    new PerformanceObserver((list) => done(list.getEntries().reduce((sum, entry) => sum + entry.value, 0))).observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => done(0), 50);
  }));
  if (moved > 0) say(`the page moves while it loads: ${moved.toFixed(3)}`);
  await tab.click('#large-type');
  await tab.reload({ waitUntil: 'load' });
  if ((await tab.evaluate(STATE)).size !== before.size) say('it cannot be turned off');
  await plain.goto(address, { waitUntil: 'load' });
  await plain.click('#large-type');
  if ((await plain.evaluate(STATE)).size !== after.size) say('without a script the box does nothing');
  return findings;
}

/** Turns the mode on for every page that a tab opens from now on, as the script would find it. */
export const turnOn = (context) => context.addInitScript(() => {
  try {
    localStorage.setItem('sunlit.large-type', 'on');
  } catch {
    // an error page has no storage
  }
});
