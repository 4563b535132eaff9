// Opens a page in headless Chromium and tells what it found as JSON: node browser.mjs chromium page.html [folder for pictures]
// Chromium is spoken to over a pipe: file descriptors 3 and 4, messages that end in a zero byte.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [chromium, file, pictures] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const profile = mkdtempSync(join(tmpdir(), "page-browser-"));
const child = spawn(chromium, [
	"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--hide-scrollbars",
	"--remote-debugging-pipe", `--user-data-dir=${profile}`, "about:blank",
], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });

let next = 0, buffer = "";
const waiting = new Map(), listeners = new Set();
child.stdio[4].setEncoding("utf8").on("data", (chunk) => {
	const parts = (buffer + chunk).split("\0");
	buffer = parts.pop();
	for (const part of parts) {
		const message = JSON.parse(part);
		if (!message.id) {
			for (const listener of listeners) listener(message);
			continue;
		}
		const { done, failed } = waiting.get(message.id);
		waiting.delete(message.id);
		message.error ? failed(new Error(JSON.stringify(message.error))) : done(message.result);
	}
});

function send(method, params = {}, sessionId) {
	return new Promise((done, failed) => {
		waiting.set(++next, { done, failed });
		child.stdio[3].write(JSON.stringify({ id: next, method, params, sessionId }) + "\0");
	});
}

async function look(width, scheme) {
	const { targetId } = await send("Target.createTarget", { url: "about:blank" });
	const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
	const ask = (method, params) => send(method, params, sessionId);
	const value = async (expression) => {
		const { result, exceptionDetails } = await ask("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
		if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
		return result.value;
	};
	const url = pathToFileURL(resolve(file)).href;
	const found = { width, scheme, console: [], requests: [] };
	let loaded;
	const load = new Promise((done) => { loaded = done; });
	const listener = (m) => {
		if (m.sessionId !== sessionId) return;
		if (m.method === "Page.loadEventFired") loaded();
		if (m.method === "Network.requestWillBeSent" && m.params.request.url !== url) found.requests.push(m.params.request.url);
		if (m.method === "Log.entryAdded") found.console.push(m.params.entry.text);
		if (m.method === "Runtime.consoleAPICalled") found.console.push(JSON.stringify(m.params.args));
		if (m.method === "Runtime.exceptionThrown") found.console.push(JSON.stringify(m.params.exceptionDetails));
	};
	listeners.add(listener);
	for (const domain of ["Page", "Network", "Log", "Runtime"]) await ask(`${domain}.enable`);
	await ask("Emulation.setDeviceMetricsOverride", { width, height: 900, deviceScaleFactor: 1, mobile: false });
	await ask("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
	await ask("Page.navigate", { url });
	await load;
	found.overflow = await value(`document.documentElement.scrollWidth - ${width}`);
	if (pictures) {
		const name = join(pictures, `${basename(file, ".html")}-${width}-${scheme}`);
		const { data } = await ask("Page.captureScreenshot", { captureBeyondViewport: true });
		writeFileSync(`${name}.png`, Buffer.from(data, "base64"));
	}
	if (width > 1000 && scheme === "light") {
		const { data } = await ask("Page.printToPDF", { preferCSSPageSize: true, generateTaggedPDF: true, printBackground: true });
		const pdf = Buffer.from(data, "base64");
		found.tagged = pdf.includes("/StructTreeRoot") && pdf.includes("/MarkInfo");
		if (pictures) writeFileSync(join(pictures, `${basename(file, ".html")}.pdf`), pdf);
	}
	// Folded parts are looked at too.
	await value("document.querySelectorAll('details').forEach((d) => { d.open = true; })");
	found.overflow_open = await value(`document.documentElement.scrollWidth - ${width}`);
	await value(axe);
	const result = await value(`axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }).then((r) => ({
		passes: r.passes.length,
		violations: r.violations.map((v) => v.id + ": " + v.help + ": " + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 200) + " " + n.failureSummary).join(" | ")),
	}))`);
	Object.assign(found, result);
	listeners.delete(listener);
	await send("Target.closeTarget", { targetId });
	return found;
}

try {
	const all = [];
	for (const width of [360, 1280]) for (const scheme of ["light", "dark"]) all.push(await look(width, scheme));
	console.log(JSON.stringify(all, null, 1));
} finally {
	const gone = new Promise((done) => child.once("exit", done));
	send("Browser.close").catch(() => {});
	await gone;
	rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
}
process.exit(0);
