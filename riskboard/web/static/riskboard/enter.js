// Forms of evidence: lists that are searched by typing, meanings beside what is chosen, titles taken over. Without this script they are plain forms.
const MOST_SHOWN = 40;
const PAUSE = 150; // ms of rest before the list follows what is typed
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function make(tag, attributes) {
  const element = document.createElement(tag);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  return element;
}

// How well an option fits what is typed, the best least: its name, how its name begins, a word of its name, any part of
// its name; then what stands in brackets, which is whose it is.
function rank(one, words) {
  const typed = words.join(" ");
  if (one.name === typed || one.value === typed) return 0;
  if (one.name.startsWith(typed)) return 1;
  if (words.every((word) => one.words.some((each) => each.startsWith(word)))) return 2;
  return words.every((word) => one.name.includes(word)) ? 3 : 4;
}

function fitting(all, typed) {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  if (!words.length) return all;
  const fits = all.filter((one) => words.every((word) => one.text.includes(word)));
  return fits.map((one) => [rank(one, words), one]).sort(([one], [other]) => one - other).map(([, one]) => one);
}

function searched(option) {
  const name = plain(option.label).replace(/\s*\([^()]*\)$/, "");
  return { value: option.value, label: option.label, name, words: name.split(/[^\p{L}\p{N}]+/u), text: plain(`${option.label} ${option.value}`) };
}

