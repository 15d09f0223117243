// The figures of a study's report as SVG: reach against height, knowledge against luck, nights above a count.
import { say, number, share, term } from "./words.js";

const SVG_SPACE = "http://www.w3.org/2000/svg";
const HEIGHT_LOW_M = 30;
const HEIGHT_HIGH_M = 15000;

function svgNode(tag, attributes, ...children) {
  const node = document.createElementNS(SVG_SPACE, tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  for (const child of children.flat(2)) if (child !== null) node.append(child instanceof Node ? child : document.createTextNode(child));
  return node;
}

const svgText = (x, y, text, more = {}) => svgNode("text", { x, y, class: "figure-text", ...more }, text);

function plotOf({ name, width = 400, height = 250, left = 54, right = 12, top = 14, bottom = 34, x, y, xTicks, yTicks, xLabel, yLabel }) {
  const at = (px, py) => `${(left + x(px) * (width - left - right)).toFixed(1)},${(height - bottom - y(py) * (height - top - bottom)).toFixed(1)}`;
  const place = (px, py) => at(px, py).split(",").map(Number);
  const grid = [
    ...xTicks.map(([value, text]) => [svgNode("path", { d: `M${at(value, yTicks[0][0])}L${at(value, yTicks.at(-1)[0])}`, class: "figure-grid" }), svgText(place(value, yTicks[0][0])[0], height - bottom + 14, text, { "text-anchor": "middle" })]),
    ...yTicks.map(([value, text]) => [svgNode("path", { d: `M${at(xTicks[0][0], value)}L${at(xTicks.at(-1)[0], value)}`, class: "figure-grid" }), svgText(left - 5, place(xTicks[0][0], value)[1] + 4, text, { "text-anchor": "end" })]),
  ];
  const axes = [svgText((left + width - right) / 2, height - 4, xLabel, { "text-anchor": "middle" }), svgText(10, (height - bottom + top) / 2, yLabel, { "text-anchor": "middle", transform: `rotate(-90 10 ${(height - bottom + top) / 2})` })];
  const node = svgNode("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": name, class: "figure" }, grid, axes);
  const line = (points, kind) => node.append(svgNode("path", { d: `M${points.map(([px, py]) => at(px, py)).join("L")}`, class: `figure-line ${kind}` }));
  const area = (low, high, kind) => node.append(svgNode("path", { d: `M${[...low, ...[...high].reverse()].map(([px, py]) => at(px, py)).join("L")}Z`, class: `figure-area ${kind}` }));
  return { node, line, area, place };
}

function ticksTo(most, wanted = 5) {
  const rough = most / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough);
  const count = Math.ceil(most / step);
  return Array.from({ length: count + 1 }, (_, i) => i * step);
}

// Reach of one unit against height for one class: the published circle, the horizon, detection, engagement with its band.
export function reachFigure(curve, low, most_m) {
  const ticks = ticksTo(most_m / 1000);
  const top = ticks.at(-1) * 1000;
  const x = (m) => Math.min(m, top) / top;
  const y = (h) => Math.log(h / HEIGHT_LOW_M) / Math.log(HEIGHT_HIGH_M / HEIGHT_LOW_M);
  const plot = plotOf({
    name: `${curve.unit}: ${term("class", curve.target_class)}`, x, y, xLabel: say("study.reach_km"), yLabel: say("study.height"),
    xTicks: ticks.map((km) => [km * 1000, number(km)]), yTicks: [30, 100, 300, 1000, 3000, 10000, 15000].map((h) => [h, h === 10000 ? "" : number(h)]),
  });
  const points = (key) => curve.height_m.map((h, i) => [curve[key][i], h]).filter(([m]) => m !== null && m >= 0);
  // Up to the edge of the figure: the horizon always grows with height.
  const inside = (rows) => {
    const out = rows.findIndex(([m]) => m > top);
    if (out < 1) return out < 0 ? rows : [];
    const [[near, low_m], [far, high_m]] = [rows[out - 1], rows[out]];
    return [...rows.slice(0, out), [top, low_m * (high_m / low_m) ** ((top - near) / (far - near))]];
  };
  plot.line([[curve.naive_range_m, HEIGHT_LOW_M], [curve.naive_range_m, HEIGHT_HIGH_M]], "ring-naive");
  plot.line(inside(points("horizon_m")), "ring-horizon");
  plot.line(points("detection_m"), "ring-detection");
  plot.line(points("engagement_m"), "ring-engagement");
  for (const row of low) if (row.band) plot.line([[row.band.p05, row.height_m], [row.band.p95, row.height_m]], "ring-band");
  return plot.node;
}

// One row for each alternative: what is not known as a thick band, luck at the stated figures as a line with a dot.
export function doubtsFigure(group) {
  const scale = group.unit === "%" ? 100 : 1;
  const ends = group.rows.flatMap((row) => [row.luck.high, row.luck.estimate, row.band ? row.band.high : 0]).filter((v) => v !== null);
  const ticks = ticksTo(scale * Math.max(...ends, 1e-6));
  const top = ticks.at(-1) / scale;
  const pitch = 42;
  const width = window.innerWidth < 700 ? 380 : 760; // on a telephone the words stay readable
  const height = 26 + pitch * group.rows.length + 34;
  const plot = plotOf({
    name: group.words, width, height, left: 10, x: (v) => v / top, y: (i) => 1 - i / group.rows.length, top: 8,
    xLabel: `${group.words}, ${group.unit === "per night" ? say("study.per_night") : group.unit}`, yLabel: "", xTicks: ticks.map((v) => [v / scale, number(v, 2)]), yTicks: [[group.rows.length, ""], [0, ""]],
  });
  group.rows.forEach((row, i) => {
    const [x0, y0] = plot.place(0, i);
    plot.node.append(svgText(x0 + 4, y0 + 13, row.alternative, { class: "figure-text figure-name" }));
    const bar = (low, high, kind, thick) => {
      const [a] = plot.place(low, i);
      const [b] = plot.place(high, i);
      plot.node.append(svgNode("rect", { x: a, y: y0 + 26 - thick / 2, width: Math.max(1, b - a), height: thick, class: kind }));
    };
    if (row.band && row.band.low !== null) bar(row.band.low, row.band.high, "figure-band", 14);
    if (row.luck.low !== null) bar(row.luck.low, row.luck.high, "figure-luck", 3);
    if (row.luck.estimate !== null) plot.node.append(svgNode("circle", { cx: plot.place(row.luck.estimate, i)[0], cy: y0 + 26, r: 5, class: "figure-dot" }));
  });
  return plot.node;
}

// The share of nights with more than a count: luck at the stated figures, and its band over what is not known.
export function nightsFigure(row, most) {
  const ticks = ticksTo(Math.max(most, 1));
  const plot = plotOf({
    name: row.alternative, x: (v) => v / ticks.at(-1), y: (v) => v, xLabel: say("study.more_than"), yLabel: say("study.share_of_nights"),
    xTicks: ticks.map((v) => [v, number(v, 1)]), yTicks: [0, 0.25, 0.5, 0.75, 1].map((v) => [v, share(v)]),
  });
  const { count, luck, band } = row.curve;
  plot.area(count.map((c, i) => [c, band[i][0]]), count.map((c, i) => [c, band[i][2]]), "figure-band");
  plot.line(count.map((c, i) => [c, luck[i]]), "figure-luck-line");
  return plot.node;
}
