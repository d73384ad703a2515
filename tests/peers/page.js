// Opens HTML reports in headless Chromium and uses them as a person would. TAP on stdout.
//
//   node page.js MODULES PROFILE-DIR REPORT MANY [SCREENSHOT-DIR]
//
// REPORT is of one router with findings of every kind, MANY of at least three routers. Every request but
// for the page itself is counted, none is let through.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { createRequire } = require("node:module");

const [modules, profile, report, many, shots] = process.argv.slice(2);
const from = createRequire(path.resolve(modules) + "/");
const { chromium } = from("playwright-core");
const axe = fs.readFileSync(from.resolve("axe-core/axe.min.js"), "utf8");

let tests = 0;
function check(name, passes, told) {
  tests += 1;
  console.log(`${passes ? "ok" : "not ok"} ${tests} - ${name}`);
  if (!passes && told !== undefined) console.log(`# ${JSON.stringify(told)}`);
}

async function open(context, file) {
  const page = await context.newPage();
  page.told = [];
  page.asked = [];
  page.on("console", (message) => page.told.push(message.text()));
  page.on("pageerror", (error) => page.told.push(String(error)));
  await page.route("**", (route) => {
    if (route.request().isNavigationRequest() && route.request().url().startsWith("file:"))
      return route.continue();
    page.asked.push(route.request().url());
    return route.abort();
  });
  await page.goto(pathToFileURL(path.resolve(file)).href);
  return page;
}

const shown = (page, selector) => page.locator(`${selector}:visible`).count();
const shoot = (page, name, fullPage) =>
  shots ? page.screenshot({ path: path.join(shots, name + ".png"), fullPage }) : null;

async function quiet(page, name) {
  check(`${name}: the console stays empty`, page.told.length === 0, page.told);
  check(`${name}: nothing is requested`, page.asked.length === 0, page.asked);
}

// What is against WCAG 2.2 A and AA, by axe-core's rules.
async function accessible(page, name) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
  const told = violations.map((v) => [v.id, v.nodes.length, v.nodes[0].html, v.nodes[0].failureSummary]);
  check(`${name}: axe finds nothing against WCAG AA`, told.length === 0, told);
}

async function filters(page) {
  const rows = await shown(page, ".services tbody tr"), routers = await shown(page, ".router");
  check("the controls appear with the script", await page.isVisible("#tools"));
  await page.fill("#words", "TELNET");
  const found = await shown(page, ".services tbody tr");
  check("a word leaves the rows that have it", found > 0 && found < rows, [found, rows]);
  check("they have it", await page.evaluate(() =>
    [...document.querySelectorAll(".services tbody tr:not([hidden])")]
      .filter((row) => row.offsetParent)
      .every((row) => row.textContent.includes("telnet"))));
  const left = await shown(page, ".router");
  check("routers without it go", left > 0 && left < routers, [left, routers]);
  check("they go from the overview, too",
    (await shown(page, "table.matrix tbody tr")) === left);
  check("what is shown is announced", (await page.textContent("#status")).startsWith(`${left} of ${routers} `),
    await page.textContent("#status"));
  await page.fill("#words", "no such thing");
  check("nothing matches, nothing is shown", (await shown(page, ".router")) === 0);
  await page.fill("#words", "");
  check("an empty filter shows all again", (await shown(page, ".services tbody tr")) === rows);
  await page.selectOption("#show", "unknown");
  const kinds = await page.evaluate(() =>
    [...document.querySelectorAll(".router:not([hidden]) [data-kind]:not([hidden])")].map((n) => n.dataset.kind));
  check("only what could not be told is left", kinds.length > 0 && kinds.every((kind) => kind === "unknown"), kinds);
  check("and who was not audited", await page.locator(".router:visible .trouble", { hasText: "Not audited" }).first().isVisible());
  await page.selectOption("#show", "all");
}

