// How the trade types a figure: "-175" is −1.75, "p" plano, "ds" no cylinder; a sign is never left out.
const STEP = 0.25;

const plain = (text) => text.trim().replaceAll("−", "-").replace(",", ".");

const isFigure = (text) => /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(text);

const signed = (value) => (value < 0 ? "-" : "+") + Math.abs(value).toFixed(Math.round(Math.abs(value) * 1000) % 10 ? 3 : 2);

// Unsigned cylinders are minus cylinders; every other unsigned power is plus.
export function power(text, field) {
  const typed = plain(text);
  if (/^(p|pl|plano)$/i.test(typed)) return "pl";
  if (/^(d|ds)$/i.test(typed)) return "DS";
  if (!isFigure(typed)) return text.trim();
  let value = Number(typed);
  if (/^[+-]?\d{2,4}$/.test(typed) && Math.abs(value) >= 25) value /= 100;
  if (field === "cylinder" && !/^[+-]/.test(typed)) value = -Math.abs(value);
  if (value === 0) return field === "cylinder" ? "DS" : "pl";
  return signed(value);
}

export function axis(text) {
  const typed = plain(text).replace("°", "");
  if (!/^\d{1,3}$/.test(typed) || Number(typed) > 180) return text.trim();
  return String(Number(typed) || 180).padStart(3, "0");
}

// What an instrument wrote, with the sign and the figures it left out; its value, unlike a typed one's, is never guessed.
export function legible(kind, text) {
  if (kind === "power" && /^\d/.test(text) && isFigure(text) && Number(text)) return `+${text}`;
  return kind === "axis" && /^\d{1,2}$/.test(text) ? text.padStart(3, "0") : text;
}

export function tidy(kind, field, text) {
  if (!text.trim()) return "";
  if (kind === "power") return power(text, field);
  if (kind === "axis") return axis(text);
  if (kind === "number") return plain(text);
  return text.trim();
}

export function stepped(kind, field, text, step, by) {
  const typed = plain(text).toLowerCase();
  const now = ["pl", "ds", "plano", ""].includes(typed) ? 0 : Number(typed);
  if (Number.isNaN(now)) return null;
  if (kind === "axis") return String(((now + by * 5 + 359) % 180) + 1).padStart(3, "0");
  const size = Number(step) || (kind === "power" ? STEP : 1);
  const next = Math.round((now + by * size) / size) * size;
  if (kind === "power") return next === 0 ? (field === "cylinder" ? "DS" : "pl") : signed(next);
  return String(Number(next.toFixed(3)));
}
