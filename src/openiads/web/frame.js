// The head of every page: title, language, theme, print.
import { el, remember, renew } from "./dom.js";
import { currentLanguage, LANGUAGES, say, setLanguage } from "./words.js";

const THEMES = ["auto", "light", "dark"];

export function frameOf({ title, about, onLanguage, onTheme }) {
  const node = el("header", { class: "head" });
  const pages = el("nav", { class: "pages" });
  if (document.body.dataset.served) listPages(pages);
  setTheme(remember("theme") || "auto");

  function setTheme(name) {
    const known = THEMES.includes(name) ? name : "auto";
    document.documentElement.dataset.theme = known;
    return known;
  }

  function draw() {
    const languages = el("select", { "aria-label": say("head.language"), title: say("head.language"), onchange: () => {
      setLanguage(languages.value);
      remember("language", languages.value);
      draw();
      onLanguage();
    } }, LANGUAGES.map((name) => el("option", { value: name, selected: name === currentLanguage() }, say(`language.${name}`))));
    const themes = el("select", { "aria-label": say("head.theme"), title: say("head.theme"), onchange: () => {
      remember("theme", setTheme(themes.value));
      onTheme();
    } }, THEMES.map((name) => el("option", { value: name, selected: name === document.documentElement.dataset.theme }, say(`theme.${name}`))));
    renew(node, el("h1", {}, title), el("p", { class: "about", title: about }, about), pages, languages, themes, el("button", { onclick: () => window.print() }, say("head.print")));
  }

  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", onTheme);
  let before = null;
  window.addEventListener("beforeprint", () => {
    before = document.documentElement.dataset.theme;
    setTheme("light");
    onTheme();
  });
  window.addEventListener("afterprint", () => {
    setTheme(before ?? "auto");
    onTheme();
  });
  draw();
  return { node, draw };
}

// Served pages know of each other; a file on its own does not.
async function listPages(box) {
  const answer = await fetch("/api/documents");
  const known = answer.ok ? await answer.json() : [];
  const here = document.body.dataset.source;
  const choose = el("select", { "aria-label": say("head.pages"), title: say("head.pages"), onchange: () => { location.href = choose.value; } },
    known.map((one) => el("option", { value: `/view/${one.id}`, selected: one.id === here }, one.id)), el("option", { value: "/editor", selected: !here }, say("head.editor")));
  renew(box, choose);
}
