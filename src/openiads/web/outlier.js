// The way from a replication in a list to its replay: fought again by the server, or the command that does so.
import { el } from "./dom.js";
import { ask, follow } from "./jobs.js";
import { say } from "./words.js";

export function watchAgain(place, command) {
  if (!document.body.dataset.served) return el("code", {}, command);
  const said = el("div", { class: "muted", role: "status" });
  const button = el("button", { onclick: fight }, say("study.fight_again"));

  async function fight() {
    button.disabled = true;
    try {
      follow(await ask(`/api/outliers/${document.body.dataset.source}/${place}`, {}), (job) => {
        said.textContent = job.error || job.line || say(`job.${job.state}`);
        if (job.document) location.href = `/view/${job.document}`;
        else if (["failed", "cancelled"].includes(job.state)) button.disabled = false;
      });
    } catch (error) {
      said.textContent = error.message;
      button.disabled = false;
    }
  }

  return [button, said, el("details", {}, el("summary", { class: "muted" }, say("study.command")), el("code", {}, command))];
}
