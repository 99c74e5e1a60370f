// Drives a page of umaps report in Chromium: page.js PLAYWRIGHT CHROMIUM PAGE ACTION. Prints what the test compares;
// any error of the page's console is printed and ends with 1.
"use strict";
const [playwright, chromium, page, action, ...rest] = process.argv.slice(2);
const fs = require("fs"), os = require("os"), path = require("path");

const actions = {
  // the slider, the keys, the pins, the search, the tabs, the hash
  async all(p) {
    const where = () => p.textContent("#where");
    const events = await p.$eval("#slider", (slider) => Number(slider.max) + 1);
    console.log("events", events);
    await p.keyboard.press("Home");
    console.log("home", await where());
    await p.keyboard.press("ArrowRight");
    console.log("right", (await where()).split(" ")[0]);
    await p.keyboard.press("a");
    await p.keyboard.press("End");
    await p.keyboard.press("b");
    console.log("end", (await where()).split(" ")[0] === String(events));
    console.log("pins", (await p.textContent("#panel")).includes(`A (event 2) and B (event ${events})`));
    console.log("hash", new URL(p.url()).hash.includes("a=1") && new URL(p.url()).hash.includes(`b=${events - 1}`));
    for (const tab of ["table", "events", "heap", "got", "stack", "picture"]) {
      await p.click("#tab-" + tab);
      console.log("tab", tab, await p.isVisible("#pane-" + tab), await p.$$eval("[role=tabpanel]", (all) => all.filter((x) => !x.hidden).length));
    }
    await p.fill("#find", "[heap]");
    console.log("find", (await p.textContent("#panel")).includes("[heap]"));
    await p.click("#tab-table");
    console.log("hit", await p.$$eval("tr.hit", (rows) => rows.length > 0 && rows[0].textContent.includes("[heap]")));
    const url = p.url();
    await p.goto("about:blank");
    await p.goto(url);
    await p.waitForFunction(() => document.documentElement.dataset.ready === "yes");
    console.log("again", await p.isVisible("#pane-table"), await p.inputValue("#find"));
  },
  // everything by the keyboard alone: Tab reaches each control, in order
  async keyboard(p) {
    const reached = [];
    for (let i = 0; i < 14; i++) {
      await p.keyboard.press("Tab");
      reached.push(await p.evaluate(() => document.activeElement.id));
    }
    console.log("reached", ["tab-picture", "find", "by", "pin-a", "pin-b", "slider", "scroll"].every((id) => reached.includes(id)));
    await p.focus("#tab-picture");
    await p.keyboard.press("ArrowRight");
    console.log("tabs", await p.isVisible("#pane-table"), await p.evaluate(() => document.activeElement.id));
  },
  // the ranges of the table at an event: for a comparison with the recording
  async table(p) {
    await p.click("#tab-table");
    for (const row of await p.$$eval("#rows tr:not(.gap)", (rows) => rows.map((row) => [...row.cells].slice(0, 4).map((c) => c.textContent).join("|")))) console.log(row);
    for (const text of await p.$$eval("#rows tr:not(.gap)", (rows) => rows.map((row) => row.cells[5].textContent))) if (text.includes(": ")) console.log("label|" + text.split(": ")[1]);
  },
  // the GOT before and after the last event, and the stack
  async got(p) {
    const slots = () => p.$$eval("#gotrows tr", (rows) => rows.map((row) => [...row.cells].slice(1).map((c) => c.textContent).join("|")));
    await p.click("#tab-got");
    await p.keyboard.press("Home");
    const before = await slots();
    await p.keyboard.press("End");
    const after = await slots();
    for (const line of before) console.log("before", line);
    for (const line of after) console.log("after", line);
    await p.click("#tab-stack");
    for (const line of await p.$$eval("#stackrows tr", (rows) => rows.map((row) => [...row.cells].map((c) => c.textContent).join("|")))) console.log("stack", line);
  },
  async frames(p) { // the longest time of a step in ms
    console.log(await p.evaluate(() => {
      const slider = document.getElementById("slider"), times = [];
      for (let i = 0; i < 60; i++) {
        slider.value = Math.floor(slider.max * i / 60);
        const start = performance.now();
        slider.oninput();
        times.push(performance.now() - start);
      }
      times.sort((a, b) => a - b);
      return times[30].toFixed(2) + " " + times[59].toFixed(2);
    }));
  },
  async shot(p) { await p.screenshot({ path: rest[0] }); },
};

(async () => {
  const { chromium: browser } = require(playwright);
  const data = fs.mkdtempSync(path.join(os.tmpdir(), "umaps-chromium-"));
  const context = await browser.launchPersistentContext(data, { executablePath: chromium, headless: true,
    javaScriptEnabled: action !== "noscript", colorScheme: rest[1] || "light", viewport: { width: 1280, height: 860 }, offline: true,
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
  const p = context.pages()[0] || await context.newPage();
  const errors = [];
  p.on("console", (message) => ["error", "warning"].includes(message.type()) && errors.push(message.text()));
  p.on("pageerror", (error) => errors.push(String(error)));
  p.on("request", (request) => /^(file|data):/.test(request.url()) || errors.push("request: " + request.url()));
  await p.goto("file://" + page);
  if (action === "noscript") {
    console.log("static", await p.isVisible("#static"), await p.isVisible("#interactive"), await p.isVisible("#static svg"), await p.isVisible("#static table"));
  } else {
    await p.waitForFunction(() => document.documentElement.dataset.ready === "yes", null, { timeout: 20000 });
    await actions[action](p);
  }
  await context.close();
  fs.rmSync(data, { recursive: true, force: true });
  for (const error of errors) console.log("error", error);
  process.exit(errors.length ? 1 : 0);
})().catch((error) => { console.log(String(error)); process.exit(1); });
