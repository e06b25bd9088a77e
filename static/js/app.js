// Behaviour shared by all pages. Pages work without it; each part only makes one quicker.

function searchSelects(root) {
  for (const select of root.querySelectorAll("select[data-search-url]")) {
    if (select.tomselect) continue;
    new TomSelect(select, {
      valueField: "value",
      labelField: "text",
      searchField: [],
      maxOptions: 50,
      preload: "focus",
      plugins: [select.multiple ? "remove_button" : "clear_button"],
      onItemAdd() {
        if (select.multiple) {
          this.setTextboxValue("");
          return;
        }
        // Neither the pause after typing nor an answer that arrives late may open the list
        // again, over the next field.
        window.clearTimeout(this.refreshTimeout);
        this.setTextboxValue("");
        this.close();
        this.blur();
      },
      load(query, callback) {
        // What another word found is no answer to this one; the chosen option stays.
        this.clearOptions();
        const url = new URL(select.dataset.searchUrl, location.origin);
        url.searchParams.set("q", query);
        fetch(url, { headers: { Accept: "application/json" } })
          .then((response) => (response.ok ? response.json() : { results: [] }))
          .then((json) => callback(this.inputValue() === query ? json.results : []))
          .catch(() => callback());
      },
      score: () => () => 1,
      render: {
        option: (data, escape) =>
          `<div><div>${escape(data.text)}</div><div class="small text-body-secondary">${escape(data.note || "")}</div></div>`,
        no_results: () => `<div class="no-results">${select.dataset.nothing || ""}</div>`,
      },
    });
    // Its label now names the text field that stands in its place.
    select.setAttribute("aria-hidden", "true");
  }
}

function sendOnce(event) {
  // A second click on a form that is under way does nothing; the server refuses it as well.
  // One that answers with a file stays on the page and may be sent again.
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.hasAttribute("data-download")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
}

document.addEventListener("submit", sendOnce);
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-type-size]")) {
    const isLarge = document.documentElement.classList.toggle("large-type");
    localStorage.setItem("type-size", isLarge ? "large" : "normal");
  }
  if (event.target.closest("[data-print]")) window.print();
});

document.addEventListener("DOMContentLoaded", () => searchSelects(document));
document.addEventListener("htmx:load", (event) => searchSelects(event.detail.elt));
