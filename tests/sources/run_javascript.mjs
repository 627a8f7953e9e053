// Runs a page's code as its provider would, with a `fetch` that goes to the app on this machine, and prints what it sent.
//
// stdin: {file, kind: "action"|"lambda"|"relay", input, settings, address, fault}. `input` of a relay is {method, headers,
// body}. `fault`: null; a status to be answered with; "lost" for a connection that breaks; "late" for one without an answer.
// stdout: {result, calls: [{url, headers, body, answer}], limits: [milliseconds], logged: [lines]}.
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";

const { file, kind, input, settings, address, fault } = JSON.parse(await text(process.stdin));
const calls = [];
const limits = [];
const logged = [];
const connect = globalThis.fetch;
const limit = AbortSignal.timeout;

console.log = console.error = (...words) => logged.push(words.join(" "));

AbortSignal.timeout = (milliseconds) => {
  limits.push(milliseconds);
  return fault === "late" ? AbortSignal.abort(new DOMException("timed out", "TimeoutError")) : limit(milliseconds);
};

globalThis.fetch = async (url, options) => {
  const call = { url: String(url), headers: options.headers, body: JSON.parse(options.body) };
  calls.push(call);
  if (typeof fault === "number") return new Response("{}", { status: fault, headers: { "retry-after": "1" } });
  if (fault === "lost") throw new TypeError("fetch failed");
  const answer = await connect(call.url.replace(settings.AUTOCLAIM_URL, address), options);
  call.answer = await answer.clone().json();
  return answer;
};

const runs = {
  async action() {
    return createRequire(import.meta.url)(file).onExecutePostLogin({ ...input, secrets: settings }, {});
  },
  async lambda() {
    Object.assign(process.env, settings);
    return (await import(file)).handler(input);
  },
  async relay() {
    const { fetch: relay } = (await import(file)).default;
    const answer = await relay(new Request("https://relay.example/", input), settings);
    return { status: answer.status, body: await answer.text() };
  },
};

const result = (await runs[kind]()) ?? null;
process.stdout.write(JSON.stringify({ result, calls, limits, logged }));
