// What a script adds to public pages; every page works without it.
const root = document.documentElement;

// The sun or the moon: the button of the other theme.
const dark = matchMedia("(prefers-color-scheme: dark)");
function offer() {
  const now = root.dataset.theme || (dark.matches ? "dark" : "light");
  for (const one of document.querySelectorAll("[data-set-theme]")) one.hidden = one.dataset.setTheme === now;
}
offer();
dark.addEventListener("change", offer);
new MutationObserver(offer).observe(root, { attributes: true, attributeFilter: ["data-theme"] });

for (const one of document.querySelectorAll("[data-print]")) {
  one.hidden = false;
  one.addEventListener("click", () => print());
}

// The phone's own sheet for sharing; elsewhere the link opens WhatsApp.
if (navigator.share) {
  for (const one of document.querySelectorAll("[data-share]")) {
    one.addEventListener("click", (event) => {
      event.preventDefault();
      const link = document.querySelector('link[rel="canonical"]');
      navigator.share({ title: one.dataset.share, text: one.dataset.share, url: link ? link.href : location.href }).catch(() => {});
    });
  }
}

// What is at hand already, kept on this phone alone.
for (const list of document.querySelectorAll("[data-ticks]")) {
  const key = `pelita-siap-${list.dataset.ticks}`;
  const boxes = [...list.querySelectorAll("input[type=checkbox]")];
  const count = list.querySelector("[data-ticks-count]"), bar = list.querySelector("progress");
  let kept = [];
  try { kept = JSON.parse(localStorage.getItem(key) || "[]"); } catch { /* a private window keeps nothing */ }
  boxes.forEach((box, at) => { box.checked = kept.includes(at); });
  const show = () => {
    const done = boxes.filter((box) => box.checked).length;
    count.textContent = count.dataset.ticksCount.replace("{n}", done).replace("{all}", boxes.length);
    bar.value = done;
  };
  list.addEventListener("change", () => {
    const ticked = boxes.flatMap((box, at) => box.checked ? [at] : []);
    try { localStorage.setItem(key, JSON.stringify(ticked)); } catch { /* as above */ }
    show();
  });
  show();
  for (const one of [count, bar, list.querySelector("[data-ticks-hint]")]) one.hidden = boxes.length < 2;
}

// The dock comes once the first buttons have scrolled away.
const ways = document.querySelector(".hero-ways"), dock = document.querySelector(".dock.is-late");
if (ways && dock && "IntersectionObserver" in window) {
  dock.classList.add("is-away");
  new IntersectionObserver(([one]) => dock.classList.toggle("is-away", one.isIntersecting || one.boundingClientRect.top > 0)).observe(ways);
}
