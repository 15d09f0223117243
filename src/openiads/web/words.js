// Texts by language, sentences with named parts, numbers with units.
import { remember } from "./dom.js";

export const LANGUAGES = ["en", "fr"];
const tables = {};
let language = "en";

export async function loadWords() {
  for (const name of LANGUAGES) {
    const inline = document.getElementById(`words-${name}`);
    tables[name] = inline ? JSON.parse(inline.textContent) : await (await fetch(`/static/i18n/${name}.json`)).json();
  }
  const asked = new URLSearchParams(location.hash.slice(1)).get("lang") || remember("language") || (navigator.language || "en").slice(0, 2);
  setLanguage(LANGUAGES.includes(asked) ? asked : "en");
}

export function setLanguage(name) {
  language = name;
  document.documentElement.lang = name;
}

export const currentLanguage = () => language;

export function known(key) {
  return key in tables[language] || key in tables.en;
}

// "[...]" drops out when a part inside it is missing; "{name_m}" is written with the unit that its ending names.
export function say(key, args = {}) {
  const template = tables[language][key] ?? tables.en[key];
  if (template === undefined) return key;
  const parts = (text) => text.replace(/\{(\w+)\}/g, (_, name) => withUnit(name, args[name]));
  return parts(template.replace(/\[([^\]]*)\]/g, (_, inside) => {
    const names = [...inside.matchAll(/\{(\w+)\}/g)].map((m) => m[1]);
    return names.every((n) => args[n] !== undefined && args[n] !== null && args[n] !== "") ? inside : "";
  }));
}

// A word of the vocabulary, or the name itself where there is none.
export function term(group, name) {
  const key = `${group}.${name}`;
  if (known(key)) return say(key);
  return /[A-Z]/.test(name) ? String(name) : String(name).replaceAll("-", " ").replaceAll("_", " ");
}

const formats = new Map();

function formatOf(style, digits) {
  const key = `${language}/${style}/${digits}`;
  if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(language, { style, maximumFractionDigits: digits }));
  return formats.get(key);
}

export const number = (value, digits = 0) => formatOf("decimal", digits).format(value);

export const share = (value) => formatOf("percent", value > 0 && value < 0.1 ? 1 : 0).format(value);

export function clockText(seconds) {
  const whole = Math.max(0, Math.floor(seconds + 1e-6));
  const two = (v) => String(v).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  return `${hours ? `${hours}:` : ""}${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
}

export function durationText(seconds) {
  if (seconds < 99.5) return `${number(seconds, seconds < 10 ? 1 : 0)} s`;
  return `${number(Math.floor(seconds / 60))} min ${number(Math.round(seconds % 60))} s`;
}

export function lengthText(metres) {
  if (Math.abs(metres) < 2000) return `${number(metres)} m`;
  return `${number(metres / 1000, Math.abs(metres) < 20000 ? 1 : 0)} km`;
}

export const speedText = (mps) => say("unit.speed", { mps: number(mps), kmh: number(Math.round(mps * 0.36) * 10) });

const TERMS = { label: "label", class: "class", reason: "why", obstacle: "now", evidence: "evidence", control: "control" };

// Several words of one vocabulary, written "one; two".
export const listed = (group, value) => String(value).split("; ").map((word) => term(group, word)).join(", ");

function withUnit(name, value) {
  if (value === undefined || value === null) return "";
  if (typeof value !== "number") return name in TERMS ? listed(TERMS[name], value) : String(value);
  if (name.endsWith("_m")) return lengthText(value);
  if (name.endsWith("_s")) return durationText(value);
  if (name.endsWith("_rad")) return `${number((value * 180) / Math.PI)}°`;
  if (name.endsWith("_deg")) return `${number(value)}°`;
  if (name.endsWith("_mps")) return speedText(value);
  if (name.endsWith("_db")) return `${number(value, 1)} dB`;
  if (name === "p" || name.endsWith("_p")) return share(value);
  return number(value, 2);
}
