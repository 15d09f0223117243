// Missiles in flight: from launcher towards the predicted point, and how each ended.
import { shotFlying } from "./scene.js";

const FLASH_S = 6;

export function paintShots(brush, replay, t) {
  const flying = replay.shots.filter((shot) => shotFlying(shot, t)).map((shot) => withPlace(brush, shot, t));
  paintLines(brush, flying);
  paintPredicted(brush, flying);
  paintMissiles(brush, flying);
  for (const shot of replay.shots) if (t >= shot.t1 && t < shot.t1 + FLASH_S) flash(brush, shot, (t - shot.t1) / FLASH_S);
}

function withPlace({ px, py }, shot, t) {
  const f = (t - shot.t0) / (shot.t1 - shot.t0);
  const [x0, y0, x1, y1] = [px(shot.x0), py(shot.y0), px(shot.x1), py(shot.y1)];
  return { shot, x0, y0, x1, y1, x: x0 + (x1 - x0) * f, y: y0 + (y1 - y0) * f };
}

// Dashed to come, solid behind.
function paintLines(brush, flying) {
  const { pen, colours } = brush;
  brush.line(1.2, colours.shot, [5, 4]);
  for (const { x0, y0, x1, y1 } of flying) {
    pen.moveTo(x0, y0);
    pen.lineTo(x1, y1);
  }
  pen.stroke();
  brush.line(2.4, colours.shot);
  for (const { shot, x0, y0, x, y } of flying) {
    pen.moveTo(x0, y0);
    pen.lineTo(x, y);
    brush.hits.push({ kind: "shot", item: shot, x, y, size: 8 });
  }
  pen.stroke();
}

function paintPredicted(brush, flying) {
  const { pen } = brush;
  brush.line(1.2, brush.colours.shot);
  for (const { x1, y1 } of flying) {
    pen.moveTo(x1 - 6, y1);
    pen.lineTo(x1 + 6, y1);
    pen.moveTo(x1, y1 - 6);
    pen.lineTo(x1, y1 + 6);
  }
  pen.stroke();
}

function paintMissiles({ pen, colours }, flying) {
  pen.fillStyle = colours.shot;
  pen.beginPath();
  for (const { x0, y0, x1, y1, x, y } of flying) {
    const along = Math.atan2(y1 - y0, x1 - x0);
    const [c, s] = [Math.cos(along), Math.sin(along)];
    pen.moveTo(x + 8 * c, y + 8 * s);
    pen.lineTo(x - 5 * c - 4.5 * s, y - 5 * s + 4.5 * c);
    pen.lineTo(x - 5 * c + 4.5 * s, y - 5 * s - 4.5 * c);
    pen.closePath();
  }
  pen.fill();
}

function flash(brush, shot, f) {
  const { pen, colours } = brush;
  const killed = shot.outcome === "killed";
  pen.globalAlpha = 1 - f;
  brush.line(3, killed ? colours.kill : colours.muted, killed ? [] : [3, 3]);
  pen.arc(brush.px(shot.x1), brush.py(shot.y1), 6 + 16 * f, 0, 2 * Math.PI);
  pen.stroke();
  pen.globalAlpha = 1;
}
