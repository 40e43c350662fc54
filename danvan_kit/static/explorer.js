// The explorer in the page: native controls, one Plotly picture, its table. The kernel answers each change with one
// message. Nothing of it is a synced trait, so a saved notebook carries neither plotly.js nor the state.

// What must be readable before the kernel's first answer; all other text comes with it (explorer_text.json).
const WAITING = "Đang chờ Python… Nếu dòng này còn mãi, hãy chạy lại ô này (Shift + Enter).";
const PATIENCE = 15000; // ms without an answer before the reader is told
const WIDE = 900; // px from which the table stands beside the picture
const HIERARCHIES = ["treemap", "icicle", "sunburst"]; // they have click events of their own

const escape = (text) =>
  String(text).replace(/[&<>"']/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[c]);
const first = (value) => (Array.isArray(value) ? value[0] : value);

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

// plotly reads a little HTML in texts. Bold and line breaks are ours; all else (links, sizes) can only come from data.
const MARKUP = /<(?!\/?(?:b|i|br|sub|sup)\s*\/?>)/gi;
function tame(value) {
  if (typeof value === "string") return value.includes("<") ? value.replace(MARKUP, "&lt;") : value;
  if (Array.isArray(value)) return typeof value[0] === "number" ? value.slice() : value.map(tame);
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, tame(part)]));
}

// --- a phone's screen: what would be cut off becomes smaller, then breaks; year labels that would touch are thinned out
const NARROW = 560; // px below which a picture is fitted
const LEAST = 9; // px of the smallest text
const EDGE = 6; // px that a text keeps from the edge
function written(text, size, family) {
  const pen = (written.pen = written.pen ?? document.createElement("canvas").getContext("2d"));
  pen.font = `${text.includes("<b>") ? "bold " : ""}${size}px ${family}`;
  return Math.max(...text.split("<br>").map((line) => pen.measureText(line.replace(/<[^>]*>/g, "")).width));
}

function fitted(text, size, room, family) {
  const wide = written(text, size, family);
  if (!(wide > room) || room < 4 * size) return { text, size }; // it fits; or nothing would, or nobody knows
  const less = Math.max(LEAST, Math.min(size, (size * room) / wide));
  const lines = text.split("<br>").flatMap((line) =>
    line.split(" ").reduce((done, word) => {
      const longer = `${done.at(-1)} ${word}`;
      return done.length && written(longer, less, family) <= room ? [...done.slice(0, -1), longer] : [...done, word];
    }, []),
  );
  return { text: lines.join("<br>"), size: less };
}

function fit({ data, layout }, width) {
  const { xaxis = {}, yaxis = {}, annotations = [] } = layout; // anybody's layout: plotly's own defaults where it is silent
  const [margin, font] = [{ l: 80, r: 80, ...layout.margin }, { size: 12, family: "sans-serif", ...layout.font }];
  const write = (part, room) => {
    const { text, size } = fitted(String(part.text ?? ""), part.font?.size ?? font.size, room - EDGE, font.family);
    Object.assign(part, { text, font: { ...part.font, size } });
  };
  const names = yaxis.automargin && yaxis.visible !== false ? (yaxis.ticktext ?? []) : [];
  const sized = (axis, text) => written(text, axis.tickfont?.size ?? font.size, font.family);
  const first = xaxis.ticktext?.[0] && xaxis.automargin ? 4 + sized(xaxis, xaxis.ticktext[0]) / 2 : 0; // it may stick out
  const left = Math.max(margin.l, first, ...names.map((name) => 8 + sized(yaxis, name)));
  const wide = width - left - margin.r;
  const place = (x, [from, to]) => left + (wide * (x - from)) / (to - from);
  for (const note of annotations) {
    const { textangle = 0, xref, xanchor, x, xshift = 0 } = note;
    if (textangle % 90) {
      const size = note.font?.size ?? font.size; // across the picture
      note.font = { ...note.font, size: Math.min(size, (size * wide) / written(String(note.text), size, font.family)) };
    } else if (!textangle && (xref === "paper" || xaxis.range)) {
      const at = place(x, xref === "paper" ? [0, 1] : xaxis.range) + xshift;
      write(note, { left: width - at, right: at }[xanchor] ?? 2 * Math.min(at, width - at));
    }
  }
  for (const trace of data) {
    if (!xaxis.range || !trace.x || !Array.isArray(trace.text) || !trace.textposition || (trace.xaxis ?? "x") !== "x") continue;
    const each = (given, n) => (Array.isArray(given) ? given[n] : given);
    const scale = xaxis.type === "log" ? Math.log10 : Number;
    const parts = trace.text.map((text, n) => {
      const part = { text: String(text ?? ""), font: { size: each(trace.textfont?.size, n) ?? font.size } };
      if (String(each(trace.textposition, n)).endsWith("right")) write(part, width - place(scale(trace.x[n]), xaxis.range) - EDGE);
      return part;
    });
    trace.text = parts.map(({ text }) => text);
    trace.textfont = { ...trace.textfont, size: parts.map(({ font: { size } }) => size) };
  }
  if (xaxis.title?.text) write(xaxis.title, 2 * Math.min(left + wide / 2, width - left - wide / 2));
  if (xaxis.ticktext && xaxis.tickangle === 0) {
    const step = Math.ceil(Math.max(...xaxis.ticktext.map((text) => 4 + sized(xaxis, text))) / (wide / xaxis.ticktext.length));
    xaxis.ticktext = xaxis.ticktext.map((text, n, { length }) => ((length - 1 - n) % step ? "" : text)); // the last one stays
  }
}

