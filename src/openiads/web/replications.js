// Many replications of one scenario: the answer, why what got through did, intervals, distributions, odd replications.
import { makeChart } from "./charts.js";
import { el, renew } from "./dom.js";
import { frameOf } from "./frame.js";
import { watchAgain } from "./outlier.js";
import { rowsTable } from "./study_parts.js";
import { number, say, share, term } from "./words.js";

export function showReplications(raw, root) {
  const handle = { ready: false, t: 0, seek: () => undefined, play: () => undefined };
  window.__app = handle;
  const page = el("main", { class: "study", tabindex: 0 });
  const frame = frameOf({ title: raw.name, about: raw.about, onLanguage: draw, onTheme: draw });
  renew(root, frame.node, page);
  let charts = [];

  function draw() {
    charts.forEach((chart) => chart.destroy());
    charts = [];
    renew(page, headPart(raw), reasonsPart(raw), measuresPart(raw), distributionsPart(), oddPart(raw), madeFrom(raw));
    document.title = `${raw.name} · openiads`;
    handle.ready = true;
  }

  function distributionsPart() {
    return manySection("study.distributions", el("div", { class: "small-multiples" }, Object.entries(raw.distributions).map(([measure, data]) => {
      const box = el("div", { class: "chart" });
      requestAnimationFrame(() => charts.push(makeChart(box, { x: data.x, y: [data.y], names: [term("measure", measure)], x_label: term("measure", measure), y_label: say("study.count"), style: "bars" })));
      return el("figure", {}, el("figcaption", {}, term("measure", measure)), box);
    })));
  }

  draw();
  return handle;
}

const manySection = (key, ...children) => el("section", { class: "panel" }, el("h2", {}, say(key)), children);

function headPart(raw) {
  const { impacts, impact_objects: came } = raw.totals;
  const each = (value) => number(value / raw.replications, 1);
  return el("section", { class: "panel" },
    el("p", { class: "lead" }, say("many.lead", { mean: each(impacts), came: each(came), share: came ? share(impacts / came) : "" })),
    el("p", { class: "muted" }, say("many.replications", { count: number(raw.replications), level: share(raw.level) })));
}

function reasonsPart(raw) {
  const rows = Object.entries(raw.why).filter(([, count]) => count).sort((one, two) => two[1] - one[1]);
  const all = rows.reduce((sum, [, count]) => sum + count, 0);
  if (!all) return null;
  return manySection("many.why", el("ul", { class: "shares" }, rows.map(([why, count]) => el("li", {}, term("why", why),
    el("span", { class: "gauge", "aria-hidden": "true" }, el("span", { class: "fill", style: { width: `${(100 * count) / rows[0][1]}%`, background: "var(--hostile)" } })),
    el("span", { class: "value" }, `${share(count / all)} (${number(count)})`)))));
}

function measuresPart(raw) {
  const text = (one, value) => (value === null ? "?" : one.is_share ? share(value) : number(value, 1));
  const rows = raw.measures.map((one) => [term("measure", one.name), `${text(one, one.estimate)} (${text(one, one.low)} – ${text(one, one.high)})`, `${number(one.numerator)} / ${number(one.denominator)}`]);
  return manySection("many.measures", rowsTable(["measure", "value", "counted"].map((key) => say(`many.col_${key}`)), rows));
}

function oddPart(raw) {
  const rows = raw.odd.map((one, place) => [say(`many.${one.says}`), number(one.replication), number(one.value), watchAgain(place, one.rerun)]);
  return manySection("many.odd", rowsTable([say("many.col_measure"), ...["replication", "value", "look"].map((key) => say(`study.col_${key}`))], rows));
}

function madeFrom(raw) {
  const fact = (key, value) => [el("dt", {}, say(key)), el("dd", {}, value)];
  return manySection("about.run", el("h3", {}, say("about.limits")), el("ul", {}, raw.limits.map((one) => el("li", {}, one))),
    el("dl", {}, fact("about.digest", raw.digest), fact("about.version", raw.version_of_code), fact("about.rerun", el("code", {}, raw.rerun))));
}
