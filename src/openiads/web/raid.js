// One row for each object: when it came, was seen, held, identified, shot at, and how it ended.
import { cssColour, el, fittedCanvas, renew } from "./dom.js";
import { say, term } from "./words.js";

const ROW = 13;
const HEAD = 18;
const LEFT = 96;

export function makeRaid(replay, state, select, onMark) {
  const rows = [];
  for (const side of ["hostile", "civil", "friend"]) {
    const members = replay.objects.filter((o) => o.side === side);
    for (const name of [...new Set(members.map((o) => o.class))]) {
      rows.push({ head: name });
      members.filter((o) => o.class === name).sort((a, b) => a.life.begins - b.life.begins).forEach((object) => rows.push({ object }));
    }
  }
  let top = 6;
  for (const row of rows) {
    row.top = top;
    top += row.head ? HEAD : ROW;
  }
  const height = top + 8;
  const drawing = fittedCanvas("", draw);
  drawing.canvas.style.height = `${Math.min(height, 16000)}px`;
  drawing.canvas.addEventListener("click", (event) => {
    const found = rowAt(event);
    if (found) select(found.object, false);
  });
  drawing.canvas.addEventListener("pointermove", (event) => {
    const found = rowAt(event);
    drawing.canvas.title = found ? `${found.object.name}: ${term("outcome", found.object.outcome)}` : "";
    drawing.canvas.style.cursor = found ? "pointer" : "default";
  });
  drawing.canvas.tabIndex = 0;
  drawing.canvas.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) choose(step);
    else if (event.key === "Enter" && state.selected) select(state.selected, false);
    else return;
    event.preventDefault();
  });
  const key = el("p", { class: "key" });
  const node = el("section", { class: "panel raid" }, key, drawing.canvas);

  // The keyboard's way through the rows: up and down choose, Enter opens the story.
  function choose(step) {
    const objects = rows.filter((row) => row.object);
    const at = objects.findIndex((row) => row.object === state.selected);
    const row = objects[Math.min(objects.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
    if (!row) return;
    state.selected = row.object;
    state.site = null;
    drawing.canvas.setAttribute("aria-label", `${row.object.name}: ${term("outcome", row.object.outcome)}`);
    node.parentElement?.scrollTo({ top: row.top - 100 });
    drawing.redraw();
    onMark();
  }

  function rowAt(event) {
    const y = event.clientY - drawing.canvas.getBoundingClientRect().top;
    return rows.find((row) => row.object && y >= row.top && y < row.top + ROW);
  }

  function label() {
    drawing.canvas.setAttribute("aria-label", say("raid.label"));
    const item = (name, text) => el("span", { class: "key-item" }, el("span", { class: "swatch wide", style: { background: `var(${name})` } }), say(text));
    renew(key, item("--raid-there", "raid.there"), item("--raid-held", "raid.held"), item("--raid-named", "raid.named"), item("--shot", "raid.shot"), item("--kill", "raid.killed"), item("--hostile", "raid.leaked"), el("span", {}, say("raid.keys")));
  }

  function draw(pen, width) {
    const scale = (width - LEFT - 12) / (replay.t1 - replay.t0);
    const px = (t) => LEFT + (Math.min(t, replay.t1) - replay.t0) * scale;
    const colour = Object.fromEntries(["--raid-there", "--raid-held", "--raid-named", "--shot", "--kill", "--hostile", "--text", "--muted", "--select"].map((name) => [name, cssColour(name)]));
    pen.textBaseline = "middle";
    for (const row of rows) {
      if (row.head) {
        pen.font = "600 12px system-ui, sans-serif";
        pen.fillStyle = colour["--text"];
        pen.fillText(term("class", row.head), 2, row.top + HEAD / 2 + 1);
        continue;
      }
      drawRow(pen, row, px, colour, width);
    }
    pen.fillStyle = colour["--text"];
    pen.globalAlpha = 0.7;
    pen.fillRect(px(state.t) - 0.75, 0, 1.5, height);
    pen.globalAlpha = 1;
  }

  function drawRow(pen, row, px, colour, width) {
    const { object } = row;
    const y = row.top + ROW / 2;
    const bar = (from, to, name, thick) => {
      if (!Number.isFinite(from) || to <= from) return;
      pen.fillStyle = colour[name];
      pen.fillRect(px(from), y - thick / 2, Math.max(1, px(to) - px(from)), thick);
    };
    if (state.selected === object) {
      pen.fillStyle = colour["--select"];
      pen.fillRect(0, row.top, width, ROW);
    }
    pen.font = "11px system-ui, sans-serif";
    pen.fillStyle = colour["--muted"];
    pen.fillText(object.name.length > 15 ? `${object.name.slice(0, 14)}…` : object.name, 6, y + 0.5);
    bar(object.life.begins, object.life.ends, "--raid-there", 3);
    for (const [from, to] of object.life.held) {
      bar(from, Math.min(to, object.life.ends), "--raid-held", 7);
      bar(Math.max(from, object.life.named), Math.min(to, object.life.ends), "--raid-named", 7);
    }
    for (const shot of object.shots) {
      pen.fillStyle = colour["--shot"];
      pen.fillRect(px(shot.t0), y - 5, 1.5, 10);
      pen.fillRect(px(shot.t0), y - 0.75, px(shot.t1) - px(shot.t0), 1.5);
    }
    if (object.ends !== null) mark(pen, object.outcome, px(object.ends), y, colour);
  }

  return { node, label, redraw: drawing.redraw };
}

function mark(pen, outcome, x, y, colour) {
  if (outcome === "leaked") {
    pen.fillStyle = colour["--hostile"];
    pen.beginPath();
    pen.arc(x, y, 5, 0, 2 * Math.PI);
    pen.fill();
  } else if (outcome === "killed") {
    pen.strokeStyle = colour["--kill"];
    pen.lineWidth = 2;
    pen.beginPath();
    pen.moveTo(x - 4, y - 4);
    pen.lineTo(x + 4, y + 4);
    pen.moveTo(x + 4, y - 4);
    pen.lineTo(x - 4, y + 4);
    pen.stroke();
  } else {
    pen.fillStyle = colour["--muted"];
    pen.fillRect(x - 1, y - 4, 2, 8);
  }
}
