// Every [data-drawing] on the page, now or brought later, becomes a sheet one can draw on.
import { edit } from "./drawing/editor.js";

const started = new WeakSet();

function start(root) {
  for (const element of root.querySelectorAll("[data-drawing]")) {
    if (!started.has(element)) edit(element);
    started.add(element);
  }
}

start(document);
document.addEventListener("htmx:load", (event) => start(event.target.parentElement ?? document));
