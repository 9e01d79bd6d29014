// Walks a page with the Tab key as a reader without a mouse does. Every stop must lie in the window, show that it has the
// focus, and every control must be reached; the first stop is a skip link that leads into main.
const MOST_STOPS = 250;

export async function walkKeyboard(page) {
  const findings = [];
  await page.evaluate(prepare);
  let stops = 0;
  for (; stops < MOST_STOPS; stops += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => window.keyboardWalk.stop());
    if (stop.over) break;
    findings.push(...stop.findings);
  }
  findings.push(...(await page.evaluate((complete) => window.keyboardWalk.finish(complete), stops < MOST_STOPS)));
  return [...findings, ...(await followSkipLink(page))];
}

function prepare() {
  const name = (element) => `${element.localName}${element.id ? `#${element.id}` : ''} "${(element.textContent || element.value || '').trim().slice(0, 30)}"`;
  const tiny = ({ width, height }) => width <= 2 || height <= 2;
  // A visually hidden radio button or checkbox shows its state on its label.
  const shown = (element) => (element.labels?.length && tiny(element.getBoundingClientRect()) ? element.labels[0] : element);
  const look = (element) => [null, '::before', '::after'].map((part) => {
    const style = getComputedStyle(element, part);
    const outline = style.outlineStyle === 'none' || style.outlineWidth === '0px' ? 'none' : `${style.outlineStyle} ${style.outlineWidth} ${style.outlineColor}`;
    return [outline, style.boxShadow, style.backgroundColor, style.borderTop, style.borderBottom, style.borderLeft, style.textDecoration].join(' | ');
  }).join(' || ');
  const stops = new Map();

  window.keyboardWalk = {
    stop() {
      const element = document.activeElement;
      if (!element || element === document.body || element === document.documentElement || stops.has(element)) return { over: true };
      const seen = shown(element);
      stops.set(element, { seen, focused: look(seen) });
      const findings = [];
      if (stops.size === 1) {
        const target = element.getAttribute('href')?.startsWith('#') ? document.getElementById(element.hash.slice(1)) : null;
        if (!target?.closest('main') && !target?.querySelector('main')) findings.push(`keyboard: first stop is no skip link: ${name(element)}`);
      }
      const box = [...seen.getClientRects()].find((rect) => !tiny(rect));
      if (!box) findings.push(`keyboard: stop has no size: ${name(element)}`);
      else {
        const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
        const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
        const over = left < right && top < bottom ? document.elementFromPoint((left + right) / 2, (top + bottom) / 2) : null;
        if (!over) findings.push(`keyboard: stop is outside the window: ${name(element)}`);
        else if (!seen.contains(over) && !over.contains(seen)) findings.push(`keyboard: stop is covered by ${name(over)}: ${name(element)}`);
      }
      return { findings };
    },
    finish(complete) {
      document.activeElement?.blur();
      const findings = [];
      for (const [element, { seen, focused }] of stops) if (look(seen) === focused) findings.push(`keyboard: focus is not visible: ${name(element)}`);
      for (const element of document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex], [onclick]')) {
        const visible = element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
        const grouped = element.type === 'radio' && [...stops.keys()].some((stop) => stop.name === element.name);
        if (complete && visible && !element.disabled && element.tabIndex >= 0 && !grouped && !stops.has(element)) findings.push(`keyboard: never reached: ${name(element)}`);
        if (element.tabIndex > 0) findings.push(`keyboard: positive tabindex: ${name(element)}`);
      }
      return findings;
    },
  };
}

async function followSkipLink(page) {
  await page.evaluate(() => document.querySelector('a[href^="#"]')?.focus());
  await page.keyboard.press('Enter');
  return page.evaluate(() => {
    const at = document.activeElement;
    return at?.closest('main') ? [] : ['keyboard: the skip link does not move the focus into main'];
  });
}
