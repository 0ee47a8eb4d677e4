// The store's news. An event names its topic; every element that declares data-live="topic …" with hx-get and
// hx-trigger="live" fetches itself anew. The dot in the top bar says only what is so.
//
// A topic that ends in ".*" stands for whatever it is of: "booking.visit.*" for every visit.
//
// Wire: default events carry {"topic": "…"}; "gateway" events carry {"state": "online|stale|offline"}; "beat" events
// only show that the stream is alive. The browser sends Last-Event-ID by itself when it reconnects.
const QUIET_MS = 45_000;
const POINTER_REST_MS = 2_000;
const RETRY_MS = 5_000;

const dot = document.getElementById("live");
let stream;
let heard = Date.now();
let broken = false;
let pointerMoved = 0;

function show(state) {
  dot.dataset.stream = state;
  dot.dataset.shown = state === "connected" ? connected(dot.dataset.gateway) : state;
}

const connected = (gateway) => ({ stale: "stale", offline: "gateway-offline" })[gateway] ?? "connected";

function connect() {
  stream = new EventSource(dot.dataset.href);
  stream.addEventListener("open", back);
  stream.addEventListener("error", lost);
  stream.addEventListener("message", (event) => alive(() => refresh(JSON.parse(event.data).topic)));
  stream.addEventListener("gateway", (event) => alive(() => gateway(JSON.parse(event.data).state)));
  stream.addEventListener("beat", () => alive());
}

function back() {
  alive();
  if (broken) document.querySelectorAll("[data-live]").forEach(renew);
  broken = false;
}

function lost() {
  broken = true;
  show(navigator.onLine ? "reconnecting" : "offline");
  if (stream.readyState === EventSource.CLOSED) setTimeout(again, RETRY_MS);
}

function again() {
  stream.close();
  connect();
}

function alive(then) {
  heard = Date.now();
  if (dot.dataset.stream !== "connected") show("connected");
  then?.();
}

function gateway(state) {
  dot.dataset.gateway = state;
  show("connected");
}

// One commit often tells several topics at once; a part that listens to more than one fetches itself once.
const AT_ONCE_MS = 10;
const told = new Set();

function refresh(topic) {
  if (told.size === 0) setTimeout(renewTold, AT_ONCE_MS);
  told.add(topic);
}

function renewTold() {
  const topics = [...told];
  told.clear();
  for (const element of document.querySelectorAll("[data-live]")) {
    if (element.dataset.live.split(" ").some((wanted) => topics.some((topic) => concerns(wanted, topic)))) renew(element);
  }
}

const concerns = (wanted, topic) => topic === wanted || (wanted.endsWith(".*") && topic.startsWith(wanted.slice(0, -1)));

// Nothing moves under a working pointer, and nothing is taken from someone who is typing or deciding. News that
// comes while the part is being fetched makes it fetch once more, since the answer under way may be older.
function renew(element) {
  if (!element.isConnected) return;
  if (element.classList.contains("htmx-request")) outdated.add(key(element));
  else if (!inUse(element)) htmx.trigger(element, "live");
  else if (!resting.has(element)) rest(element);
}

function rest(element) {
  resting.add(element);
  setTimeout(() => resting.delete(element) && renew(element), POINTER_REST_MS);
}

const changed = (input) => input.checked !== input.defaultChecked;

function inUse(element) {
  const pointing = element.matches(":hover") && Date.now() - pointerMoved < POINTER_REST_MS;
  return pointing || deciding(element);
}

function deciding(element) {
  const chosen = [...element.querySelectorAll("input[type=checkbox], input[type=radio]")].some(changed);
  return chosen || element.querySelector("dialog[open], details.menu[open], input:focus, textarea:focus, select:focus") !== null;
}

// A part that still looks as we hold it comes back as an empty place (X-Held, cloud/web/held.py): what we hold moves there.
const held = (root) => new Map([...root.querySelectorAll("[data-look]")].map((part) => [part.dataset.look, part]));

document.addEventListener("htmx:configRequest", (event) => {
  const { elt, headers } = event.detail;
  if (elt.matches?.("[data-live]")) headers["X-Held"] = [...held(elt).keys()].join(" ");
});

document.addEventListener("htmx:afterSwap", (event) => {
  const element = event.detail.elt;
  const holding = before.get(key(element))?.held ?? new Map();
  for (const place of element.querySelectorAll("[data-held]")) {
    if (!holding.has(place.dataset.held)) outdated.add(key(element));
    place.replaceWith(holding.get(place.dataset.held) ?? "");
  }
});

// Parts with data-part are compared before and after; what is new or different lights up briefly.
const looks = (root) => new Map([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part.textContent]));
const before = new Map();
const resting = new Set();
const outdated = new Set();
const key = (element) => element.id || element.dataset.live;

document.addEventListener("htmx:beforeSwap", (event) => {
  const target = event.detail.target;
  if (!target.matches?.("[data-live]")) return;
  if (deciding(target)) {
    // somebody opened a dialog or began to type while this was on its way
    event.detail.shouldSwap = false;
    if (!resting.has(target)) rest(target);
  } else before.set(key(target), { parts: looks(target), open: opened(target), held: held(target) });
});

document.addEventListener("htmx:afterSettle", (event) => {
  const element = event.detail.elt;
  if (!element.matches?.("[data-live]")) return;
  if (outdated.delete(key(element))) setTimeout(renew, 0, element);
  const known = before.get(key(element));
  if (!known) return;
  before.delete(key(element));
  for (const part of element.querySelectorAll("[data-part]")) {
    if (known.parts.get(part.dataset.part) !== part.textContent) light(part);
    if (known.open.has(part.dataset.part)) part.querySelectorAll("details.series").forEach((one) => (one.open = true));
  }
});

const opened = (root) => new Set([...root.querySelectorAll("[data-part]:has(details.series[open])")].map((part) => part.dataset.part));

function light(part) {
  part.classList.add("changed");
  setTimeout(() => part.classList.remove("changed"), 3000);
}

document.addEventListener("pointermove", () => (pointerMoved = Date.now()), { passive: true });
window.addEventListener("offline", () => show("offline"));
window.addEventListener("online", again);
window.addEventListener("pagehide", () => stream.close());
window.addEventListener("pageshow", (event) => event.persisted && again());
setInterval(() => {
  if (dot.dataset.stream === "connected" && Date.now() - heard > QUIET_MS) {
    broken = true;
    show("reconnecting");
    again();
  }
}, 5000);

connect();
