// What HTML alone cannot do: arrow keys in a list, a file dropped, text copied and saved, blanks counted, print in full.
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

const BLANK = /\[[^\[\]]+\]/g;
const blanks = () => {
  const shown = document.querySelector("[data-blanks]");
  if (!shown) return;
  const count = (fields) => [...fields].reduce((sum, field) => sum + (field.value.match(BLANK) || []).length, 0);
  const left = count(document.querySelectorAll("[data-text]"));
  shown.textContent = left === 0 ? "No blank is left." : left === 1 ? "1 blank is left." : `${left} blanks are left.`;
  const shared = count(document.querySelectorAll("[data-text]:not([data-item])"));
  for (const each of document.querySelectorAll("[data-with-blanks]")) {
    each.hidden = shared + count(document.querySelectorAll(`[data-item="${each.dataset.withBlanks}"]`)) === 0;
  }
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

// The letter is saved as it is typed. What is not saved yet is kept in this tab as well, until it is.
const letterForm = () => document.querySelector("form[data-letter]");
const saving = { timer: 0, running: null, again: false };
const unsavedKey = (form) => `unsaved:${form.dataset.letter}`;
const fieldsOf = (form) => [...form.elements].filter((each) => /^(text|outcome|reviewer):/.test(each.name));
// A text that nobody touched is not sent: the service drafts it, with what is known by then.
const untouched = (field) => field.name.startsWith("text:") && !("touched" in field.dataset);
document.addEventListener("formdata", (event) => {
  if (!event.target.matches("form[data-letter]")) return;
  for (const each of fieldsOf(event.target)) if (untouched(each)) event.formData.delete(each.name);
});
const noteUnsaved = (form) => {
  const kept = { revision: form.elements.revision.value, fields: {} };
  for (const each of fieldsOf(form)) {
    if (!untouched(each) && (each.type !== "radio" || each.checked)) kept.fields[each.name] = each.value;
  }
  sessionStorage.setItem(unsavedKey(form), JSON.stringify(kept));
};
const say = (text) => {
  const status = document.querySelector("[data-kept]");
  if (status) status.textContent = text;
};
const trouble = (text, ...buttons) => {
  const box = document.querySelector("[data-letter-trouble]");
  box.replaceChildren();
  box.hidden = !text;
  if (!text) return;
  const said = document.createElement("p");
  said.textContent = text;
  box.append(said);
  const row = document.createElement("p");
  row.className = "actions";
  for (const [label, act] of buttons) {
    const made = document.createElement(typeof act === "string" ? "a" : "button");
    made.textContent = label;
    if (typeof act === "string") {
      made.href = act;
      made.target = "_blank";
      made.className = "button plain";
    } else {
      made.type = "button";
      made.className = "plain";
      made.addEventListener("click", act);
    }
    row.append(made);
  }
  box.append(row);
};
const pageNow = async () => {
  const answer = await fetch(window.location.pathname, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
};
const renewed = async (form) => {
  const page = await pageNow();
  const token = page && page.querySelector("input[name=csrf]");
  if (!token) return false;
  for (const each of document.querySelectorAll("input[name=csrf]")) each.value = token.value;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRF-Token": token.value }));
  return true;
};
const save = async (mine = false) => {
  const form = letterForm();
  clearTimeout(saving.timer);
  if (saving.running) {
    saving.again = true;
    return saving.running;
  }
  const sent = new FormData(form);
  if (mine) sent.set("mine", "on");
  say("Saving …");
  const work = async () => {
    let answer;
    try {
      answer = await fetch(form.dataset.save, { method: "POST", body: sent, headers: { "HX-Request": "true" } });
    } catch {
      say("Not saved.");
      trouble("The service cannot be reached. What you wrote is kept in this window.", ["Save again", () => save()]);
      return false;
    }
    if (answer.ok) {
      form.elements.revision.value = (await answer.json()).revision;
      if (!saving.again) sessionStorage.removeItem(unsavedKey(form));
      say("Saved.");
      trouble("");
      return true;
    }
    say("Not saved.");
    if (answer.status === 409) {
      trouble(
        "This letter was changed in another window. Nothing of yours is lost: it is still in this one.",
        ["Keep mine", () => save(true)],
        ["Load the other one", () => { sessionStorage.removeItem(unsavedKey(form)); window.location.reload(); }],
      );
    } else if (answer.status === 401 || answer.status === 403) {
      trouble(
        "Your session is over. Sign in again in another window, then save; what you wrote is kept in this one.",
        ["Sign in", "/sign-in"],
        ["Save again", async () => { if (await renewed(form)) save(); }],
      );
    } else {
      trouble("That could not be saved. What you wrote is kept in this window.", ["Save again", () => save()]);
    }
    return false;
  };
  saving.running = work();
  const done = await saving.running;
  saving.running = null;
  if (saving.again && done) {
    saving.again = false;
    return save();
  }
  saving.again = false;
  return done;
};
// The letter is drawn anew, one time after the other, under the hands of whoever types on: their words and place stay.
const sameField = (form, field) =>
  fieldsOf(form).find((each) => each.name === field.name && (each.type !== "radio" || each.value === field.value));
const drawn = async () => {
  const before = new Map(fieldsOf(letterForm()).map((each) => [each, each.value]));
  if (!(await save())) return;
  const page = await pageNow();
  const fresh = page && page.querySelector("form[data-letter]");
  if (!fresh) return;
  const old = letterForm();
  if (String(fieldsOf(old).map((each) => each.name)) === String(fieldsOf(fresh).map((each) => each.name))) {
    for (const each of fieldsOf(old)) if (untouched(each)) each.value = sameField(fresh, each).value;
    return blanks();
  }
  const here = document.activeElement;
  const [start, end] = here && /^(text|textarea)$/.test(here.type) ? [here.selectionStart, here.selectionEnd] : [];
  const made = document.adoptNode(fresh);
  for (const each of fieldsOf(old)) {
    const again = each.type !== "radio" && sameField(made, each);
    if (!again) continue;
    if ("touched" in each.dataset) again.dataset.touched = "";
    if (!before.has(each) || each.value === before.get(each)) continue;
    again.value = each.value; // typed while the letter was drawn
    if (again.matches("[data-redraw]")) again.dataset.later = "";
  }
  const place = old.contains(here) && here.name ? sameField(made, here) || made.elements[here.name] : null;
  old.replaceWith(made);
  blanks();
  if (!place || !place.focus) return;
  place.focus();
  if (start !== undefined) place.setSelectionRange(start, end);
};
let drawing = Promise.resolve();
const redraw = () => {
  drawing = drawing.then(drawn, drawn);
};
document.addEventListener("focusout", (event) => {
  if (!event.target.matches("form[data-letter] [data-later]")) return;
  delete event.target.dataset.later;
  redraw();
});
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-letter]");
  if (!form || !/^(text|outcome|reviewer):/.test(event.target.name)) return;
  event.target.dataset.touched = "";
  noteUnsaved(form);
  say("Not saved yet …");
  clearTimeout(saving.timer);
  saving.timer = setTimeout(() => (event.target.matches("[data-redraw]") ? 0 : save()), 500);
});
document.addEventListener("change", (event) => {
  if (event.target.matches("form[data-letter] [data-redraw]")) redraw();
});
if (letterForm()) {
  const form = letterForm();
  const kept = sessionStorage.getItem(unsavedKey(form));
  if (kept) {
    const { revision, fields } = JSON.parse(kept);
    let differs = false;
    for (const each of fieldsOf(form)) {
      if (!(each.name in fields) || each.type === "radio" || each.readOnly || each.value === fields[each.name]) continue;
      each.value = fields[each.name];
      each.dataset.touched = "";
      differs = true;
    }
    if (differs) {
      form.elements.revision.value = revision;
      save();
    } else sessionStorage.removeItem(unsavedKey(form));
  }
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-checked]");
  if (!button) return;
  for (const field of document.querySelectorAll("textarea[data-text]")) {
    const checked = field.value.replaceAll(` ${button.dataset.checked}`, "");
    if (checked === field.value) continue;
    field.value = checked;
    field.dataset.touched = "";
  }
  noteUnsaved(letterForm());
  blanks();
  save();
});

// A picture of what is tried comes in the colors of this screen.
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.detail.path.endsWith("/what-if/picture")) return;
  event.detail.parameters.scheme = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
});

// An answer that says the session is over takes the reader to where it begins.
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 401) window.location.reload();
  const said = document.querySelector("[data-trouble]");
  if (said) said.textContent = "That could not be done. Nothing was stored.";
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-tick-all]")) return;
  for (const each of document.querySelectorAll("input[name=confirm]")) each.checked = true;
});
