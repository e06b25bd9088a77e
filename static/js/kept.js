// What waits on this device, in IndexedDB: drafts, forms to be sent, empty forms to be opened
// without a network. Every row stands under the opaque key of its owner, and nobody else's rows
// are ever asked for. See docs/decisions/what-stays-on-the-phone.md.

const kept = (() => {
  const DAYS = 14;
  const STORES = ["drafts", "queue", "forms", "meta"];
  const MOST_FORMS = 20;
  let opening = null;
  let database = null;

  function open() {
    opening ??= new Promise((resolve, reject) => {
      const request = indexedDB.open("bangdai", 1);
      request.onupgradeneeded = () => {
        for (const name of STORES) {
          request.result.createObjectStore(name, { keyPath: ["owner", "key"] });
        }
      };
      request.onsuccess = () => resolve((database = request.result));
      request.onerror = () => reject(request.error);
    });
    return opening;
  }

  // Resolves when the transaction is through, with what the request in it found. Once the
  // database is open it begins at once: a page that is being left has no time to wait.
  function run(store, mode, work) {
    const begin = () =>
      new Promise((resolve, reject) => {
        const transaction = database.transaction(store, mode);
        const request = work(transaction.objectStore(store));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => reject(transaction.error);
        transaction.commit?.();
      });
    return database ? begin() : open().then(begin);
  }

  // Arrays sort behind all texts, so this is every row of the owner.
  const of = (owner) => IDBKeyRange.bound([owner], [owner, []]);
  const put = (store, row) => run(store, "readwrite", (rows) => rows.put({ at: Date.now(), ...row }));
  const get = (store, owner, key) => run(store, "readonly", (rows) => rows.get([owner, key]));
  const drop = (store, owner, key) => run(store, "readwrite", (rows) => rows.delete([owner, key]));
  const everything = (store) => run(store, "readonly", (rows) => rows.getAll());

  async function all(store, owner) {
    const rows = await run(store, "readonly", (found) => found.getAll(of(owner)));
    return rows.sort((one, other) => one.at - other.at);
  }

  async function clear(owner) {
    for (const store of STORES) await run(store, "readwrite", (rows) => rows.delete(of(owner)));
  }

  const owner = async () => (await get("meta", "", "owner"))?.name ?? "";

  // Who is signed in now. The forms of whoever was before name people, so they go; what that
  // person typed waits for them.
  async function remember(name) {
    await put("meta", { owner: "", key: "owner", name });
    if (!name) return;
    for (const row of await everything("forms")) {
      if (row.owner !== name) await drop("forms", row.owner, row.key);
    }
  }

  async function tidy() {
    const oldest = Date.now() - DAYS * 24 * 3600 * 1000;
    for (const store of ["drafts", "queue", "forms"]) {
      const rows = (await everything(store)).sort((one, other) => other.at - one.at);
      const surplus = store === "forms" ? rows.slice(MOST_FORMS) : [];
      for (const row of [...surplus, ...rows.filter((row) => row.at < oldest)]) {
        await drop(store, row.owner, row.key);
      }
    }
  }

  return { all, clear, drop, get, owner, put, remember, tidy };
})();
