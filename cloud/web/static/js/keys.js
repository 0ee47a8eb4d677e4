// Keys are declared where they act: data-key="a" data-key-says="Accept". A click or focus is all a key does.
const typing = (element) =>
  element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])");

const declared = () => [...document.querySelectorAll("[data-key]")].filter((element) => !element.disabled);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const target = declared().find((element) => element.dataset.key === event.key);
  if (!target) return;
  event.preventDefault();
  act(target);
});

function act(target) {
  if (!typing(target)) return target.click();
  target.focus();
  target.select?.();
}

document.getElementById("keys")?.addEventListener("opening", (event) => {
  const list = event.target.querySelector("[data-keys]");
  list.replaceChildren(...declared().map(row));
});

function row(element) {
  const line = document.createElement("div");
  const key = document.createElement("dt");
  const says = document.createElement("dd");
  key.append(Object.assign(document.createElement("kbd"), { textContent: element.dataset.key }));
  says.textContent = element.dataset.keySays;
  line.append(key, says);
  return line;
}
