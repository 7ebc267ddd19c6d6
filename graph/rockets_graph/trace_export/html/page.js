"use strict";
// Everything shown here comes from a run and is not trusted: text only ever becomes a text node.
(() => {
  const story = JSON.parse(document.getElementById("story").textContent);
  const { events, texts, lanes } = story;
  const byId = (id) => document.getElementById(id);
  const ROW = 28, LANE = 34, AXIS = 22, MOST_LINES = 3000;
  // A row is known by the event that began it and by the one that ended it.
  const bySeq = new Map();
  events.forEach((event, index) => { if (event.e) bySeq.set(event.e, index); bySeq.set(event.i, index); });
  const last = events.reduce((most, event) => Math.max(most, event.t + (event.d || 0)), 1);

  const put = (node, attributes, children) => {
    for (const [name, value] of Object.entries(attributes || {})) node.setAttribute(name, value);
    node.append(...(children || []));
    return node;
  };
  const el = (tag, attributes, ...children) => put(document.createElement(tag), attributes, children);
  const svg = (tag, attributes, ...children) =>
    put(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

  const span = (ms) => {
    if (ms == null) return "";
    if (ms < 1000) return `${Math.round(ms)} ms`;
    if (ms < 60000) return `${(ms / 1000).toFixed(ms < 10000 ? 2 : 1)} s`;
    return `${Math.floor(ms / 60000)} min ${Math.round((ms % 60000) / 1000)} s`;
  };
  const clock = (ms) => {
    const seconds = ms / 1000;
    const rest = (seconds % 60).toFixed(last < 600000 ? 2 : 0);
    return seconds < 60 ? `${rest} s` : `${Math.floor(seconds / 60)}:${rest.padStart(last < 600000 ? 5 : 2, "0")}`;
  };

  // Depth in the tree of parents, for the indent of a row.
  const depth = [];
  for (const event of events) {
    const parent = event.p == null ? undefined : bySeq.get(event.p);
    depth.push(parent === undefined ? 0 : Math.min(6, (depth[parent] || 0) + 1));
  }

  // ---- the explorer: a list of rows, of which only the visible ones exist, and one event whole
  const list = byId("list"), rows = list.firstElementChild, detail = byId("detail");
  const filters = byId("filters");
  let shown = events.map((_, index) => index);
  let chosen = -1;
  let range = [0, last];

  const option = (name, values) => {
    for (const value of values) {
      filters.elements[name].append(el("option", { value }, name === "wave" ? `${Number(value) + 1}` : value));
    }
  };
  const distinct = (pick) => [...new Set(events.map(pick).filter((value) => value != null))];
  option("role", lanes.filter((_, index) => events.some((event) => event.l === index)));
  option("kind", distinct((event) => event.k));
  option("wave", distinct((event) => event.w).sort((a, b) => a - b));

  const filter = () => {
    const role = lanes.indexOf(filters.elements.role.value);
    const kind = filters.elements.kind.value, wave = filters.elements.wave.value;
    const words = filters.elements.text.value.trim().toLowerCase();
    const bad = filters.elements.bad.checked;
    const found = words ? texts.map((text) => text.toLowerCase().includes(words)) : [];
    const says = (event) =>
      event.s.toLowerCase().includes(words) ||
      (event.b || []).some((block) => block.h.toLowerCase().includes(words) ||
        (block.x !== undefined ? found[block.x] : block.r.some(([, value]) => value.toLowerCase().includes(words))));
    shown = [];
    events.forEach((event, index) => {
      if (role >= 0 && event.l !== role) return;
      if (kind && event.k !== kind) return;
      if (wave && String(event.w) !== wave) return;
      if (bad && !event.bad) return;
      if (event.t > range[1] || event.t + (event.d || 0) < range[0]) return;
      if (words && !says(event)) return;
      shown.push(index);
    });
    byId("count").textContent = shown.length === events.length
      ? `${events.length} events` : `${shown.length} of ${events.length} events`;
    rows.style.height = `${shown.length * ROW}px`;
    draw();
  };

  const draw = () => {
    const first = Math.max(0, Math.floor(list.scrollTop / ROW) - 10);
    const end = Math.min(shown.length, first + Math.ceil(list.clientHeight / ROW) + 20);
    const made = [];
    for (let at = first; at < end; at++) {
      const index = shown[at], event = events[index];
      const row = el("div", {
        class: `row lane-${lanes[event.l]}${event.bad ? " bad" : ""}`, role: "option", id: `row-${event.i}`,
        "aria-selected": String(index === chosen), "aria-setsize": shown.length, "aria-posinset": at + 1,
      },
      el("span", { class: "at" }, clock(event.t)), el("span", { class: "kind" }, event.k),
      el("span", { class: "title" }, event.s), el("span", { class: "took" }, span(event.d)));
      row.style.top = `${at * ROW}px`;
      row.children[2].style.paddingInlineStart = `${depth[index] * 12}px`;
      row.addEventListener("click", () => choose(index));
      made.push(row);
    }
    rows.replaceChildren(...made);
    if (chosen >= 0 && made.some((row) => row.id === `row-${events[chosen].i}`)) {
      list.setAttribute("aria-activedescendant", `row-${events[chosen].i}`);
    } else list.removeAttribute("aria-activedescendant");
  };

  const choose = (index, quiet) => {
    chosen = index;
    const at = shown.indexOf(index);
    if (at >= 0) {
      if (at * ROW < list.scrollTop) list.scrollTop = at * ROW;
      else if ((at + 1) * ROW > list.scrollTop + list.clientHeight) list.scrollTop = (at + 1) * ROW - list.clientHeight;
    }
    show(events[index]);
    draw();
    mark();
    if (!quiet) history.replaceState(null, "", `#event-${events[index].i}`);
  };

  const show = (event) => {
    const link = (seq, text) => {
      const button = el("button", { type: "button" }, text);
      button.addEventListener("click", () => choose(bySeq.get(seq)));
      return button;
    };
    const path = el("p", { class: "path" }, `event ${event.i}`);
    if (event.p != null && bySeq.has(event.p)) path.append(link(event.p, `↑ ${events[bySeq.get(event.p)].s}`.slice(0, 90)));
    const facts = el("dl");
    const fact = (name, value) => {
      if (value !== undefined && value !== null && value !== "") facts.append(el("dt", {}, name), el("dd", {}, String(value)));
    };
    fact("kind", event.k); fact("role", lanes[event.l]); fact("node", event.n); fact("task", event.task);
    fact("wave", event.w == null ? null : event.w + 1);
    fact("at", `${clock(event.t)}${event.d == null ? "" : `, took ${span(event.d)}`}`);
    fact("tokens", event.tok ? event.tok.toLocaleString("en") : null); fact("cost", event.cost);
    detail.replaceChildren(el("h3", { class: `lane-${lanes[event.l]}` }, event.s), path, facts, ...(event.b || []).map(block));
    detail.scrollTop = 0;
  };

  const block = (part) => {
    if (part.r) {
      const facts = el("dl");
      for (const [name, value] of part.r) facts.append(el("dt", {}, name), el("dd", {}, value));
      return part.h ? el("section", {}, el("h4", {}, part.h), facts) : facts;
    }
    const text = texts[part.x];
    const folded = el("details", part.open ? { open: "" } : {},
      el("summary", {}, part.h, el("small", {}, `${text.length.toLocaleString("en")} characters`)));
    const fill = () => { if (!folded.querySelector("pre")) folded.append(body(text, part.diff)); };
    if (part.open) fill(); else folded.addEventListener("toggle", fill, { once: true });
    return folded;
  };

  const body = (text, diff) => {
    const pre = el("pre", { tabindex: "0" });
    const lines = text.split("\n");
    const add = (from, to) => {
      if (!diff) { pre.append((from ? "\n" : "") + lines.slice(from, to).join("\n")); return; }
      const part = document.createDocumentFragment();
      for (const line of lines.slice(from, to)) {
        const style = { "+": "add", "-": "del", "@": "at" }[line[0]];
        part.append(style ? el("span", { class: style }, line) : `${line}\n`);
      }
      pre.append(part);
    };
    add(0, MOST_LINES);
    if (lines.length > MOST_LINES) {
      const more = el("button", { type: "button", class: "more" }, `Show ${lines.length - MOST_LINES} more lines`);
      more.addEventListener("click", () => { more.remove(); add(MOST_LINES, lines.length); });
      pre.append(more);
    }
    return pre;
  };

  list.addEventListener("scroll", draw, { passive: true });
  list.addEventListener("keydown", (press) => {
    const page = Math.max(1, Math.floor(list.clientHeight / ROW) - 1);
    const at = shown.indexOf(chosen);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: shown.length - 1 }[press.key];
    if (to === undefined || !shown.length) return;
    press.preventDefault();
    choose(shown[Math.max(0, Math.min(shown.length - 1, to))]);
  });
  let wait = 0;
  filters.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(() => { list.scrollTop = 0; filter(); }, 120); });
  filters.addEventListener("submit", (submit) => submit.preventDefault());

  // ---- the timeline: bars that would share a pixel are drawn as one
  const place = byId("lanes");
  const used = lanes.map((_, index) => index).filter((index) => events.some((event) => event.l === index));
  const picture = svg("svg", { height: used.length * LANE + AXIS, role: "img", "aria-label":
    `Timeline of ${events.length} events in ${used.length} lanes over ${span(last)}; the list of events below has the same, by keyboard.` });
  used.forEach((index) => place.append(el("div", { class: `name lane-${lanes[index]}` }, lanes[index])));
  place.append(picture);
  const x = (ms) => (ms - range[0]) / (range[1] - range[0]) * width;
  let width = 0, picked = null;

  const paint = () => {
    width = place.clientWidth ? picture.clientWidth : 0;
    if (!width) return;
    const all = document.createDocumentFragment();
    used.forEach((_, row) => all.append(svg("rect", { class: "stripe", x: 0, y: row * LANE + 2, width, height: LANE - 4, rx: 4 })));
    story.waves.forEach((start, number) => {
      const at = x(start);
      if (start < range[0] || start > range[1]) return;
      all.append(svg("path", { class: "wave", d: `M${at} 0V${used.length * LANE}` },
        svg("title", {}, `wave ${number + 1}`)));
    });
    used.forEach((lane, row) => {
      for (const kind of ["node", "model", "tool"]) bars(all, lane, row, kind);
      dots(all, lane, row);
    });
    const steps = Math.max(2, Math.min(10, Math.floor(width / 110)));
    for (let step = 0; step <= steps; step++) {
      const ms = range[0] + (range[1] - range[0]) * step / steps;
      all.append(svg("text", { x: x(ms), y: used.length * LANE + 16,
        "text-anchor": step === 0 ? "start" : step === steps ? "end" : "middle" }, clock(ms)));
    }
    picture.replaceChildren(all);
    mark();
  };
  const bars = (all, lane, row, kind) => {
    const [top, height] = { node: [4, LANE - 8], model: [8, 11], tool: [18, 8] }[kind];
    let open = null;
    const close = () => {
      if (open) all.append(svg("rect", { class: `bar ${kind} lane-${lanes[lane]}${open.bad ? " bad" : ""}`, x: open.from,
        y: row * LANE + top, width: Math.max(1.5, open.to - open.from), height, rx: 2 }));
      open = null;
    };
    for (const event of events) {
      if (event.l !== lane || event.k !== kind || event.d == null) continue;
      const from = Math.max(0, x(event.t)), to = Math.min(width, x(event.t + event.d));
      if (to < 0 || from > width) continue;
      if (open && from - open.to < 1 && (to - from < 3 || from < open.to) && open.bad === event.bad) open.to = Math.max(open.to, to);
      else { close(); open = { from, to, bad: event.bad }; }
    }
    close();
  };
  const dots = (all, lane, row) => {
    let before = -9;
    for (const event of events) {
      if (event.l !== lane || (event.k !== "message" && event.k !== "error" && event.k !== "interrupt")) continue;
      const at = x(event.t);
      if (at < 0 || at > width || at - before < 2) continue;
      before = at;
      all.append(svg("circle", { class: `dot ${event.k} lane-${lanes[lane]}${event.bad ? " bad" : ""}`, cx: at, cy: row * LANE + LANE / 2, r: 5 },
        svg("title", {}, event.s)));
    }
  };
  const mark = () => {
    if (picked) picked.remove();
    picked = null;
    if (chosen < 0 || !width) return;
    const event = events[chosen], row = used.indexOf(event.l);
    const from = Math.max(-9, x(event.t) - 3), to = Math.min(width + 9, x(event.t + (event.d || 0)) + 3);
    picked = svg("rect", { class: "picked", x: from, y: row * LANE + 3, width: Math.max(6, to - from), height: LANE - 6, rx: 4 });
    picture.append(picked);
  };

  const zoom = (from, to) => {
    range = [Math.max(0, from), Math.min(last, to)];
    byId("whole").disabled = range[0] === 0 && range[1] === last;
    paint();
    filter();
  };
  const time = (move) => range[0] + (move.clientX - picture.getBoundingClientRect().left) / width * (range[1] - range[0]);
  let drag = null;
  picture.addEventListener("pointerdown", (press) => {
    if (press.button) return;
    drag = { from: time(press), x: press.clientX, mark: svg("rect", { class: "range", y: 0, height: used.length * LANE }) };
    picture.append(drag.mark);
    picture.setPointerCapture(press.pointerId);
  });
  picture.addEventListener("pointermove", (move) => {
    if (!drag) return;
    const [a, b] = [x(drag.from), x(time(move))].sort((one, two) => one - two);
    drag.mark.setAttribute("x", a);
    drag.mark.setAttribute("width", b - a);
  });
  picture.addEventListener("pointercancel", () => { if (drag) drag.mark.remove(); drag = null; });
  picture.addEventListener("pointerup", (release) => {
    if (!drag) return;
    const { from, x: start, mark: box } = drag;
    drag = null;
    box.remove();
    const to = time(release);
    if (Math.abs(release.clientX - start) > 6) { zoom(Math.min(from, to), Math.max(from, to)); return; }
    const row = Math.floor((release.clientY - picture.getBoundingClientRect().top) / LANE);
    const near = nearest(to, used[row]);
    if (near >= 0) choose(near);
  });
  byId("whole").addEventListener("click", () => zoom(0, last));

  // The shortest event under the pointer, else the closest one of the lane.
  const nearest = (ms, lane) => {
    let best = -1, least = Infinity;
    events.forEach((event, index) => {
      if (event.l !== lane || event.k === "state") return;
      const end = event.t + (event.d || 0);
      const away = ms < event.t ? event.t - ms : ms > end ? ms - end : 0;
      const cost = away * 1000 + (away ? 0 : event.d || 0);
      if (cost < least) [best, least] = [index, cost];
    });
    return best;
  };

  // ---- waves: the lines of an entity
  for (const box of document.querySelectorAll("#waves .entity")) {
    const number = box.dataset.box;
    const lines = document.querySelectorAll(`#waves .edge[data-from="${number}"], #waves .edge[data-to="${number}"]`);
    const light = (on) => lines.forEach((line) => line.classList.toggle("lit", on));
    for (const name of ["pointerenter", "focus"]) box.addEventListener(name, () => light(true));
    for (const name of ["pointerleave", "blur"]) box.addEventListener(name, () => light(false));
  }

  const theme = byId("theme"), dark = matchMedia("(prefers-color-scheme: dark)");
  theme.hidden = false;
  theme.textContent = dark.matches ? "Light" : "Dark";
  theme.addEventListener("click", () => {
    document.documentElement.style.colorScheme = theme.textContent.toLowerCase();
    theme.textContent = theme.textContent === "Dark" ? "Light" : "Dark";
  });

  const follow = () => {
    const found = /^#event-(\d+)$/.exec(location.hash);
    if (!found || !bySeq.has(Number(found[1]))) return;
    const index = bySeq.get(Number(found[1]));
    if (!shown.includes(index)) { filters.reset(); zoom(0, last); }
    choose(index, true);
    byId("events").scrollIntoView();
  };
  addEventListener("hashchange", follow);
  new ResizeObserver(() => { paint(); draw(); }).observe(place);
  filter();
  if (events.length) { choose(0, true); follow(); }
  document.documentElement.dataset.ready = String(events.length);
})();
