// Survival curves as steps with bands. Told apart by dash and by the legend's name, color only beside them.
const COLORS = ["--accent", "--weak", "--strong", "--watch", "--ink-2"];
const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3], [14, 5]];
const BAND = 0.12;

const groups = JSON.parse(document.getElementById("survival-points").textContent);
const canvas = document.getElementById("survival-curves");
const stillness = matchMedia("(prefers-reduced-motion: reduce)");

// A custom property holds light-dark() unresolved; a computed color does not.
function color(token, opacity = 1) {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  canvas.parentElement.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  if (opacity === 1) return value;
  const channels = value.match(/[\d.]+/g).slice(0, 3);
  return `rgba(${channels.join(", ")}, ${opacity})`;
}

function datasets(group, place) {
  const line = { type: "line", stepped: true, pointRadius: 0, pointHitRadius: 0, borderWidth: 0, isBand: true };
  const at = (column) => group.steps.map((step) => ({ x: step[0], y: step[column] }));
  return [
    { ...line, label: `${group.name}, upper`, data: at(3), fill: "+1", backgroundColor: color(COLORS[place], BAND) },
    { ...line, label: `${group.name}, lower`, data: at(2) },
    { ...line, label: group.name, data: at(1), borderColor: color(COLORS[place]), backgroundColor: color(COLORS[place]),
      borderWidth: 2, borderDash: DASHES[place], pointHitRadius: 8, isBand: false },
  ];
}

function draw() {
  const axis = { grid: { color: color("--line") }, ticks: { color: color("--ink-3") }, border: { display: false } };
  const titled = (text) => ({ display: true, text, color: color("--ink-3") });
  return new Chart(canvas, {
    type: "line",
    data: { datasets: groups.flatMap(datasets) },
    options: {
      animation: stillness.matches ? false : { duration: 200 },
      maintainAspectRatio: false,
      interaction: { mode: "nearest", axis: "x", intersect: false },
      scales: {
        x: { ...axis, type: "linear", min: 0, max: 20, title: titled("Years since the start") },
        y: { ...axis, min: 0, max: 100, title: titled("Still standing, %") },
      },
      plugins: {
        legend: { position: "bottom", onClick: () => {}, labels: { color: color("--ink"), boxWidth: 34, boxHeight: 0, filter: (item, data) => !data.datasets[item.datasetIndex].isBand } },
        tooltip: {
          filter: (item) => !item.dataset.isBand,
          callbacks: {
            title: (items) => (items.length ? `${items[0].parsed.x.toFixed(1)} years` : ""),
            label: (item) => `${item.dataset.label}: ${item.parsed.y.toFixed(0)} %`,
          },
        },
      },
    },
  });
}

let chart = draw();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  chart.destroy();
  chart = draw();
});
