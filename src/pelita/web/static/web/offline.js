// The page without a connection: what was typed lies in this tab (drafts.js), and the page comes back by itself.
// With ?kirim it stands in the place of a form's answer (sw.js): what was sent did not arrive, and the way is back.
function typed() {
  try { return Object.keys(sessionStorage).some((key) => key.startsWith("draf:")); } catch { return false; }
}
const sent = location.search === "?kirim", back = document.getElementById("kembali");
for (const one of document.querySelectorAll("[data-asked]")) one.hidden = sent;
for (const one of document.querySelectorAll("[data-sent]")) one.hidden = !sent;
document.getElementById("tulisan").hidden = sent || !typed();
back.addEventListener("click", () => history.back());
addEventListener("online", () => { if (sent) history.back(); else location.reload(); });