// --- plotly.js: asked from the kernel once, shared by all canvases of the page ------------------------------------
function library() {
  const key = "__danvan_plotly";
  if (!globalThis[key]) {
    const box = { asked: 0, loading: false };
    box.promise = new Promise((resolve, reject) => Object.assign(box, { resolve, reject }));
    box.promise.catch(() => delete globalThis[key]); // the next change may try again
    globalThis[key] = box;
  }
  return globalThis[key];
}

function askLibrary(model) {
  const box = library();
  if (box.loading || Date.now() - box.asked < PATIENCE) return;
  box.asked = Date.now();
  model.send({ ask: "plotly" });
}

function receiveLibrary(bytes, locale) {
  const box = library();
  if (box.loading) return;
  box.loading = true;
  const before = globalThis.Plotly;
  const url = URL.createObjectURL(new Blob([bytes], { type: "text/javascript" }));
  const script = make("script", { src: url });
  script.onload = () => {
    const plotly = globalThis.Plotly;
    globalThis.Plotly = before; // another library's Plotly stays as it was
    URL.revokeObjectURL(url);
    if (!plotly) return box.reject(new Error("blob"));
    plotly.register({ moduleType: "locale", name: "vi", ...locale });
    return box.resolve(plotly);
  };
  script.onerror = () => box.reject(new Error("blob"));
  document.head.append(script);
}

// --- controls ---------------------------------------------------------------------------------------------------
// Each control is {node, show(value)}; `choose(value)` tells the kernel.
function options(select, rows) {
  select.innerHTML = rows.map(([value, label]) => `<option value="${escape(value)}">${escape(label)}</option>`).join("");
}

function labelled(label, ...inputs) {
  return make("label", { class: "dvk-control" }, make("span", {}, label), ...inputs);
}

function selectControl(spec, choose) {
  const select = make("select");
  const values = [];
  select.innerHTML = spec.groups
    .map(([group, rows]) => {
      const html = rows.map(([value, label]) => `<option value="${values.push(value) - 1}">${escape(label)}</option>`);
      return group ? `<optgroup label="${escape(group)}">${html.join("")}</optgroup>` : html.join("");
    })
    .join("");
  select.onchange = () => choose(values[select.value]);
  return { node: labelled(spec.label, select), show: (value) => (select.value = values.indexOf(value)) };
}

