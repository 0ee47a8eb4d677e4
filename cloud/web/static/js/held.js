// How long a held time is still held; the server alone decides, this only tells.
const line = document.querySelector("[data-held-until]");
const left = line?.querySelector("[data-left]");

function tell() {
  const seconds = Math.floor((Date.parse(line.dataset.heldUntil) - Date.now()) / 1000);
  if (seconds < 0) return (left.textContent = line.dataset.over);
  left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  setTimeout(tell, 1000);
}

if (line) tell();
