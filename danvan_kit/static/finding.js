// The button and the form under a live explorer's picture. It stands in front of explorer.js in the canvas only: a
// shared page has no one to write to.
const REMEMBERED = "danvan.author";

function remembered(name) {
  try {
    if (name) localStorage.setItem(REMEMBERED, name);
    return localStorage.getItem(REMEMBERED) ?? "";
  } catch {
    return ""; // a browser that keeps nothing
  }
}

// A field is {node, input}; what is wrong with the whole form stands above its buttons.
function findingField(label, input, { needed, wide } = {}) {
  if (needed) input.setAttribute("aria-required", "true");
  const node = labelled(needed ? `${label} *` : label, input);
  if (wide) node.classList.add("dvk-across");
  return node;
}

class FindingForm {
  constructor(view, { text, kinds, author }) {
    Object.assign(this, { view, text, busy: false, key: crypto.randomUUID?.() ?? String(Math.random()) });
    const area = (rows) => make("textarea", { rows });
    const line = (more = {}) => make("input", { type: "text", autocomplete: "off", ...more });
    this.inputs = {
      statement: area(3), kind: make("select"), author: line(), recommendation: area(2), due: line({ placeholder: text.dueHint, size: 14 }),
    };
    options(this.inputs.kind, kinds);
    this.inputs.author.value = author || remembered();
    this.open = make("button", { type: "button", "aria-expanded": "false", class: "dvk-button" }, text.record);
    this.save = make("button", { type: "submit", class: "dvk-button dvk-main" }, text.save);
    const cancel = make("button", { type: "button", class: "dvk-button" }, text.cancel);
    this.error = make("p", { class: "dvk-wrong", role: "alert" });
    this.told = make("p", { class: "dvk-told", role: "status" });
    const { statement, kind, author: who, recommendation, due } = this.inputs;
    this.form = make("form", { class: "dvk-form", "aria-label": text.record, novalidate: "" },
      make("p", { class: "dvk-across" }, text.about),
      findingField(text.statement, statement, { needed: true, wide: true }),
      findingField(text.kind, kind, { needed: true }), findingField(text.author, who, { needed: true }),
      findingField(text.recommendation, recommendation, { wide: true }), findingField(text.due, due),
      this.error, make("div", { class: "dvk-across dvk-buttons" }, this.save, cancel));
    this.form.hidden = true;
    this.node = make("section", { class: "dvk-finding", "aria-label": text.record }, this.open, this.told, this.form);
    this.open.onclick = () => this.show(this.form.hidden);
    cancel.onclick = () => (this.clear(), this.show(false), this.open.focus());
    this.form.onsubmit = (event) => (event.preventDefault(), this.send());
    // JupyterLab forbids line breaks in all of a cell, its output too: here Enter makes a new line, or sends the form.
    const own = (event) => event.inputType === "insertLineBreak" && event.stopPropagation();
    this.form.addEventListener("beforeinput", own, { capture: true });
  }

  show(shown) {
    this.form.hidden = !shown;
    this.open.setAttribute("aria-expanded", String(shown));
    this.error.textContent = "";
    if (!shown) return;
    this.told.textContent = "";
    this.inputs.statement.focus();
  }

  clear() {
    for (const name of ["statement", "recommendation", "due"]) this.inputs[name].value = "";
    this.key = crypto.randomUUID?.() ?? String(Math.random()); // the next save is another finding
  }

  send() {
    if (this.busy) return;
    const { view } = this;
    const given = Object.fromEntries(Object.entries(this.inputs).map(([name, input]) => [name, input.value]));
    remembered(given.author.trim());
    this.wait(true);
    this.error.textContent = "";
    this.timer = setTimeout(() => (this.wait(false), (this.error.textContent = this.text.silent)), PATIENCE);
    view.model.send({ finding: { key: this.key, choices: view.state.choices, ...given } });
  }

  wait(busy) {
    clearTimeout(this.timer);
    this.busy = busy;
    this.save.disabled = busy;
    this.save.textContent = busy ? this.text.saving : this.text.save;
  }

  receive({ key, saved, line }) {
    if (key !== this.key) return; // of another page on the same explorer
    this.wait(false);
    if (!saved) {
      this.error.textContent = line;
      return;
    }
    this.clear();
    this.show(false);
    this.told.textContent = line;
    this.open.focus();
  }
}

