// Runs before the first paint, so that a dark choice never flashes white. Without a choice the system decides.
(() => {
  const KEY = "pelita-theme";
  const root = document.documentElement;

  function chosen() {
    try { return localStorage.getItem(KEY) || ""; } catch { return ""; }
  }

  function apply(theme) {
    if (theme) root.dataset.theme = theme; else delete root.dataset.theme;
    for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
      const own = meta.media.includes("dark") ? "dark" : "light";
      meta.content = (theme || own) === "dark" ? "#0e1514" : "#f7f6f2";
    }
    for (const button of document.querySelectorAll("[data-set-theme]")) {
      button.setAttribute("aria-pressed", String(button.dataset.setTheme === theme));
    }
  }

  apply(chosen());
  document.addEventListener("DOMContentLoaded", () => apply(chosen()));
  // data-set-theme="light", "dark" or "" (as the device).
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-set-theme]");
    if (!button) return;
    const theme = button.dataset.setTheme;
    try { if (theme) localStorage.setItem(KEY, theme); else localStorage.removeItem(KEY); } catch { /* a private window forgets */ }
    apply(theme);
  });
  addEventListener("storage", (event) => { if (event.key === KEY) apply(event.newValue || ""); });
})();
