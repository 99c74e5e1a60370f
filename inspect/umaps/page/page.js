"use strict";
// The page of umaps report: replays the recording, draws addresses (down, low at the bottom) over events (across).
(() => {
  const $ = (id) => document.getElementById(id);
  const lines = JSON.parse($("recording").textContent);
  const head = lines[0];
  const big = (text) => Number(BigInt(text)); // exact to 2^53; user addresses are below 2^47
  const hex = (n) => "0x" + n.toString(16);
  const size = (n) => {
    const units = ["", "K", "M", "G", "T", "P"];
    let unit = 0;
    while (n >= 1024 && unit < 5) { n /= 1024; unit++; }
    return (n >= 100 || Number.isInteger(n) ? Math.round(n) : n.toFixed(1)) + (units[unit] || " bytes");
  };
  const owner = (name) => name === "" ? "anonymous" : name[0] === "[" ? name.replace(/^\[v.*/, "kernel") : name.split("/").pop();

  // --- the model: for each process the states of ranges, and when they begin and end ---
  class Space {
    constructor() { this.parts = []; }
    cut(start, end) {
      const kept = [], gone = [];
      for (const p of this.parts) {
        if (p.end <= start || p.start >= end) { kept.push(p); continue; }
        if (p.start < start) kept.push({ ...p, end: start });
        if (p.end > end) kept.push({ ...p, start: end, offset: p.offset + (p.inode ? end - p.start : 0) });
        gone.push({ ...p, start: Math.max(p.start, start), end: Math.min(p.end, end),
          offset: p.offset + (p.inode && p.start < start ? start - p.start : 0) });
      }
      this.parts = kept;
      return gone;
    }
    apply(change, index) {
      const start = big(change.start), end = big(change.end);
      const gone = this.cut(start, end);
      if (change.change === "map") this.parts.push(region(change, index));
      if (change.change === "protect")
        for (const p of gone) this.parts.push({ ...p, perm: change.permissions + p.perm[3], since: index });
      this.parts.sort((a, b) => a.start - b.start);
    }
    join() { // ranges that touch and have the same attributes and birth are drawn as one
      const out = [];
      for (const p of this.parts) {
        const last = out[out.length - 1];
        if (last && last.end === p.start && last.perm === p.perm && last.name === p.name && last.since === p.since &&
            last.inode === p.inode) last.end = p.end; else out.push({ ...p });
      }
      return out;
    }
  }
  const region = (m, index) => ({ start: big(m.start), end: big(m.end), perm: m.permissions, name: m.name,
    offset: big(m.offset), inode: m.inode, since: index });

  const processes = new Map();
  for (const event of lines.slice(1)) {
    if (!processes.has(event.process)) processes.set(event.process, { events: [], boxes: [], checkpoints: [], bounds: new Set() });
    processes.get(event.process).events.push(event);
  }
  for (const [pid, p] of processes) if (!p.events.some((e) => e.event === "layout")) processes.delete(pid);
  const build = (p) => { // boxes: {start, end, perm, name, from, to}: from event to event
    if (p.built) return;
    p.built = true;
    let space = new Space(), open = new Map();
    const note = (index) => {
      const now = new Map();
      for (const part of space.parts) {
        const key = [part.start, part.end, part.perm, part.name].join(" ");
        const box = open.get(key) || { ...part, from: index, to: Infinity };
        open.delete(key);
        now.set(key, box);
      }
      for (const box of open.values()) { box.to = index; p.boxes.push(box); }
      open = now;
    };
    p.events.forEach((event, index) => {
      if (event.event === "layout" && (event.when === "entry" || event.when === "fork")) {
        space = new Space();
        space.parts = event.mappings.map((m) => region(m, index));
      }
      for (const change of event.changes || []) space.apply(change, index);
      if (event.event === "resident") p.checkpoints.push({ index, mappings: event.mappings });
      if (event.event === "layout" || (event.changes || []).length) note(index);
    });
    for (const box of open.values()) { box.to = p.events.length; p.boxes.push(box); }
    // what no name tells: a thread's stack is where clone's stack argument points, its guard is directly below
    const stacks = p.events.map((e, index) => ({ index, top: e.arguments && e.arguments.stack ? big(e.arguments.stack) - 1 : -1 })).filter((s) => s.top > 0);
    for (const box of p.boxes)
      if (box.name === "" && stacks.some((s) => s.top >= box.start && s.top < box.end && box.to > s.index)) box.label = "stack of a thread";
    const tops = new Set(p.boxes.filter((box) => box.label).map((box) => box.start));
    for (const box of p.boxes) if (box.perm.startsWith("---") && tops.has(box.end)) box.label = "guard";
    for (const box of p.boxes) { p.bounds.add(box.start); p.bounds.add(box.end); }
    p.bounds = [...p.bounds].sort((a, b) => a - b);
    // the scale: each stretch between two boundaries gets a height by the logarithm of its size; large gaps are torn
    const place = new Map(p.bounds.map((bound, i) => [bound, i])), depth = new Int32Array(p.bounds.length + 1);
    for (const box of p.boxes) { depth[place.get(box.start)]++; depth[place.get(box.end)]--; }
    let covers = 0;
    p.rows = [];
    for (let i = 0; i + 1 < p.bounds.length; i++) {
      covers += depth[i];
      const from = p.bounds[i], to = p.bounds[i + 1], gap = covers === 0;
      const unit = p.bounds.length > 400 ? 1 : p.bounds.length > 120 ? 2 : 4;
      p.rows.push({ from, to, gap, torn: gap && to - from >= 1 << 20,
        height: gap ? (to - from >= 1 << 20 ? 26 : 8) : unit * (2 + Math.log2((to - from) / 4096 + 1)) });
    }
    p.lanes = lanes.filter((lane) => p.events.some((event) => laneOf(event) === lane));
    p.height = p.rows.reduce((sum, row) => sum + row.height, 0);
    let y = p.height;
    for (const row of p.rows) { y -= row.height; row.y = y; }
  };
  const find = (rows, address) => { // the row that holds an address
    let low = 0, high = rows.length - 1;
    while (low < high) { const middle = (low + high) >> 1; if (rows[middle].to <= address) low = middle + 1; else high = middle; }
    return rows[low];
  };
  const yOf = (p, address) => {
    const row = find(p.rows, address);
    return row.y + row.height * (1 - (address - row.from) / (row.to - row.from));
  };

  const TABS = ["picture", "table", "events", "heap", "got", "stack"];
  // --- the state, and the hash that keeps it ---
  const state = { process: [...processes.keys()][0], event: 0, tab: "picture", a: null, b: null, find: "", by: "event", at: null };
  const fromHash = () => {
    for (const [key, value] of new URLSearchParams(location.hash.slice(1)))
      if (key in state) state[key] = ["find", "tab", "by"].includes(key) ? value : value === "" ? null : Number(value);
    if (!processes.has(state.process)) state.process = [...processes.keys()][0];
  };
  const toHash = () => {
    const out = new URLSearchParams();
    for (const [key, value] of Object.entries(state)) if (value !== null && value !== "") out.set(key, value);
    history.replaceState(null, "", "#" + out);
  };
  const current = () => { const p = processes.get(state.process); build(p); return p; };
  const layoutAt = (p, index) => p.boxes.filter((box) => box.from <= index && box.to > index).sort((a, b) => a.start - b.start);
  const ms = (t) => (t / 1e6).toFixed(3) + " ms";

  // --- colours: hue by owner, lightness by writability ---
  let styles = null; // of one drawing
  const style = (name) => (styles ||= getComputedStyle(document.documentElement)).getPropertyValue(name).trim();
  const hues = new Map([["[heap]", 300], ["[stack]", 190], ["anonymous", 140], ["kernel", 230]]);
  const hue = (name) => {
    const key = owner(name);
    if (!hues.has(key)) hues.set(key, [20, 45, 350, 75, 260, 5, 60, 330][hues.size % 8]);
    return hues.get(key);
  };
  const fills = new Map();
  const fill = (box) => {
    const key = owner(box.name) + box.perm[1] + (box.label || "");
    if (!fills.has(key)) fills.set(key, fillOf(box));
    return fills.get(key);
  };
  const fillOf = (box) => `hsl(${hue(box.label ? "[stack]" : box.name)} ${style("--sat")} ${style(box.perm[1] === "w" ? "--light-1" : "--light-0")})`;

  // --- the picture ---
  const canvas = $("canvas"), over = $("over"), scroll = $("scroll");
  const left = 132, lanes = ["mmap", "munmap", "mprotect", "brk", "mremap", "madvise", "thread, fork", "exec, exit", "bind", "dl"];
  const laneOf = (event) => event.event === "rt" ? event.rt.step : ({ pkey_mprotect: "mprotect", clone: "thread, fork", clone3: "thread, fork", fork: "thread, fork", vfork: "thread, fork",
    exit: "exec, exit", execve: "exec, exit", execveat: "exec, exit", exit_group: "exec, exit" }[event.event] || event.event);
  const laneHeight = 12;
  let width = 800;
  const xOf = (p, index) => {
    const last = p.events.length - 1;
    if (state.by === "time") {
      const t0 = p.events[0].time, t1 = p.events[last].time;
      index = Math.min(index, last);
      return left + (width - left - 10) * (t1 > t0 ? (p.events[index].time - t0) / (t1 - t0) : 0);
    }
    return left + (width - left - 10) * (last > 0 ? Math.min(index, last) / last : 0);
  };
  const fit = (c, height, ratio) => {
    c.width = width * ratio; c.height = height * ratio;
    c.style.width = width + "px"; c.style.height = height + "px";
  };
  const draw = () => {
    const p = current(), ratio = devicePixelRatio || 1, height = p.height + p.lanes.length * laneHeight + 34;
    width = Math.max(480, scroll.clientWidth - 2);
    styles = null; fills.clear();
    fit(canvas, height, ratio); fit(over, height, ratio);
    const c = canvas.getContext("2d");
    c.scale(ratio, ratio);
    const text = style("--text"), dim = style("--dim"), line = style("--line");
    c.font = "11px ui-monospace, monospace"; c.textBaseline = "middle";
    c.fillStyle = style("--back"); c.fillRect(0, 0, width, height);
    let lastLabel = 1e9;
    for (const row of p.rows) {
      if (row.torn) {
        c.strokeStyle = line; c.beginPath();
        for (let x = left; x < width; x += 12) { c.lineTo(x, row.y + row.height / 2 + (x / 12 % 2 < 1 ? -3 : 3)); }
        c.stroke(); c.fillStyle = dim; c.fillText(size(row.to - row.from) + " of nothing", left + 30, row.y + row.height / 2);
      }
      const y = row.y + row.height;
      if (lastLabel - y >= 12 && !row.gap) { c.fillStyle = dim; c.fillText(row.from.toString(16).padStart(12, "0"), 4, y - 5); lastLabel = y; }
    }
    for (const box of p.boxes) {
      const x = xOf(p, box.from), w = Math.max(1, xOf(p, box.to) - x), y = yOf(p, box.end - 1), h = Math.max(1, yOf(p, box.start) - y);
      if (box.perm.startsWith("---")) {
        c.strokeStyle = dim; c.save(); c.beginPath(); c.rect(x, y, w, h); c.clip(); c.beginPath();
        for (let d = -h; d < w; d += 5) { c.moveTo(x + d, y + h); c.lineTo(x + d + h, y); }
        c.stroke(); c.restore();
      } else { c.fillStyle = fill(box); c.fillRect(x, y, w, h); }
      if (box.perm[1] === "w" && box.perm[2] === "x") { c.strokeStyle = "#d40000"; c.lineWidth = 2; c.strokeRect(x + 1, y + 1, w - 2, h - 2); c.lineWidth = 1; }
      else if (h > 3) { c.strokeStyle = style("--back"); c.strokeRect(x + .5, y + .5, w - 1, h - 1); }
      if (h >= 11 && w > 60) {
        c.save(); c.beginPath(); c.rect(x, y, w - 2, h); c.clip();
        c.fillStyle = box.perm.startsWith("---") ? text : style(box.perm[1] === "w" ? "--on-1" : "--on-0");
        c.fillText(`${box.perm} ${box.label || owner(box.name)} ${size(box.end - box.start)}`, x + 4, y + h / 2 + 1); c.restore();
      }
    }
    p.lanes.forEach((lane, i) => {
      const y = p.height + 12 + i * laneHeight;
      c.fillStyle = dim; c.fillText(lane, 4, y + laneHeight / 2);
      c.strokeStyle = line; c.beginPath(); c.moveTo(left, y + laneHeight); c.lineTo(width, y + laneHeight); c.stroke();
    });
    c.fillStyle = text;
    p.events.forEach((event, index) => {
      const lane = p.lanes.indexOf(laneOf(event));
      if (lane >= 0) c.fillRect(xOf(p, index), p.height + 13 + lane * laneHeight, 1.5, laneHeight - 2);
    });
    c.fillStyle = dim;
    c.fillText(state.by === "time" ? `time: ${ms(p.events[p.events.length - 1].time - p.events[0].time)} across` : `${p.events.length} events, in order`, left, height - 10);
    cursor();
  };
  const cursor = () => {
    const p = current(), c = over.getContext("2d"), ratio = devicePixelRatio || 1;
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.clearRect(0, 0, over.width, over.height);
    c.font = "11px ui-monospace, monospace"; c.textBaseline = "middle";
    for (const [index, label, color] of [[state.a, "A", "#18794e"], [state.b, "B", "#c62a2f"], [state.event, "", style("--accent")]]) {
      if (index === null) continue;
      const x = xOf(p, index);
      c.strokeStyle = color; c.lineWidth = label ? 1.5 : 2; c.beginPath(); c.moveTo(x, 0); c.lineTo(x, canvas.height / ratio); c.stroke();
      c.lineWidth = 1; c.fillStyle = color; c.fillText(label, x + 3, 8);
    }
    for (const box of hits(p)) { const y = yOf(p, box.end - 1), h = yOf(p, box.start) - y; c.strokeStyle = style("--accent"); c.lineWidth = 2; c.strokeRect(left - 3, y, 3, h); c.lineWidth = 1; }
  };

  // --- search: an address, a symbol of a caller, a file ---
  const hits = (p) => {
    const what = state.find.trim();
    if (!what) return [];
    const now = layoutAt(p, state.event);
    if (/^(0x)?[0-9a-f]{4,}$/i.test(what)) {
      const address = parseInt(what, 16), found = now.filter((box) => box.start <= address && box.end > address);
      if (found.length) return found;
    }
    return now.filter((box) => box.name.includes(what) ||
      ((p.events[box.since] || {}).symbol || "").includes(what) || owner(box.name) === what);
  };

  // --- panel, table, events ---
  const element = (name, text, attributes = {}) => {
    const node = document.createElement(name);
    if (text !== undefined) node.textContent = text;
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  };
  const list = (pairs) => {
    const dl = element("dl");
    for (const [key, value] of pairs) if (value !== undefined && value !== null && value !== "") { dl.append(element("dt", key), element("dd", value)); }
    return dl;
  };
  const sentence = (event) => {
    const args = Object.entries(event.arguments || {}).map(([k, v]) => `${k}: ${typeof v === "number" && k.includes("length") ? size(v) : v}`).join(", ");
    const result = event.failed ? " failed" : event.result ? " = " + event.result : "";
    if (event.event === "rt") return event.rt.text;
    if (event.event === "layout") return `layout (${event.when})`;
    return event.event + (args ? `(${args})` : "") + result;
  };
  const residentOf = (p, box) => {
    const before = p.checkpoints.filter((c) => c.index <= state.event).pop() || p.checkpoints[0];
    const m = before && before.mappings.find((m) => big(m.start) <= box.start && big(m.end) >= box.end);
    return m ? `${size(m.resident)} in memory, ${size(m.dirty)} dirty (at event ${before.index + 1})` : "";
  };
  const describe = (p, box) => {
    const born = p.events[box.since], node = element("section");
    node.append(element("h2", `${box.label || owner(box.name)} ${box.perm}`));
    const history = p.boxes.filter((b) => b.start < box.end && b.end > box.start).sort((a, b) => a.from - b.from)
      .map((b) => `${b.perm} from event ${b.from + 1}${b.to < p.events.length ? " to " + b.to : ""}`);
    node.append(list([["range", `${hex(box.start)}-${hex(box.end)}`], ["size", `${size(box.end - box.start)} (${(box.end - box.start) / 4096} pages)`],
      ["file", box.inode ? box.name : ""], ["file offset", box.inode ? hex(box.offset) : ""],
      ["made by", born ? sentence(born) : ""], ["caller", born && born.caller], ["symbol", born && born.symbol],
      ["resident", residentOf(p, box)], ["history", [...new Set(history)].slice(0, 12).join("; ")]]));
    return node;
  };
  const differences = (p) => {
    const node = element("section");
    if (state.a === null || state.b === null) return node;
    const [a, b] = [layoutAt(p, state.a), layoutAt(p, state.b)];
    node.append(element("h2", `A (event ${state.a + 1}) and B (event ${state.b + 1})`));
    const key = (box) => `${hex(box.start)}-${hex(box.end)} ${box.perm} ${owner(box.name)}`;
    const rows = [];
    for (const box of b) {
      const same = a.find((o) => o.start === box.start && o.name === box.name);
      if (!same) rows.push(["added", "+ " + key(box)]);
      else if (same.end !== box.end) rows.push(["", `~ ${key(box)}: ${size(same.end - same.start)} → ${size(box.end - box.start)}`]);
      else if (same.perm !== box.perm) rows.push(["", `p ${key(box)}: was ${same.perm}`]);
    }
    for (const box of a) if (!b.some((o) => o.start === box.start && o.name === box.name)) rows.push(["removed", "− " + key(box)]);
    for (const [kind, text] of rows) node.append(element("div", text, { class: kind }));
    if (!rows.length) node.append(element("div", "the same"));
    return node;
  };
  const summary = (p) => { // what a reader wants to know first
    const node = element("section"), count = (...names) => p.events.filter((e) => names.includes(e.event)).length;
    const breaks = p.events.filter((e) => e.event === "brk" && e.result).map((e) => big(e.result));
    const moved = breaks.length ? breaks[breaks.length - 1] - Math.min(...breaks) : 0;
    const largest = p.boxes.filter((b) => b.name === "" && b.since > 0 && p.events[b.since].event === "mmap").sort((a, b) => (b.end - b.start) - (a.end - a.start))[0];
    node.append(element("h2", "in all"), list([["mapped", `${count("mmap")} times`], ["unmapped", `${count("munmap")} times`],
      ["protected", `${count("mprotect", "pkey_mprotect")} times`], ["heap", moved ? `the break moved up by ${size(moved)}` : ""],
      ["largest", largest ? `${size(largest.end - largest.start)} of anonymous memory, from event ${largest.from + 1}${largest.to < p.events.length ? " to " + largest.to : " to the end"}` : ""],
      ["threads", count("thread") || ""], ["children", count("fork", "vfork") + p.events.filter((e) => /^clone/.test(e.event) && !((e.arguments || {}).flags || "").includes("CLONE_THREAD")).length || ""],
      ["bindings", p.events.filter((e) => e.event === "rt" && e.rt.step === "bind").length || ""]]));
    return node;
  };
  let hovered = null;
  const panel = () => {
    const p = current(), event = p.events[state.event], aside = $("panel");
    aside.replaceChildren();
    aside.append(element("h2", `event ${state.event + 1} of ${p.events.length}`));
    aside.append(list([["what", sentence(event)], ["time", ms(event.time)], ["thread", event.thread], ["caller", event.caller], ["symbol", event.symbol],
      ["changes", (event.changes || []).map((c) => `${c.change} ${c.start}-${c.end} ${c.permissions || ""}`).join("; ")]]));
    const box = hovered || (state.at !== null && layoutAt(p, state.event).find((b) => b.start <= state.at && b.end > state.at)) || hits(p)[0];
    if (box) aside.append(describe(p, box));
    aside.append(differences(p), p.summary ||= summary(p));
  };
  const table = () => {
    const p = current(), body = $("rows"), found = new Set(hits(p));
    body.replaceChildren();
    let end = 0;
    for (const box of layoutAt(p, state.event).reverse()) {
      if (end && end > box.end) { const tr = element("tr", undefined, { class: "gap" }); tr.append(element("td", "gap"), element("td", size(end - box.end), { class: "n" })); for (let i = 0; i < 4; i++) tr.append(element("td")); body.append(tr); }
      const tr = element("tr", undefined, found.has(box) ? { class: "hit" } : {}), born = p.events[box.since];
      tr.append(element("td", `${hex(box.start)}-${hex(box.end)}`), element("td", size(box.end - box.start), { class: "n" }), element("td", box.perm),
        element("td", box.name || "anonymous"), element("td", residentOf(p, box).replace(/ \(.*/, "")), element("td", (born ? `${born.event}${born.symbol ? " by " + born.symbol : ""}` : "") + (box.label ? `: ${box.label}` : "")));
      body.append(tr);
      end = box.start;
    }
    $("caption").textContent = `The layout after event ${state.event + 1}: ${sentence(p.events[state.event])}`;
  };
  const MOST = 400;
  const eventList = () => {
    const p = current(), body = $("eventrows"), first = Math.max(0, Math.min(state.event - MOST / 2, p.events.length - MOST));
    body.replaceChildren();
    p.events.slice(first, first + MOST).forEach((event, i) => {
      const index = first + i, tr = element("tr", undefined, index === state.event ? { class: "hit" } : {}), button = element("button", String(index + 1));
      button.onclick = () => go(index);
      const td = element("td"); td.append(button);
      tr.append(td, element("td", ms(event.time), { class: "n" }), element("td", sentence(event)), element("td", event.symbol || event.caller || ""));
      body.append(tr);
    });
    $("eventcaption").textContent = `Events ${first + 1} to ${Math.min(first + MOST, p.events.length)} of ${p.events.length}`;
  };
  const breaks = () => { // the break as a staircase, in words: each brk that moved it
    const p = current(), body = $("heaprows");
    body.replaceChildren();
    let last = null;
    p.events.forEach((event, index) => {
      if (event.event !== "brk" || event.result === null || event.result === last) return;
      const moved = last === null ? "" : (big(event.result) > big(last) ? "+" : "−") + size(Math.abs(big(event.result) - big(last)));
      const tr = element("tr"), button = element("button", String(index + 1)), td = element("td");
      button.onclick = () => go(index);
      td.append(button);
      tr.append(td, element("td", event.result), element("td", moved, { class: "n" }), element("td", event.symbol || event.caller || ""));
      body.append(tr);
      last = event.result;
    });
    $("heapcaption").textContent = last === null ? "The program did not move the break." : "Where the break went.";
  };
  const clear = (body, caption, text) => { $(body).replaceChildren(); $(caption).textContent = text; };
  const row = (body, cells, index) => { // the first cell goes to an event
    const tr = element("tr");
    cells.forEach((text, i) => {
      const td = element("td");
      if (i === 0 && index !== undefined) { const button = element("button", text); button.onclick = () => go(index); td.append(button); } else td.textContent = text;
      tr.append(td);
    });
    $(body).append(tr);
  };
  const got = () => { // each slot, as it is after the current event
    const p = current(), slots = new Map();
    let all = 0;
    p.events.forEach((event, index) => {
      const bind = event.event === "rt" && event.rt.step === "bind" && event.rt.slot ? event.rt : null;
      if (!bind) return;
      all++;
      const slot = slots.get(bind.slot) || { bind, first: index };
      if (index <= state.event) { slot.bind = bind; slot.bound = index; }
      slots.set(bind.slot, slot);
    });
    clear("gotrows", "gotcaption", all ? `The GOT after event ${state.event + 1}: ${[...slots.values()].filter((s) => s.bound !== undefined).length} of ${slots.size} slots are bound.`
      : "No binding is recorded: umaps record --trace=bind, of a program that rt links.");
    for (const [address, slot] of [...slots].sort((a, b) => big(a[0]) - big(b[0]))) {
      const b = slot.bind, bound = slot.bound !== undefined;
      row("gotrows", [String(slot.first + 1), address, owner(b.object || ""), b.symbol || "", bound ? `${b.after} in ${owner(b.definer || "")}` : `${b.before}${b.how === "lazy" ? " (stub)" : ""}`, bound ? b.how : "not yet"], slot.first);
    }
  };
  const AUXV = { 3: "AT_PHDR", 4: "AT_PHENT", 5: "AT_PHNUM", 6: "AT_PAGESZ", 7: "AT_BASE", 8: "AT_FLAGS", 9: "AT_ENTRY", 11: "AT_UID", 12: "AT_EUID", 13: "AT_GID",
    14: "AT_EGID", 15: "AT_PLATFORM", 16: "AT_HWCAP", 17: "AT_CLKTCK", 23: "AT_SECURE", 25: "AT_RANDOM", 26: "AT_HWCAP2", 27: "AT_RSEQ_FEATURE_SIZE", 28: "AT_RSEQ_ALIGN", 31: "AT_EXECFN", 33: "AT_SYSINFO_EHDR", 51: "AT_MINSIGSTKSZ", 1: "AT_IGNORE" };
  const initialStack = () => { // the last that was before the current event
    const p = current(), event = p.events.filter((e, i) => e.event === "initial-stack" && i <= Math.max(state.event, 1)).pop();
    clear("stackrows", "stackcaption", event ? `What the kernel put on the stack, from the stack pointer ${event.pointer} up.` : "The initial stack is not in the recording.");
    if (!event) return;
    let at = big(event.pointer);
    const word = (what, value, text) => { row("stackrows", [hex(at), what, value, text]); at += 8; };
    word("argc", String(event.argc), "");
    event.argv.forEach((a, i) => word(`argv[${i}]`, a.address, a.text));
    word(`argv[${event.argv.length}]`, "0x0", "");
    event.environment.forEach((a, i) => word(`envp[${i}]`, a.address, a.text + "=…"));
    word(`envp[${event.environment.length}]`, "0x0", "");
    for (const [type, value] of event.auxv) { row("stackrows", [hex(at), AUXV[type] || `type ${type}`, value, ""]); at += 16; }
    row("stackrows", [hex(at), "AT_NULL", "0x0", ""]);
  };
  const show = (redraw) => {
    const p = current();
    state.event = Math.max(0, Math.min(state.event, p.events.length - 1));
    $("slider").max = p.events.length - 1; $("slider").value = state.event;
    $("slider").setAttribute("aria-valuetext", `event ${state.event + 1} of ${p.events.length}: ${sentence(p.events[state.event])}`);
    $("where").textContent = `${state.event + 1} / ${p.events.length}  ${sentence(p.events[state.event])}`;
    for (const name of TABS) {
      $("tab-" + name).setAttribute("aria-selected", state.tab === name);
      $("tab-" + name).tabIndex = state.tab === name ? 0 : -1;
      $("pane-" + name).hidden = state.tab !== name;
    }
    $("by").setAttribute("aria-pressed", state.by === "time");
    if (state.tab === "picture") { if (redraw || !canvas.dataset.drawn) { draw(); canvas.dataset.drawn = "yes"; } else cursor(); }
    if (state.tab === "table") table();
    if (state.tab === "events") eventList();
    if (state.tab === "heap") breaks();
    if (state.tab === "got") got();
    if (state.tab === "stack") initialStack();
    panel();
    toHash();
  };
  const go = (index) => { state.event = index; hovered = null; show(false); };

  // --- what people do ---
  const at = (mouse) => { // the box and the event under the mouse
    const p = current(), r = canvas.getBoundingClientRect(), x = mouse.clientX - r.left, y = mouse.clientY - r.top;
    let index = 0, best = Infinity;
    for (let low = 0, high = p.events.length - 1; low <= high;) { const m = (low + high) >> 1, d = xOf(p, m) - x; if (Math.abs(d) < best) { best = Math.abs(d); index = m; } if (d < 0) low = m + 1; else high = m - 1; }
    const row = p.rows.find((row) => y >= row.y && y < row.y + row.height);
    const address = row ? row.from + (row.to - row.from) * (1 - (y - row.y) / row.height) : null;
    const box = row && p.boxes.find((b) => b.from <= index && b.to > index && b.start <= address && b.end > address);
    return { index, box, address };
  };
  over.onmousemove = (mouse) => { const { box } = at(mouse); if (box !== hovered) { hovered = box; panel(); } };
  over.onclick = (mouse) => { const { index, address } = at(mouse); state.at = address === null ? null : Math.floor(address); go(index); };
  $("slider").oninput = () => go(Number($("slider").value));
  $("find").oninput = () => { state.find = $("find").value; state.at = null; hovered = null; show(false); };
  for (const pin of ["a", "b"]) $("pin-" + pin).onclick = () => { state[pin] = state[pin] === state.event ? null : state.event; show(false); };
  for (const name of TABS) $("tab-" + name).onclick = () => { state.tab = name; show(true); };
  $("tabs").onkeydown = (key) => {
    const names = TABS, step = { ArrowRight: 1, ArrowLeft: -1 }[key.key];
    if (!step) return;
    key.preventDefault(); key.stopPropagation();
    state.tab = names[(names.indexOf(state.tab) + step + names.length) % names.length];
    show(true); $("tab-" + state.tab).focus();
  };
  $("by").onclick = () => { state.by = state.by === "time" ? "event" : "time"; show(true); };
  $("process").onchange = () => { state.process = Number($("process").value); state.event = 1e9; state.a = state.b = state.at = null; show(true); };
  document.addEventListener("keydown", (key) => {
    if (key.target.matches("input:not([type=range]), select") || key.ctrlKey || key.altKey || key.metaKey) return;
    const step = { ArrowLeft: -1, ArrowRight: 1, PageDown: 10, PageUp: -10 }[key.key];
    if (step) go(state.event + step);
    else if (key.key === "Home") go(0);
    else if (key.key === "End") go(1e9);
    else if (key.key === "a" || key.key === "b") $("pin-" + key.key).click();
    else if (key.key === "/") $("find").focus();
    else return;
    key.preventDefault();
  });
  addEventListener("hashchange", () => { fromHash(); $("find").value = state.find; show(true); });
  addEventListener("resize", () => show(true));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => show(true));

  for (const [pid, p] of processes) $("process").append(element("option", `process ${pid} (${p.events.length} events)`, { value: pid }));
  $("process").hidden = processes.size < 2;
  state.event = 1e9;
  fromHash();
  $("process").value = state.process;
  $("find").value = state.find;
  $("static").hidden = true;
  $("interactive").hidden = false;
  $("legend").replaceChildren(...[["program and libraries: a hue each", 20], ["heap", 300], ["stacks", 190], ["anonymous", 140], ["kernel's", 230]].map(([text, h]) => {
    const span = element("span"), box = element("span", "", { class: "swatch" });
    box.style.background = `hsl(${h} 55% 50%)`; span.append(box, " " + text); return span;
  }), (() => { const s = element("span"); s.append(element("span", "", { class: "swatch noaccess" }), " no access"); return s; })(),
  (() => { const s = element("span"); s.append(element("span", "", { class: "swatch wx" }), " writable and executable"); return s; })(), element("span", "strong: writable; weak: not"));
  show(true);
  document.documentElement.dataset.ready = "yes";
})();
