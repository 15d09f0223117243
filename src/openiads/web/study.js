// The report of a study: the first page in its fixed order, then what stands behind it.
import { el, renew } from "./dom.js";
import { frameOf } from "./frame.js";
import { doubtsFigure, nightsFigure, reachFigure } from "./study_figures.js";
import { behindThePage, designTable } from "./study_more.js";
import { bullets, counted, plainName, rowsTable } from "./study_parts.js";
import { number, say, share, term } from "./words.js";

export function showStudy(raw, root) {
  const handle = { ready: false, t: 0, seek: () => undefined, play: () => undefined };
  window.__app = handle;
  const box = el("main", { class: "study", tabindex: 0 });
  const frame = frameOf({ title: raw.name, about: raw.about, onLanguage: draw, onTheme: draw });
  renew(root, frame.node, box);
  let charts = [];
  let known = new Set();

  function draw() {
    charts.forEach((chart) => chart.destroy());
    charts = [];
    renew(box, firstPage(raw), behindThePage(raw, known, charts));
    document.title = `${raw.name} · openiads`;
    handle.ready = true;
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

function firstPage(raw) {
  const page = raw.page;
  const stamp = say("study.stamp", { digest: page.origin.digest.slice(0, 16) });
  return [
    answerPart(raw), reachPart(page, stamp), doubtsPart(page, stamp), classPart(raw), wrongPart(raw), driversPart(page), flipsPart(page), limitsPart(raw), originPart(page),
  ];
}

const numbered = (at, key, ...children) => el("section", { class: "panel" }, el("h2", {}, `${at}. ${say(key)}`), children);

// The difference under another assumption, with its interval where there are nights enough for one.
function changedBy(one) {
  if (one.estimate === null) return say("study.nothing_counted");
  if (one.low === null) return say("study.too_few", { estimate: number(one.estimate, 2) });
  return `${number(one.estimate, 2)} (${number(one.low, 2)} – ${number(one.high, 2)})`;
}

const verdictBy = (answer, verdict) => el("span", {}, changedBy(answer), el("div", { class: "muted" }, say(`verdict.${verdict.replace(" ", "_")}`)));

function answerPart(raw) {
  const { question, answer, of_which: parts, conditions } = raw.page.question;
  const { may, must_not: mustNot } = raw.page.quoting;
  return numbered(1, "study.question", el("p", { class: "question" }, question), el("p", { class: "lead answer" }, answer), bullets(parts), el("p", { class: "muted" }, conditions),
    el("dl", { class: "quoting" }, el("dt", {}, say("study.may")), el("dd", {}, may), el("dt", {}, say("study.must_not")), el("dd", {}, mustNot)));
}

function reachPart(page, stamp) {
  if (!page.reach.length) return numbered(2, "study.reach", el("p", {}, say("study.no_reach")));
  const curves = page.reach.flatMap((one) => one.curves);
  const most = Math.max(...curves.flatMap((c) => [c.naive_range_m, ...c.detection_m, ...c.engagement_m]), 1);
  const kinds = ["naive", "horizon", "detection", "engagement", "band"];
  const figures = page.reach.flatMap((one) => one.curves.map((curve) => el("figure", {},
    el("figcaption", {}, el("b", {}, plainName(one.alternative)), `, ${curve.unit}: ${term("class", curve.target_class)}`),
    reachFigure(curve, one.low.filter((row) => row.target_class === curve.target_class && row.unit === curve.unit), most), el("p", { class: "stamp" }, stamp))));
  const words = page.reach.flatMap((one) => (one.low.length ? one.low.map((row) => reachWords(one, row)) : [`${plainName(one.alternative)}: ${one.why_not ?? say("study.no_unit")}`]));
  return numbered(2, "study.reach", el("p", { class: "muted key" }, kinds.map((kind) => el("span", {}, el("span", { class: `swatch wide fill-${kind}` }), say(`study.key_${kind}`)))),
    el("div", { class: "small-multiples" }, figures), bullets(words), el("p", { class: "muted" }, say("study.reach_note")));
}

function reachWords(one, row) {
  const band = row.band ? say("study.reach_band", { low_m: row.band.p05, high_m: row.band.p95 }) : "";
  return say("study.reach_at", { alternative: plainName(one.alternative), unit: row.unit, target: term("class", row.target_class), height_m: row.height_m, reach_m: row.reach_m, naive_m: row.naive_range_m, band });
}

function doubtsPart(page, stamp) {
  const groups = page.knowledge_and_luck.map((group) => {
    const curved = group.rows.filter((row) => row.curve);
    const most = Math.max(1, ...curved.flatMap((row) => row.curve.count));
    return [
      el("figure", {}, el("figcaption", {}, say(curved.length ? "study.doubts_key" : "study.luck_key")), doubtsFigure(group), el("p", { class: "stamp" }, stamp)),
      bullets(group.compared.map((pair) => pair.words), "verdicts"),
      bullets(group.rows.flatMap((row) => [row.luck.words, row.band ? row.band.words : null]).filter(Boolean)),
      curved.length ? el("div", { class: "small-multiples" }, curved.map((row) => el("figure", {}, el("figcaption", {}, el("b", {}, row.alternative), `: ${say("study.nights_key")}`), nightsFigure(row, most), el("p", { class: "stamp" }, stamp)))) : null,
    ];
  });
  return groups.length ? numbered(3, "study.doubts", groups) : null;
}

function classPart(raw) {
  const page = raw.page;
  const alone = Object.entries(raw.details).filter(([, part]) => part.by?.length).map(([name, part]) => [el("h3", {}, name), el("p", { class: "muted" }, part.question), part.tables.map(designTable)]);
  const columns = ["targets", "impact_objects", "impacts", "killed", "engaged", "never_detected", "shots"];
  const parts = page.impacts_by_class.map((one) => {
    const of = { impacts: "impact_objects", killed: "targets", engaged: "targets", never_detected: "targets" };
    const cell = (key, from) => number(from[key] ?? 0) + (of[key] && from[of[key]] ? ` (${share((from[key] ?? 0) / from[of[key]])})` : "");
    const row = (name, from) => [name, ...columns.map((key) => cell(key, from))];
    const rows = [...one.classes.map((each) => row(term("class", each.class), each)), row(say("study.all_classes"), one.all)];
    const leaked = Object.values(one.why).reduce((sum, n) => sum + n, 0);
    const why = Object.entries(one.why).sort((a, b) => b[1] - a[1]).map(([link, n]) => `${term("why", link)} ${share(n / leaked)} (${counted({ numerator: n, denominator: leaked })})`);
    const rounds = Object.entries(one.rounds_fired).map(([system, n]) => `${term("system", system)} ${number(n)}`).join(", ");
    return [
      rowsTable([say("study.col_class"), ...columns.map((key) => say(`study.col_${key}`))], rows, `${one.alternative}: ${say("study.totals_over", { count: one.replications })}`),
      el("p", {}, say("study.rounds", { rounds, left: one.all.rounds_left ?? 0, per: (one.all.rounds_left ?? 0) / Math.max(1, one.replications) })),
      why.length ? el("p", {}, `${say("study.why")} `, why.join("; ")) : null,
    ];
  });
  return numbered(4, "study.by_class", parts, alone);
}

// Both sides of the headline first, over all their cells; then the alternatives shown side by side.
function wrongPart(raw) {
  const kinds = ["civil_engaged", "any_civil_engaged", "friendly_engaged", "any_friendly_engaged"];
  const shown = new Set(raw.alternatives.map((one) => one.name));
  const sides = (raw.page.wrong_of_headline ?? []).map((one) => ({ ...one, name: one.cells > 1 ? say("study.all_cells", { name: one.alternative, count: one.cells }) : one.alternative }));
  const alone = new Set(sides.filter((one) => one.cells === 1).map((one) => `${one.block} / ${one.alternative}`));
  const others = raw.page.wrong_engagements.filter((one) => shown.has(one.alternative) && !alone.has(`${one.block} / ${one.alternative}`)).map((one) => ({ ...one, name: one.alternative }));
  const rows = [...sides, ...others];
  const names = [...new Set(rows.map((one) => one.name))];
  const cells = (name) => kinds.map((kind) => wrongCell(rows.find((row) => row.name === name && row.measure === kind), kind));
  const head = [say("study.col_alternative"), ...kinds.map((kind) => say(`study.col_${kind}`))];
  return numbered(5, "study.wrong", rowsTable(head, names.map((name) => [name, ...cells(name)])), bullets([...sides.filter((one) => one.cells > 1), ...raw.page.most_wrong].map((one) => one.words)),
    el("p", {}, say("study.wrong_note")));
}

function wrongCell(one, kind) {
  if (!one) return "";
  if (!one.denominator) return say("study.none_to_see");
  const scale = kind.startsWith("any") ? 100 : 1000;
  const text = (v) => number(scale * v, 2);
  if (!one.numerator) return say("study.at_most", { high: text(one.high), of: counted(one) });
  const down = one.lost ? `; ${say("study.shot_down", { count: one.lost.numerator })}` : "";
  return `${text(one.estimate)} (${text(one.low)} – ${text(one.high)}); ${counted(one)}${down}`;
}

function driversPart(page) {
  const { figures, varied, judgement_share: judged } = page.drivers;
  if (!figures.length) return numbered(6, "study.drivers", el("p", {}, say("study.no_drivers")));
  const three = (v) => (v === null ? "" : number(v, Math.abs(v) < 1 ? 3 : 2));
  const inUnit = (text, unit) => (unit === "" || unit === "1" ? text : `${text} ${unit}`);
  const rows = figures.map((one) => [
    one.figure, one.value === null ? say("study.not_catalogued") : inUnit(three(one.value), one.unit), inUnit(`${three(one.range[0])} – ${three(one.range[1])}`, one.unit), one.basis,
    [el("span", { class: "gauge driver-gauge" }, el("span", { class: "fill", style: { width: `${100 * Math.min(1, one.share)}%`, background: "var(--series-2)" } })), ` ${share(one.share)} (${share(one.low)} – ${share(one.high)})`], one.flag,
  ]);
  return numbered(6, "study.drivers", el("p", { class: "muted" }, say("study.drivers_about", { varied, answer: figures[0].answer })),
    rowsTable(["figure", "value", "range", "basis", "share", "flag"].map((key) => say(`study.col_${key}`)), rows), judged === null ? null : el("p", {}, say("study.judged", { share: share(judged) })));
}

function flipsPart(page) {
  if (!page.flips.length) return numbered(7, "study.flips", el("p", {}, say("study.no_flips")));
  const rows = page.flips.map((one) => {
    const unit = one.answer.sides ? one.answer : null;
    const sides = unit ? unit.sides.map((side) => `${side.name} ${number(side.value, 3)}`).join(", ") : "";
    return [el("span", {}, el("b", {}, one.change), el("div", { class: "muted" }, one.about)), verdictBy(one.stated, one.verdict), verdictBy(one.answer, one.verdict_changed), sides, el("b", { class: one.flips ? "bad" : one.becomes === "the same" ? "good" : "" }, say(`study.becomes_${one.becomes.replaceAll(" ", "_")}`))];
  });
  const [a, b] = page.flips[0].alternatives;
  return numbered(7, "study.flips", el("p", { class: "muted" }, say("study.flips_about", { first: a, second: b })),
    rowsTable(["change", "as_stated", "changed", "means", "flips"].map((key) => say(`study.col_${key}`)), rows), bullets(page.limits.ties.map((one) => one.words)));
}

function limitsPart(raw) {
  const limits = raw.page.limits;
  const list = (key, items) => (items.length ? [el("h3", {}, say(key)), bullets(items)] : null);
  const byHand = limits.by_hand.map((one) => `${plainName(one.alternative)}: ${one.words}`);
  const misses = limits.anchors.misses.length ? limits.anchors.misses : [say("study.no_misses")];
  return numbered(8, "study.limits", list("study.not_represented", limits.not_represented), list("study.misses", misses), el("p", { class: "muted" }, say("study.misses_note")), list("study.by_hand", byHand),
    list("study.assumptions", limits.assumptions), list("study.set_aside", raw.set_aside.map((one) => `${one.reason}: ${one.replay}`)));
}

function originPart(page) {
  const originFact = (key, value) => [el("dt", {}, say(key)), el("dd", {}, value)];
  const { digest, version, rerun, cite } = page.origin;
  return el("section", { class: "panel" }, el("dl", {}, originFact("about.digest", digest), originFact("about.version", version), originFact("about.rerun", el("code", {}, rerun)), originFact("study.cite", cite)));
}
