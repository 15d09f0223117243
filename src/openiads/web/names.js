// Names where there is room beside their marks: below, above, right, left; what is chosen first, then the defended, then large units.
const HALF_HEIGHT_PX = 7;
const LONGEST = 40;
const widths = new Map();

export function paintNames(brush, names) {
  const { pen } = brush;
  const taken = names.map((name) => name.box);
  const free = (box) => taken.every((other) => box[2] < other[0] || box[0] > other[2] || box[3] < other[1] || box[1] > other[3]);
  for (const name of [...names].sort((one, two) => one.rank - two.rank)) {
    pen.font = `${name.strong ? "600 " : ""}12px system-ui, sans-serif`;
    const text = name.text.length > LONGEST ? `${name.text.slice(0, LONGEST - 2)}…` : name.text;
    for (const [x, y, half] of spotsBeside(name.box, widthOf(pen, text, name.strong) / 2)) {
      const box = [x - half, y - HALF_HEIGHT_PX, x + half, y + HALF_HEIGHT_PX];
      if (!free(box)) continue;
      taken.push(box);
      brush.label(text, x, y, name.colour);
      break;
    }
  }
}

function spotsBeside([left, top, right, bottom], half) {
  const x = (left + right) / 2;
  const y = (top + bottom) / 2;
  const [above, below] = [top - HALF_HEIGHT_PX - 3, bottom + HALF_HEIGHT_PX + 3];
  const [after, before] = [right + half + 4, left - half - 4];
  return [[x, below], [x, above], [after, y], [before, y], [after, below], [before, below], [after, above], [before, above]].map(([a, b]) => [a, b, half]);
}

function widthOf(pen, text, strong) {
  const key = `${strong}${text}`;
  if (!widths.has(key)) widths.set(key, pen.measureText(text).width);
  return widths.get(key);
}
