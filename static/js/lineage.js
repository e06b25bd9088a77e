// Draws the lineages that the page carries as data, each a tree of its own from left to right.
// The table below the drawing says the same in words and works without this script. A box that is
// pressed opens or folds what is below it; the buttons do so for a whole generation.

function drawLineages(box) {
  const ROW = 46, STEP = 190, WIDE = 148, HIGH = 36, GAP = 14;
  const SEAL = "#9b2c1f", INK = "#1f2328", FAINT = "#59606a";
  const trees = JSON.parse(document.getElementById("lineage-data").textContent);
  const steps = document.querySelector("[data-lineage-steps]");
  const ROOMY = 60; // up to so many boxes, everything is open at first
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  const byPlace = [];
  let boxes = 0;
  (function count(nodes, level) {
    for (const node of nodes) {
      node.level = level;
      node.place = byPlace.push(node) - 1;
      boxes += 1;
      count(node.children, level + 1);
    }
  })(trees, 1);
  const deepest = Math.max(...byPlace.map((node) => node.level));
  let depth = boxes <= ROOMY ? deepest : Math.min(2, deepest);

  function openTo(level) {
    depth = level;
    for (const node of byPlace) node.isOpen = node.level < level;
  }

  const below = (node) => (node.isOpen ? node.children : []);
  const people = (node) => node.children.reduce((sum, child) => sum + (child.kind === "reference" ? 0 : 1 + people(child)), node.more);
  const levels = (node) => 1 + Math.max(0, ...below(node).map(levels));

  // The rows that ECharts gives a tree: brothers a row apart, cousins two, and a margin on either
  // side. It is told a height, so the height is counted the way it will be used.
  function rows(tree) {
    const offsets = new Map();

    function contour(node) {
      const lo = [], hi = [];
      const shifts = below(node).map((child) => {
        const found = contour(child);
        const shift = Math.max(0, ...found.lo.slice(0, hi.length).map((low, deep) => hi[deep] + (deep ? 2 : 1) - low));
        found.lo.forEach((low, deep) => {
          lo[deep] = Math.min(lo[deep] ?? Infinity, low + shift);
          hi[deep] = Math.max(hi[deep] ?? -Infinity, found.hi[deep] + shift);
        });
        return shift;
      });
      const middle = shifts.length ? (shifts[0] + shifts[shifts.length - 1]) / 2 : 0;
      below(node).forEach((child, place) => offsets.set(child, shifts[place] - middle));
      return { lo: [0, ...lo.map((low) => low - middle)], hi: [0, ...hi.map((high) => high - middle)] };
    }

    contour(tree);
    let first = { at: 0, parent: null }, last = first;
    (function walk(node, at, parent) {
      if (at < first.at - 1e-6) first = { at, parent };
      if (at > last.at + 1e-6) last = { at, parent };
      for (const child of below(node)) walk(child, at + offsets.get(child), node);
    })(tree, 0, null);
    const isOne = first === last;
    return { span: last.at - first.at, margin: isOne ? 1 : first.parent === last.parent ? 0.5 : 1 };
  }

  function dressed(node, isRoot) {
    const isReference = node.kind === "reference";
    const fill = isRoot ? SEAL : node.kind === "focus" ? "#f8e0dd" : "#ffffff";
    const ink = isRoot ? "#ffffff" : isReference ? FAINT : INK;
    const hidden = node.isOpen ? 0 : people(node);
    return {
      place: node.place,
      hidden,
      role: node.role,
      name: node.name,
      apart: node.apart,
      beside: node.beside,
      since: node.since,
      itemStyle: { color: fill, borderColor: isReference ? "#b9b2a8" : SEAL, borderType: isReference ? "dashed" : "solid", borderWidth: node.kind === "focus" ? 3 : 1 },
      label: { color: ink, rich: { name: { color: ink, fontSize: 14, fontWeight: 600, lineHeight: 17 }, apart: { color: isRoot ? "#fbe9e6" : FAINT, fontSize: 11, lineHeight: 14 } } },
      children: below(node).map((child) => dressed(child, false)),
    };
  }

  function label(given) {
    const { name, beside, role, hidden } = given.data;
    const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
    const number = hidden ? ` +${hidden}` : "";
    const lines = [`{name|${short(name, 10 - number.length)}${number}}`];
    const second = [role, beside].filter(Boolean).join(" · ");
    if (second) lines.push(`{apart|${short(second, 14)}}`);
    return lines.join("\n");
  }

  function shown() {
    let top = GAP;
    let columns = 1;
    const series = trees.map((tree) => {
      const { span, margin } = rows(tree);
      const steps = levels(tree) - 1;
      columns = Math.max(columns, steps + 1);
      const made = {
        type: "tree",
        data: [dressed(tree, true)],
        left: GAP + WIDE / 2,
        top: top + HIGH / 2 - margin * ROW,
        width: steps * STEP,
        height: (span + 2 * margin) * ROW,
        edgeShape: "polyline",
        expandAndCollapse: false, // done here, since the height of the canvas changes with it
        symbol: "rect",
        symbolSize: [WIDE, HIGH],
        label: { position: "inside", formatter: label },
        lineStyle: { color: "#b9a58a", width: 1.2 },
        emphasis: { disabled: true },
        animation: !calm,
        animationDurationUpdate: 200,
      };
      top += span * ROW + HIGH + 2 * GAP;
      return made;
    });
    return { series, width: columns * STEP + GAP, height: top };
  }

  let chart = null;
  function draw() {
    const found = shown();
    box.style.height = `${found.height}px`;
    box.style.width = `${found.width}px`;
    if (chart) chart.dispose();
    chart = echarts.init(box, null, { renderer: "canvas", width: found.width, height: found.height });
    chart.setOption({
      // Drawn on the canvas: the page's rules allow no style written into markup.
      tooltip: {
        renderMode: "richText",
        formatter: ({ data }) => [data.name, data.apart, data.role, data.since].filter(Boolean).join("\n"),
      },
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      series: found.series,
    });
    chart.on("click", ({ data }) => {
      const node = byPlace[data.place];
      if (!node.children.length) return;
      node.isOpen = !node.isOpen;
      setTimeout(draw); // the chart that tells of the press is thrown away
    });
  }

  function move(by) {
    openTo(Math.min(deepest, Math.max(1, depth + by)));
    for (const button of steps.children) {
      const next = depth + Number(button.dataset.lineageStep);
      button.disabled = next < 1 || next > deepest;
    }
    draw();
  }

  for (const button of steps.children) button.addEventListener("click", () => move(Number(button.dataset.lineageStep)));
  steps.hidden = deepest < 2;
  move(0);
}

document.addEventListener("DOMContentLoaded", () => {
  const box = document.querySelector("[data-lineage]");
  if (box && window.echarts) drawLineages(box);
});
