// The first panel: what is defended, what came, what was seen, who shot, what leaked and why.
import { el, renew } from "./dom.js";
import { pictureAt, stepAt } from "./scene.js";
import { clockText, durationText, number, say, share, term } from "./words.js";
import { whyText } from "./sentences.js";

export function makeOverview(replay, state, select) {
  const node = el("section", { class: "panel overview" });
  const hostile = replay.objects.filter((o) => o.side === "hostile");
  const classes = [...new Set(hostile.map((o) => o.class))];
  const hitters = new Set(replay.events.filter((e) => e.kind === "impact" || e.kind === "unit_hit").map((e) => e.object));

  function draw() {
    const whole = state.t <= replay.t0 || state.t >= replay.t1;
    const t = whole ? replay.t1 : state.t;
    renew(node,
      el("p", { class: "muted upto" }, whole ? say("over.whole") : say("over.up_to", { time: clockText(t) })),
      el("p", { class: "lead" }, leadText(replay)),
      reasons(hostile, t),
      heading("over.defended"), el("ul", { class: "plain" }, replay.assets.map((asset) => assetLine(asset, t))),
      heading("over.came"), table(classes, hostile, t),
      heading("over.seen"), el("p", {}, seenText(hostile, t, whole), " ", whole ? "" : pictureText(t)),
      heading("over.shot"), shooters(t),
      heading("over.leaked"), leakers(hostile, t, select, hitters),
      others(replay, t));
  }

  function assetLine(asset, t) {
    const hits = asset.hits.filter((time) => time <= t).length;
    const stopped = asset.stopped !== null && t >= asset.stopped;
    const status = stopped ? say("over.asset_stopped", { hits: number(hits) }) : hits ? say("over.asset_hit", { hits: number(hits) }) : say("over.asset_whole");
    const end = asset.hits.length && asset.hits.length !== hits ? say("over.in_the_end_hits", { hits: number(asset.hits.length) }) : "";
    return el("li", {}, el("span", { class: `dot ${stopped ? "bad" : hits ? "warn" : "good"}` }), el("b", {}, asset.name), ` ${status} `, el("span", { class: "muted" }, end));
  }

  function pictureText(t) {
    const picture = pictureAt(replay, t);
    return picture.tracks && picture.delay !== null ? say("over.picture", { tracks: number(picture.tracks), delay: durationText(picture.delay) }) : "";
  }

  function shooters(t) {
    const rows = replay.sites.filter((site) => site.magazines.length).map((site) => {
      const mine = replay.shots.filter((shot) => replay.sites[shot.site] === site && shot.t0 <= t);
      const kills = mine.filter((shot) => shot.outcome === "killed" && shot.t1 <= t).length;
      const left = site.magazines.reduce((sum, m) => sum + (stepAt(m.left, t) ?? m.capacity), 0);
      return el("tr", {}, el("td", {}, site.name, el("span", { class: "muted" }, ` ${term("system", site.system)}`)), cell(mine.length), cell(kills), cell(left));
    });
    return el("table", {}, el("thead", {}, el("tr", {}, ["unit", "shots", "kills", "left"].map((key) => el("th", { scope: "col" }, say(`over.col_${key}`))))), el("tbody", {}, rows));
  }

  const redraw = throttled(draw, 250);
  return { node, draw, redraw };
}

const cell = (value) => el("td", { class: "num" }, number(value));
const heading = (key) => el("h3", {}, say(key));

export function leadText(replay) {
  const h = replay.headline;
  const objects = h.impact_objects ?? h.targets ?? replay.objects.filter((o) => o.side === "hostile" && o.duty === "impact").length;
  const impacts = h.impacts ?? h.leaked ?? replay.objects.filter((o) => o.outcome === "leaked").length;
  const others = (h.leaked ?? impacts) - impacts;
  return say("over.lead", { impacts: number(impacts), objects: number(objects), share: objects ? share(impacts / objects) : "", hits: h.hits === undefined ? undefined : number(h.hits), others: others > 0 ? number(others) : undefined, rounds: number(h.rounds_fired ?? replay.shots.length) });
}

