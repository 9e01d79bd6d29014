// Sizes of what is pressed and clicked. Runs inside the page.

/** WCAG 2.5.5 and 2.5.8: 44 CSS pixels both ways, but for links within a sentence; 60 high in large type (工信部 2021). */
export function findSmallTargets(least) {
  const findings = new Set();
  const name = (element) => `${element.localName} "${(element.textContent || '').trim().slice(0, 30)}"`;
  // A link is within a sentence where words stand beside it in its paragraph, cell or list item.
  const inSentence = (link) => {
    const block = link.closest('p, li, td, dd, caption, blockquote');
    const beside = block && !link.closest('nav, .entry, .more, .ways, .site-footer, .brand, .facts, .bodies, .series, .matrix');
    return beside && (block.textContent.replace(link.textContent, '').trim().length > 0 || link.closest('sup'));
  };
  for (const element of document.querySelectorAll('a[href], button, input, select, textarea, summary')) {
    if (!element.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true })) continue;
    if (element.localName === 'a' && inSentence(element)) continue;
    if (element.className === 'skip' || element.closest('.footnote-back')) continue;
    const boxes = [element, ...(element.labels ?? [])].map((one) => one.getBoundingClientRect());
    const [width, height] = [Math.max(...boxes.map((box) => box.width)), Math.max(...boxes.map((box) => box.height))];
    // A link of a line is as wide as its words: a year of four digits is what decides.
    if (height < least - 0.5) findings.add(`target: ${Math.round(width)} × ${Math.round(height)} px, less than ${least} high: ${name(element)}`);
    else if (width < 44 - 0.5) findings.add(`target: ${Math.round(width)} px wide, less than 44: ${name(element)}`);
  }
  return [...findings];
}
