// What HTML alone cannot do: arrow keys in a list, a file dropped, text copied, blanks counted, print in full.
"use strict";

document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const here = document.activeElement;
  if (!here || !here.matches("[data-row]")) return;
  const rows = [...document.querySelectorAll("[data-row]")];
  const next = rows[rows.indexOf(here) + (event.key === "ArrowDown" ? 1 : -1)];
  if (next) {
    event.preventDefault();
    next.focus();
  }
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy-from]");
  if (!button) return;
  const said = document.querySelector(button.dataset.said);
  const sent = await fetch(button.dataset.copyFrom, { method: "POST", body: new FormData(button.form) });
  if (!sent.ok) {
    said.textContent = "That could not be done.";
    return;
  }
  const text = await sent.text();
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  said.textContent = "Copied.";
});

// A change that is offered is put into the form, and worked out like one made by hand.
const markChanged = (form) => {
  for (const row of form.querySelectorAll(".row")) {
    const field = row.querySelector("select, input");
    row.classList.toggle("changed", Boolean(field && field.value));
  }
};
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-try]");
  if (!button) return;
  const form = document.querySelector(button.dataset.try);
  for (const field of form.querySelectorAll(".row select, .row input")) field.value = "";
  for (const [name, value] of Object.entries(JSON.parse(button.dataset.fields))) form.elements[name].value = value;
  markChanged(form);
  htmx.trigger(form.querySelector(".rows"), "tried");
});
document.addEventListener("change", (event) => {
  const form = event.target.closest("form.try");
  if (form) markChanged(form);
});
document.addEventListener("reset", (event) => {
  if (!event.target.matches("form.try")) return;
  setTimeout(() => {
    markChanged(event.target);
    htmx.trigger(event.target.querySelector(".rows"), "tried");
  });
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-next]");
  if (!button) return;
  const number = Number(button.dataset.next);
  button.dataset.next = number + 1;
  const into = document.querySelector(button.dataset.into);
  const place = document.createElement("div");
  into.append(place);
  await htmx.ajax("GET", button.dataset.get + number, { target: place, swap: "innerHTML" });
  place.querySelector("input").focus();
});

for (const zone of document.querySelectorAll(".drop")) {
  const input = zone.querySelector("input[type=file]");
  for (const kind of ["dragover", "dragleave", "drop"]) {
    zone.addEventListener(kind, (event) => {
      event.preventDefault();
      zone.classList.toggle("over", kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length) {
        input.files = event.dataTransfer.files;
        zone.closest("form").requestSubmit();
      }
    });
  }
}

const blanks = () => {
  const shown = document.querySelector("[data-blanks]");
  if (!shown) return;
  let left = 0;
  for (const field of document.querySelectorAll("[data-text]")) {
    left += (field.value.match(/\[[^\[\]]+\]/g) || []).length;
  }
  shown.textContent = left === 0 ? "No blank is left." : left === 1 ? "1 blank is left." : `${left} blanks are left.`;
};
document.addEventListener("input", (event) => {
  if (event.target.matches("[data-text]")) blanks();
});

// A blank is selected whole when it is clicked, so that typing fills it in.
document.addEventListener("click", (event) => {
  const field = event.target;
  if (!field.matches || !field.matches("textarea[data-text], input[data-text]")) return;
  if (field.selectionStart !== field.selectionEnd) return;
  for (const found of field.value.matchAll(/\[[^\[\]]+\]/g)) {
    if (found.index < field.selectionStart && field.selectionStart < found.index + found[0].length) {
      field.setSelectionRange(found.index, found.index + found[0].length);
    }
  }
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-next-blank]")) return;
  const fields = [...document.querySelectorAll("[data-text]")];
  const last = document.querySelector("[data-text].here");
  const from = last ? fields.indexOf(last) : 0;
  const after = last ? last.selectionEnd : 0;
  for (let step = 0; step <= fields.length; step += 1) {
    const field = fields[(from + step) % fields.length];
    for (const found of field.value.matchAll(/\[[^\[\]]+\]/g)) {
      if (step === 0 && found.index < after) continue;
      if (last) last.classList.remove("here");
      field.classList.add("here");
      field.focus();
      field.setSelectionRange(found.index, found.index + found[0].length);
      return;
    }
  }
});

window.addEventListener("beforeprint", () => {
  for (const each of document.querySelectorAll("details.criterion, details.numbers")) each.open = true;
});

// An answer that says the session is over takes the reader to where it begins.
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 401) window.location.reload();
  const said = document.querySelector("[data-trouble]");
  if (said) said.textContent = "That could not be done. Nothing was stored.";
});