function sliderControl(spec, choose) {
  const slider = make("input", { type: "range", min: 0, max: spec.rows.length - 1, step: 1 });
  const shown = make("output");
  const tell = () => {
    shown.textContent = spec.rows[slider.value][1];
    slider.setAttribute("aria-valuetext", shown.textContent);
  };
  slider.oninput = () => (tell(), choose(spec.rows[slider.value][0]));
  const at = (value) => spec.rows.findIndex((row) => row[0] === value);
  const node = labelled(spec.label, slider);
  node.firstChild.append(shown);
  return { node, show: (value) => ((slider.value = at(value)), tell()) };
}

function rangeControl(spec, choose, text) {
  const [from, to] = [make("select", { "aria-label": text.from }), make("select", { "aria-label": text.to })];
  for (const select of [from, to]) options(select, spec.rows);
  const tell = (kept, other) => {
    if (Number(from.value) > Number(to.value)) other.value = kept.value; // a range never runs backwards
    choose([Number(from.value), Number(to.value)]);
  };
  from.onchange = () => tell(from, to);
  to.onchange = () => tell(to, from);
  const node = make("div", { class: "dvk-control", role: "group", "aria-label": spec.label });
  node.append(make("span", {}, spec.label), make("span", { class: "dvk-pair" }, from, "–", to));
  return { node, show: ([a, b]) => ((from.value = a), (to.value = b)) };
}

// One drop-down a level. Each lists what is right below the one before it, so that none ever holds a whole country.
function areaControl(spec, choose, text) {
  const parent = new Map();
  const below = new Map(); // of each area the rows right below it
  for (const row of spec.rows) {
    parent.set(row[0], row[2]);
    if (below.has(row[2])) below.get(row[2]).push(row);
    else below.set(row[2], [row]);
  }
  const top = below.get("")[0];
  const whole = spec.whole ?? [text.allCity, text.allDistrict];
  const selects = spec.levels.map(() => make("select"));
  const listed = selects.map(() => null);
  options(selects[0], [top]);
  const list = (n, id) => {
    if (listed[n] === id) return;
    options(selects[n], [["", whole[n - 1]], ...(below.get(id) ?? [])]);
    listed[n] = id;
    selects[n].disabled = selects[n].options.length < 2;
  };
  // The areas from the top down to one; what is left out below it shows "all of it".
  const fill = (path) =>
    selects.forEach((select, n) => {
      if (!n) return;
      list(n, path[n - 1] ?? "none");
      select.value = path[n] ?? "";
    });
  const pathTo = (id) => {
    const path = [];
    for (let at = id; at; at = parent.get(at)) path.unshift(at);
    return path;
  };
  selects.forEach((select, n) => {
    if (n) select.onchange = () => {
      const id = select.value || selects[n - 1].value || top[0];
      fill(pathTo(id));
      choose(id);
    };
  });
  const node = make("div", { class: "dvk-cascade", role: "group", "aria-label": spec.label });
  node.append(...selects.map((select, i) => labelled(spec.levels[i], select)), areaSearch(spec, choose, text));
  return { node, show: (id) => fill(pathTo(id)) };
}

// A choice that stays as it is; `why` says what a shared page cannot hold.
function pinnedControl(spec) {
  const node = make("div", { class: "dvk-control" }, make("span", {}, spec.label), make("strong", { class: "dvk-pinned" }, spec.shown));
  return { node, show: () => undefined };
}

// Accents, case and Đ do not matter when one types: "ba dinh" finds "Ba Đình".
const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();

// Every area with its folded name, the names above it, and both together; upper levels first, each in its alphabet.
function areaIndex(rows) {
  const byId = new Map(rows.map(([area, label, above]) => [area, { area, label, above, key: ` ${fold(label)}` }]));
  const finish = (one) => {
    if (one.path !== undefined) return one;
    const over = byId.get(one.above);
    if (over) finish(over);
    one.depth = over ? over.depth + 1 : 0;
    one.place = over?.above ? [over.label, over.place].filter(Boolean).join(", ") : ""; // the top goes without saying
    one.path = one.key + (over ? over.path : "");
    return one;
  };
  return [...byId.values()].map(finish).sort((a, b) => a.depth - b.depth);
}

