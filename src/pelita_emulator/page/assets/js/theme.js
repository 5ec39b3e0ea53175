// Runs before the page is painted: a theme chosen earlier must not flash in the other colours first.
try {
  const chosen = localStorage.getItem("peraga-theme");
  if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
} catch {
  // Storage may be forbidden; the system's theme then holds.
}
