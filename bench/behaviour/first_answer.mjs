// How long does somebody wait for the first answer, from asking in the browser to the picture?
//
//   cargo build --release -p rapport
//   node bench/behaviour/first_answer.mjs [folder for the demo's data]
//
// Each insight is asked in a process that has answered nothing yet, on the demo with its 20,000
// customers: from the change of address in an open page until the answer is painted.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { openBrowser, openPage, signIn } from "../../web/e2e/browser.mjs";
import { ADMIN_TOKEN, startDemo } from "../../web/e2e/demo.mjs";

const INSIGHTS = [
  "trend",
  "funnel",
  "retention",
  "paths",
  "visits",
  "lifecycle",
  "stickiness",
  "rfm",
  "last-touch",
];
const CUSTOMERS = 20_000;
const BAR_MS = 300;
const ROUNDS = 3;

const binary = fileURLToPath(
  new URL("../../target/release/rapport", import.meta.url),
);
const kept = process.argv[2] ?? "first-answer-demo";
await mkdir(kept, { recursive: true });
process.env.RAPPORT_ADMIN_TOKEN = ADMIN_TOKEN;

/** In the page: goes to an address, and waits for the picture of its answer. */
async function asked(address) {
  const begun = performance.now();
  history.pushState({}, "", address);
  const isAnswered = () => {
    const answer = document.querySelector('section[aria-label="The answer"]');
    const isDrawn = !document.querySelector("[data-chart=loading]");
    const isAsked = performance
      .getEntriesByType("resource")
      .some(
        (one) => one.startTime >= begun && /\/api\/insights\//.test(one.name),
      );
    return isAsked && isDrawn && answer?.getAttribute("aria-busy") === "false";
  };
  const frame = () => new Promise((painted) => requestAnimationFrame(painted));
  while (!isAnswered()) {
    if (performance.now() - begun > 30_000)
      throw new Error(`${address}: no answer in 30 s`);
    await frame();
  }
  await frame();
  return performance.now() - begun;
}

async function measured(insight) {
  const demo = await startDemo({ binary, customers: CUSTOMERS, kept });
  const browser = await openBrowser();
  try {
    await signIn(browser.context, demo);
    const { page } = await openPage(browser.context);
    // The shell and the parts of the page are there; nothing has been asked yet.
    await page.goto(`${demo.url}/ask/boards`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForLoadState("networkidle");
    return await page.evaluate(asked, `/ask/insights?ask=${insight}`);
  } finally {
    await browser.close();
    await demo.stop();
  }
}

const median = (numbers) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

console.log(
  "| insight | first answer in a fresh process, ms (median of three) | most |",
);
console.log("|---|--:|--:|");
let most = 0;
for (const insight of INSIGHTS) {
  const times = [];
  for (let round = 0; round < ROUNDS; round += 1)
    times.push(await measured(insight));
  most = Math.max(most, median(times));
  console.log(
    `| ${insight} | ${median(times).toFixed(0)} | ${Math.max(...times).toFixed(0)} |`,
  );
}
console.log(`\nThe slowest: ${most.toFixed(0)} ms; the bar is ${BAR_MS} ms.`);