// Names with a word that begins with what was typed; then those that have it anywhere; then those each of whose words
// begins a word of the name or of a name above it ("tan lap ba vi").
const LISTED = 12;
function findAreas(index, typed) {
  const wanted = fold(typed.trim());
  const parts = wanted.split(/\s+/).map((part) => ` ${part}`);
  const ranks = [[], [], []];
  let count = 0;
  for (const one of index) {
    const rank = one.key.includes(` ${wanted}`) ? 0 : one.key.includes(wanted) ? 1 : parts.every((part) => one.path.includes(part)) ? 2 : 3;
    if (rank === 3) continue;
    count += 1;
    if (ranks[rank].length < LISTED) ranks[rank].push(one);
  }
  const found = ranks.flat().slice(0, LISTED);
  return { found, left: count - found.length };
}

// A text box that lists the areas it fits, after the combobox pattern of WAI-ARIA.
function areaSearch(spec, choose, text) {
  const id = `dvk-find-${(areaSearch.count = (areaSearch.count ?? 0) + 1)}`;
  const list = make("ul", { id, role: "listbox", "aria-label": text.find, class: "dvk-found", hidden: "" });
  const box = make("input", {
    type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", placeholder: text.findHint,
    "aria-controls": id, "aria-expanded": "false", "aria-autocomplete": "list",
  });
  let at = 0;
  let index = null; // folding a country's names takes a moment: not before somebody comes to look for one
  const ready = () => (index = index ?? areaIndex(spec.rows));
  box.onfocus = () => setTimeout(ready);
  const show = ({ found, left }) => {
    list.replaceChildren(
      ...found.map(({ area, label, place }, i) => {
        const item = make("li", { role: "option", id: `${id}-${i}`, "aria-selected": String(i === at) }, label);
        if (place) item.append(make("small", {}, ` ${place}`)); // three communes are called Quang Trung
        item.dataset.area = area;
        return item;
      }),
    );
    const say = (line) => list.append(make("li", { role: "option", "aria-selected": "false", "aria-disabled": "true" }, line));
    if (!found.length) say(text.none);
    if (left) say(text.more.replace("{left}", left.toLocaleString(text.lang)));
    list.hidden = !box.value;
    list.style.left = ""; // beside the right edge the list grows to the left: the names above a name tell it from others
    const room = (box.closest(".dvk") ?? document.body).getBoundingClientRect().right - list.getBoundingClientRect().right;
    if (room < 0) list.style.left = `${Math.floor(room)}px`;
    box.setAttribute("aria-expanded", String(!list.hidden));
    if (found.length) box.setAttribute("aria-activedescendant", `${id}-${at}`);
    else box.removeAttribute("aria-activedescendant");
  };
  const matches = () => findAreas(ready(), box.value);
  const close = () => ((box.value = ""), (at = 0), show({ found: [] }));
  const take = (item) => item?.dataset.area && (choose(item.dataset.area), close());
  box.oninput = () => ((at = 0), show(box.value.trim() ? matches() : { found: [] }));
  box.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") close();
    if (event.key === "Enter") take(list.children[at]);
    if (!step || list.hidden) return;
    event.preventDefault();
    at = Math.min(Math.max(at + step, 0), list.querySelectorAll("[data-area]").length - 1);
    show(matches());
    list.children[at]?.scrollIntoView({ block: "nearest" });
  };
  box.onblur = () => setTimeout(close, 200); // after the click that may have chosen
  list.onmousedown = (event) => (event.preventDefault(), take(event.target.closest("li")));
  return make("div", { class: "dvk-search" }, labelled(text.find, box), list);
}

const CONTROLS = { select: selectControl, slider: sliderControl, range: rangeControl, area: areaControl, pinned: pinnedControl };

// --- the table ----------------------------------------------------------------------------------------------------
function tableHtml({ columns, rows, ids, more }) {
  const long = columns.map((_, j) => rows.some((row) => row[j].length > 40));
  const kind = columns.map(([, number], j) => (number ? ' class="n"' : long[j] ? ' class="l"' : ""));
  const head = columns.map(([label], j) => `<th scope="col"${kind[j]}>${escape(label)}</th>`);
  const body = rows.map((row, i) => {
    const id = ids ? ` data-i="${i}"` : "";
    return `<tr${id}>${row.map((cell, j) => `<td${kind[j]}>${escape(cell)}</td>`).join("")}</tr>`;
  });
  const rest = more ? `<tr><td colspan="${columns.length}">${escape(more)}</td></tr>` : "";
  return `<table><thead><tr>${head.join("")}</tr></thead><tbody>${body.join("")}${rest}</tbody></table>`;
}

