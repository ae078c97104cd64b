// Small habits of every page: "/" focuses the search box; the page says when a request is under way or failed.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const box = document.querySelector("main [data-shortcut='/']") ?? document.querySelector("[data-shortcut='/']");
  if (box) { event.preventDefault(); box.focus(); box.select(); }
});

function announce(message) {
  let region = document.getElementById("announcer");
  if (!region) {
    region = document.createElement("p");
    region.id = "announcer";
    region.className = "toast";
    region.setAttribute("role", "status");
    document.body.append(region);
  }
  region.textContent = message;
  region.hidden = message === "";
}

document.addEventListener("htmx:responseError", () => announce("That did not work: the server answered with an error. The page is unchanged."));
document.addEventListener("htmx:sendError", () => announce("The server cannot be reached. The page is unchanged; try again."));
document.addEventListener("htmx:afterOnLoad", () => announce(""));

// Filters submit themselves when changed; without this script their button does.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-autosubmit]");
  if (form) form.requestSubmit();
});

// Says where a table is wider than its place; without this script a shadow at its edge tells.
function hintAtWidth() {
  for (const box of document.querySelectorAll(".scroll")) {
    const first = box.firstElementChild;
    box.toggleAttribute("data-wide", first !== null && first.getBoundingClientRect().width > box.clientWidth + 1);
  }
}
document.addEventListener("DOMContentLoaded", hintAtWidth);
document.addEventListener("htmx:afterSettle", hintAtWidth);
document.addEventListener("toggle", hintAtWidth, true);
addEventListener("resize", hintAtWidth);
