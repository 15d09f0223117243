// Behind a study's first page: tables of the designs, effects, curves, how often which result, odd replications, every answer.
import { makeChart } from "./charts.js";
import { el } from "./dom.js";
import { watchAgain } from "./outlier.js";
import { bullets, counted, countName, isNumber, measured, measureName, rowsTable } from "./study_parts.js";
import { number, say } from "./words.js";

export function behindThePage(raw, known, charts) {
  const blocks = Object.entries(raw.details).map(([name, part]) => blockPart(raw, name, part, charts));
  return [blocks, distributionsPart(raw, charts), worstPart(raw, known), answersPart(raw)];
}

const titled = (title, ...children) => el("section", { class: "panel" }, el("h2", {}, title), children);

function withInterval(one, measure) {
  if (one.estimate === null) return "";
  const text = (v) => (v === null ? "?" : measured(v, measure));
  return `${text(one.estimate)} (${text(one.low)} – ${text(one.high)})`;
}

function signedInterval(one, measure) {
  const scale = isNumber(measure) ? 1 : 100;
  const text = (v) => (v === null ? "?" : (v > 0 ? "+" : "") + number(scale * v, 2));
  return `${text(one.estimate)} (${text(one.low)} – ${text(one.high)})`;
}

function blockPart(raw, name, part, charts) {
  const rows = raw.answers.filter((one) => one.block === name && ["effect", "interaction"].includes(one.role));
  const tables = (part.by?.length ? [] : part.tables ?? []).map((one) => designTable(one));
  const averaged = Object.entries(part.averaged ?? {}).map(([factor, levels]) => averagedTable(factor, levels));
  const curves = (part.curves ?? []).map((one) => curvePart(one, charts));
  const indices = part.indices?.length ? indexTable(part) : null;
  const screened = part.screening?.length ? screenTable(part.screening) : null;
  const steps = raw.answers.filter((one) => one.block === name && ["size", "difference"].includes(one.role) && part.kind !== "compare");
  if (![tables.length, averaged.length, curves.length, rows.length, steps.length].some(Boolean) && !indices && !screened) return null;
  return titled(name, el("p", { class: "muted" }, part.question), tables, averaged, curves, indices, screened, rows.length ? effectTable(rows) : null,
    bullets(steps.map((one) => one.words)));
}

const countsBelow = (one, measure) => el("div", { class: "muted" }, Array.isArray(one.numerator) ? "" : counted(one, measure));

export function designTable(one) {
  const isSeen = (row) => row.cells.some((cell) => cell.numerator > 0);
  const seen = one.rows.filter(isSeen);
  const rest = one.rows.filter((row) => !isSeen(row));
  if (!seen.length) return bullets([say("study.all_nothing", { measure: measureName(one.measure), of: nothingOf(rest, one.measure) })]);
  const rows = seen.map((row) => [Object.values(row.at).join(", ") || say("study.whole"), ...row.cells.map((cell) => [withInterval(cell, one.measure), countsBelow(cell, one.measure)]),
    [signedInterval(row.change, one.measure), row.change.verdict === "cannot tell" && row.change.low !== null ? el("div", { class: "muted" }, say("verdict.cannot_tell")) : ""]]);
  const left = rest.length ? ` ${say("study.rows_left", { count: rest.length, of: nothingOf(rest, one.measure) })}` : "";
  return rowsTable(["", ...one.columns, say("study.col_difference")], rows, `${measureName(one.measure)}: ${say("study.design_caption")}${left}`);
}

// Nothing seen is a count out of something, and a bound for each cell.
function nothingOf(rows, measure) {
  const cells = rows.flatMap((row) => row.cells);
  const whole = { numerator: 0, denominator: cells.reduce((sum, cell) => sum + cell.denominator, 0) };
  const high = Math.max(0, ...cells.map((cell) => cell.high ?? 0));
  return counted(whole, measure) + (high > 0 ? `; ${say("study.at_most_in_a_cell", { high: measured(high, measure) })}` : "");
}

function averagedTable(factor, levels) {
  const [{ measure, sides }] = levels;
  const shared = measure.startsWith("impacts_per_night") ? "impacts" : measure; // the sides count the share
  const rows = levels.map((one) => [one.at, ...one.sides.map((side) => [number(side.value, 3), countsBelow(side, shared)]), signedInterval(one, measure)]);
  return rowsTable([factor, ...sides.map((side) => side.name), say("study.col_difference")], rows, `${measureName(measure)}: ${say("study.averaged_caption", { factor })}`);
}