// --- one view -----------------------------------------------------------------------------------------------------
class View {
  constructor(model, el, { level = 3, waiting = WAITING } = {}) {
    Object.assign(this, { model, level, waiting, lang: "vi", controls: {}, width: 0, busy: false, point: -1, row: -1 });
    this.root = make("div", { class: "dvk" });
    this.note = make("p", { class: "dvk-note", role: "status" }, waiting);
    this.root.append(this.note);
    el.append(this.root);
    this.onMessage = (message, buffers) => this.receive(message, buffers);
    model.on("msg:custom", this.onMessage);
    model.send({ ask: "state" });
    this.wait();
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => ((this.busy = false), this.say(this.text?.silent ?? this.waiting)), PATIENCE);
  }

  receive(message, buffers) {
    if (message.kind === "plotly") return void receiveLibrary(buffers[0], message.locale);
    if (message.kind === "table") return this.plot && this.fill(message.table);
    if (message.kind === "finding") return this.finding?.receive(message);
    clearTimeout(this.timer);
    if (message.kind === "spec" && !this.plot) this.build(message);
    if (!this.plot) return undefined;
    this.busy = false;
    this.state = message.state;
    if (this.next) return void this.flush(); // a newer choice is waiting: its answer is the one to draw
    this.show();
  }

  build({ controls, text, lang, simulated, findings }) {
    this.lang = lang;
    this.text = text;
    this.root.lang = lang;
    this.title = make(`h${this.level}`, { class: "dvk-title" });
    this.reading = make("p", { class: "dvk-reading", "aria-live": "polite" });
    const bar = make("div", { class: "dvk-bar" });
    for (const spec of controls) {
      const control = CONTROLS[spec.kind](spec, (value) => this.choose(spec.name, value), this.text);
      control.node.dataset.choice = spec.name;
      this.controls[spec.name] = control;
      bar.append(control.node);
    }
    const held = controls.filter(({ why }) => why).map((spec) => make("li", {}, this.reason(spec)));
    this.plot = make("div", { class: "dvk-plot" });
    this.canvas = make("div", { class: "dvk-canvas", tabindex: 0, role: "group", "aria-label": this.text.picture }, this.plot);
    this.spoken = make("p", { class: "dvk-spoken", "aria-live": "polite" });
    this.rows = make("div", { class: "dvk-rows", tabindex: 0, role: "group", "aria-label": `${this.text.table}. ${this.text.rows}` });
    const details = make("details", { class: "dvk-table", open: "" }, make("summary", {}, this.text.table), this.rows);
    this.sources = make("footer");
    this.limits = make("ul", { class: "dvk-limits" }, ...held);
    this.limits.hidden = !held.length;
    const head = make("header", {}, this.title);
    if (simulated) head.append(make("strong", { class: "dvk-simulated" }, this.text.simulated));
    const left = make("div", { class: "dvk-left" }, this.canvas, this.spoken);
    if (findings) left.append((this.finding = new FindingForm(this, findings)).node); // only a live page has it
    const body = make("div", { class: "dvk-body" }, left, details);
    this.chosen = make("p", { class: "dvk-chosen" });
    this.root.replaceChildren(head, bar, this.chosen, this.limits, this.reading, this.note, body, this.sources);
    for (const node of this.root.querySelectorAll("select, input, textarea, button, summary, [tabindex]")) {
      node.setAttribute("data-lm-suppress-shortcuts", "true"); // Lab's one-key commands ("dd" deletes a cell) stay out
    }
    this.canvas.onkeydown = (event) => this.key(event);
    this.rows.onkeydown = (event) => this.rowKey(event);
    this.rows.onclick = (event) => this.go(event.target.closest("tr[data-i]"));
    this.observer = new ResizeObserver(([entry]) => this.resize(Math.round(entry.contentRect.width)));
    this.observer.observe(this.canvas);
    this.frame = new ResizeObserver(([entry]) => this.root.classList.toggle("dvk-wide", entry.contentRect.width >= WIDE));
    this.frame.observe(this.root);
    details.ontoggle = () => this.root.classList.toggle("dvk-tableless", !details.open);
  }

  reason({ kind, label, why }) {
    return `${label}: ${kind === "pinned" ? this.text.pinned : this.text.fewer} ${why}.`;
  }

  say(line) {
    if (this.note.textContent === line) return;
    this.note.textContent = line;
    this.note.hidden = !line;
  }

  choose(name, value) {
    this.next = { ...this.next, [name]: value };
    if (!this.busy) this.flush();
  }

  // One request at a time, the newest choices last: holding down a key never queues up pictures.
  flush() {
    this.busy = true;
    this.model.send({ set: this.next });
    this.next = null;
    this.wait();
  }

  show() {
    const { choices, view, error } = this.state;
    this.point = -1;
    // The picture first: what changes in the page before it, plotly would have to lay out at its first measurement.
    if (!error) this.draw();
    for (const [name, control] of Object.entries(this.controls)) control.show(choices[name]);
    this.root.classList.toggle("dvk-failed", Boolean(error));
    if (error) return this.say(error);
    this.title.textContent = view.title;
    this.reading.textContent = view.reading;
    this.canvas.setAttribute("aria-label", `${view.title}. ${view.reading} ${this.text.picture}`);
    this.sources.textContent = view.sources.join(" · ");
    this.spoken.textContent = "";
    // The table last, and only when this is the view that stays: it is long, the picture is what the reader waits for.
    requestAnimationFrame(() => setTimeout(() => this.state.view === view && this.model.send({ ask: "table" })));
  }

  fill(table) {
    this.table = table;
    this.row = -1;
    this.rows.innerHTML = tableHtml(table);
  }

  async draw() {
    const state = this.state;
    askLibrary(this.model);
    const late = setTimeout(() => (this.say(this.text.noPlotly), askLibrary(this.model)), PATIENCE);
    this.say(this.plotly ? "" : this.text.loading);
    try {
      this.plotly = this.plotly ?? (await library().promise);
      clearTimeout(late);
      if (state !== this.state || !this.width) return; // overtaken, or not on the screen yet: resize() draws
      this.say("");
      const { data, layout } = tame(state.view.figure);
      if (this.width < NARROW) fit({ data, layout }, this.width);
      const height = layout.height ?? 460;
      this.plot.style.height = `${height}px`; // with "contain: strict": plotly's measuring never lays out the page anew
      this.rows.style.maxHeight = `${Math.max(height - 40, 200)}px`;
      // plotly.js writes into the layout it gets, so it gets a copy of its own; a given size spares it a measurement.
      const sized = { ...layout, width: this.width, height, autosize: false };
      await this.plotly.react(this.plot, data, sized, { displaylogo: false, showSendToCloud: false, plotlyServerURL: "", locale: this.lang });
      this.listen();
    } catch (error) {
      clearTimeout(late);
      this.plotly = null;
      this.say(["blob", "file"].includes(error.message) ? this.text.noPlotly : this.text.failed + error.message);
    }
  }

  listen() {
    if (this.listening) return;
    this.listening = true;
    this.plot.on("plotly_click", ({ points }) => this.pick(first(points[0]?.customdata)));
    for (const kind of HIERARCHIES) {
      this.plot.on(`plotly_${kind}click`, ({ points }) => (this.pick(first(points[0]?.customdata)), false)); // no zoom
    }
  }

  resize(width) {
    if (!width || width === this.width || this.printing) return;
    const drawn = this.width && this.listening;
    const fits = Math.min(width, this.width || NARROW) >= NARROW;
    this.width = width;
    if (drawn && fits) this.plotly.relayout(this.plot, { width });
    else if (this.state?.view) this.draw();
  }

  // On paper: the picture as wide as the page, and the choices in words instead of controls.
  print(width) {
    const said = (node) =>
      [...node.querySelectorAll("select, output, .dvk-pinned")]
        .map((part) => (part.tagName !== "SELECT" ? part.textContent : part.value ? part.selectedOptions[0].textContent : ""))
        .filter(Boolean);
    const all = Object.values(this.controls).map(({ node }) => [node.getAttribute("aria-label") ?? node.firstChild.firstChild.textContent, said(node).join(", ")]);
    if (this.chosen) this.chosen.textContent = all.map(([label, value]) => `${label}: ${value}`).join(" · ");
    this.printing = Boolean(width);
    if (this.listening) this.plotly.relayout(this.plot, { width: width ?? this.width });
  }

  pick(value) {
    const name = this.state.view?.figure.layout.meta?.click;
    if (name && value !== undefined && value !== null) this.choose(name, value);
  }

  go(row) {
    const { ids, click } = this.table;
    if (row && ids && ids[row.dataset.i] !== null) this.choose(click, ids[row.dataset.i]);
  }

  rowKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const all = [...this.rows.querySelectorAll("tbody tr")];
    if (event.key === "Enter") return this.go(all[this.row]);
    if (!step || !all.length) return undefined;
    event.preventDefault();
    all[this.row]?.classList.remove("dvk-here");
    this.row = Math.min(Math.max(this.row + step, 0), all.length - 1);
    all[this.row].classList.add("dvk-here");
    all[this.row].scrollIntoView({ block: "nearest" });
  }

  // Every point of the picture as {c: its trace, p: its place, trace, custom}; a heatmap's cells row by row.
  marks() {
    return this.state.view.figure.data.flatMap((trace, c) => {
      const { customdata: custom, hoverinfo } = trace;
      if (hoverinfo === "skip") return []; // decoration: outlines, labels
      const given = (...path) => path.reduce((part, i) => (Array.isArray(part) ? part[i] : part), custom);
      if (trace.z) return trace.z.flatMap((row, r) => row.map((_, k) => ({ c, p: [r, k], trace, custom: given(r, k) })));
      const length = (trace.labels ?? trace.y ?? trace.x ?? []).length;
      return Array.from({ length }, (_, p) => ({ c, p, trace, custom: first(given(p)) }));
    });
  }

  key(event) {
    if (!this.listening || !this.state?.view) return;
    const all = this.marks();
    if (event.key === "Enter" && all[this.point]) this.pick(all[this.point].custom);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !all.length) return;
    event.preventDefault();
    this.point = Math.min(Math.max(this.point + step, 0), all.length - 1);
    const { c, p, trace } = all[this.point];
    this.spoken.textContent = this.describe(trace, p);
    // Only traces on axes can be hovered by number; the others are read out.
    const { xaxis = "x", yaxis = "y", type = "scatter" } = trace;
    if (["scatter", "bar", "heatmap"].includes(type)) {
      this.plotly.Fx.hover(this.plot, [{ curveNumber: c, pointNumber: p }], `${xaxis}${yaxis}`);
    }
  }

  describe(trace, p) {
    const cell = Array.isArray(p);
    const at = (list) => (Array.isArray(list) ? (cell ? list[p[0]]?.[p[1]] : list[p]) : undefined);
    const axes = cell ? [trace.x?.[p[1]], trace.y?.[p[0]], at(trace.z)] : [at(trace.x), at(trace.y)];
    const parts = trace.labels ? [at(trace.labels), at(trace.values)] : [trace.name, ...axes];
    const said = at(trace.hovertext) ?? parts.filter((part) => part !== undefined && part !== null).map(this.write, this).join(" · ");
    return said.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim();
  }

  write(value) {
    return typeof value === "number" ? value.toLocaleString(this.lang) : String(value);
  }

  remove() {
    clearTimeout(this.timer);
    clearTimeout(this.finding?.timer);
    this.observer?.disconnect();
    this.frame?.disconnect();
    this.model.off("msg:custom", this.onMessage);
    if (this.listening) this.plotly?.purge(this.plot);
    try {
      this.model.send({ gone: true });
    } catch {
      // the kernel has gone first
    }
  }
}

export default {
  render({ model, el }) {
    const view = new View(model, el);
    return () => view.remove();
  },
};
