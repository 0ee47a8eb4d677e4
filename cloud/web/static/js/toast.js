// Toasts arrive as fragments in #toasts; good news leaves by itself, bad news waits to be read.
const STAYS_MS = 6000;
const toasts = document.getElementById("toasts");

document.addEventListener("click", (event) => event.target.closest?.("[data-toast] [data-closes]")?.closest("[data-toast]").remove());

new MutationObserver((changes) => {
  for (const note of changes.flatMap((change) => [...change.addedNodes])) {
    if (note.matches?.(".notice-good, .notice-info")) setTimeout(() => leave(note), STAYS_MS);
  }
}).observe(toasts, { childList: true });

function leave(note) {
  if (note.matches(":hover, :focus-within")) setTimeout(() => leave(note), STAYS_MS);
  else note.remove();
}

function unreachable() {
  if (toasts.querySelector("[data-unreachable]")) return;
  const copy = document.getElementById("toast-unreachable").content.cloneNode(true);
  copy.querySelector("[data-toast]").dataset.unreachable = "";
  toasts.append(copy);
}

document.addEventListener("htmx:sendError", unreachable);
document.addEventListener("htmx:timeout", unreachable);
// An error page of something between us and the server is no fragment of ours.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status < 500 || xhr.getResponseHeader("HX-Retarget")) return;
  event.detail.shouldSwap = false;
  unreachable();
});
