// Fields made from the JSON Schema: words to choose from, numbers and quantities to write, each with its problems beside it.
import { el } from "./dom.js";
import { say } from "./words.js";

export function doctrineForm(schema, values, change, problemsAt, problemList) {
  const rows = [];
  fields(schema, schema.$defs.Doctrine, values, ["doctrine"], rows);
  return el("section", { class: "panel form" }, el("p", { class: "muted" }, schema.$defs.Doctrine.description ?? ""), rows.map((row) => fieldOf(row, change, problemsAt, problemList)));
}

function resolved(schema, part) {
  return part?.$ref ? { ...schema.$defs[part.$ref.split("/").pop()], ...part, $ref: undefined } : part;
}

function fields(schema, model, values, path, rows) {
  for (const [name, written] of Object.entries(model.properties ?? {})) {
    const part = resolved(schema, written);
    const options = [part, ...(part.anyOf ?? [])].map((one) => resolved(schema, one));
    const words = options.find((one) => one.enum)?.enum;
    const simple = words || options.some((one) => ["string", "number", "integer", "boolean"].includes(one.type));
    const inner = options.find((one) => one.type === "object" && one.properties);
    const given = values?.[name];
    if (simple && (given === undefined || given === null || typeof given !== "object")) {
      rows.push({ path: [...path, name], words, yes: options.some((one) => one.type === "boolean"), numeric: options.some((one) => ["number", "integer"].includes(one.type)), value: given, usual: part.default, about: part.description ?? written.description, example: options.find((one) => one.examples)?.examples[0] });
    } else if (inner && path.length < 2) fields(schema, inner, given ?? {}, [...path, name], rows);
    else if (given !== undefined) rows.push({ path: [...path, name], value: given, about: part.description ?? written.description, fixed: true });
  }
}

function fieldOf(row, change, problemsAt, problemList) {
  const key = row.path.join(".");
  const id = `field-${key.replaceAll(".", "-")}`;
  const send = (value) => change([value === undefined ? { path: row.path, delete: true } : { path: row.path, value }]);
  return el("div", { class: "form-field" },
    el("label", { for: id }, row.path.slice(1).join(" / ").replaceAll("_", " ")),
    control(row, id, send),
    row.about ? el("p", { class: "muted" }, row.about) : null,
    problemList(problemsAt(key)));
}

function control(row, id, send) {
  if (row.fixed) return el("code", { id }, JSON.stringify(row.value).slice(0, 200), " ", el("span", { class: "muted" }, say("edit.in_text")));
  if (row.words || row.yes) {
    const words = row.words ?? [true, false];
    const usual = row.usual === undefined || row.usual === null ? say("edit.usual") : `${say("edit.usual")}: ${row.usual}`;
    const box = el("select", { id, onchange: () => send(box.value === "" ? undefined : words[Number(box.value)]) }, el("option", { value: "", selected: row.value === undefined }, usual), words.map((word, i) => el("option", { value: i, selected: word === row.value }, String(word))));
    return box;
  }
  const box = el("input", { id, value: row.value ?? "", placeholder: row.usual ?? row.example ?? "", onchange: () => {
    const text = box.value.trim();
    if (text === "" && row.value === undefined) return;
    send(text === "" ? undefined : row.numeric && text !== "" && Number.isFinite(Number(text)) ? Number(text) : text);
  } });
  return box;
}