function effectTable(rows) {
  const seen = [...new Set(rows.filter((one) => one.numerator.some((n) => n > 0)).map((one) => one.measure))];
  return seen.map((measure) => rowsTable([say("study.effect"), say("study.col_difference")],
    rows.filter((one) => one.measure === measure).map((one) => [one.about, signedInterval(one, measure)]), `${measureName(measure)}: ${say("study.effects_caption")}`));
}

function curvePart(one, charts) {
  if (one.over.length !== 1 || !one.points.every((point) => typeof point.at[one.over[0]] === "number")) {
    return rowsTable([one.over.join(", "), measureName(one.measure)], one.points.map((point) => [Object.values(point.at).join(", "), [withInterval(point, one.measure), countsBelow(point, one.measure)]]));
  }
  const box = el("div", { class: "chart" });
  const line = (key) => one.points.map((point) => point[key]);
  requestAnimationFrame(() => charts.push(makeChart(box, { x: one.points.map((point) => point.at[one.over[0]]), y: [line("estimate")], names: [measureName(one.measure)], x_label: one.over[0], y_label: measureName(one.measure), style: "line", bounds: [[line("low"), line("high")]], height: 240 })));
  const knee = one.knee ? say("study.knee", { place: one.knee.place, low: one.knee.low, high: one.knee.high }) : one.knee_sought === false ? "" : say("study.no_knee");
  return el("figure", {}, el("figcaption", {}, `${measureName(one.measure)}. ${knee}`), box);
}

function indexTable(part) {
  return rowsTable(["figure", "first_index", "total_index"].map((key) => say(`study.col_${key}`)), part.indices.map((one) => [one.figure, ...[one.first, one.total].map((v) => `${number(v.estimate, 2)} (${number(v.low, 2)} – ${number(v.high, 2)})`)]), say("study.indices"));
}

function screenTable(rows) {
  return rowsTable(["figure", "size", "mean", "spread"].map((key) => say(`study.col_${key}`)), rows.map((one) => [one.figure, number(one.size, 4), number(one.mean, 4), number(one.spread, 4)]), say("study.screening"));
}

function distributionsPart(raw, charts) {
  const made = raw.alternatives.flatMap((one) => Object.keys(one.distributions).filter((measure) => one.distributions[measure].x.length > 2 && one.quantiles[measure]).map((measure) => ({ one, measure })));
  if (!made.length) return null;
  const most = (measure) => Math.max(...made.filter((m) => m.measure === measure).flatMap((m) => m.one.distributions[measure].x));
  return titled(say("study.distributions"), el("div", { class: "small-multiples" }, made.map(({ one, measure }) => {
    const box = el("div", { class: "chart" });
    const data = one.distributions[measure];
    const name = countName(measure);
    requestAnimationFrame(() => charts.push(makeChart(box, { x: data.x, y: [data.y], names: [one.name], x_label: name, y_label: say("study.count"), style: "bars", x_max: most(measure) })));
    const half = one.quantiles[measure]["0.5"];
    const tenth = one.quantiles[measure]["0.9"];
    const bounds = (q) => `${number(q.estimate)} (${q.low === null ? "?" : number(q.low)} – ${q.high === null ? "?" : number(q.high)})`;
    return el("figure", {}, el("figcaption", {}, el("b", {}, one.name), `: ${name}. ${say("study.quantiles", { half: bounds(half), tenth: bounds(tenth) })}`), box);
  })));
}

function worstPart(raw, known) {
  if (!raw.alternatives.length) return null;
  const rows = raw.alternatives.map((one, place) => {
    const id = `replay-${one.worst.replication}`;
    return [el("span", {}, one.name, el("div", { class: "muted" }, say("study.worst", { count: one.replications }))), number(one.worst.replication), number(one.worst.value), known.has(id) ? el("a", { href: `/view/${encodeURIComponent(id)}` }, say("study.open")) : watchAgain(place, one.worst.rerun)];
  });
  return titled(say("study.outliers"), rowsTable(["alternative", "replication", "value", "look"].map((key) => say(`study.col_${key}`)), rows));
}

function answersPart(raw) {
  const questions = [...new Set(raw.answers.map((one) => `${one.block}: ${one.question}`))];
  return titled(say("study.answers"), questions.map((question) => el("details", {}, el("summary", {}, question), bullets(raw.answers.filter((one) => `${one.block}: ${one.question}` === question).map((one) => one.words)))));
}
