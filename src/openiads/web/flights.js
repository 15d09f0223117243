// What flies: as it truly is and as the defence believes it, with trails, the gap between the two, and where flights ended.
import { burstMark, crossMark, diamondMark } from "./brush.js";
import { lastAt } from "./data.js";
import { delayAt, labelAt, objectThere, placeAt, symbolAt, tracksNear, trackThere, TRAIL_S } from "./scene.js";
import { stamp, withIdentity } from "./symbols.js";

const SIDE_OF_LABEL = { hostile: "hostile", suspect: "hostile", friend: "friend", assumed_friend: "friend", neutral: "neutral" };
const SIDE_OF_TRUTH = { hostile: "hostile", friend: "friend", civil: "neutral" };
const CROSS_S = 40;
const STALE_S = 12;
const MANY = 150;
const TRAIL_STEP_PX = 4;
const spot = { x: 0, y: 0, alt: 0, i: 0, age: 0 };

const sideOf = (label) => SIDE_OF_LABEL[label] ?? "unknown";

export function paintTruth(brush, replay, t, withTrails) {
  const { pen, px, py } = brush;
  const many = replay.objects.length > MANY;
  for (const side of ["hostile", "friend", "civil"]) {
    const colour = brush.colours[SIDE_OF_TRUTH[side]];
    const there = replay.objects.filter((object) => object.side === side && objectThere(object, t));
    if (withTrails) {
      brush.line(1, colour, many ? [] : [1, 3]);
      pen.globalAlpha = many ? 0.4 : 0.65;
      for (const object of there) trail(brush, object.path, t);
      pen.stroke();
      pen.globalAlpha = 1;
    }
    for (const object of there) {
      placeAt(object.path, t, spot);
      const x = px(spot.x);
      const y = py(spot.y);
      if (!brush.inside(x, y)) continue;
      brush.stampMark(diamondMark, colour, x, y);
      brush.hits.push({ kind: "object", item: object, x, y, size: 8 });
    }
  }
}

export function paintTracks(brush, replay, t, withTrails, withTruth) {
  const { pen, px, py } = brush;
  const live = tracksNear(replay, t).filter((track) => trackThere(track, t)).map((track) => ({ track, label: labelAt(track, t) }));
  if (withTrails) {
    for (const side of ["hostile", "friend", "neutral", "unknown"]) {
      brush.line(2, brush.colours[side]);
      for (const { track, label } of live) if (sideOf(label) === side) trail(brush, track.path, t);
      pen.stroke();
    }
  }
  if (withTruth) paintLags(brush, replay, live, t);
  const size = live.length > 600 ? 11 : live.length > MANY ? 13 : 16;
  for (const { track, label } of live) {
    placeAt(track.path, t, spot);
    const x = px(spot.x);
    const y = py(spot.y);
    if (!brush.inside(x, y)) continue;
    pen.globalAlpha = spot.age > STALE_S ? 0.5 : 1;
    stamp(pen, withIdentity(symbolAt(track, t), label), size, x, y);
    brush.hits.push({ kind: "track", item: track, x, y, size: size * 0.8 });
  }
  pen.globalAlpha = 1;
}

// From where the picture has it to where it is: lateness and error, drawn.
function paintLags(brush, replay, live, t) {
  const { pen, px, py } = brush;
  brush.line(1, brush.colours.muted);
  for (const { track } of live) {
    if (track.object < 0 || delayAt(track, t) === null) continue;
    const object = replay.objects[track.object];
    if (!objectThere(object, t)) continue;
    placeAt(track.path, t, spot);
    pen.moveTo(px(spot.x), py(spot.y));
    placeAt(object.path, t, spot);
    pen.lineTo(px(spot.x), py(spot.y));
  }
  pen.stroke();
}

function trail(brush, path, t) {
  const { pen, px, py } = brush;
  const from = t - TRAIL_S;
  const start = Math.max(0, lastAt(path.t, from));
  if (!placeAt(path, Math.max(from, path.t[0]), spot)) return;
  let x = px(spot.x);
  let y = py(spot.y);
  pen.moveTo(x, y);
  for (let i = start + 1; i < path.t.length && path.t[i] < t; i++) {
    const nextX = px(path.x[i]);
    const nextY = py(path.y[i]);
    if (Math.abs(nextX - x) + Math.abs(nextY - y) < TRAIL_STEP_PX) continue;
    pen.lineTo(nextX, nextY);
    x = nextX;
    y = nextY;
  }
  placeAt(path, t, spot);
  pen.lineTo(px(spot.x), py(spot.y));
}

// Where objects ended: a cross where one was shot down, a filled burst where one reached its aim.
export function paintEnds(brush, replay, t) {
  const { pen, px, py, colours } = brush;
  for (const object of replay.objects) {
    if (object.ends === null || t < object.ends || !["killed", "leaked"].includes(object.outcome)) continue;
    placeAt(object.path, object.ends, spot);
    const x = px(spot.x);
    const y = py(spot.y);
    if (!brush.inside(x, y)) continue;
    if (object.outcome === "leaked") brush.stampMark(burstMark, colours.hostile, x, y);
    else {
      pen.globalAlpha = t - object.ends < CROSS_S ? 1 : 0.4;
      brush.stampMark(crossMark, object.side === "hostile" ? colours.kill : colours.hostile, x, y);
      pen.globalAlpha = 1;
    }
    brush.hits.push({ kind: "object", item: object, x, y, size: 7 });
  }
}

// The whole true path of the chosen object, a ring around it, and what an operator reads beside a track.
export function paintSelected(brush, object, t, text) {
  const { pen, px, py, colours } = brush;
  brush.line(1.5, colours.text, [2, 4]);
  object.path.x.forEach((x, i) => (i ? pen.lineTo(px(x), py(object.path.y[i])) : pen.moveTo(px(x), py(object.path.y[i]))));
  pen.stroke();
  if (!placeAt(object.path, Math.min(t, object.ends ?? t), spot)) return;
  const x = px(spot.x);
  const y = py(spot.y);
  brush.line(2, colours.text);
  pen.arc(x, y, 15, 0, 2 * Math.PI);
  pen.stroke();
  brush.names.push({ text, box: [x - 15, y - 15, x + 15, y + 15], colour: colours.text, strong: true, rank: -1 });
}
