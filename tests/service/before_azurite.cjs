// Loaded into every Azurite that a test starts, by NODE_OPTIONS (tests/conftest.py), and into Node's other programs,
// where it does nothing. Between Azurite's port and its code it refuses what the service refuses (limits.cjs) and
// pages as the service may (freedoms.cjs). A refusal is made before the signature is looked at.

const http = require("http");
const { randomUUID } = require("crypto");
const { BODY_BYTES_MAX, Refusal, check, isAboutTables, isQuery, split } = require("./limits.cjs");
const { Freedoms } = require("./freedoms.cjs");

const CONTROL = "/pages?";
const portOption = process.argv.indexOf("--tablePort");

if (/azurite/.test(process.argv[1] ?? "") && portOption > 0) {
  const port = Number(process.argv[portOption + 1]);
  const freedoms = new Freedoms(Number(process.env.AUTOCLAIM_PAGES_SEED ?? 0));
  const emit = http.Server.prototype.emit;
  http.Server.prototype.emit = function (event, request, response, ...others) {
    if (event !== "request" || this.address()?.port !== port) return emit.call(this, event, request, response, ...others);
    gathered(request)
      .then((body) => {
        const passed = judged(freedoms, request, response, body);
        if (passed) emit.call(this, "request", passed, response);
      })
      .catch(() => request.socket.destroy());
    return true;
  };
}

/** The whole body; rejected if the connection ends within it. */
async function gathered(request) {
  const pieces = [];
  let size = 0;
  for await (const piece of request) {
    size += piece.length;
    if (size <= 2 * BODY_BYTES_MAX) pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Answer a request, or give what Azurite is to have instead of it. */
function judged(freedoms, request, response, body) {
  if (request.url.startsWith(CONTROL)) {
    const said = new URLSearchParams(request.url.slice(CONTROL.length));
    freedoms.set(Number(said.get("seed")), said.get("cut") === "1");
    response.writeHead(204).end();
    return null;
  }
  try {
    check(request.method, request.url, body);
  } catch (error) {
    if (!(error instanceof Refusal)) return replayed(request, request.url, body);
    refuse(response, error);
    return null;
  }
  const [path] = split(request.url);
  if (!isQuery(request.method, path) || isAboutTables(path)) return replayed(request, request.url, body);
  const page = freedoms.of(request.url);
  if (page.empty) {
    answer(response, 200, JSON.stringify({ value: [] }), continuation(page.empty));
    return null;
  }
  if (page.behind) continueBehind(response, page.behind);
  return replayed(request, page.url, body);
}

/** The request once more, for Azurite to read from its beginning. */
function replayed(request, url, body) {
  const again = new http.IncomingMessage(request.socket);
  for (const name of ["httpVersionMajor", "httpVersionMinor", "httpVersion", "method", "rawHeaders", "headers"]) {
    again[name] = request[name];
  }
  again.url = url;
  again.complete = true;
  if (body.length) again.push(body);
  again.push(null);
  return again;
}

/** Let the last page have a continuation all the same. */
function continueBehind(response, mark) {
  const writeHead = response.writeHead;
  response.writeHead = function (status, ...others) {
    if (status === 200 && !response.hasHeader("x-ms-continuation-NextPartitionKey")) {
      response.setHeader("x-ms-continuation-NextPartitionKey", mark);
    }
    return writeHead.call(response, status, ...others);
  };
}

function continuation(rest) {
  return Object.fromEntries(Object.entries(rest).map(([name, value]) => [`x-ms-continuation-${name}`, value]));
}

function refuse(response, refusal) {
  const place = refusal.operation === null ? "" : `${refusal.operation}:`;
  const message = { lang: "en-US", value: `${place}${refusal.message} (said by tests/service)` };
  const error = JSON.stringify({ "odata.error": { code: refusal.code, message } });
  if (!place) return answer(response, refusal.status, error);
  const parts = [
    "--batch_refused\r\nContent-Type: multipart/mixed; boundary=changeset_refused\r\n",
    "--changeset_refused\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n",
    `HTTP/1.1 ${refusal.status} Bad Request\r\nContent-Type: application/json;odata=minimalmetadata\r\n`,
    `${error}\r\n--changeset_refused--\r\n--batch_refused--\r\n`,
  ];
  answer(response, 202, parts.join("\r\n"), { "Content-Type": "multipart/mixed; boundary=batch_refused" });
}

function answer(response, status, content, headers = {}) {
  response.writeHead(status, {
    "Content-Type": "application/json;odata=minimalmetadata",
    "Content-Length": Buffer.byteLength(content),
    "x-ms-request-id": randomUUID(),
    "x-ms-version": "2019-02-02",
    ...headers,
  });
  response.end(content);
}
