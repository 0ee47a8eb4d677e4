{% autoescape false %}// Shows the pages on which patients book. A place: <div data-emmetra-book></div>; a button: data-emmetra-book="button".
(() => {
  const told = {{ told|tojson }};
  const script = document.currentScript;
  const address = () => told.frame + (told.language ? "?lang=" + told.language : "");
  const frames = new Set();

  function frame() {
    const made = document.createElement("iframe");
    made.src = address();
    made.title = told.title;
    made.loading = "lazy";
    made.setAttribute("allow", "");
    Object.assign(made.style, { width: "100%", border: "0", minHeight: "320px", colorScheme: "light dark" });
    frames.add(made);
    return made;
  }

  addEventListener("message", (event) => {
    if (event.origin !== told.origin) return;
    for (const one of frames) {
      if (event.source !== one.contentWindow) continue;
      const height = Number(event.data && event.data.emmetraHeight);
      if (height > 0 && height < 20000) one.style.height = Math.ceil(height) + "px";
      if (event.data && event.data.emmetraTop) one.scrollIntoView({ block: "nearest" });
    }
  });

  function button(place) {
    const opener = document.createElement("button");
    opener.type = "button";
    opener.textContent = place.dataset.emmetraText || told.button;
    opener.className = place.dataset.emmetraClass || "";
    const dialog = document.createElement("dialog");
    dialog.setAttribute("aria-label", told.title);
    Object.assign(dialog.style, { width: "min(640px, 96vw)", maxHeight: "92vh", border: "0", borderRadius: "8px", padding: "8px" });
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = told.close;
    close.addEventListener("click", () => dialog.close());
    dialog.append(close);
    opener.addEventListener("click", () => {
      if (!dialog.querySelector("iframe")) dialog.append(frame());
      dialog.showModal();
    });
    place.append(opener, dialog);
  }

  function show() {
    let places = [...document.querySelectorAll("[data-emmetra-book]:not([data-emmetra-shown])")];
    if (!places.length && script && !document.querySelector("[data-emmetra-book]")) {
      const place = document.createElement("div");
      place.dataset.emmetraBook = script.dataset.form || "";
      script.after(place);
      places = [place];
    }
    for (const place of places) {
      place.dataset.emmetraShown = "";
      if (place.dataset.emmetraBook === "button") button(place);
      else place.append(frame());
    }
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", show);
  else show();
})();
{% endautoescape %}
