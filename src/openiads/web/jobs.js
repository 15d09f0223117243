// What the page asks of its server, and runs followed to their end.

export async function ask(address, body) {
  const answer = await fetch(address, body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const found = await answer.json().catch(() => ({ error: `${address}: ${answer.status}` }));
  if (!answer.ok && !found.problems) throw new Error(found.error || String(answer.status));
  return found;
}

// Calls `told` with every state of a run until it has ended.
export function follow(job, told) {
  const events = new EventSource(`/api/jobs/${job.job}/progress`);
  events.onmessage = (event) => {
    const now = JSON.parse(event.data);
    if (!["running", "waiting"].includes(now.state)) events.close();
    told(now);
  };
  events.onerror = () => events.close();
}
