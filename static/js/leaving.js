// What happens to kept forms when a page opens, when a form leaves it, and on signing out.
// Stands before app.js: the forms are copied for offline use before that dresses them up.

(() => {
  const { MARKED } = drafts;
  const standsIn = document.querySelector("[data-stands-in]");
  const opened = new Date();

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
    for (const copy of copies) if (copy.owner) await kept.put("forms", { ...copy, at: opened.getTime() });
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

  // htmx sends its forms itself and changes the page in place.
  document.addEventListener("htmx:afterRequest", async (event) => {
    const form = event.detail.elt;
    if (!event.detail.successful || !form.matches(MARKED)) return;
    drafts.gone.add(form);
    await kept.drop("drafts", await sending.owner, drafts.addressOf(form));
  });

  document.addEventListener("htmx:sendError", async (event) => {
    const form = event.detail.elt;
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
  }

  // Without a secure address (HTTPS, or the machine itself) browsers give no worker: drafts and
  // the queue still work, only the pages do not open without a network.
  navigator.serviceWorker?.register(sending.text("worker")).catch(() => {});
  const copied = standsIn ? null : copyForms(sending.text("owner"));
  document.addEventListener("DOMContentLoaded", () => Promise.resolve(copied).then(start).catch(console.warn));
})();
