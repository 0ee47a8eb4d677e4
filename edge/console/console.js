// Looks at the gateway every three seconds and changes what has changed, never what somebody stands on.
const EVERY = 3000;
const live = document.querySelector("[data-live]");
const stale = document.querySelector("#stale");
let seen = new Date();

function take(fresh, old) {
  const holder = document.createElement("template");
  holder.innerHTML = fresh;
  for (const section of [...holder.content.children]) {
    const there = old.querySelector(`#${CSS.escape(section.id)}`);
    if (!there) return void (old.innerHTML = fresh);
    const open = [...there.querySelectorAll("details")].map((one) => one.open);
    section.querySelectorAll("details").forEach((one, at) => { one.open = Boolean(open[at]); });
    if (there.outerHTML !== section.outerHTML && !there.contains(document.activeElement)) there.replaceWith(section);
  }
}

async function look() {
  try {
    const answer = await fetch(live.dataset.live, { signal: AbortSignal.timeout(EVERY * 2) });
    if (answer.status === 401) return void location.assign("/");
    if (!answer.ok) throw new Error(answer.statusText);
    take(await answer.text(), live);
    seen = new Date();
    if (stale) stale.hidden = true;
    if (answer.headers.has("X-Done")) return void location.reload();
  } catch {
    if (stale && stale.hidden) {
      stale.textContent = stale.dataset.words.replace("%", seen.toLocaleTimeString());
      stale.hidden = false;
    }
  }
  setTimeout(look, EVERY);
}

// A live picture: the next is asked for once the last is shown, and never while nobody looks at the page.
async function watch(image) {
  const said = image.parentElement.querySelector("figcaption p");
  const say = (words) => { if (said.textContent !== words) said.textContent = words; };
  let pause = document.hidden ? 1000 : 200;
  if (!document.hidden) {
    try {
      const answer = await fetch(image.dataset.frames, { signal: AbortSignal.timeout(EVERY) });
      if (answer.status === 401) return void location.assign("/");
      if (!answer.ok) throw new Error(answer.status === 409 ? said.dataset.busy : said.dataset.lost);
      const before = image.src;
      image.src = URL.createObjectURL(await answer.blob());
      await image.decode();
      if (before) URL.revokeObjectURL(before);
      image.hidden = false;
      say(image.alt);
    } catch (why) {
      image.hidden = true;
      say([said.dataset.busy, said.dataset.lost].includes(why.message) ? why.message : said.dataset.lost);
      pause = EVERY;
    }
  }
  setTimeout(() => watch(image), pause);
}

async function comeBack(path) {
  try {
    const answer = await fetch(path, { signal: AbortSignal.timeout(EVERY), redirect: "manual" });
    if (answer.type === "opaqueredirect" || answer.ok) return void location.assign(path);
  } catch { /* not yet */ }
  setTimeout(() => comeBack(path), 1000);
}

if (live) setTimeout(look, EVERY);
document.querySelectorAll("[data-frames]").forEach(watch);
const awaited = document.querySelector("[data-await]");
if (awaited) setTimeout(() => comeBack(awaited.dataset.await), 2000);
