// Lines on the same axes: told apart by dash and by the name at their end, color only beside them.
const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3], [14, 5], [5, 2, 2, 2, 2, 2]];
const COLORS = ["--accent", "--weak", "--strong", "--watch", "--ink", "--ink-3"];
const LABEL_GAP = 15;

const { days, lines } = JSON.parse(document.getElementById("curves-points").textContent);
const canvas = document.getElementById("curves");
const stillness = matchMedia("(prefers-reduced-motion: reduce)");

// A custom property holds light-dark() unresolved; a computed color does not.
function color(token) {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  canvas.parentElement.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

const names = {
  id: "names",
  afterDatasetsDraw(chart) {
    const { ctx, chartArea } = chart;
    const labels = chart.data.datasets
      .map((dataset, place) => ({ dataset, last: chart.getDatasetMeta(place).data.findLast((point) => !Number.isNaN(point.y) && !point.skip) }))
      .filter(({ last }) => last)
      .map(({ dataset, last }) => ({ text: dataset.label, ink: dataset.borderColor, y: last.y }))
      .sort((one, other) => one.y - other.y);
    labels.forEach((label, place) => {
      const above = labels[place - 1];
      if (above) label.y = Math.max(label.y, above.y + LABEL_GAP);
    });
    ctx.save();
    ctx.font = `600 12px ${getComputedStyle(document.body).fontFamily}`;
    ctx.textBaseline = "middle";
    for (const label of labels) {
      ctx.fillStyle = label.ink;
      ctx.fillText(label.text, chartArea.right + 8, label.y);
    }
    ctx.restore();
  },
};

function roomForNames() {
  const ctx = canvas.getContext("2d");
  ctx.font = `600 12px ${getComputedStyle(document.body).fontFamily}`;
  return Math.min(160, 16 + Math.max(...lines.map((line) => ctx.measureText(line.name).width)));
}

function draw() {
  const axis = { grid: { color: color("--line") }, ticks: { color: color("--ink-3") }, border: { display: false } };
  return new Chart(canvas, {
    type: "line",
    data: {
      datasets: lines.map((line, place) => ({
        label: line.name,
        data: days.map((day, at) => ({ x: day, y: line.values[at] })),
        borderColor: color(COLORS[place]),
        backgroundColor: color(COLORS[place]),
        borderDash: DASHES[place],
        borderWidth: 2,
        pointRadius: 0,
        pointHitRadius: 6,
        stepped: false,
      })),
    },
    options: {
      animation: stillness.matches ? false : { duration: 200 },
      maintainAspectRatio: false,
      interaction: { mode: "index", intersect: false },
      layout: { padding: { right: roomForNames() } },
      scales: {
        x: { ...axis, type: "time", time: { tooltipFormat: "d LLL yyyy", minUnit: "month" }, ticks: { ...axis.ticks, maxRotation: 0, autoSkipPadding: 16 } },
        y: { ...axis, min: 0, max: 100, title: { display: true, text: "Durability, higher is more durable", color: color("--ink-3") } },
      },
      plugins: { legend: { display: false } },
    },
    plugins: [names],
  });
}

let chart = draw();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  chart.destroy();
  chart = draw();
});
