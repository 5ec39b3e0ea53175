// The page without a connection: what was typed lies in this tab (drafts.js), and the page comes back by itself.
function typed() {
  try { return Object.keys(sessionStorage).some((key) => key.startsWith("draf:")); } catch { return false; }
}
document.getElementById("tulisan").hidden = !typed();
addEventListener("online", () => location.reload());
