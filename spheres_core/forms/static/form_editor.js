// What JavaScript adds to the editor of forms: saving as one goes on, findings at once, dragging. All of it also goes
// by the pages' own buttons.

function takeOver(page) {
  for (const part of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(part.id);
    if (fresh) part.innerHTML = fresh.innerHTML;
  }
}

async function send(address, values) {
  const answer = await fetch(address, { method: "POST", body: new URLSearchParams(values), redirect: "follow" });
  return { status: answer.status, page: new DOMParser().parseFromString(await answer.text(), "text/html") };
}

function saveAsOneGoes(form) {
  const said = form.querySelector("[data-saved]");
  let waiting = 0;
  let last = Promise.resolve();

  const save = async () => {
    const values = new FormData(form);
    values.append("_do", "save");
    said.textContent = form.dataset.saving;
    try {
      const { status, page } = await send(form.action, values);
      if (status >= 400) {
        if (status !== 409) throw new Error(String(status));
        document.querySelector("main").replaceWith(page.querySelector("main"));
        document.querySelector("[role=alert]")?.scrollIntoView();
        return begin();
      }
      takeOver(page);
      said.textContent = form.dataset.savedText;
    } catch {
      said.textContent = form.dataset.notSaved;
    }
  };
  form.addEventListener("change", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { waiting = 0; last = last.then(save); }, 400);
  });
  addEventListener("pagehide", () => {
    if (!waiting || form.dataset.sent) return;
    const values = new FormData(form);
    values.append("_do", "save");
    fetch(form.action, { method: "POST", body: new URLSearchParams(values), keepalive: true });
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(waiting);
    if (form.dataset.sent) return;
    event.preventDefault();
    form.dataset.sent = "yes";
    const { submitter } = event;
    last.then(() => setTimeout(() => form.requestSubmit(submitter)));
  });
}

function showWhatFits(form) {
  const kind = form.querySelector("[data-kind]");
  const choices = form.querySelector("[data-choices]");
  const show = () => {
    choices.hidden = !["select_one", "select_multiple", "rank"].includes(kind.value);
    for (const part of form.querySelectorAll("[data-not-for]")) {
      part.hidden = part.dataset.notFor.split(" ").includes(kind.value);
    }
  };
  kind.addEventListener("change", show);
  show();
}

function countChoices(form) {
  const meaning = form.querySelector("[data-meaning]");
  meaning.addEventListener("change", () => {
    const offered = form.querySelector(`template[data-codes-of="${CSS.escape(meaning.value)}"]`);
    for (const cell of form.querySelectorAll("[data-counted]")) {
      cell.hidden = !offered;
      const list = cell.querySelector("select");
      if (!list) continue;
      list.disabled = !offered;
      if (!offered) continue;
      const name = cell.closest("[data-choice-row]").querySelector("[name$='.name']").value;
      const before = list.value || name;
      list.replaceChildren(offered.content.cloneNode(true));
      list.value = [...list.options].some((each) => each.value === before) ? before : "";
    }
  });
}

function addRows(form) {
  form.querySelector("[data-more-choices]").addEventListener("click", (event) => {
    event.preventDefault();
    const rows = form.querySelector("[data-choice-rows]");
    const model = rows.lastElementChild;
    const old = model.querySelector("[name=choice]").value;
    let first = null;
    for (let count = 0; count < 5; count += 1) {
      const row = model.cloneNode(true);
      const id = crypto.randomUUID ? crypto.randomUUID() : old.slice(0, -4) + String(1000 + rows.children.length);
      const number = String(rows.children.length + 1);
      for (const field of row.querySelectorAll("[name]")) {
        field.name = field.name.replace(old, id);
        if (field.name === "choice") field.value = id;
        else if (field.type === "checkbox") field.checked = false;
        else if (field.tagName !== "BUTTON") field.value = "";
      }
      for (const named of row.querySelectorAll("[aria-label]")) {
        named.setAttribute("aria-label", named.getAttribute("aria-label").replace(/\d+/, number));
      }
      rows.append(row);
      first ??= row.querySelector(".field");
    }
    first.focus();
  });
}

function dragRows(list) {
  let held = null;
  for (const row of list.querySelectorAll("[data-row]")) {
    row.draggable = true;
    row.addEventListener("dragstart", (event) => { event.stopPropagation(); held = row; });
    row.addEventListener("dragover", (event) => {
      if (!held || held.contains(row)) return;
      event.preventDefault();
      event.stopPropagation();
      row.classList.add("over");
    });
    row.addEventListener("dragleave", () => row.classList.remove("over"));
    row.addEventListener("drop", async (event) => {
      event.preventDefault();
      event.stopPropagation();
      const values = { _csrf: list.dataset.csrf, id: held.dataset.row, before: row.dataset.row };
      takeOver((await send(list.dataset.moveTo, values)).page);
      begin();
    });
  }
}

function moveInPlace(list) {
  for (const form of list.querySelectorAll("[data-move]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const values = new FormData(form, event.submitter);
      const { page } = await send(form.action, values);
      takeOver(page);
      begin();
      const row = document.getElementById(`q-${values.get("id")}`);
      row?.querySelector(`:scope > .row-head [value="${values.get("direction")}"]`)?.focus();
    });
  }
}

function begin() {
  for (const form of document.querySelectorAll("[data-autosave]")) {
    saveAsOneGoes(form);
    showWhatFits(form);
    countChoices(form);
    addRows(form);
  }
  for (const list of document.querySelectorAll("[data-rows]")) {
    dragRows(list);
    moveInPlace(list);
  }
}

begin();
