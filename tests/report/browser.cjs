// Opens pages in Chromium: accessibility, search and filters, keyboard, no word on the console, no request, no script from data.
// usage: node browser.cjs PAGES [SCREENSHOTS]; called by browser.sh.
"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");

const modules = path.join(path.resolve(process.env.NODE_PACKAGES), "node_modules");
const puppeteer = require(path.join(modules, "puppeteer-core"));
const axe = fs.readFileSync(path.join(modules, "axe-core", "axe.min.js"), "utf8");
const [pages, screenshots] = process.argv.slice(2);

const LOOKS = [
  { name: "light", scheme: "light", width: 1280, height: 900 },
  { name: "dark", scheme: "dark", width: 1280, height: 900 },
  { name: "narrow", scheme: "light", width: 360, height: 800 },
  { name: "narrow-dark", scheme: "dark", width: 360, height: 800 },
  { name: "wide", scheme: "light", width: 1600, height: 1000 },
];

const failures = [];

async function check(name, test) {
  try {
    await test();
  } catch (error) {
    failures.push(`${name}: ${error.message}`);
  }
}

async function open(browser, file, look, script = true) {
  const page = await browser.newPage();
  const said = [];
  page.on("console", (message) => said.push(`console ${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    said.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  const url = pathToFileURL(path.join(pages, file)).href;
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== url) {
      said.push(`request: ${request.url()}`);
    }
  });
  await page.setJavaScriptEnabled(script);
  await page.setViewport({ width: look.width, height: look.height });
  await page.emulateMediaFeatures([
    { name: "prefers-color-scheme", value: look.scheme },
    { name: "prefers-reduced-motion", value: "reduce" },
  ]);
  await page.goto(url);
  return { page, said };
}

// Nothing but what scrolls in its own container is wider than the window.
async function fits(page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) {
    const widest = await page.evaluate(() => {
      const room = document.documentElement.clientWidth;
      const far = Array.from(document.querySelectorAll("body *")).filter((each) => each.getBoundingClientRect().right > room && !each.closest(".scroll"));
      return far.slice(0, 3).map((each) => each.outerHTML.slice(0, 120)).join("\n");
    });
    assert.fail(`${wide} px wider than the window: ${widest}`);
  }
}

async function accessible(page) {
  await page.evaluate(axe);
  const judge = () => page.evaluate(async () => {
    const result = await window.axe.run(document, { resultTypes: ["violations"] });
    return result.violations.map((each) => `${each.id} (${each.nodes.length}): ${each.nodes[0].html.slice(0, 160)} ${each.nodes[0].failureSummary}`);
  });
  assert.deepEqual(await judge(), []);
  await page.evaluate(() => document.querySelectorAll("details").forEach((box) => { box.open = true; }));
  assert.deepEqual(await judge(), [], "with all details open");
}

const shown = (page, selector) => page.$$eval(selector, (found) => found.filter((each) => each.checkVisibility()).length);
const found = (page) => page.$eval("#found", (output) => output.textContent);
const settle = (page) => page.evaluate(() => new Promise((done) => setTimeout(done, 250)));

async function search(page, text) {
  await page.$eval("#find-text", (input) => { input.value = ""; });
  await page.type("#find-text", text || " ");
  await settle(page);
}

async function searches(page) {
  const all = await shown(page, ".rules [data-row]");
  assert.equal(all, 300, "every rule is there");
  await search(page, "host3.service17.example.com");
  assert.equal(await shown(page, ".rules [data-row]"), 1, "one rule names that host");
  assert.match(await found(page), /^1 of \d+ entries match$/);
  assert.ok(await shown(page, ".none") > 0, "parts without a hit say so");
  await search(page, "20.20.44.32/29");
  assert.ok(await page.$eval("[data-row]:not([hidden]) details", (box) => box.open), "details with a hit open");
  await search(page, "WEB-APPLICATION-PROXY 49443");
  assert.equal(await shown(page, ".kind.less [data-row]"), 1, "every word must be there, in any case");
  await search(page, "nothing has this");
  assert.equal(await shown(page, "[data-row]"), 0);
  await search(page, "");
  assert.equal(await shown(page, ".rules [data-row]"), all);
  assert.equal(await shown(page, "[data-row] details[open]"), 0, "details close again");
}

async function filters(page) {
  const count = async (tone, target) => {
    await page.select("#find-tone", tone);
    await page.select("#find-target", target);
    return shown(page, ".rules [data-row]");
  };
  assert.equal(await count("changed", ""), 6);
  assert.equal(await count("more", ""), 3);
  assert.equal(await count("bad", ""), 1);
  assert.equal(await count("lossy", ""), 100);
  const squid = await page.$$eval("#find-target option", (options) => options.find((each) => each.textContent === "squid").value);
  assert.equal(await count("", squid), 300);
  assert.equal(await shown(page, ".numbers [data-row]"), 1, "one artifact is of squid");
  await page.click("#find button[type=reset]");
  await settle(page);
  assert.match(await found(page), /^\d+ entries$/);
  await page.select("#find-tone", "less");
  await page.evaluate(() => { location.hash = "s1-rule-0"; });
  await settle(page);
  assert.ok(await page.$eval("#s1-rule-0", (each) => each.checkVisibility()), "a link to a hidden rule shows it");
}

async function keyboard(page) {
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  assert.ok(await page.$eval(".skip", (link) => link.getBoundingClientRect().left >= 0), "the skip link is seen when it has the focus");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "content");
  const reached = new Set();
  await page.goto(page.url().split("#")[0]);
  for (let at = 0; at < 60; at += 1) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(() => {
      const each = document.activeElement;
      const style = getComputedStyle(each);
      return { name: each.id || each.className || each.tagName, seen: style.outlineStyle !== "none" || each.className === "skip" };
    });
    assert.ok(focus.seen, `the focus on ${focus.name} is not seen`);
    reached.add(focus.name);
  }
  for (const name of ["find-text", "find-tone", "find-target", "unfold", "scroll", "SUMMARY"]) {
    assert.ok(reached.has(name), `${name} is not reached by the keyboard: ${[...reached].join(", ")}`);
  }
  await page.focus("#unfold");
  await page.keyboard.press("Space");
  assert.equal(await shown(page, "details:not([open])"), 0, "all details open");
  await page.keyboard.press("Space");
  assert.equal(await shown(page, "details[open]"), 0);
}

async function print(page) {
  await page.emulateMediaType("print");
  const pdf = await page.pdf({ format: "A4", landscape: true });
  assert.ok(pdf.length > 20_000);
  if (screenshots) {
    fs.writeFileSync(path.join(screenshots, "rich.pdf"), pdf);
  }
}

async function picture(page, look, file) {
  if (!screenshots) {
    return;
  }
  const name = file.replace(".html", "");
  await page.screenshot({ path: path.join(screenshots, `${name}-${look.name}.png`) });
  for (const part of ["changes", "picture", "addresses", "rules", "artifacts"]) {
    const place = await page.$(`#s1-${part}`);
    if (place) {
      await place.evaluate((each) => each.scrollIntoView());
      await page.screenshot({ path: path.join(screenshots, `${name}-${look.name}-${part}.png`) });
    }
  }
}

async function main() {
  if (screenshots) {
    fs.mkdirSync(screenshots, { recursive: true });
  }
  const arguments_ = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"];
  const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM, headless: true, args: arguments_ });
  const files = fs.readdirSync(pages).filter((file) => file.endsWith(".html")).sort();
  for (const file of files) {
    for (const look of LOOKS) {
      const { page, said } = await open(browser, file, look);
      const name = `${file} ${look.name}`;
      await check(`${name} fits`, () => fits(page));
      await picture(page, look, file);
      if (!look.name.startsWith("wide")) {
        await check(`${name} axe`, () => accessible(page));
        await check(`${name} fits with all open`, () => fits(page));
      }
      await check(`${name} is silent`, () => assert.deepEqual(said, []));
      await page.close();
      console.log(`${name}: looked at`);
    }
    const { page, said } = await open(browser, file, LOOKS[0], false);
    const hidden = await page.$eval("#find", (form) => form.hidden);
    await check(`${file} without script`, () => assert.ok(hidden, "a form that does nothing is not shown"));
    await check(`${file} without script is silent`, () => assert.deepEqual(said, []));
    await page.close();
  }
  for (const test of [searches, filters, keyboard, print]) {
    const { page, said } = await open(browser, "rich.html", LOOKS[0]);
    await check(test.name, () => test(page));
    await check(`${test.name} is silent`, () => assert.deepEqual(said, []));
    await page.close();
    console.log(`${test.name}: tried`);
  }
  await browser.close();
  if (failures.length > 0) {
    console.error(`\n${failures.length} failures\n${failures.join("\n\n")}`);
    process.exit(1);
  }
  console.log("no violation, no failure");
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
