// Keeps an open page right: asks for it again when something has changed, and puts in only what differs, so that the place
// in the text, the focus and open folds stay. Only in a preview; a build has none of it.
(() => {
  "use strict";
  const own = () => document.getElementById("sunlit-preview");
  let shown = own()?.dataset.tick;
  let wanted = shown;
  let busy = false;

  function overlay() {
    const sheet = document.getElementById("sunlit-overlay");
    const button = sheet?.querySelector(".close");
    if (!button) return;
    const close = () => {
      sessionStorage.setItem("sunlit-closed", button.dataset.key);
      sheet.hidden = true;
    };
    sheet.hidden = sessionStorage.getItem("sunlit-closed") === button.dataset.key;
    button.onclick = close;
    document.onkeydown = (event) => {
      if (event.key === "Escape" && !sheet.hidden) close();
    };
  }

  // Children that begin or end alike stay; the others are made alike one by one.
  function morph(old, next) {
    if (old.isEqualNode(next)) return;
    const other = old.nodeType !== next.nodeType || old.nodeName !== next.nodeName;
    if (other || (old.nodeType === 1 && old.id !== next.id)) {
      old.replaceWith(document.importNode(next, true));
      return;
    }
    if (old.nodeType !== 1) {
      old.nodeValue = next.nodeValue;
      return;
    }
    const kept = (name) => name === "open" || name === "hidden";
    for (const { name, value } of [...next.attributes]) {
      if (!kept(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    for (const { name } of [...old.attributes]) {
      if (!kept(name) && !next.hasAttribute(name)) old.removeAttribute(name);
    }
    const a = [...old.childNodes];
    const b = [...next.childNodes];
    let start = 0;
    while (start < a.length && start < b.length && a[start].isEqualNode(b[start])) start += 1;
    let end = 0;
    const most = Math.min(a.length, b.length) - start;
    while (end < most && a[a.length - 1 - end].isEqualNode(b[b.length - 1 - end])) end += 1;
    const before = a.slice(start, a.length - end);
    const after = b.slice(start, b.length - end);
    const behind = end > 0 ? a[a.length - end] : null;
    after.forEach((node, index) => {
      if (index < before.length) morph(before[index], node);
      else old.insertBefore(document.importNode(node, true), behind);
    });
    before.slice(after.length).forEach((node) => node.remove());
  }

  // A style sheet is put beside the old one, which goes once the new one is there: no flash, no reload.
  function head(next) {
    const is = (node, of) => [...of.children].some((other) => other.isEqualNode(node));
    const gone = [...document.head.children].filter((node) => !is(node, next.head));
    const come = [...next.head.children].filter((node) => !is(node, document.head));
    const script = (node) => node.nodeName === "SCRIPT" && node.src;
    if (gone.some(script) || come.some(script)) return false;
    const sheet = (node) => node.nodeName === "LINK" && node.rel === "stylesheet";
    const sheets = gone.filter(sheet);
    for (const node of come) {
      const made = document.importNode(node, true);
      if (sheet(node)) {
        const after = () => sheets.splice(0).forEach((old) => old.remove());
        made.onload = after;
        made.onerror = after;
        const last = [...document.head.children].filter(sheet).pop();
        if (last) last.after(made);
        else document.head.append(made);
      } else document.head.append(made);
    }
    gone.filter((node) => !sheet(node)).forEach((node) => node.remove());
    if (!come.some(sheet)) sheets.forEach((node) => node.remove());
    document.title = next.title;
    return true;
  }

  const ask = (headers) => fetch(location.pathname, { cache: "no-store", headers });

  // Puts in the one element that differs. False where the page is not what the preview takes it for: something else changed it.
  function swap({ own: said, way, html }) {
    let node = document.body;
    for (const [place, name] of way) {
      node = node.children[place];
      if (node?.localName !== name) return false;
    }
    const parsed = (text, within) => {
      const range = document.createRange();
      range.selectNodeContents(within);
      return range.createContextualFragment(text).firstElementChild;
    };
    if (html !== null) morph(node, parsed(html, node.parentNode));
    morph(own(), parsed(said, document.body));
    return true;
  }

  // Brings the page to the state of now, by what has changed or by the whole of it. False where only loading it anew can.
  async function follow() {
    let answer = await ask({ "sunlit-shown": own().dataset.tick });
    if (answer.headers.get("content-type") === "application/json") {
      if (swap(await answer.json())) return true;
      answer = await ask({});
    }
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!head(next)) return false;
    morph(document.body, next.body);
    return own() !== null;
  }

  async function update() {
    if (busy) return;
    busy = true;
    try {
      while (shown !== wanted) {
        const aim = wanted;
        if (!(await follow())) {
          location.reload();
          return;
        }
        shown = aim;
        overlay();
        document.documentElement.dataset.sunlit = aim;
      }
    } catch {
      // The preview has ended; when it is there again, it says so.
    } finally {
      busy = false;
    }
  }

  // A browser opens six connections to one host: a page that nobody sees gives its own back, and catches up when it is seen.
  let news;
  function listen() {
    if (document.hidden) {
      news?.close();
      news = undefined;
    } else if (!news) {
      news = new EventSource("/_sunlit/events");
      news.addEventListener("state", (event) => {
        wanted = event.data;
        update();
      });
    }
  }

  overlay();
  listen();
  document.addEventListener("visibilitychange", listen);
})();
