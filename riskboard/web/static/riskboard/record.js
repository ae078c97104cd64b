// The reliability diagram and the scores over time, from the JSON in the page. The tables beside them hold the same.
(() => {
  const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3], [14, 5], [5, 2, 2, 2, 2, 2], [1, 2], [12, 2], [4, 4], [8, 2, 2, 2]];
  const SHAPES = ["circle", "rect", "triangle", "rectRot", "cross", "star", "crossRot", "rectRounded", "line", "dash"];
  const FRONT = { states_only: "--accent", engine: "--strong", base_rate: "--ink", weighted_sum_era: "--weak" };

  // A custom property may hold light-dark(): let the browser resolve it.
  function color(name) {
    const probe = document.createElement("i");
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  }

  function read(id) {
    const element = document.getElementById(id);
    return element && JSON.parse(element.textContent);
  }

  const figure = (value) => value.toFixed(3).replace(/^0/, "");

  function axis(title, more = {}) {
    return {
      grid: { color: color("--line") }, border: { display: false },
      ticks: { color: color("--ink-3"), ...more.ticks }, title: { display: true, text: title, color: color("--ink-3") }, ...more.scale,
    };
  }

  // The interval of each bin, and how many of its forecasts came true.
  const intervals = {
    id: "intervals",
    afterDatasetsDraw(chart) {
      const bins = chart.options.plugins.intervals.bins;
      const { ctx, scales } = chart;
      ctx.save();
      ctx.strokeStyle = color("--accent");
      ctx.fillStyle = color("--ink-2");
      ctx.font = `12px ${getComputedStyle(document.body).fontFamily}`;
      for (const bin of bins) {
        const x = scales.x.getPixelForValue(bin.forecast);
        ctx.beginPath();
        ctx.moveTo(x, scales.y.getPixelForValue(bin.low));
        ctx.lineTo(x, scales.y.getPixelForValue(bin.high));
        ctx.stroke();
        ctx.fillText(`${bin.hits} of ${bin.n}`, x + 9, scales.y.getPixelForValue(bin.observed) + 14);
      }
      ctx.restore();
    },
  };

  function reliability() {
    const data = read("reliability-data");
    const canvas = document.getElementById("reliability-chart");
    if (!data || !canvas) return null;
    const most = Math.min(1, Math.ceil(10 * Math.max(...data.bins.map((bin) => Math.max(bin.high, bin.forecast)), 0.1) + 0.3) / 10);
    const square = { scale: { min: 0, max: most }, ticks: { callback: (value) => figure(value).slice(0, 3) } };
    return new Chart(canvas, {
      type: "scatter", plugins: [intervals],
      data: {
        datasets: [
          { label: "bins", data: data.bins.map((bin) => ({ x: bin.forecast, y: bin.observed })), pointRadius: 6, pointHoverRadius: 8, pointHitRadius: 14, backgroundColor: color("--accent") },
          { type: "line", label: "as forecast", data: [{ x: 0, y: 0 }, { x: most, y: most }], pointRadius: 0, pointHitRadius: 0, borderColor: color("--ink-3"), borderWidth: 1, borderDash: [4, 4] },
        ],
      },
      options: {
        animation: false, maintainAspectRatio: false, layout: { padding: { right: 60, top: 8 } },
        onClick: (event, hits) => { const hit = hits.find((one) => one.datasetIndex === 0); if (hit) location.assign(data.bins[hit.index].url); },
        onHover: (event, hits) => { canvas.style.cursor = hits.some((one) => one.datasetIndex === 0) ? "pointer" : ""; },
        scales: { x: axis("mean forecast, failure within 24 months", square), y: axis("share that failed", square) },
        plugins: {
          legend: { display: false }, intervals: { bins: data.bins },
          tooltip: { callbacks: { label: ({ datasetIndex, dataIndex }) => {
            if (datasetIndex) return "as forecast";
            const bin = data.bins[dataIndex];
            return `Bin ${bin.number}: said ${figure(bin.forecast)}, came ${figure(bin.observed)} (${bin.hits} of ${bin.n}; ${figure(bin.low)} to ${figure(bin.high)})`;
          } } },
        },
      },
    });
  }

  function overTime(canvas) {
    const data = read("years-data");
    if (!data) return null;
    const key = canvas.dataset.years;
    return new Chart(canvas, {
      type: "line",
      data: {
        labels: data.years,
        datasets: data.series.map((series, place) => {
          const ink = color(FRONT[series.name] || "--edge");
          const first = series.name === data.first;
          return {
            label: series.label, data: series[key], borderColor: ink, backgroundColor: ink, borderDash: DASHES[place],
            borderWidth: first ? 3 : series.name in FRONT ? 2 : 1, pointStyle: SHAPES[place], pointRadius: series.name in FRONT ? 4 : 3, order: first ? 0 : 1,
          };
        }),
      },
      options: {
        animation: false, maintainAspectRatio: false, interaction: { mode: "nearest", intersect: false },
        scales: { x: axis("forecast as of 1 January"), y: axis("lower is better", { scale: { beginAtZero: true } }) },
        plugins: {
          legend: { position: "bottom", labels: { color: color("--ink-2"), usePointStyle: true, boxHeight: 7, font: { size: 11 }, padding: 8 } },
          tooltip: { callbacks: { label: ({ dataset, parsed }) => `${dataset.label}: ${figure(parsed.y)}` } },
        },
      },
    });
  }

  let charts = [];
  function draw() {
    charts.forEach((chart) => chart.destroy());
    charts = [reliability(), ...[...document.querySelectorAll("canvas[data-years]")].map(overTime)].filter(Boolean);
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  draw();
})();