async function sorts(page) {
  const column = () => page.locator("main table.sortable").first().locator("tbody tr td:nth-child(4)")
    .evaluateAll((cells) => cells.map((cell) => cell.dataset.key || cell.textContent));
  const button = page.locator("main table.sortable").first().locator("thead th:nth-child(4) button");
  await button.click();
  const up = (await column()).map(Number);
  check("a column sorts upwards", up.every((n, i) => i === 0 || up[i - 1] <= n) && up[0] < up.at(-1), up);
  await button.press("Enter");
  const down = (await column()).map(Number);
  check("and downwards, from the keyboard", down.every((n, i) => i === 0 || down[i - 1] >= n), down);
  check("the header tells it", (await page.locator("th[aria-sort=descending]").count()) === 1);
}

async function unfolds(page) {
  const open = () => page.locator("details[open]").count();
  check("evidence is folded", (await open()) === 0);
  await page.locator("details.finding summary").first().press("Enter");
  check("and unfolds from the keyboard", (await open()) === 1);
  check("with the command that mends it",
    (await page.locator("details.finding[open] code").first().textContent()).startsWith("/ip service set"));
  await page.click("#unfold");
  check("all unfold at once", (await open()) === (await page.locator("details").count()));
  await page.click("#unfold");
}

async function still(browser) {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await open(context, report);
  check("without script everything is there", (await shown(page, ".services tbody tr")) ===
    (await page.locator(".services tbody tr").count()));
  check("without script there are no dead controls", !(await page.isVisible("#tools")));
  await page.locator("details.finding summary").first().click();
  check("without script evidence unfolds", (await page.locator("details.finding[open]").count()) === 1);
  await context.close();
}

async function paper(browser) {
  const context = await browser.newContext({ javaScriptEnabled: false, colorScheme: "dark" });
  const page = await open(context, report);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  check("paper shows folded evidence, even without script",
    await page.locator("details.finding code").first().isVisible());
  check("paper is white", (await page.evaluate(() => getComputedStyle(document.body).backgroundColor)) ===
    "rgb(255, 255, 255)");
  const pdf = await page.pdf({ preferCSSPageSize: true, format: "A4" });
  check("it prints", pdf.subarray(0, 5).toString() === "%PDF-");
  if (shots) fs.writeFileSync(path.join(shots, "paper.pdf"), pdf);
  await context.close();
}

async function main() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
      "--disable-background-networking", "--disable-component-update", "--disable-crash-reporter"],
    env: { ...process.env, HOME: profile, XDG_CONFIG_HOME: profile, XDG_CACHE_HOME: profile },
  });
  for (const colorScheme of ["light", "dark"]) {
    const context = await browser.newContext({ colorScheme, viewport: { width: 1280, height: 900 } });
    const page = await open(context, report);
    await quiet(page, colorScheme);
    await accessible(page, colorScheme);
    await page.click("#unfold");
    await accessible(page, colorScheme + ", unfolded");
    await shoot(page, colorScheme, true);
    await page.click("#unfold");
    if (colorScheme === "light") await unfolds(page);
    await context.close();
  }
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await open(context, many);
  await filters(page);
  await sorts(page);
  await quiet(page, "many routers");
  await accessible(page, "many routers");
  await shoot(page, "many");
  await page.setViewportSize({ width: 360, height: 740 });
  const wide = await page.evaluate(() => [...document.querySelectorAll("body *")]
    .filter((node) => node.getBoundingClientRect().right > innerWidth + 1 && !node.closest(".scroll"))
    .slice(0, 5).map((node) => node.outerHTML.slice(0, 80)));
  check("a narrow window does not scroll sideways", wide.length === 0, wide);
  await shoot(page, "narrow");
  await context.close();
  await still(browser);
  await paper(browser);
  await browser.close();
  console.log(`1..${tests}`);
}

main().catch((error) => {
  console.log(`not ok ${tests + 1} - the page could be used\n# ${error.stack.replaceAll("\n", "\n# ")}\n1..${tests + 1}`);
  process.exit(1);
});
