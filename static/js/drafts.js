// Forms marked `data-keep` keep what is typed on this device, survive a lost network, and can be
// opened again without one. The page works without any of this.

const drafts = (() => {
  const PAUSE = 250;
  const MARKED = "form[data-keep]";
  const NEVER = new Set(["csrfmiddlewaretoken", "step"]);
  const gone = new WeakSet(); // forms that have been sent, or thrown away
  let owner = ""; // until it is known, nothing is kept
  sending.owner.then((name) => (owner = name));

  const addressOf = (form) =>
    new URL(form.getAttribute("action") || location.pathname, location.origin).pathname;

  // Taken before the scripts of the page dress it up: what the server drew, without its secrets
  // and without the buttons that ask the server for more of the form.
  function empty(form) {
    const copy = form.cloneNode(true);
    copy.setAttribute("action", addressOf(form));
    for (const field of copy.querySelectorAll("[name=csrfmiddlewaretoken], noscript, [formnovalidate]")) {
      field.remove();
    }
    return copy.outerHTML;
  }

  function entry(form, button) {
    const fields = [];
    const files = [];
    for (const [name, value] of new FormData(form, button)) {
      if (NEVER.has(name)) continue;
      if (!(value instanceof File)) fields.push([name, value]);
      else if (value.size) files.push([name, value]);
    }
    // A place that was found by a search is known by its number alone, so its words go along.
    const options = [...form.querySelectorAll("select option:checked")]
      .filter((option) => option.value)
      .map((option) => [option.closest("select").name, option.value, option.text]);
    const { keep: title } = form.dataset;
    return { action: addressOf(form), page: location.pathname, title, fields, files, options };
  }

  function save(form) {
    window.clearTimeout(form.keeping);
    form.keeping = null;
    if (!owner || gone.has(form)) return null;
    return kept.put("drafts", { owner, key: addressOf(form), ...entry(form) });
  }

  function set(field, values, options) {
    if (field.type === "radio" || field.type === "checkbox") {
      field.checked = values.includes(field.value);
    } else if (field.tagName === "SELECT") {
      for (const [, value, text] of options.filter(([name]) => name === field.name)) {
        if (field.tomselect) field.tomselect.addOption({ value, text });
        else if (![...field.options].some((option) => option.value === value)) {
          field.add(new Option(text, value));
        }
      }
      if (field.tomselect) field.tomselect.setValue(values, true);
      else for (const option of field.options) option.selected = values.includes(option.value);
    } else field.value = values.shift() ?? "";
  }

  // A form of several rows gets as many as the draft has, one by one from the server.
  async function grow(form, draft) {
    for (const [name, wanted] of draft.fields.filter(([name]) => name.endsWith("-TOTAL_FORMS"))) {
      const has = () => Number(form.elements.namedItem(name)?.value ?? wanted);
      for (let before = -1; before < has() && has() < Number(wanted); ) {
        before = has();
        const settled = new Promise((done) => {
          document.addEventListener("htmx:afterSettle", done, { once: true });
          document.addEventListener("htmx:sendError", done, { once: true });
          document.addEventListener("htmx:responseError", done, { once: true });
        });
        const button = form.querySelector("[formnovalidate][hx-get]");
        if (!button) return;
        button.click();
        await settled;
      }
    }
  }

  // What the form does not show yet (the fields of another method) goes in hidden; the server
  // draws it when the choice that asks for it is made again.
  function fill(form, draft) {
    const values = new Map();
    for (const [name, value] of draft.fields) values.set(name, [...(values.get(name) ?? []), value]);
    const shown = [...form.elements].filter((field) => field.name && !NEVER.has(field.name));
    const names = new Set(shown.map((field) => field.name));
    for (const field of shown) {
      if (field.type === "file" || field.type === "submit") continue;
      const isChoice = field.type === "radio" || field.type === "checkbox";
      if (isChoice || values.has(field.name)) set(field, values.get(field.name) ?? [], draft.options);
    }
    const missing = draft.fields.filter(([name]) => !names.has(name));
    const swapped = form.querySelector("#method-form") ?? form;
    for (const [name, value] of missing) {
      const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
      swapped.append(field);
    }
    const asks = missing.length && form.querySelector("[hx-post][hx-trigger=change] :checked");
    if (asks) asks.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function attach(form, files) {
    for (const input of form.querySelectorAll("input[type=file]")) {
      const own = files.filter(([name]) => name === input.name).map(([, file]) => file);
      if (own.length) photos.fill(input, own);
    }
    if (!files.length) return;
    for (const said of form.querySelectorAll(".invalid-feedback")) {
      if (said.textContent.trim() === sending.text("filesLost")) said.remove();
    }
  }

  function say(form, problems) {
    for (const [name, sentence] of problems.filter(([, said]) => said)) {
      const field = name && form.querySelector(`[name="${CSS.escape(name)}"]`);
      const said = document.createElement("div");
      said.className = "invalid-feedback d-block";
      said.textContent = sentence;
      if (field) {
        field.classList.add("is-invalid");
        field.setAttribute("aria-invalid", "true");
        (field.closest("[id^=div_id_]") ?? field.parentElement).append(said);
      } else form.prepend(said);
    }
  }

  async function restore(form) {
    const draft = owner && (await kept.get("drafts", owner, addressOf(form)));
    if (!draft) return;
    const isRefused = "refused" in form.dataset;
    if (!isRefused) {
      await grow(form, draft);
      fill(form, draft);
    }
    attach(form, draft.files);
    if (isRefused) return;
    say(form, draft.problems ?? []);
    const note = document.getElementById("restored-note").content.cloneNode(true);
    note.querySelector("[data-refused]").hidden = !draft.problems?.length;
    note.querySelector("[data-restored]").hidden = Boolean(draft.problems?.length);
    note.querySelector("button").addEventListener("click", async () => {
      gone.add(form);
      await kept.drop("drafts", owner, draft.key);
      location.reload();
    });
    form.prepend(note);
  }

  // The way out: the form waits in the queue before the browser sends it, so that a line which
  // breaks in the middle loses nothing.
  async function queue(form, button, state) {
    gone.add(form);
    const key = form.querySelector("[name=client_key]")?.value;
    if (!owner || !key) return;
    await kept.put("queue", { owner, key, state, ...entry(form, button) });
    await kept.drop("drafts", owner, addressOf(form));
  }

  function keepTyping(form) {
    window.clearTimeout(form.keeping);
    form.keeping = window.setTimeout(() => save(form), PAUSE);
  }

  document.addEventListener("input", (event) => {
    const form = event.target.closest(MARKED);
    if (form) keepTyping(form);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest(MARKED);
    if (!form) return;
    if (event.target.type === "file") {
      const before = form.shrinking ?? Promise.resolve();
      form.shrinking = before.then(() => photos.shrink(event.target)).then(() => save(form));
      form.shrinking = form.shrinking.finally(() => (form.shrinking = null));
    } else keepTyping(form);
  });
  // The last words, when the page is left or the telephone put away.
  function saveNow() {
    for (const form of document.querySelectorAll(MARKED)) if (form.keeping) save(form);
  }
  window.addEventListener("pagehide", saveNow);
  document.addEventListener("visibilitychange", saveNow);
  window.addEventListener("pageshow", (event) => {
    // Taken out of the browser's memory by the back key: what it shows may be typed on.
    if (event.persisted) for (const form of document.querySelectorAll(MARKED)) gone.delete(form);
  });

  return { MARKED, addressOf, empty, gone, queue, restore };
})();
