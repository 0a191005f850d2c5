// Single keys, and what to do when the campaign changes under a page. Everything works without this file.
"use strict";

const typing = (element) => element.closest("input, select, textarea, [contenteditable]") !== null;

// --- steps: j and k lead on and back, on a page of many (data-step) or from page to page (#next, #previous).

function steps() {
  return [...document.querySelectorAll("[data-step]")];
}

function current() {
  return steps().find((each) => each.contains(document.activeElement));
}

function step(by) {
  const all = steps();
  if (all.length === 0) {
    document.getElementById(by > 0 ? "next" : "previous")?.click();
    return;
  }
  const here = all.indexOf(current());
  const wanted = here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + by, 0), all.length - 1);
  all[wanted].focus();
}

function rows(by) {
  const all = [...document.querySelectorAll("a[data-row]")];
  const here = all.indexOf(document.activeElement);
  all[Math.min(Math.max(here + by, 0), all.length - 1)]?.focus();
}

function approve() {
  const form = document.getElementById("approve") ?? current()?.querySelector('form[action^="/approve"]');
  if (!form?.querySelector("button:disabled")) form?.requestSubmit();
}

function press(key) {
  const here = current() ?? document.querySelector("[data-judge]") ?? document;
  const found = [...here.querySelectorAll("[aria-keyshortcuts]")].find((each) => each.getAttribute("aria-keyshortcuts") === key);
  found?.click();
  return found !== undefined;
}

document.addEventListener("keydown", (event) => {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
  if (!plain || document.body.dataset.keys !== "on" || typing(event.target)) return;
  if (event.key === "a") approve();
  else if (event.key === "z") document.getElementById("undo")?.click();
  else if (event.key === "j" || event.key === "k") {
    const by = event.key === "j" ? 1 : -1;
    if (document.querySelector("a[data-row]")) rows(by);
    else step(by);
  } else if (!/^[a-z0-9]$/.test(event.key) || !press(event.key)) return;
  event.preventDefault();
});

// --- one click is one click: a form that was sent is not sent again.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});

window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
  const here = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  // Where a form led to, the keyboard goes on with what the page says about it, and not with the menu.
  const arrived = document.querySelector("[aria-invalid='true']") ?? document.querySelector("[data-judge]") ?? document.querySelector("main[data-arrived]");
  if (here?.matches("[data-step]")) here.focus();
  else arrived?.focus({ preventScroll: true });
});

// --- what is exchanged while somebody is in it: the keyboard stays at the same link, button or field.

let held = null;

function alike(element) {
  const named = ["href", "name", "value", "type"].map((name) => element.getAttribute(name)).join("\n");
  return `${element.tagName}\n${named}\n${element.textContent.trim()}`;
}

document.body.addEventListener("htmx:beforeSwap", (event) => {
  const here = document.activeElement;
  held = event.detail.target?.contains(here) && here !== document.body ? { id: here.id, like: alike(here) } : null;
});

document.body.addEventListener("htmx:afterSettle", () => {
  if (held === null || document.activeElement !== document.body) return;
  const byId = held.id ? document.getElementById(held.id) : null;
  const same = byId ?? [...document.querySelectorAll("a, button, input, select, textarea, summary")].find((each) => alike(each) === held.like);
  (same ?? document.getElementById("main")).focus({ preventScroll: true });
});

// --- files that are too large are said before they are sent.

document.addEventListener("change", (event) => {
  const said = event.target.dataset?.most;
  if (said === undefined) return;
  const bytes = [...event.target.files].reduce((sum, file) => sum + file.size, 0);
  event.target.setCustomValidity(bytes > 24_900_000 ? said : "");
  event.target.reportValidity();
});

// --- what a page asks for as somebody types, and is refused or not answered, is said on that page.

function trouble(said) {
  const here = document.getElementById("trouble");
  here.hidden = !said;
  here.className = said ? "notice bad" : "";
  here.textContent = said ?? "";
}

document.body.addEventListener("htmx:responseError", (event) => {
  const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
  trouble(page.querySelector("main .fault, main .first p")?.textContent);
});
document.body.addEventListener("htmx:sendError", () => trouble(document.getElementById("trouble").dataset.silent));
document.body.addEventListener("htmx:afterRequest", (event) => {
  const mine = event.detail.elt.matches("form, #main") || document.getElementById("trouble").textContent === document.getElementById("trouble").dataset.silent;
  if (event.detail.successful && mine) trouble(null);
});

// --- a time zone that nobody chose yet is proposed to be that of this computer.

for (const field of document.querySelectorAll("[data-zone]"))
  if (field.value === "UTC") field.value = Intl.DateTimeFormat().resolvedOptions().timeZone || field.value;

// --- what was typed before the page was ready, or comes back with the Back button, is shown like anything typed now.

window.addEventListener("pageshow", () => {
  for (const typed of document.querySelectorAll("form[hx-trigger^=input] textarea"))
    if (typed.value !== typed.defaultValue) typed.dispatchEvent(new Event("input", { bubbles: true }));
});

// --- a wave or post that is dragged to a day ahead leads to the table of what moves; the menu beside it does the same.

let dragged = "";

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-move]")?.dataset.move ?? "";
  if (dragged) event.dataTransfer.setData("text/plain", dragged);
});

function dayUnder(event) {
  return dragged ? event.target.closest?.("[data-day]") : null;
}

document.addEventListener("dragover", (event) => {
  const day = dayUnder(event);
  for (const each of document.querySelectorAll(".over")) each.classList.toggle("over", each === day);
  day?.classList.add("over");
  if (day) event.preventDefault();
});

document.addEventListener("drop", (event) => {
  const day = dayUnder(event);
  if (!day) return;
  event.preventDefault();
  location.assign(`${dragged}&to=${day.dataset.day}`);
});

document.addEventListener("dragend", () => {
  dragged = "";
  for (const each of document.querySelectorAll(".over")) each.classList.remove("over");
});

// --- copy a text that is pasted elsewhere.

function offerCopies() {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const text = document.getElementById(button.dataset.copy);
  navigator.clipboard.writeText(text.textContent).then(
    () => { button.textContent = document.body.dataset.copied; },
    () => { // not allowed here: the text is marked, so that Ctrl-C copies it
      text.hidden = false;
      getSelection().selectAllChildren(text);
    },
  );
});
offerCopies();
document.body.addEventListener("htmx:afterSwap", offerCopies);

// --- a page that somebody reads or fills in is not exchanged under their eyes: it says that it is old.

document.body.addEventListener("campaign-changed", () => {
  const main = document.getElementById("main");
  if (main.dataset.live === "ask") document.getElementById("changed").hidden = false;
});

// --- what a role does not allow is shown, and cannot be pressed; the server refuses it in any case.

function deny() {
  const denied = (document.body.dataset.denied ?? "").split(" ");
  for (const form of document.querySelectorAll("form[action]")) {
    if (!denied.includes(form.getAttribute("action"))) continue;
    for (const button of form.querySelectorAll("button")) {
      button.disabled = true;
      button.title = document.body.dataset.why;
    }
  }
}

deny();
document.body.addEventListener("htmx:afterSwap", deny);
