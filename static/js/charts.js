// Draws the charts that a page carries as data. The table beside each says the same and opens the
// same lists by keyboard; without this script it is all there is. Drawn as SVG: its words are text.

const SEAL = "#9b2c1f", BLUE = "#2b4a70", INK = "#1f2328", FAINT = "#59606a", LINE = "#e6e0d8";
const NARROW = 560; // below, names stand closer and the months' labels aslant
const PAPER = 620; // as wide as the type area of a sheet
const chartsDrawn = new Map();

const textOf = (value) => (value === null ? "—" : Number(value).toLocaleString("zh-CN"));
const typeScale = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

function plain(size) {
  return { color: INK, fontSize: size };
}

/** Horizontal bars in the order given; each with its number in words. */
function bars(data, width, size) {
  const isNarrow = width < NARROW;
  const names = isNarrow ? 6.5 * size : 12 * size;
  const longest = Math.max(...data.rows.map((row) => row.label.length));
  return {
    height: data.rows.length * size * 2.6 + 2.6 * size,
    option: {
      grid: { left: names + size, right: (longest + 1) * size * 0.72, top: 4, bottom: 2 * size, outerBoundsMode: "none" },
      xAxis: {
        type: "value",
        min: 0,
        max: data.max,
        minInterval: 1,
        splitNumber: isNarrow ? 2 : 5,
        axisLabel: { color: FAINT, fontSize: size - 1, formatter: data.max ? "{value}%" : undefined },
        splitLine: { lineStyle: { color: LINE } },
      },
      yAxis: {
        type: "category",
        inverse: true,
        data: data.rows.map((row) => row.name),
        axisTick: { show: false },
        axisLabel: { ...plain(size), width: names, overflow: "break", interval: 0 },
      },
      series: [
        {
          type: "bar",
          barMaxWidth: 1.5 * size,
          data: data.rows.map((row) => ({
            value: row.value ?? 0,
            href: row.href,
            itemStyle: { color: row.is_total ? FAINT : SEAL },
            label: { show: true, position: "right", formatter: () => row.label, ...plain(size) },
          })),
        },
      ],
    },
  };
}

/** Counts above, their share below: two scales are never drawn into one another. */
function trend(data, width, size) {
  const isNarrow = width < NARROW;
  const left = 4.2 * size, right = 1.2 * size;
  const upper = 14 * size, lower = 9 * size, top = 3 * size * data.counts.length, gap = 6 * size;
  const symbols = ["circle", "rect"];
  const axis = (gridIndex, isShown) => ({
    gridIndex,
    type: "category",
    data: data.days,
    boundaryGap: true, // so that the first and the last number stand clear of the scale
    axisLabel: { show: isShown, color: FAINT, fontSize: size - 1, rotate: isNarrow ? 60 : 30, interval: isNarrow ? 1 : 0 },
    axisTick: { alignWithLabel: true },
  });
  const scale = (gridIndex, more) => ({
    gridIndex,
    type: "value",
    min: 0,
    axisLabel: { color: FAINT, fontSize: size - 1 },
    splitLine: { lineStyle: { color: LINE } },
    ...more,
  });
  const last = (values, write) => (given) => (given.dataIndex === values.length - 1 || given.dataIndex === 0 ? write(given.value) : "");
  const line = (name, values, number, more) => ({
    name,
    type: "line",
    symbol: symbols[number % 2],
    symbolSize: 0.6 * size,
    lineStyle: { width: 2, type: number === 1 ? "dashed" : "solid" },
    color: number === 1 ? BLUE : SEAL,
    data: values,
    ...more,
  });
  return {
    height: top + upper + gap + lower + 5 * size,
    option: {
      legend: { top: 0, left: 0, orient: "vertical", selectedMode: false, itemGap: 0.5 * size, textStyle: plain(size), data: data.counts.map((each) => each.name) },
      title: { text: data.share.name, left: 0, top: top + upper + 3.2 * size, textStyle: { ...plain(size), fontWeight: 600 } },
      grid: [
        { left, right, top, height: upper, outerBoundsMode: "none" },
        { left, right, top: top + upper + gap, height: lower, outerBoundsMode: "none" },
      ],
      xAxis: [axis(0, false), axis(1, true)],
      yAxis: [scale(0, { minInterval: 1 }), scale(1, { max: 100, interval: 50, axisLabel: { color: FAINT, fontSize: size - 1, formatter: "{value}%" } })],
      series: [
        ...data.counts.map((each, number) =>
          line(each.name, each.values.map((value, at) => ({ value, href: each.hrefs[at] })), number, {
            label: { show: true, ...plain(size), position: number ? "bottom" : "top", formatter: last(each.values, textOf) },
          }),
        ),
        line(data.share.name, data.share.values, 0, {
          xAxisIndex: 1,
          yAxisIndex: 1,
          label: { show: true, ...plain(size), position: "bottom", formatter: last(data.share.values, (value) => `${value.toFixed(2)}%`) },
        }),
      ],
    },
  };
}

