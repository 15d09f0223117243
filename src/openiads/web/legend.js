// What the marks mean, and what a reader must know about the run.
import { el, renew } from "./dom.js";
import { symbolPicture } from "./symbols.js";
import { say } from "./words.js";

const FRAME = "1003010000" + "0000000000";

export function makeLegend(layers) {
  const node = el("details", { class: "legend" });
  window.addEventListener("beforeprint", () => (node.open = true));
  const identity = (digit) => symbolPicture(`100${digit}${FRAME.slice(4)}`, 13);

  function label() {
    const row = (mark, key) => el("li", {}, mark, say(key));
    const swatch = (name) => el("span", { class: `mark ${name}` });
    const layer = (name, mark, key) => layers.includes(name) && row(swatch(mark), key);
    renew(node, el("summary", {}, say("legend.title")), el("ul", {},
      row(identity("6"), "legend.hostile"), row(identity("1"), "legend.unknown"), row(symbolPicture("10040100001201000000", 13), "legend.neutral"), row(identity("3"), "legend.friend"),
      row(swatch("truth"), "legend.truth"), row(swatch("lag"), "legend.lag"), row(swatch("shot"), "legend.shot"), row(swatch("killed"), "legend.killed"),
      row(swatch("leaked"), "legend.leaked"), row(swatch("asset"), "legend.asset"), row(swatch("stale"), "legend.stale"), layer("sectors", "sector", "legend.sector"), layer("strobes", "strobe", "legend.strobe"), layer("naive", "naive", "legend.naive"), layer("horizon", "horizon", "legend.horizon"), layer("engagement", "honest", "legend.honest")));
  }

  return { node, label };
}

export function makeAbout(replay) {
  const node = el("section", { class: "panel about-run" });

  function label() {
    const { notes } = replay;
    const fact = (key, value) => value !== "" && value !== null && value !== undefined ? [el("dt", {}, say(key)), el("dd", {}, String(value))] : null;
    const list = (key, items) => (items.length ? [el("h3", {}, say(key)), el("ul", {}, items.map((item) => el("li", {}, item)))] : null);
    renew(node,
      el("p", {}, say("about.what")), list("about.limits", notes.limits), el("p", {}, say("about.never")),
      el("h3", {}, say("about.map")), el("p", {}, say("about.projection")), el("p", {}, say("about.borders")), el("p", {}, say("about.tolerance", { tolerance_m: replay.tolerance_m })),
      list("about.sources", notes.sources),
      el("h3", {}, say("about.run")), el("dl", {}, fact("about.seed", notes.seed), fact("about.replication", notes.replication), fact("about.terrain", notes.terrain), fact("about.date", notes.data_date), fact("about.version", notes.version), fact("about.digest", notes.digest), fact("about.rerun", notes.rerun)),
      el("h3", {}, say("about.keys")), el("p", {}, say("about.key_list")));
  }

  return { node, label };
}
