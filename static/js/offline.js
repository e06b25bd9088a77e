// The page that stands in without a network: the form that was asked for, if the device has its
// copy, else what waits here and which forms can be opened. With a network it is the list alone.

(() => {
  const page = document.querySelector("[data-stands-in]");
  const isList = location.pathname === sending.text("list");
  const part = (name) => page.querySelector(`template[data-part=${name}]`).content.cloneNode(true);

  const two = (number) => String(number).padStart(2, "0");
  const moment = (at) => {
    const day = new Date(at);
    return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())} ${two(day.getHours())}:${two(day.getMinutes())}`;
  };
  const today = (at) => moment(at).slice(0, 10);

  function stateOf(row) {
    if (row.state) return "waiting";
    return row.problems?.length ? "refused" : "draft";
  }

  // Enough of what was typed to know one from the other.
  function words(row) {
    const typed = row.fields.find(([name, value]) => name !== "client_key" && /[^\x00-\x7f]/.test(value));
    return typed ? [...typed[1]].slice(0, 40).join("") : "";
  }

  function line(store, row) {
    const made = part("row");
    const link = made.querySelector("a");
    link.textContent = row.title;
    made.querySelector("[data-words]").textContent = words(row);
    if (store === "drafts") link.href = row.page;
    else link.removeAttribute("href");
    made.querySelector("[data-at]").textContent = moment(row.at);
    for (const said of made.querySelectorAll("[data-state]")) {
      said.hidden = said.dataset.state !== stateOf(row);
    }
    made.querySelector("[data-problems]").textContent = (row.problems ?? [])
      .map(([, sentence]) => sentence)
      .join(" ");
    made.querySelector("button").addEventListener("click", async () => {
      if (!window.confirm(page.dataset.sure)) return;
      await kept.drop(store, row.owner, row.key);
      sending.changed();
    });
    return made;
  }

  async function list() {
    const owner = await sending.owner;
    const queue = owner ? await kept.all("queue", owner) : [];
    const drafted = owner ? await kept.all("drafts", owner) : [];
    const rows = [...queue.map((row) => line("queue", row)), ...drafted.map((row) => line("drafts", row))];
    page.querySelector("[data-rows]").replaceChildren(...rows);
    page.querySelector("[data-nothing]").hidden = rows.length > 0;
    const forms = owner ? await kept.all("forms", owner) : [];
    const links = forms.reverse().map((form) => {
      const made = part("form");
      const link = made.querySelector("a");
      link.textContent = form.title;
      link.href = form.page;
      return made;
    });
    page.querySelector("[data-forms]").replaceChildren(...links);
    page.querySelector("[data-openable]").hidden = !links.length;
  }

  // A day that was the last possible one when the copy was made is so no longer.
  function renew(form, copied) {
    const then = today(copied);
    for (const day of form.querySelectorAll("input[type=date]")) {
      if (day.max === then) day.max = today(Date.now());
      if (day.value === then) day.value = today(Date.now());
    }
    const key = form.querySelector("[name=client_key]");
    if (key) key.value = crypto.randomUUID();
  }

  // Another method's fields, with what was typed; what only the former shows goes along hidden.
  function follow(form, parts) {
    form.addEventListener("change", ({ target }) => {
      const html = target.type === "radio" && parts?.[target.value];
      const before = form.querySelector("#method-form");
      if (!html || !before) return;
      const after = new DOMParser().parseFromString(html, "text/html").querySelector("#method-form");
      for (const { name, value } of before.querySelectorAll("[name]")) {
        const field = after.querySelector(`[name="${CSS.escape(name)}"]`);
        if (field) field.value = value;
        else if (value) {
          after.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
        }
      }
      before.replaceWith(after);
    });
  }

  async function openForm() {
    const owner = await sending.owner;
    const forms = owner ? await kept.all("forms", owner) : [];
    const here = forms.filter((form) => form.page === location.pathname);
    for (const copy of here) {
      const card = part("copy");
      card.querySelector("h1").textContent = copy.title;
      const form = new DOMParser().parseFromString(copy.html, "text/html").querySelector("form");
      renew(form, copy.at);
      follow(form, copy.parts);
      card.querySelector("[data-copy]").append(form);
      page.querySelector("[data-copies]").append(card);
      await drafts.restore(page.querySelector("[data-copies] > :last-child form"));
    }
    page.querySelector("[data-lists]").hidden = here.length > 0;
  }

  document.addEventListener("kept:changed", list);
  window.addEventListener("online", () => (page.querySelector("[data-cut]").hidden = true));
  document.addEventListener("DOMContentLoaded", async () => {
    const cut = !isList || !navigator.onLine;
    page.querySelector("[data-cut]").hidden = !cut;
    if (!isList) await openForm();
  });
})();