/** The two sides of each band from one line in the middle, with a pattern beside the colour. */
function pyramid(data, width, size) {
  const most = Math.max(1, ...data.sides.flatMap((side) => side.values));
  const room = most * 1.25; // for the number beyond the longest bar
  const series = data.sides.map((side, number) => ({
    name: side.name,
    type: "bar",
    stack: "both",
    barMaxWidth: 1.6 * size,
    color: number ? SEAL : BLUE,
    itemStyle: { decal: number ? { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4, color: "rgba(255,255,255,.45)" } : { symbol: "none" } },
    data: side.values.map((value, at) => ({
      value: number ? value : -value,
      href: side.hrefs[at],
      label: { show: value > 0, position: number ? "right" : "left", formatter: textOf(value), ...plain(size) },
    })),
  }));
  return {
    height: data.bands.length * size * 2.4 + 2.4 * size,
    option: {
      legend: { top: 0, left: 0, selectedMode: false, textStyle: plain(size) },
      grid: { left: 7 * size, right: size, top: 2.4 * size, bottom: 0, outerBoundsMode: "none" },
      xAxis: {
        type: "value",
        min: -room,
        max: room,
        minInterval: 1,
        axisLabel: { show: false },
        splitLine: { show: false },
      },
      yAxis: {
        type: "category",
        data: data.bands,
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { ...plain(size), interval: 0 },
      },
      series,
    },
  };
}

const KINDS = { bars, trend, pyramid };

function drawChart(box, width) {
  const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
  const size = Math.round(13 * typeScale());
  const { height, option } = KINDS[data.kind](data, width, size);
  box.style.height = `${height}px`;
  let chart = chartsDrawn.get(box);
  if (!chart) {
    chart = echarts.init(box, null, { renderer: "svg", width, height });
    chart.on("click", (given) => {
      const href = given.data && given.data.href;
      if (href) location.assign(href);
    });
    chartsDrawn.set(box, chart);
  }
  chart.resize({ width, height });
  chart.setOption(
    {
      animation: false, // a page of figures stands still
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      ...option,
    },
    true,
  );
}

function drawCharts(root) {
  if (!window.echarts) return;
  for (const box of root.querySelectorAll("[data-chart]")) {
    if (chartsDrawn.has(box)) continue;
    drawChart(box, box.clientWidth);
    new ResizeObserver(() => {
      const chart = chartsDrawn.get(box);
      if (box.clientWidth && box.clientWidth !== chart.getWidth() && !isPrinting) drawChart(box, box.clientWidth);
    }).observe(box);
  }
}

// On paper the charts are as wide as the sheet and the tables are open.
let isPrinting = false;
const closedBefore = new Set();

window.addEventListener("beforeprint", () => {
  isPrinting = true;
  for (const box of chartsDrawn.keys()) drawChart(box, Math.min(PAPER, box.clientWidth || PAPER));
  for (const table of document.querySelectorAll("details.stats-read:not([open])")) {
    closedBefore.add(table);
    table.open = true;
  }
});

window.addEventListener("afterprint", () => {
  isPrinting = false;
  for (const box of chartsDrawn.keys()) drawChart(box, box.clientWidth);
  for (const table of closedBefore) table.open = false;
  closedBefore.clear();
});

document.addEventListener("DOMContentLoaded", () => drawCharts(document));
document.addEventListener("htmx:load", (event) => drawCharts(event.detail.elt));
