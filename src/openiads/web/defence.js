// Magazines and fire channels of each unit over time, and the air picture.
import { cssColour, el, fittedCanvas, renew } from "./dom.js";
import { pictureAt, stepAt } from "./scene.js";
import { makeChart } from "./charts.js";
import { durationText, number, say, term } from "./words.js";
import { throttled } from "./overview.js";

const MISSILE_COLOURS = ["--series-1", "--series-2", "--series-3", "--series-4"];

export function makeDefence(replay, state, selectSite) {
  const node = el("section", { class: "panel defence" });
  const strips = [];
  let charts = [];

  function label() {
    strips.length = 0;
    charts.forEach((chart) => chart.destroy());
    charts = [];
    renew(node, el("h3", {}, say("def.picture")), pictureStrip(), replay.sites.map(sitePart), replay.charts.length ? el("h3", {}, say("def.charts")) : null, replay.charts.map(chartPart));
    redraw(true);
  }

  function chartPart(chart) {
    const box = el("div", { class: "chart" });
    requestAnimationFrame(() => charts.push(makeChart(box, chart)));
    return el("figure", {}, el("figcaption", {}, chart.title), box);
  }

  function strip(title, draw, extra) {
    const drawing = fittedCanvas(title, draw);
    drawing.canvas.className = "strip";
    strips.push(drawing);
    return el("figure", { class: "strip-box" }, el("figcaption", {}, title, " ", extra), drawing.canvas);
  }

  function pictureStrip() {
    const count = 240;
    const values = Array.from({ length: count }, (_, i) => pictureAt(replay, replay.t0 + ((i + 0.5) / count) * (replay.t1 - replay.t0)));
    const now = el("b", { class: "now" });
    now.update = (t) => {
      const picture = pictureAt(replay, t);
      now.textContent = say("def.picture_now", { tracks: number(picture.tracks), delay: picture.delay === null ? undefined : durationText(picture.delay) });
    };
    strips.push({ redraw: () => now.update(state.t) });
    const most = Math.max(1, ...values.map((v) => v.tracks));
    return strip(say("def.tracks"), (pen, width, height) => {
      pen.fillStyle = cssColour("--series-1");
      values.forEach((v, i) => pen.fillRect((i / count) * width, height - (v.tracks / most) * (height - 4), width / count + 0.5, (v.tracks / most) * (height - 4)));
      cursor(pen, width, height);
    }, now);
  }

  function cursor(pen, width, height) {
    pen.fillStyle = cssColour("--text");
    pen.fillRect(((state.t - replay.t0) / (replay.t1 - replay.t0)) * width - 0.75, 0, 1.5, height);
  }

  function sitePart(site) {
    const px = (t, width) => ((t - replay.t0) / (replay.t1 - replay.t0)) * width;
    const now = el("b", { class: "now" });
    strips.push({ redraw: () => (now.textContent = site.busy ? say("def.busy_now", { busy: number(stepAt(site.busy, state.t) ?? 0), channels: number(site.channels) }) : "") });
    const channelStrip = site.busy ? strip(say(site.magazines.length ? "def.channels_rounds" : "def.channels"), (pen, width, height) => {
      pen.fillStyle = cssColour("--series-2");
      const most = Math.max(site.channels, ...site.busy.v, 1);
      site.busy.t.forEach((t, i) => {
        const end = site.busy.t[i + 1] ?? replay.t1;
        const tall = (site.busy.v[i] / most) * (height - 4);
        pen.fillRect(px(t, width), height - tall, Math.max(1, px(end, width) - px(t, width)), tall);
      });
      roundsLine(pen, width, height, site, px);
      pen.strokeStyle = cssColour("--muted");
      pen.setLineDash([3, 3]);
      const full = height - (site.channels / most) * (height - 4);
      pen.beginPath();
      pen.moveTo(0, full);
      pen.lineTo(width, full);
      pen.stroke();
      cursor(pen, width, height);
    }, now) : null;
    return el("section", { class: "unit" },
      el("h3", {}, el("button", { class: "link", onclick: () => selectSite(site) }, site.name), el("span", { class: "muted" }, ` ${term("system", site.system)}`)),
      site.magazines.map((magazine, i) => magazineBar(magazine, i)), channelStrip,
      !site.magazines.length && !site.busy ? el("p", { class: "muted" }, say("def.no_weapons")) : null);
  }

  // Rounds left of the whole unit, from full at the top to none at the bottom.
  function roundsLine(pen, width, height, site, px) {
    const full = site.magazines.reduce((sum, magazine) => sum + magazine.capacity, 0);
    if (!full) return;
    const times = [...new Set([replay.t0, ...site.magazines.flatMap((magazine) => [...magazine.left.t]), replay.t1])].sort((a, b) => a - b);
    pen.strokeStyle = cssColour("--text");
    pen.lineWidth = 1.5;
    pen.setLineDash([]);
    pen.beginPath();
    let before = 2;
    times.forEach((t, i) => {
      const left = site.magazines.reduce((sum, magazine) => sum + (stepAt(magazine.left, t) ?? magazine.capacity), 0);
      const y = 2 + (1 - Math.min(left / full, 1)) * (height - 4);
      if (i) pen.lineTo(px(t, width), before);
      else pen.moveTo(px(t, width), y);
      pen.lineTo(px(t, width), y);
      before = y;
    });
    pen.stroke();
  }

  function magazineBar(magazine, i) {
    const filled = el("span", { class: "fill", style: { background: `var(${MISSILE_COLOURS[i % 4]})` } });
    const text = el("span", { class: "value" });
    strips.push({ redraw: () => {
      const left = stepAt(magazine.left, state.t) ?? magazine.capacity;
      filled.style.width = `${(100 * left) / Math.max(magazine.capacity, 1)}%`;
      text.textContent = say("def.left", { left: number(left), capacity: number(magazine.capacity) });
    } });
    return el("div", { class: "magazine" }, el("span", { class: "name" }, magazine.missile), el("span", { class: "gauge" }, filled), text);
  }

  const redraw = throttled(() => strips.forEach((one) => one.redraw()), 120);
  return { node, label, redraw };
}
