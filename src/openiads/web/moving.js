// Everything that moves, on one canvas over the map: batched by colour, symbols from a cache, no feature objects.
import { makeBrush } from "./brush.js";
import { paintEnds, paintSelected, paintTracks, paintTruth } from "./flights.js";
import { paintNames } from "./names.js";
import { paintPlaces, paintSectors, paintStrobes } from "./places.js";
import { selectedText } from "./sentences.js";
import { paintShots } from "./shots.js";
import { symbol, withIdentity } from "./symbols.js";

export function makeMovingLayer(replay, state) {
  const canvas = document.createElement("canvas");
  const brush = makeBrush(canvas);
  const counter = { frames: 0 };
  let frame = null;

  // The canvas lies over the map's own, so that a tick of the clock repaints what moves and nothing else.
  function attach(map) {
    canvas.className = "moving";
    map.getViewport().insertBefore(canvas, map.getViewport().firstElementChild.nextSibling);
    map.on("postrender", (event) => {
      frame = event.frameState;
      repaint();
    });
  }

  function repaint() {
    if (!frame) return;
    brush.begin(frame);
    paint(state.t, state.show);
    counter.frames += 1;
  }

  function paint(t, show) {
    if (show.sectors) paintSectors(brush, replay, t);
    if (show.strobes) paintStrobes(brush, replay, t);
    paintPlaces(brush, replay, t);
    if (show.truth) paintTruth(brush, replay, t, show.trails);
    if (show.shots) paintShots(brush, replay, t);
    if (show.tracks) paintTracks(brush, replay, t, show.trails, show.truth);
    paintEnds(brush, replay, t);
    if (state.selected) paintSelected(brush, state.selected, t, selectedText(state.selected, t));
    paintNames(brush, show.labels ? brush.names : brush.names.filter((name) => name.rank < 0));
  }

  function nearest(x, y, reach) {
    let best = null;
    let least = Infinity;
    for (const hit of brush.hits) {
      const distance = Math.hypot(hit.x - x, hit.y - y) - hit.size;
      if (distance < reach && distance < least) [best, least] = [hit, distance];
    }
    return best;
  }

  return { attach, repaint, counter, nearest, hits: brush.hits, recolour: brush.recolour };
}

export const warmSymbols = (replay) => {
  for (const sidc of replay.symbols) for (const label of ["unknown", "hostile", "neutral", "friend"]) symbol(withIdentity(sidc, label), 16);
};
