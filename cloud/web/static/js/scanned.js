// A sheet's QR was read by a phone: the code stands behind the # of the address and goes nowhere from here.
const told = new URLSearchParams(location.hash.slice(1));
const [claim, root] = [told.get("claim") ?? "", told.get("root") ?? ""];
if (/^[0-9A-Z-]{8,80}$/.test(claim)) {
  const command = document.querySelector("[data-command]");
  const trust = /^[0-9a-f]{64}$/.test(root) ? ` --root-sha256 ${root}` : "";
  command.textContent = command.textContent.replace("…", claim) + trust;
}
