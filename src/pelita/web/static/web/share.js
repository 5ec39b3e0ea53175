// Hands cards and words to WhatsApp through the phone's own sheet. Where there is none, the page offers to download
// and to copy; that works without this script too.
const page = document.querySelector("[data-sharing]");
const button = page && page.querySelector("[data-share-files]");

if (button && navigator.share && navigator.canShare) start();

async function start() {
  const wrong = page.querySelector("[data-share-wrong]"), hint = page.querySelector("[data-share-hint]");
  const probe = new File([new Uint8Array([255, 216, 255])], "kartu.jpg", { type: "image/jpeg" });
  if (!navigator.canShare({ files: [probe] })) return;
  button.hidden = hint.hidden = false;
  page.querySelector("[data-share-else]").open = false;
  button.setAttribute("aria-busy", "true");
  let files;
  try {
    // Before the tap: a browser lets a page share only while the tap is fresh.
    files = await Promise.all([...page.querySelectorAll("[data-share-file]")].map(fetched));
  } catch {
    tell(page.dataset.gone);
    return;
  } finally {
    button.removeAttribute("aria-busy");
  }
  button.disabled = false;
  button.addEventListener("click", async () => {
    wrong.hidden = true;
    const all = { files, text: page.dataset.caption };
    try {
      await navigator.share(navigator.canShare(all) ? all : { files });
    } catch (error) {
      if (error.name !== "AbortError") tell(page.dataset.refused);
      return;
    }
    const asked = document.getElementById("sudah-tayang");
    asked.classList.add("is-asked");
    asked.querySelector(".sharing-main")?.classList.add("is-primary");
    asked.focus({ preventScroll: true });
    asked.scrollIntoView({ block: "center" });
  });

  function tell(words) {
    wrong.textContent = words;
    wrong.hidden = false;
    page.querySelector("[data-share-else]").open = true;
  }
}

async function fetched(one) {
  const answer = await fetch(one.dataset.shareFile, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  return new File([await answer.blob()], one.dataset.name, { type: one.dataset.type });
}
