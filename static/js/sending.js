// Forms that wait on this device are sent when the network is back: on opening any page, when the
// browser says so, and now and then. Each carries its client key, so a resend makes no second
// record, and none is dropped before the server has named that key in its cookie.

const sending = (() => {
  const device = document.getElementById("device");
  const PAUSE = 60_000;
  const PATIENCE = 8_000;
  let busy = false;

  const text = (name) => device.dataset[name];
  const changed = () => document.dispatchEvent(new CustomEvent("kept:changed"));

  // Who is signed in by the server's word; `reached` is false where it cannot be asked.
  async function ask() {
    try {
      const signal = AbortSignal.timeout(PATIENCE);
      const answer = await fetch(text("token"), { redirect: "manual", signal });
      if (answer.type === "opaqueredirect") return { reached: true, owner: "" };
      if (answer.ok) return { reached: true, ...(await answer.json()) };
    } catch {
      // No network, or none that deserves the name.
    }
    return { reached: false, owner: "" };
  }

  async function whose() {
    const name = text("owner");
    const standsIn = document.querySelector("[data-stands-in]");
    if (name || !standsIn) {
      await kept.remember(name);
      return name;
    }
    const answer = await ask();
    if (answer.reached) await kept.remember(answer.owner);
    return kept.owner();
  }

  function sentKey() {
    const cookie = document.cookie.split("; ").find((one) => one.startsWith(`${text("sent")}=`));
    return cookie?.split("=")[1];
  }

  // What became of the form that left the last page: through, refused on this page, or unknown,
  // which means that it is sent again.
  async function settle(owner) {
    for (const row of await kept.all("queue", owner)) {
      if (row.key === sentKey()) await kept.drop("queue", owner, row.key);
      else if (row.state === "leaving") {
        const here = document.querySelector(`form[data-refused] [name=client_key][value="${row.key}"]`);
        if (here) await giveBack(row, []);
        else await kept.put("queue", { ...row, state: "waiting" });
      }
    }
  }

  // A refused form is a draft again, with the server's sentences.
  async function giveBack(row, problems) {
    // Another one is at work in the same form: this one waits its turn, and writes over nothing.
    if (await kept.get("drafts", row.owner, row.action)) {
      return kept.put("queue", { ...row, state: "waiting" });
    }
    await kept.put("drafts", { ...row, key: row.action, problems, state: "" });
    await kept.drop("queue", row.owner, row.key);
  }

  function problemsIn(html, status) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const found = [];
    for (const said of page.querySelectorAll("main form .invalid-feedback")) {
      // Not `form.action`: only what stands beside a field is this field's.
      const field = said.closest("[id^=div_id_], .mb-3, fieldset")?.querySelector("[name]");
      const sentence = said.textContent.trim().replace(/\s+/g, " ");
      // The files are still here, so nothing has to be chosen again.
      if (sentence && sentence !== text("filesLost")) found.push([field?.name ?? "", sentence]);
    }
    const heading = page.querySelector("main .alert-warning, main h1")?.textContent.trim();
    return found.length ? found : [["", status === 422 ? "" : heading || text("refused")]];
  }

  async function deliver(row, token) {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", token);
    for (const [name, value] of row.fields) body.append(name, value);
    for (const [name, file] of row.files) body.append(name, file, file.name);
    let answer;
    try {
      answer = await fetch(row.action, { method: "POST", body });
    } catch {
      return false;
    }
    if (sentKey() === row.key) await kept.drop("queue", row.owner, row.key);
    else if (answer.status >= 400 && answer.status < 500) {
      await giveBack(row, problemsIn(await answer.text(), answer.status));
    } else return false; // the server is ill, or asks for a sign-in: later
    return true;
  }

  async function send(owner) {
    if (busy || !owner) return;
    busy = true;
    try {
      const rows = (await kept.all("queue", owner)).filter((row) => row.state === "waiting");
      const answer = rows.length ? await ask() : null;
      if (answer?.owner !== owner) return;
      for (const row of rows) {
        if (!(await deliver(row, answer.token))) break;
        changed();
      }
    } finally {
      busy = false;
    }
  }

  // The strip above every page: how many wait here.
  async function tell(owner) {
    const strip = document.getElementById("unsent");
    const waiting = owner ? await kept.all("queue", owner) : [];
    const refused = owner ? (await kept.all("drafts", owner)).filter((row) => row.problems?.length) : [];
    const count = waiting.length + refused.length;
    // On the page that lists them the strip would say it twice.
    strip.hidden = !count || document.querySelector("[data-stands-in] [data-lists]:not([hidden])");
    strip.querySelector("[data-count]").textContent = count;
  }

  const owner = whose();
  document.addEventListener("kept:changed", async () => tell(await owner));
  window.addEventListener("online", async () => send(await owner));
  window.setInterval(async () => send(await owner), PAUSE);

  return { changed, owner, send, settle, text };
})();
