// The study page: the answer first, then alternatives side by side, distributions, what drives the spread, odd replications.
import { makeChart } from "./charts.js";
import { el, renew } from "./dom.js";
import { frameOf } from "./frame.js";
import { number, say, share, term } from "./words.js";

export function showStudy(raw, root) {
  const handle = { ready: false, t: 0, seek: () => undefined, play: () => undefined };
  window.__app = handle;
  const page = el("main", { class: "study", tabindex: 0 });
  const frame = frameOf({ title: raw.name, about: raw.about, onLanguage: draw, onTheme: draw });
  renew(root, frame.node, page);
  let charts = [];
  let known = new Set();

  function draw() {
    charts.forEach((chart) => chart.destroy());
    charts = [];
    const measures = [...new Set(raw.alternatives.flatMap((one) => Object.keys(one.measures)))];
    renew(page,
      el("section", { class: "panel" }, el("p", { class: "muted" }, say("study.question")), el("p", { class: "lead" }, raw.question), el("p", { class: "muted" }, say("study.replications", { count: number(raw.replications), level: share(raw.level) }))),
      section("study.answers", el("ul", { class: "answers" }, raw.answers.map(answer))),
      measures.length ? section("study.alternatives", measures.map(compared)) : null,
      distributions(measures),
      raw.drivers.length ? section("study.drivers", el("p", { class: "muted" }, say("study.drivers_about")), el("ul", { class: "shares" }, raw.drivers.map(driver))) : null,
      raw.sweeps.length ? section("study.sweeps", raw.sweeps.map(sweep)) : null,
      raw.outliers.length ? section("study.outliers", outliers()) : null,
      section("about.run", notes()));
    document.title = `${raw.name} · openiads`;
    handle.ready = true;
  }

  const section = (key, ...children) => el("section", { class: "panel" }, el("h2", {}, say(key)), children);
  const valueText = (measure, value) => (isShare(measure) ? share(value) : number(value, 2));
  const isShare = (measure) => raw.alternatives.every((one) => !one.measures[measure] || (one.measures[measure].high <= 1 && one.measures[measure].low >= 0));

  function answer(one) {
    const value = one.value;
    const count = value && value.denominator ? `${number(value.numerator)} / ${number(value.denominator)}` : "";
    return el("li", {}, el("p", { class: "muted" }, one.question), el("p", { class: "says" }, one.says),
      value ? el("p", { class: "muted" }, `${term("measure", one.measure)}: ${number(value.estimate, 3)} (${number(value.low, 3)} – ${number(value.high, 3)}) ${count}`) : null);
  }

  // Dots with intervals, one row for each alternative, on one scale.
  function compared(measure) {
    const rows = raw.alternatives.filter((one) => one.measures[measure]);
    const low = Math.min(0, ...rows.map((one) => one.measures[measure].low));
    const high = Math.max(...rows.map((one) => one.measures[measure].high), low + 1e-9);
    const at = (value) => `${(100 * (value - low)) / (high - low)}%`;
    const apart = separable(rows, measure);
    return el("figure", { class: "compared" }, el("figcaption", {}, el("b", {}, term("measure", measure)), rows.length > 1 ? ` ${say(apart ? "study.apart" : "study.not_apart")}` : ""),
      el("div", { class: "dots" }, rows.map((one) => {
        const value = one.measures[measure];
        const text = `${valueText(measure, value.estimate)} (${valueText(measure, value.low)} – ${valueText(measure, value.high)})`;
        return [el("span", { class: "name" }, one.name), el("span", { class: "track", role: "img", "aria-label": `${one.name}: ${text}` }, el("span", { class: "interval", style: { left: at(value.low), width: `calc(${at(value.high)} - ${at(value.low)})` } }), el("span", { class: "dot-mark", style: { left: at(value.estimate) } })), el("span", { class: "value" }, text)];
      })));
  }

  function separable(rows, measure) {
    return rows.some((one, i) => rows.slice(i + 1).some((two) => one.measures[measure].low > two.measures[measure].high || two.measures[measure].low > one.measures[measure].high));
  }

  function distributions(measures) {
    const made = measures.flatMap((measure) => raw.alternatives.filter((one) => one.distributions[measure]).map((one) => ({ measure, one })));
    if (!made.length) return null;
    const most = (measure) => Math.max(...made.filter((m) => m.measure === measure).flatMap((m) => m.one.distributions[measure].x));
    return section("study.distributions", el("div", { class: "small-multiples" }, made.map(({ measure, one }) => {
      const box = el("div", { class: "chart" });
      const data = one.distributions[measure];
      requestAnimationFrame(() => charts.push(makeChart(box, { x: data.x, y: [data.y], names: [one.name], x_label: term("measure", measure), y_label: say("study.count"), style: "bars", x_max: most(measure) })));
      return el("figure", {}, el("figcaption", {}, `${one.name}: ${term("measure", measure)}`), box);
    })));
  }

  function driver(one) {
    return el("li", {}, el("span", { title: one.basis }, one.figure), el("span", { class: "gauge" }, el("span", { class: "fill", style: { width: `${100 * Math.max(0, Math.min(1, one.share))}%`, background: "var(--series-2)" } })), el("span", { class: "value" }, `${share(one.share)} (${share(one.low)} – ${share(one.high)})`));
  }

  function sweep(one) {
    const box = el("div", { class: "chart" });
    const names = Object.keys(one.lines);
    requestAnimationFrame(() => charts.push(makeChart(box, {
      x: one.x, y: names.map((name) => one.lines[name].map((v) => v[0])), names, x_label: one.x_label, y_label: term("measure", one.measure), style: "line",
      bounds: names.map((name) => [one.lines[name].map((v) => v[1]), one.lines[name].map((v) => v[2])]), height: 220,
    })));
    return el("figure", {}, el("figcaption", {}, one.title), box);
  }

  function outliers() {
    return el("table", {}, el("thead", {}, el("tr", {}, ["alternative", "replication", "measure", "value", "look"].map((key) => el("th", { scope: "col" }, say(`study.col_${key}`))))),
      el("tbody", {}, raw.outliers.map((one) => el("tr", {}, el("td", {}, one.alternative, one.says ? el("div", { class: "muted" }, one.says) : null), el("td", { class: "num" }, number(one.replication)), el("td", {}, term("measure", one.measure)), el("td", { class: "num" }, number(one.value, 2)),
        el("td", {}, one.document && known.has(one.document) ? el("a", { href: `/view/${encodeURIComponent(one.document)}` }, say("study.open")) : one.rerun ? el("code", {}, one.rerun) : "")))));
  }

  function notes() {
    const list = (key, items) => (items.length ? [el("h3", {}, say(key)), el("ul", {}, items.map((item) => el("li", {}, item)))] : null);
    const fact = (key, value) => (value ? [el("dt", {}, say(key)), el("dd", {}, value)] : null);
    return [list("about.limits", raw.notes.limits), list("about.sources", raw.notes.sources), el("dl", {}, fact("about.digest", raw.notes.digest), fact("about.version", raw.notes.version), fact("about.rerun", raw.notes.rerun))];
  }

  draw();
  if (document.body.dataset.served) {
    fetch("/api/documents").then((answer) => answer.json()).then((found) => {
      known = new Set(found.map((one) => one.id));
      draw();
    });
  }
  return handle;
}
