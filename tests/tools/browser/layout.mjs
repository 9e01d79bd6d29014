// What a reader with a narrow window or with wide text spacing would lose, and what tires any reader. All run inside the page.

/** WCAG 1.4.10: nothing scrolls sideways but what is meant to (a table in its own scrolling box). */
export function findOverflow() {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const scrolls = (element) => element && element !== root && element !== document.body && (/auto|scroll|hidden|clip/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
  const wide = [...document.body.querySelectorAll('*')].filter((element) => element.getBoundingClientRect().right > root.clientWidth + 1 && !scrolls(element.parentElement));
  const name = ({ localName, id, className }) => `${localName}${id ? `#${id}` : ''}${typeof className === 'string' && className ? `.${className.split(' ')[0]}` : ''}`;
  return [`overflow: page is ${root.scrollWidth}px wide in a window of ${root.clientWidth}px: ${[...new Set(wide.map(name))].slice(0, 4).join(', ')}`];
}

/** WCAG 1.4.8: at most 40 Han characters a line, lines 1.5 apart, never justified. */
export function findTiringText() {
  const findings = new Set();
  const holdsText = (element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  for (const paragraph of [...document.querySelectorAll('main p, main li')].filter(holdsText)) {
    const { fontSize, lineHeight, textAlign, letterSpacing } = getComputedStyle(paragraph);
    const size = parseFloat(fontSize);
    const characters = Math.floor((paragraph.clientWidth + 0.5) / (size + (parseFloat(letterSpacing) || 0)));
    if (characters > 40) findings.add(`line length: ${characters} characters fit in a line of ${paragraph.localName}`);
    if (!(parseFloat(lineHeight) >= 1.5 * size - 0.1)) findings.add(`line height: ${lineHeight} at ${fontSize} in ${paragraph.localName}`);
    if (textAlign === 'justify') findings.add(`justified text in ${paragraph.localName}`);
  }
  return [...findings];
}

/** WCAG 1.4.12: the reader's own spacing. A constructed sheet, because the page's policy rightly refuses inline ones. */
export function widenText() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

export function findClippedText() {
  const findings = [];
  for (const element of document.body.querySelectorAll('*')) {
    if (!element.innerText?.trim() || element.closest('svg') || !element.checkVisibility({ checkVisibilityCSS: true })) continue;
    const { overflowX, overflowY, clipPath, position } = getComputedStyle(element);
    const hidesOnPurpose = position === 'absolute' && (clipPath !== 'none' || element.clientWidth <= 2 || element.clientHeight <= 2);
    if (hidesOnPurpose) continue;
    const cuts = (overflow, content, box) => /hidden|clip/.test(overflow) && content > box + 2;
    if (cuts(overflowX, element.scrollWidth, element.clientWidth) || cuts(overflowY, element.scrollHeight, element.clientHeight))
      findings.push(`text spacing: text is cut off in ${element.localName}${element.className ? `.${element.className}` : ''}: "${element.innerText.trim().slice(0, 30)}"`);
  }
  return findings;
}