function searchable(select) {
  const id = select.id;
  // What was sent before and names nothing: the form kept it as one more choice.
  let stray = [...select.options].find((option) => option.value && option.label === `${option.value} (unknown)`);
  const all = [...select.options].filter((option) => option.value && option !== stray).map(searched);
  const box = make("div", { class: "combobox" });
  const input = make("input", { type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}_list`, placeholder: "Type to search" });
  const list = make("ul", { role: "listbox", tabindex: "-1", id: `${id}_list`, "aria-label": document.querySelector(`label[for="${id}"]`)?.firstChild.textContent.trim() ?? "" });
  const note = make("p", { class: "wrong", id: `${id}_none`, hidden: "" });
  ["aria-describedby", "aria-invalid", "aria-required"].forEach((name) => { if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name)); });
  let shown = [];
  let active = -1;
  let timer = 0;

  const called = (document.querySelector(`label[for="${id}"]`)?.firstChild.textContent.trim() ?? "").toLowerCase();
  const chosen = () => all.find((one) => one.value === select.value);
  const isOpen = () => !list.hidden;

  function close() {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(at) {
    active = at;
    [...list.children].forEach((item, number) => { if (item.role === "option" || item.getAttribute("role") === "option") item.setAttribute("aria-selected", String(number === at)); });
    const item = list.children[at];
    if (item && shown.length) { input.setAttribute("aria-activedescendant", item.id); item.scrollIntoView({ block: "nearest" }); }
    else input.removeAttribute("aria-activedescendant");
  }

  function open(everything) {
    const typed = everything ? "" : input.value.trim();
    shown = fitting(all, typed).slice(0, MOST_SHOWN);
    list.replaceChildren(...shown.map((one, number) => {
      const item = make("li", { role: "option", id: `${id}_option_${number}`, "aria-selected": "false" });
      item.textContent = one.label;
      return item;
    }));
    list.hidden = shown.length === 0;
    input.setAttribute("aria-expanded", String(shown.length > 0));
    mark(typed && shown.length ? 0 : -1);
    say(shown.length || !typed ? "" : `There is no ${called} called so.`);
  }

  function say(text) {
    note.textContent = text;
    note.hidden = text === "";
  }

  function choose(one) {
    const former = select.value;
    select.value = one ? one.value : "";
    if (one) input.value = one.label;
    close();
    say("");
    if (select.value !== former) select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // What names nothing is sent as it was typed, so that it is refused rather than overlooked.
  function keep(typed) {
    const former = select.value;
    stray?.remove();
    stray = new Option(`${typed} (unknown)`, typed, false, true);
    select.append(stray);
    say(`There is no ${called} called “${typed}”: choose one from the list.`);
    if (select.value !== former) select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // What was typed stays, even where it names nothing, and it says so.
  function settle() {
    window.clearTimeout(timer);
    timer = 0;
    const typed = plain(input.value.trim());
    if (chosen() && plain(chosen().label) === typed) { close(); return; }
    const fits = typed ? fitting(all, typed) : [];
    const exact = all.find((one) => plain(one.label) === typed || one.value === typed) ?? (fits.length === 1 ? fits[0] : undefined);
    if (exact || !typed) choose(exact);
    else { close(); keep(input.value.trim()); }
  }

  const rest = () => { timer = 0; open(false); };
  const hurry = () => { if (timer) { window.clearTimeout(timer); rest(); } };

  input.addEventListener("input", () => { window.clearTimeout(timer); timer = window.setTimeout(rest, PAUSE); });
  input.addEventListener("click", () => { if (!isOpen()) open(true); });
  input.addEventListener("blur", settle);
  select.form?.addEventListener("submit", settle);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      hurry();
      if (!isOpen()) { open(Boolean(chosen())); if (!shown.length) return; }
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(active < 0 ? (step > 0 ? 0 : shown.length - 1) : (active + step + shown.length) % shown.length);
    } else if (event.key === "Tab" && !event.shiftKey) {
      hurry();
      if (isOpen() && active >= 0) choose(shown[active]);
    } else if (event.key === "Enter") {
      hurry();
      if (isOpen() && active >= 0) { event.preventDefault(); choose(shown[active]); } else if (isOpen()) { event.preventDefault(); close(); }
    } else if (event.key === "Escape" && isOpen()) {
      event.preventDefault();
      close();
    }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const at = [...list.children].indexOf(event.target.closest("li"));
    if (at >= 0) choose(shown[at]);
  });

  list.hidden = true;
  input.value = chosen()?.label ?? (stray?.selected ? stray.value : "");
  select.id = `${id}_choice`;
  input.id = id;
  select.hidden = true;
  select.before(box);
  box.append(input, list);
  box.after(note);
}

const meanings = JSON.parse(document.getElementById("meanings")?.textContent ?? "{}");
document.addEventListener("change", (event) => {
  const place = document.querySelector(`[data-meaning="${event.target.name}"]`);
  if (place) place.textContent = meanings[event.target.name]?.[event.target.value] ?? "";
});

// A title is taken over in place.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=use_title]");
  const field = document.querySelector("[name=source_title]");
  if (!button || !field) return;
  event.preventDefault();
  field.value = button.value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

// On a narrow screen the panel lies far below: a line at the bottom of the screen says what stands in it.
function glance() {
  const line = document.querySelector(".glance a");
  const said = document.getElementById("preview")?.dataset.glance;
  if (line && said) line.textContent = said;
}

// What changed in the preview is told once, not read out as a whole.
function tell() {
  const told = [...document.querySelectorAll("#preview [data-told]")].map((each) => each.textContent.replace(/\s+/g, " ").trim()).join(" ");
  const place = document.getElementById("told");
  if (place && place.textContent !== told) place.textContent = told;
  glance();
}
document.addEventListener("htmx:afterSwap", tell);

// What could not be worked out is said where it would stand: what stands there is of what was typed before.
function explain(event, said) {
  const place = document.getElementById("preview");
  if (!place || event.detail.target !== place) return;
  const note = make("p", { class: "wrong", "data-told": "" });
  note.textContent = said;
  place.replaceChildren(note);
  place.dataset.glance = "The effect is not known";
  tell();
}

const SIGNED_OUT = "You are signed out; what you typed stays here. Sign in on another page, then go on typing.";
document.addEventListener("htmx:responseError", (event) => explain(event, event.detail.xhr.status === 403 ? SIGNED_OUT : "The effect could not be computed. What you typed stays here."));
document.addEventListener("htmx:sendError", (event) => explain(event, "The server cannot be reached, so the effect is not known. What you typed stays here."));

glance();
document.querySelectorAll("select[data-combobox]").forEach(searchable);
