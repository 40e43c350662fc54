// A published page: takes its packed explorers and figures alive. Stands after explorer.js and frozen.js in one module.

const PLOTLY_CONFIG = { displaylogo: false, showSendToCloud: false, plotlyServerURL: "", responsive: true };
const PRINTED = 690; // px of an A4 page between its margins
const data = (id) => JSON.parse(document.getElementById(id).textContent);
const site = data("dvp-page"); // {plotly: address or null, text, locale}

// plotly.js lies beside the page, or packed in it.
async function plotlyBytes() {
  return unzip(document.getElementById("dvp-plotly").textContent);
}

function loadPlotly(receive) {
  if (!site.plotly) return void plotlyBytes().then(receive, (error) => library().reject(error));
  const box = library();
  if (box.loading) return undefined;
  box.loading = true;
  const script = make("script", { src: site.plotly });
  script.onload = () => {
    globalThis.Plotly.register({ moduleType: "locale", name: "vi", ...site.text.locale });
    box.resolve(globalThis.Plotly);
  };
  script.onerror = () => box.reject(new Error("file"));
  document.head.append(script);
  return undefined;
}

// --- explorers ------------------------------------------------------------------------------------------------------
const groups = new Map();
const views = [];
for (const node of document.querySelectorAll("[data-payload]")) {
  const payload = data(node.dataset.payload);
  const group = groups.get(payload.group) ?? groups.set(payload.group, []).get(payload.group);
  const model = new Frozen(payload, group, loadPlotly, site.text);
  views.push(new View(model, node, { level: Number(node.dataset.level), waiting: site.text[payload.lang].waiting }));
}

// --- the address: #area=001&indicator=…; choices of a second group of explorers carry its number: 2.area=… ------------
const inWords = (value) => (typeof value === "string" ? value : JSON.stringify(value));

function fromAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  let n = 0;
  for (const group of groups.values()) {
    n += 1;
    const chosen = {};
    for (const explorer of group) {
      for (const [name, values] of explorer.axes) {
        const wanted = given.get(n === 1 ? name : `${n}.${name}`);
        const found = wanted === null ? undefined : values.find((value) => inWords(value) === wanted);
        if (found !== undefined) chosen[name] = found;
      }
    }
    if (Object.keys(chosen).length) group[0].set(chosen);
  }
}

function toAddress() {
  const address = new URLSearchParams();
  let n = 0;
  for (const group of groups.values()) {
    n += 1;
    for (const { axes, choices, payload } of group) {
      for (const [name] of axes) {
        const [now, start] = [choices[name], payload.choices[name]].map(inWords);
        if (now !== start) address.set(n === 1 ? name : `${n}.${name}`, now);
      }
    }
  }
  history.replaceState(null, "", `#${address}`);
}

Promise.all([...groups.values()].flat().map(({ ready }) => ready)).then(() => {
  if (location.hash.includes("=")) fromAddress();
  for (const group of groups.values()) group.moved = toAddress;
  addEventListener("hashchange", fromAddress);
}, (error) => failed(error));

// --- figures that a notebook's author drew with plotly ----------------------------------------------------------------
for (const node of document.querySelectorAll("[data-figure]")) {
  const figure = data(node.dataset.figure);
  loadPlotlyOnce().then(
    (plotly) => plotly.newPlot(node, figure.data, figure.layout, { ...PLOTLY_CONFIG, locale: document.documentElement.lang }),
    failed,
  );
}

function loadPlotlyOnce() {
  if (!library().loading) loadPlotly((bytes) => receiveLibrary(bytes, site.text.locale));
  return library().promise;
}

// What cannot be brought to life is shown as it was saved: its table.
function failed(error) {
  document.documentElement.classList.remove("js");
  document.body.append(make("p", { class: "dvp-failed", role: "alert" }, `${site.text.vi.failed}${error.message}`));
}
library().promise.catch(failed);

// --- the list of areas on the first page ------------------------------------------------------------------------------
const search = document.getElementById("dvp-search");
if (search) {
  const items = [...document.querySelectorAll("[data-find]")].map((node) => ({ node, key: ` ${fold(node.dataset.find)}` }));
  const count = document.getElementById("dvp-count");
  search.oninput = () => {
    const wanted = fold(search.value.trim());
    let shown = 0;
    for (const { node, key } of items) {
      node.hidden = Boolean(wanted) && !key.includes(wanted);
      shown += !node.hidden;
    }
    for (const box of document.querySelectorAll("details[data-areas]")) {
      box.hidden = ![...box.querySelectorAll("[data-find]")].some((node) => !node.hidden);
      box.open = Boolean(wanted) && !box.hidden;
    }
    count.textContent = wanted ? `${shown} ${count.dataset.unit}` : "";
  };
}

// --- print: pictures as wide as the paper, the choices in words ---------------------------------------------------------
addEventListener("beforeprint", () => views.forEach((view) => view.print(PRINTED)));
addEventListener("afterprint", () => views.forEach((view) => view.print(null)));
