// The inbox from the keyboard: j/k move, a accepts, e edits, x dismisses, u undoes, space chooses, ? tells. The forms are the page's own.
const rows = () => [...document.querySelectorAll("[data-proposal]")];
const current = () => document.activeElement?.closest("[data-proposal]");
const scope = () => (rows().length ? current() : document.querySelector("main"));

function move(step) {
  const all = rows();
  const at = all.indexOf(current());
  const next = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + step))];
  if (next) { next.focus({ preventScroll: true }); next.scrollIntoView({ block: "nearest" }); }
}

function act(key) {
  const target = scope()?.querySelector(`[data-act="${key}"]`);
  if (target instanceof HTMLFormElement) target.requestSubmit();
  else if (target instanceof HTMLDetailsElement) { target.open = true; target.querySelector("[name=reason]").focus(); }
  else target?.click();
}

function toggleKeys() {
  const keys = document.getElementById("keys");
  if (!keys) return;
  keys.hidden = !keys.hidden;
  document.getElementById("show-keys")?.setAttribute("aria-expanded", String(!keys.hidden));
}

function choose() {
  const box = current()?.querySelector("[name=chosen]");
  if (box) box.checked = !box.checked;
  return Boolean(box);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (event.key === "Escape" && typing) { const row = current(); row?.querySelector("details.act[open]")?.removeAttribute("open"); row?.focus(); return; }
  if (typing) return;
  if (document.querySelector(".proposal.htmx-request, .proposal .htmx-request")) { event.preventDefault(); return; } // a decision is under way
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "?") toggleKeys();
  else if ("aexu".includes(event.key)) act(event.key);
  else if (!(event.key === " " && event.target.matches("[data-proposal]") && choose())) return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.id === "show-keys") toggleKeys();
  if (event.target.id !== "choose-all") return;
  const boxes = [...document.querySelectorAll("[data-proposal] [name=chosen]")];
  const all = boxes.every((box) => box.checked);
  boxes.forEach((box) => { box.checked = !all; });
});

// A row that was decided is swapped for another: the next key goes on from there, and no key gets lost in between.
let decided = "";
let waited = false;
document.addEventListener("htmx:beforeSwap", (event) => {
  decided = event.detail.target.id;
  waited = waits(event.detail.target);
});
document.addEventListener("htmx:afterSwap", () => {
  const row = decided.startsWith("proposal-") ? document.getElementById(decided) : null;
  if (row) { row.focus({ preventScroll: true }); tell(row); }
  decided = "";
});

// By what is in it: its own class is the former row's until the swap has settled.
function waits(row) { return row.querySelector("[name=chosen]") !== null; }

// How many wait now, and for those who do not see the row, what became of it.
function tell(row) {
  const count = document.getElementById("waiting");
  if (!count) return;
  count.textContent = String(Number(count.textContent) + Number(waits(row)) - Number(waited));
  const became = row.querySelector(".errors, .acts .tag")?.textContent ?? "Waiting again";
  document.getElementById("said").textContent = `${became}. ${count.textContent} waiting.`;
}
document.addEventListener("htmx:afterSettle", reveal);

// What only works with this script is shown by it.
function reveal() {
  document.querySelectorAll("#show-keys, #choose-all").forEach((button) => { button.hidden = false; });
}

const definitions = JSON.parse(document.getElementById("definitions")?.textContent ?? "{}");
const kind = document.querySelector("select[name=kind]");
function define() {
  const place = document.getElementById("definition");
  if (!place) return;
  place.textContent = definitions[kind.value] ?? "";
  place.hidden = place.textContent === "";
}
if (kind && Object.keys(definitions).length) { kind.addEventListener("change", define); define(); }
reveal();
