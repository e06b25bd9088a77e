// What happens to kept forms when a page opens, when a form leaves it, and on signing out.
// Stands before app.js: the forms are copied for offline use before that dresses them up.

(() => {
  const { MARKED } = drafts;
  const later = []; // what has time until the page is ready and all that waited is sent
  const standsIn = document.querySelector("[data-stands-in]");
  const opened = new Date();
  const DAY = 24 * 3600 * 1000;

  // The fields that a choice asks the server for (the short form of each method), so that it can
  // be made without a network; asked for once a day. Earlier records are for looking at online.
  async function partsOf(form, { owner, key }) {
    const asks = form.querySelector("[hx-post][hx-target='#method-form']");
    const known = await kept.get("forms", owner, key);
    if (!asks || (known?.parts && opened - known.partsAt < DAY)) return null;
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    const parts = {};
    for (const { name, value } of asks.querySelectorAll("[type=radio]")) {
      const body = new URLSearchParams({ [name]: value, step: name, csrfmiddlewaretoken: token });
      const headers = { "HX-Request": "true" };
      const answer = await fetch(key, { method: "POST", body, headers });
      if (!answer.ok) return null;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      page.getElementById("earlier-find")?.closest("fieldset").remove();
      parts[value] = page.body.innerHTML;
    }
    return { parts, partsAt: opened.getTime() };
  }

  async function copyForms(owner) {
    const forms = [...document.querySelectorAll(MARKED)].filter((form) => !("refused" in form.dataset));
    const copies = forms.map((form) => ({
      owner,
      key: drafts.addressOf(form),
      page: location.pathname,
      title: form.dataset.keep,
      html: drafts.empty(form),
    }));
    await sending.owner;
    for (const [index, copy] of owner ? copies.entries() : []) {
      const { parts, partsAt } = (await kept.get("forms", owner, copy.key)) ?? {};
      await kept.put("forms", { ...copy, parts, partsAt, at: opened.getTime() });
      later.push(async () => {
        // A line that breaks here leaves the form as it was kept, without the other methods.
        const found = await partsOf(forms[index], copy).catch(() => null);
        if (found) await kept.put("forms", { ...copy, ...found, at: opened.getTime() });
      });
    }
  }

  // A copy of the form has no token of its own and goes by the queue at once.
  async function leaveOffline(form, button) {
    await drafts.queue(form, button, "waiting");
    await sending.send(await sending.owner);
    location.assign(sending.text("list"));
  }

  function leave(event) {
    const form = event.target;
    if (form.matches("form[data-sign-out]")) return signOut(event);
    if (!form.matches(MARKED) || event.submitter?.hasAttribute("formnovalidate")) return;
    if (form.shrinking) {
      event.preventDefault();
      event.stopImmediatePropagation();
      form.shrinking.then(() => form.requestSubmit(event.submitter));
    } else if (form.closest("[data-copy]")) {
      event.preventDefault();
      leaveOffline(form, event.submitter);
    } else if (!form.hasAttribute("hx-post")) drafts.queue(form, event.submitter, "leaving");
  }

  // Nothing of a person stays behind on a device that they sign out of.
  async function signOut(event) {
    const form = event.target;
    const owner = sending.text("owner");
    if (form.dataset.cleared) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    try {
      const waiting = [...(await kept.all("queue", owner)), ...(await kept.all("drafts", owner))];
      if (waiting.length && !window.confirm(sending.text("signOut"))) return;
      await kept.clear(owner);
      await kept.remember("");
    } catch {
      // A browser that keeps nothing has nothing to clear.
    }
    form.dataset.cleared = "1";
    form.requestSubmit();
  }

  // htmx sends its forms itself and changes the page in place. The event's own `elt` is the form
  // as well when a button in it asked and is gone since.
  document.addEventListener("htmx:afterRequest", async (event) => {
    const form = event.detail.requestConfig.elt;
    if (!event.detail.successful || !form.matches(MARKED)) return;
    drafts.gone.add(form);
    await kept.drop("drafts", await sending.owner, drafts.addressOf(form));
  });

  document.addEventListener("htmx:sendError", async (event) => {
    const form = event.detail.requestConfig.elt;
    if (!form.matches(MARKED)) return;
    await drafts.queue(form, null, "waiting");
    form.reset();
    form.querySelector("[name=client_key]").value = crypto.randomUUID();
    drafts.gone.delete(form);
    sending.changed();
  });

  document.addEventListener("submit", leave, true);

  async function start() {
    const owner = await sending.owner;
    if (owner) {
      await kept.tidy();
      await sending.settle(owner);
      for (const form of document.querySelectorAll(MARKED)) await drafts.restore(form);
      await sending.send(owner);
    }
    sending.changed();
    for (const work of later) await work();
  }

  // Without a secure address (HTTPS, or the machine itself) browsers give no worker: drafts and
  // the queue still work, only the pages do not open without a network.
  navigator.serviceWorker?.register(sending.text("worker")).catch(() => {});
  const copied = standsIn ? null : copyForms(sending.text("owner"));
  document.addEventListener("DOMContentLoaded", () => Promise.resolve(copied).then(start).catch(console.warn));
})();
