/* Remembers the box "large type" of the header on this device. Without this file the box works all the same, for the page
   at hand. Read before the page is drawn, so that nothing moves. No cookie, nothing is sent; written for old browsers. */
(function () {
  var root = document.documentElement, key = 'sunlit.large-type';
  function kept() {
    try { return localStorage.getItem(key) === 'on'; } catch (error) { return false; }
  }
  function show() {
    var on = kept(), box = document.getElementById('large-type');
    if (on) root.setAttribute('data-large-type', ''); else root.removeAttribute('data-large-type');
    if (box) box.checked = on;
  }
  show();
  document.addEventListener('change', function (event) {
    if (event.target.id !== 'large-type') return;
    try { localStorage.setItem(key, event.target.checked ? 'on' : 'off'); } catch (error) {
      /* Storage is closed to us: the box still does what it says. */
      if (event.target.checked) root.setAttribute('data-large-type', ''); else root.removeAttribute('data-large-type');
      return;
    }
    show();
  });
  document.addEventListener('DOMContentLoaded', show);
  window.addEventListener('pageshow', function (event) { if (event.persisted) show(); });
  window.addEventListener('storage', function (event) { if (event.key === key) show(); });
})();
