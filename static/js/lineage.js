// Draws the lineages that the page carries as data, each a tree of its own from left to right.
// The table below the drawing says the same in words and works without this script.

function drawLineages(box) {
  const ROW = 46, STEP = 190, WIDE = 148, HIGH = 36, GAP = 14;
  const SEAL = "#9b2c1f", INK = "#1f2328", FAINT = "#59606a";
  const trees = JSON.parse(document.getElementById("lineage-data").textContent);
  const fold = document.querySelector("[data-lineage-fold]");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  // The rows that ECharts gives a tree: brothers a row apart, cousins two, and a margin on either
  // side. It is told a height, so the height is counted the way it will be used.
  function rows(tree, depth) {
    const below = (node, level) => (level === depth ? [] : node.children);
    const offsets = new Map();

    function contour(node, level) {
      const lo = [], hi = [];
      const shifts = below(node, level).map((child) => {
        const found = contour(child, level + 1);
        const shift = Math.max(0, ...found.lo.slice(0, hi.length).map((low, deep) => hi[deep] + (deep ? 2 : 1) - low));
        found.lo.forEach((low, deep) => {
          lo[deep] = Math.min(lo[deep] ?? Infinity, low + shift);
          hi[deep] = Math.max(hi[deep] ?? -Infinity, found.hi[deep] + shift);
        });
        return shift;
      });
      const middle = shifts.length ? (shifts[0] + shifts[shifts.length - 1]) / 2 : 0;
      below(node, level).forEach((child, place) => offsets.set(child, shifts[place] - middle));
      return { lo: [0, ...lo.map((low) => low - middle)], hi: [0, ...hi.map((high) => high - middle)] };
    }

    contour(tree, 0);
    let first = { at: 0, parent: null }, last = first;
    (function walk(node, level, at, parent) {
      if (at < first.at - 1e-6) first = { at, parent };
      if (at > last.at + 1e-6) last = { at, parent };
      for (const child of below(node, level)) walk(child, level + 1, at + offsets.get(child), node);
    })(tree, 0, 0, null);
    const isOne = first === last;
    return { span: last.at - first.at, margin: isOne ? 1 : first.parent === last.parent ? 0.5 : 1 };
  }

  function dressed(node, isRoot) {
    const isReference = node.kind === "reference";
    const fill = isRoot ? SEAL : node.kind === "focus" ? "#f8e0dd" : "#ffffff";
    const ink = isRoot ? "#ffffff" : isReference ? FAINT : INK;
    return {
      name: node.name,
      apart: node.apart,
      beside: node.beside,
      since: node.since,
      itemStyle: { color: fill, borderColor: isReference ? "#b9b2a8" : SEAL, borderType: isReference ? "dashed" : "solid", borderWidth: node.kind === "focus" ? 3 : 1 },
      label: { color: ink, rich: { name: { color: ink, fontSize: 14, fontWeight: 600, lineHeight: 17 }, apart: { color: isRoot ? "#fbe9e6" : FAINT, fontSize: 11, lineHeight: 14 } } },
      children: node.children.map((child) => dressed(child, false)),
    };
  }

  function label(given) {
    const { name, beside } = given.data;
    const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
    const lines = [`{name|${short(name, 10)}}`];
    if (beside) lines.push(`{apart|${short(beside, 14)}}`);
    return lines.join("\n");
  }

  function shown(depth) {
    let top = GAP;
    let columns = 1;
    const series = trees.map((tree) => {
      const { span, margin } = rows(tree, depth);
      const generations = depth < 0 ? tree.generations : Math.min(tree.generations, 2);
      const steps = Math.max(generations - 1, tree.children.length ? 1 : 0);
      columns = Math.max(columns, steps + 1);
      const made = {
        type: "tree",
        data: [dressed(tree, true)],
        left: GAP + WIDE / 2,
        top: top + HIGH / 2 - margin * ROW,
        width: steps * STEP,
        height: (span + 2 * margin) * ROW,
        edgeShape: "polyline",
        initialTreeDepth: depth,
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

  let depth = -1;
  let chart = null;
  function draw() {
    const found = shown(depth);
    box.style.height = `${found.height}px`;
    box.style.width = `${found.width}px`;
    if (chart) chart.dispose();
    chart = echarts.init(box, null, { renderer: "canvas", width: found.width, height: found.height });
    chart.setOption({
      // Drawn on the canvas: the page's rules allow no style written into markup.
      tooltip: {
        renderMode: "richText",
        formatter: ({ data }) => [data.name, data.apart, data.since].filter(Boolean).join("\n"),
      },
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      series: found.series,
    });
  }

  if (trees.some((tree) => tree.generations > 2)) {
    fold.hidden = false;
    fold.addEventListener("click", () => {
      depth = depth < 0 ? 1 : -1;
      [fold.textContent, fold.dataset.other] = [fold.dataset.other, fold.textContent];
      draw();
    });
  }
  draw();
}

document.addEventListener("DOMContentLoaded", () => {
  const box = document.querySelector("[data-lineage]");
  if (box && window.echarts) drawLineages(box);
});
