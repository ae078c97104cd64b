// Draws a line's timeline from the JSON in the page. What is selected goes through the page's own links and forms,
// so an address says everything and the page works the same without this script.
(() => {
  const LANE_ROOM = 2, SCORE_ROOM = 3;
  const TONES = { strong: "--strong", weak: "--weak", watch: "--watch", flat: "--ink-3" };
  const TERMS = ["--strong", "--watch", "--watch", "--weak"];
  const SHAPES = { disc: "circle", ring: "circle", square: "rect", diamond: "rectRot", up: "triangle", down: "triangle", dash: "line" };
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const DRAG = 6; // pixels from which a press is a drag

  let chart = null, drawnFrom = "", marks = [], walked = -1, dragged = null;

  // A custom property may hold light-dark(): let the browser resolve it.
  function color(name, opacity = 1) {
    const probe = document.createElement("i");
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return opacity === 1 ? found : found.replace(/^rgba?\(([^)/]*?)(?:[,/][^,)]*)?\)$/, (all, parts) => {
      const channels = parts.split(/[\s,]+/).filter(Boolean).slice(0, 3);
      return channels.length === 3 ? `rgba(${channels.join(", ")}, ${opacity})` : all;
    });
  }

  const millis = (day) => Date.parse(`${day}T00:00:00Z`);
  const isoDay = (time) => new Date(time).toISOString().slice(0, 10);
  const plain = (day) => `${Number(day.slice(8))} ${MONTHS[Number(day.slice(5, 7)) - 1]} ${day.slice(0, 4)}`;

  function lanePosition(data, code) {
    return data.lanes.length - 1 - data.lanes.findIndex((lane) => lane.code === code);
  }

  function scoreDatasets(data) {
    const at = (column) => data.points.map((point) => ({ x: millis(point[0]), y: point[column] }));
    const live = data.liveFrom ? millis(data.liveFrom) : Infinity;
    const line = { type: "line", stepped: true, pointRadius: 0, pointHitRadius: 0, borderWidth: 0, yAxisID: "score" };
    return [
      { ...line, label: "Upper", data: at(3), fill: "+1", backgroundColor: color("--band") },
      { ...line, label: "Lower", data: at(2) },
      { ...line, label: "Durability", data: at(1), borderColor: color("--accent"), borderWidth: 2,
        segment: { borderDash: (context) => (context.p1.parsed.x <= live ? [5, 3] : undefined) } },
    ];
  }

  function termsDatasets(data) {
    const y = lanePosition(data, "license");
    return data.terms.map(([first, last, rank, name]) => ({
      type: "line", label: name, yAxisID: "lanes", pointRadius: 0, pointHitRadius: 0, borderWidth: 3, order: 1,
      data: [{ x: millis(first), y }, { x: millis(last), y }],
      borderColor: color(rank < 0 ? "--edge" : TERMS[rank], 0.55), borderDash: rank < 0 ? [3, 3] : undefined, terms: true,
    }));
  }

  function radius(mark) {
    if (mark.shape === "diamond" || mark.shape === "up" || mark.shape === "down") return 6;
    if (mark.lane !== "release") return 5;
    return mark.large ? 6.5 : 3.5;
  }

  function markDataset(data) {
    const fills = marks.map((mark) => {
      if (mark.shape === "ring") return color("--card");
      return color(TONES[mark.tone], mark.weight < 1 ? 0.2 + 0.8 * mark.weight : 1);
    });
    return {
      type: "scatter", label: "Events", yAxisID: "lanes", events: true, order: -1, clip: 14,
      data: marks.map((mark) => ({ x: millis(mark.on), y: lanePosition(data, mark.lane) })),
      pointStyle: marks.map((mark) => SHAPES[mark.shape]),
      rotation: marks.map((mark) => (mark.shape === "down" ? 180 : 0)),
      pointRadius: marks.map(radius),
      pointHoverRadius: marks.map((mark) => radius(mark) + 3),
      pointHitRadius: 5,
      backgroundColor: fills,
      pointHoverBackgroundColor: fills,
      borderColor: marks.map((mark) => color(TONES[mark.tone], mark.shape === "ring" || mark.shape === "dash" ? 1 : 0)),
      pointHoverBorderColor: marks.map(() => color("--accent")),
      pointBorderWidth: marks.map((mark) => (mark.shape === "ring" || mark.shape === "dash" ? 2 : 0)),
      pointHoverBorderWidth: 2,
    };
  }

  function drawSpan(context, area, from, to) {
    context.save();
    context.fillStyle = color("--band");
    context.fillRect(Math.min(from, to), area.top, Math.abs(to - from), area.bottom - area.top);
    context.restore();
  }

  function drawDay(context, area, x) {
    context.save();
    context.strokeStyle = color("--accent");
    context.setLineDash([2, 3]);
    context.beginPath();
    context.moveTo(x, area.top);
    context.lineTo(x, area.bottom);
    context.stroke();
    context.restore();
  }

  // The selection of the address, and the period while it is dragged.
  const selection = {
    id: "selection",
    beforeDatasetsDraw(drawn) {
      const { ctx, chartArea, scales } = drawn;
      const chosen = document.querySelector("#explained > [data-event], #explained > [data-day], #explained > [data-first]");
      if (dragged && Math.abs(dragged.to - dragged.from) >= DRAG) drawSpan(ctx, chartArea, dragged.from, dragged.to);
      else if (chosen && chosen.dataset.first) {
        drawSpan(ctx, chartArea, inside(drawn, millis(chosen.dataset.first)), inside(drawn, millis(chosen.dataset.last)));
      } else if (chosen && chosen.dataset.day) drawDay(ctx, chartArea, scales.x.getPixelForValue(millis(chosen.dataset.day)));
      else if (chosen) {
        const mark = marks.find((one) => one.reference === chosen.dataset.event);
        if (mark) drawDay(ctx, chartArea, scales.x.getPixelForValue(millis(mark.on)));
      }
    },
  };

  function inside(drawn, time) {
    const { left, right } = drawn.chartArea;
    return Math.min(right, Math.max(left, drawn.scales.x.getPixelForValue(time)));
  }

  function describe(mark) {
    return `${plain(mark.on)}: ${mark.name} (${mark.reading})`;
  }

  function wrapped(text, width = 60) {
    return text.split(" ").reduce((lines, word) => {
      const last = lines[lines.length - 1];
      if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
      else lines.push(word);
      return lines;
    }, []);
  }

  function options(data) {
    const grid = { color: color("--line"), tickColor: "transparent" };
    return {
      animation: false, maintainAspectRatio: false, normalized: true, events: ["mousemove", "mouseout"],
      interaction: { mode: "nearest", intersect: true },
      layout: { padding: { right: 8 } },
      plugins: {
        legend: { display: false },
        tooltip: {
          backgroundColor: color("--ink"), titleColor: color("--paper"), bodyColor: color("--paper"), displayColors: false,
          filter: (item) => Boolean(item.dataset.events),
          callbacks: {
            title: (items) => items.map((item) => plain(marks[item.dataIndex].on)).slice(0, 1),
            label: (item) => wrapped(`${marks[item.dataIndex].name} (${marks[item.dataIndex].reading})`),
          },
        },
      },
      scales: {
        x: {
          type: "time", min: millis(data.first), max: millis(data.last) + 86400000, border: { display: false }, grid,
          adapters: { date: { zone: "utc", locale: "en-US" } },
          time: { minUnit: "month", displayFormats: { month: "MMM yyyy", quarter: "MMM yyyy", year: "yyyy" } },
          ticks: { color: color("--ink-3"), maxRotation: 0, autoSkipPadding: 18 },
        },
        score: {
          stack: "panels", stackWeight: SCORE_ROOM, min: 0, max: 100, border: { display: false }, grid,
          title: { display: true, text: "Durability (higher is more durable)", color: color("--ink-3") },
          ticks: { stepSize: 25, color: color("--ink-3") },
        },
        lanes: {
          stack: "panels", stackWeight: LANE_ROOM, min: -0.8, max: data.lanes.length - 0.4, border: { display: false }, grid,
          afterBuildTicks: (axis) => { axis.ticks = data.lanes.map((lane) => ({ value: lanePosition(data, lane.code) })); },
          ticks: { color: color("--ink-2"), callback: (value) => data.lanes[data.lanes.length - 1 - value].name },
        },
      },
    };
  }

  // A swap leaves every script element behind, data included: read them from what the server sent.
  function adopt(page) {
    const source = page.getElementById("timeline-data");
    if (source) drawnFrom = source.textContent;
  }

  function draw() {
    const plot = document.getElementById("plot");
    if (chart) { chart.destroy(); chart = null; }
    if (!drawnFrom || !plot || !window.Chart) return;
    const data = JSON.parse(drawnFrom);
    marks = data.marks;
    walked = -1;
    plot.hidden = false;
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    chart = new Chart(plot.querySelector("canvas"), {
      data: { datasets: [...scoreDatasets(data), ...termsDatasets(data), markDataset(data)] },
      options: options(data),
      plugins: [selection],
    });
    if (!plot.dataset.listens) listen(plot);
  }

  function listen(plot) {
    plot.dataset.listens = "yes";
    const canvas = plot.querySelector("canvas");
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button === 0) dragged = { from: event.offsetX, to: event.offsetX };
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!dragged) return;
      dragged.to = event.offsetX;
      chart.draw();
    });
    canvas.addEventListener("pointerup", (event) => release(event));
    canvas.addEventListener("pointercancel", () => { dragged = null; chart.draw(); });
    canvas.addEventListener("pointerleave", () => { if (dragged) { dragged = null; chart.draw(); } });
    plot.addEventListener("keydown", walk);
  }

  function release(event) {
    if (!dragged) return;
    const { from } = dragged, to = event.offsetX;
    dragged = null;
    if (Math.abs(to - from) >= DRAG) askPeriod(dayAt(Math.min(from, to)), dayAt(Math.max(from, to)));
    else press(event);
  }

  function dayAt(pixel) {
    const { min, max } = chart.scales.x;
    const time = Math.round(chart.scales.x.getValueForPixel(pixel) / 86400000) * 86400000;
    return isoDay(Math.min(max - 86400000, Math.max(min, time)));
  }

  function press(event) {
    const hit = chart.getElementsAtEventForMode(event, "nearest", { intersect: true }, false)
      .find((element) => chart.data.datasets[element.datasetIndex].events);
    if (hit) open(marks[hit.index]);
    else if (event.offsetY > chart.scales.score.top && event.offsetY < chart.chartArea.bottom) askDay(dayAt(event.offsetX));
  }

  function open(mark) {
    const link = [...document.querySelectorAll("#as-table a[data-reference]")].find((one) => one.dataset.reference === mark.reference);
    if (link) link.click();
  }

  function askDay(day) {
    const form = document.getElementById("ask-day");
    form.elements.day.value = day;
    form.requestSubmit();
  }

  function askPeriod(first, last) {
    if (first === last) { askDay(first); return; }
    const form = document.getElementById("ask-period");
    form.elements.from.value = first;
    form.elements.to.value = last;
    form.requestSubmit();
  }

  // Marks arrive in the order of time.
  const STEPS = { ArrowRight: (at, last) => Math.min(last, at + 1), ArrowLeft: (at, last) => (at < 0 ? last : Math.max(0, at - 1)), Home: () => 0, End: (_, last) => last };

  function walk(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || marks.length === 0) return;
    if (event.key === "Enter" && walked >= 0) { event.preventDefault(); open(marks[walked]); return; }
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    walked = step(walked, marks.length - 1);
    show(walked);
  }

  function show(index) {
    const element = [{ datasetIndex: chart.data.datasets.length - 1, index }];
    const { x, y } = chart.getDatasetMeta(element[0].datasetIndex).data[index];
    chart.setActiveElements(element);
    chart.tooltip.setActiveElements(element, { x, y });
    chart.update("none");
    document.getElementById("plot-said").textContent = describe(marks[index]);
  }

  document.addEventListener("DOMContentLoaded", () => { adopt(document); draw(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "timeline") {
      adopt(new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html"));
      draw();
    } else if (chart && event.target.id === "explained") {
      chart.draw();
      if (event.detail.elt) event.target.scrollIntoView({ block: "nearest" });
    }
  });
})();
