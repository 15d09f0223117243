// Charts with uPlot: lines, steps, bars and bands, in the page's colours.
import { cssColour } from "./dom.js";
import { number } from "./words.js";

const SERIES = ["--series-1", "--series-2", "--series-3", "--series-4"];

export function makeChart(box, chart) {
  const text = cssColour("--muted");
  const grid = { stroke: cssColour("--rule"), width: 1 };
  const axis = (label) => ({ stroke: text, grid, ticks: grid, label: label || undefined, labelSize: label ? 18 : 0, size: label ? 40 : 34, font: "11px system-ui, sans-serif", labelFont: "11px system-ui, sans-serif", values: (_, ticks) => ticks.map((v) => (v === null ? "" : number(v, 3))) });
  const series = [{ label: chart.x_label || "x" }];
  const data = [chart.x];
  chart.y.forEach((line, i) => {
    const colour = cssColour(SERIES[i % SERIES.length]);
    series.push({ label: chart.names[i] ?? "", stroke: colour, width: 2, ...pathOf(chart.style, colour), points: { show: chart.style === "line" && chart.x.length < 30 } });
    data.push(line);
  });
  const bands = [];
  for (const [low, high] of chart.bounds ?? (chart.low && chart.high ? [[chart.low, chart.high]] : [])) {
    series.push({ label: "", stroke: "transparent", points: { show: false } }, { label: "", stroke: "transparent", points: { show: false } });
    data.push(high, low);
    bands.push({ series: [series.length - 2, series.length - 1], fill: cssColour("--band") });
  }
  const size = () => ({ width: Math.max(160, box.clientWidth || 320), height: chart.height || 150 });
  const plot = new uPlot({
    ...size(), series, bands, axes: [axis(chart.x_label), axis(chart.y_label)], legend: { show: chart.y.length > 1 },
    scales: { x: { time: false, distr: chart.log ? 3 : 1, ...(chart.x_max !== undefined ? { range: [-0.6, chart.x_max + 0.6] } : {}) }, y: { range: (_, low, high) => [Math.min(0, low), high > low ? high * 1.05 : low + 1] } }, cursor: { drag: { x: false, y: false } },
  }, data, box);
  const watch = new ResizeObserver(() => plot.setSize(size()));
  watch.observe(box);
  return { plot, destroy: () => { watch.disconnect(); plot.destroy(); } };
}

function pathOf(style, colour) {
  if (style === "step") return { paths: uPlot.paths.stepped({ align: 1 }) };
  if (style === "bars") return { paths: uPlot.paths.bars({ size: [0.8, 60] }), fill: `${colour}99`, width: 1 };
  return {};
}
