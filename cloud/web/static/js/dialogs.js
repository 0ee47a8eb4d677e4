// Dialogs open by data-opens="id", close by data-closes; menus close when one looks elsewhere.
const closest = (event, selector) => event.target.closest?.(selector);

document.addEventListener("click", (event) => {
  const opener = closest(event, "[data-opens]");
  if (opener) open(document.getElementById(opener.dataset.opens));
  const closer = closest(event, "[data-closes]");
  if (closer) closer.closest("dialog")?.close();
  if (event.target.matches?.("dialog")) event.target.close();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target) || opener) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

function open(dialog) {
  if (!dialog || dialog.open) return;
  dialog.dispatchEvent(new CustomEvent("opening"));
  dialog.showModal();
}
