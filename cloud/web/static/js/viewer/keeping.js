// Marks to the record: all or nothing. What could not be sent stays on the page.
export async function keep(address, token, { add, end }) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token, Accept: "application/json" };
  try {
    const response = await fetch(address, { method: "POST", headers, body: JSON.stringify({ add, end }) });
    return response.ok ? await response.json() : { why: "refused" };
  } catch {
    return { why: "failed" };
  }
}
