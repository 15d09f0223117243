// The story of one object, and the list of events.
import { el, renew } from "./dom.js";
import { BAD, GROUP_OF, symbolAt } from "./scene.js";
import { GROUP_COLOUR } from "./clock.js";
import { eventText, objectText, siteText, trackText, whyText } from "./sentences.js";
import { symbolPicture, withIdentity } from "./symbols.js";
import { clockText, durationText, listed, say, share, term } from "./words.js";
import { throttled } from "./overview.js";

const LATEST = 60;

export function makeStory(replay, state, seek) {
  const node = el("section", { class: "panel story" });

  function draw() {
    const { selected, site } = state;
    if (site) return renew(node, el("h3", {}, site.name), el("ul", { class: "plain" }, siteText(site, state.t).map((line) => el("li", {}, line))), list(replay.events.filter((e) => e.site === replay.sites.indexOf(site)), state, replay, seek));
    if (!selected) return renew(node, el("p", { class: "muted" }, say("story.nothing")));
    const belief = (label) => symbolPicture(withIdentity(selected.sidc, label), 22);
    renew(node,
      el("h3", {}, belief({ hostile: "hostile", friend: "friend", civil: "neutral" }[selected.side]), ` ${selected.name}`),
      el("ul", { class: "plain" }, objectText(selected, state.t).slice(0, 3).map((line) => el("li", {}, line))),
      selected.outcome === "leaked" && el("div", { class: "why", role: "note" }, el("b", {}, `${say("story.why")} `), whyText(selected) || say("story.why_unknown"), selected.why_detail && el("p", {}, selected.why_detail)),
      el("h4", {}, say("story.chain")), chain(selected),
      identityPart(selected),
      el("h4", {}, say("story.events")), list(replay.events.filter((e) => e.object === selected.index), state, replay, seek));
    return node;
  }

  function chain(object) {
    const { life } = object;
    const step = (key, time, from) => el("li", { class: Number.isFinite(time) ? "done" : "broken" }, say(key), " ", el("b", {}, Number.isFinite(time) ? clockText(time) : say("story.never")), Number.isFinite(time) && Number.isFinite(from) && time > from ? el("span", { class: "muted" }, ` +${durationText(time - from)}`) : null);
    const first = object.shots.length ? Math.min(...object.shots.map((shot) => shot.t0)) : Infinity;
    const shots = object.shots.length ? say("story.shots", { count: object.shots.length }) : "";
    return el("ol", { class: "chain" },
      step("story.came", life.begins), step("story.seen", life.seen, life.begins), step("story.firm", life.firm, life.seen), step("story.named", life.named, life.firm),
      object.side === "hostile" ? step("story.first_shot", first, life.named) : null,
      el("li", { class: object.outcome === "leaked" ? "broken" : "done" }, say("story.end"), " ", el("b", {}, term("outcome", object.outcome)), object.ends !== null ? ` ${clockText(object.ends)}` : "", shots ? el("span", { class: "muted" }, ` ${shots}`) : null));
  }

  function identityPart(object) {
    const lasted = (b, next) => !next || next[0] - b[0] > 1;
    const beliefs = object.tracks.flatMap((track) => track.beliefs.filter((b, i) => lasted(b, track.beliefs[i + 1])).map((b) => ({ track, b }))).sort((one, two) => one.b[0] - two.b[0]);
    const several = object.tracks.length > 1;
    if (!beliefs.length) return null;
    return [el("h4", {}, say("story.identity")), el("ol", { class: "beliefs" }, beliefs.map(({ track, b }) => el("li", {},
      el("button", { class: "link", onclick: () => seek(b[0]) }, clockText(b[0])), symbolPicture(withIdentity(symbolAt(track, b[0]), b[1]), 13), el("b", {}, term("label", b[1])), b[2] !== null ? ` ${share(b[2])}` : "", several && el("span", { class: "muted" }, say("story.track", { name: track.name })), b[3] ? el("span", { class: "muted because" }, listed("evidence", b[3])) : null)))];
  }

  return { node, draw, redraw: throttled(draw, 300), trackText };
}

export function makeEvents(replay, state, seek, select) {
  const search = el("input", { type: "search", class: "search", oninput: () => draw() });
  const box = el("div", { class: "event-box" });
  const node = el("section", { class: "panel events" }, search, box);

  function draw() {
    const words = search.value.trim().toLowerCase();
    const open = [];
    for (let i = replay.events.length - 1; i >= 0 && open.length < LATEST; i--) {
      const event = replay.events[i];
      if (event.t > state.t || !state.groups[GROUP_OF[event.kind]]) continue;
      if (words && !eventText(replay, event).toLowerCase().includes(words)) continue;
      open.push(event);
    }
    renew(box, open.length ? list(open, state, replay, seek, select) : el("p", { class: "muted" }, say("events.none")));
  }

  const label = () => {
    search.placeholder = say("events.search");
    search.setAttribute("aria-label", say("events.search"));
  };
  return { node, draw, label, redraw: throttled(draw, 250) };
}

function list(events, state, replay, seek, select) {
  return el("ol", { class: "event-list" }, events.slice(0, 300).map((event) => el("li", { class: `${BAD.has(event.kind) ? "bad" : ""}${event.t > state.t ? " later" : ""}` },
    el("button", { class: "link time", title: say("events.go"), onclick: () => seek(event.t) }, clockText(event.t)),
    el("span", { class: "swatch", style: { background: `var(${BAD.has(event.kind) ? "--hostile" : GROUP_COLOUR[GROUP_OF[event.kind]]})` } }),
    select && event.object >= 0 ? el("button", { class: "link text", onclick: () => select(replay.objects[event.object], false) }, eventText(replay, event)) : el("span", { class: "text" }, eventText(replay, event)))));
}