function table(classes, hostile, t) {
  const columns = ["came", "seen", "killed", "leaked", "other"];
  const rows = classes.map((name) => {
    const all = hostile.filter((o) => o.class === name);
    const now = all.filter((o) => o.life.begins <= t);
    const done = now.filter((o) => o.ends !== null && o.ends <= t);
    const count = (outcome) => done.filter((o) => o.outcome === outcome).length;
    const killed = count("killed");
    const leaked = count("leaked");
    const final = (outcome) => all.filter((o) => o.outcome === outcome).length;
    return el("tr", {},
      el("td", {}, term("class", name), bar(final("killed"), final("leaked"), all.length)),
      el("td", { class: "num" }, `${number(now.length)}`, el("span", { class: "muted" }, ` / ${number(all.length)}`)),
      cell(now.filter((o) => o.life.firm <= t).length), cell(killed), el("td", { class: leaked ? "num bad" : "num" }, number(leaked)), cell(done.length - killed - leaked));
  });
  return el("table", { class: "raid-table" }, el("caption", {}, say("over.table_caption")),
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, say("over.col_class")), columns.map((key) => el("th", { scope: "col" }, say(`over.col_${key}`))))), el("tbody", {}, rows));
}

function bar(killed, leaked, all) {
  const part = (value, name) => el("span", { class: name, style: { width: `${(100 * value) / all}%` } });
  return el("span", { class: "bar-share", role: "img", "aria-label": say("over.bar", { killed: number(killed), leaked: number(leaked), all: number(all) }), title: say("over.bar", { killed: number(killed), leaked: number(leaked), all: number(all) }) }, part(killed, "kill"), part(leaked, "leak"), part(all - killed - leaked, "rest"));
}

function seenText(hostile, t, whole) {
  const now = hostile.filter((o) => o.life.begins <= t && (o.ends === null || t < o.ends));
  const firm = now.filter((o) => o.life.firm <= t);
  const waits = hostile.filter((o) => o.life.firm <= t).map((o) => o.life.firm - o.life.begins).sort((a, b) => a - b);
  const text = whole ? say("over.seen_whole", { firm: number(hostile.filter((o) => o.life.firm <= t).length), all: number(hostile.length) }) : say("over.seen_now", { firm: number(firm.length), air: number(now.length) });
  return waits.length ? `${text} ${say("over.seen_wait", { wait: durationText(waits[waits.length >> 1]) })}` : text;
}

// Why what got through did, most frequent reason first: a bar each.
function reasons(hostile, t) {
  const counts = new Map();
  for (const o of hostile) if (o.outcome === "leaked" && o.ends <= t && o.why) counts.set(o.why, (counts.get(o.why) ?? 0) + 1);
  const sorted = [...counts].sort((one, two) => two[1] - one[1]);
  if (!sorted.length) return null;
  return [el("p", { class: "muted small-head" }, say("over.reasons")), el("ul", { class: "shares reasons" }, sorted.map(([why, count]) => el("li", {}, term("why", why), el("span", { class: "gauge", "aria-hidden": "true" }, el("span", { class: "fill", style: { width: `${(100 * count) / sorted[0][1]}%`, background: "var(--hostile)" } })), el("b", { class: "num" }, number(count)))))];
}

function leakers(hostile, t, select, hitters) {
  const all = hostile.filter((o) => o.outcome === "leaked").sort((a, b) => a.ends - b.ends);
  if (!all.length) return el("p", {}, say("over.none_leaked"));
  return el("ol", { class: "leakers" }, all.map((o) => el("li", { class: o.ends <= t ? "" : "later" },
    el("button", { class: "link", onclick: () => select(o, true) }, el("span", { class: "time" }, clockText(o.ends)), el("b", {}, o.name), el("span", { class: "muted" }, o.aim ? ` → ${o.aim}` : "")),
    el("span", { class: "reason" }, whyText(o), hitters.has(o.index) ? "" : el("span", { class: "muted" }, ` ${say("over.no_hit")}`)))));
}

function others(replay, t) {
  const civil = replay.objects.filter((o) => o.side !== "hostile" && o.life.begins <= t);
  if (!civil.length) return null;
  const engaged = new Set(replay.events.filter((e) => ["civil_engaged", "friendly_engaged"].includes(e.kind) && e.t <= t).map((e) => e.object));
  return [heading("over.wrong"), el("p", { class: engaged.size ? "bad" : "" }, say(engaged.size ? "over.wrong_some" : "over.wrong_none", { engaged: number(engaged.size), flights: number(civil.length) }))];
}

export function throttled(action, wait) {
  let last = -Infinity;
  let timer = null;
  return (now) => {
    clearTimeout(timer);
    const passed = performance.now() - last;
    if (now || passed > wait) {
      last = performance.now();
      action();
    } else timer = setTimeout(() => { last = performance.now(); action(); }, wait - passed);
  };
}
