// The entry: words, data, and the page that the data asks for.
import { showCoverage } from "./coverage.js";
import { loadData } from "./data.js";
import { el, renew } from "./dom.js";
import { showReplay } from "./replay.js";
import { showReplications } from "./replications.js";
import { showStudy } from "./study.js";
import { loadWords, say } from "./words.js";

const PAGES = { "openiads-replay": showReplay, "openiads-coverage": showCoverage, "openiads-replications": showReplications, "openiads-study": showStudy };

async function start() {
  const root = document.getElementById("app");
  await loadWords();
  try {
    const data = await loadData(document.body.dataset.source || "replay");
    PAGES[data.format](data, root);
  } catch (error) {
    renew(root, el("p", { class: "failed", role: "alert" }, say("main.failed", { reason: error.message })));
    throw error;
  }
}

start();
