// Documented limits of Azure Table Storage that Azurite does not enforce. Written from Microsoft's pages and not from
// the product's own checks, which it holds to account.
//
// Documented with numbers: $top of 1 to 1,000; 15 comparisons in a filter ("Querying tables and entities"); keys of
// 1 KiB and their forbidden characters, 252 own properties, names of 255 characters, 64 KiB a text or binary, 1 MiB an
// entity ("Understanding the Table service data model"); 100 operations and 4 MiB a transaction, one partition, each
// entity once ("Performing entity group transactions").
// Documented as codes, all 400: InvalidInput, InvalidDuplicateRow, OutOfRangeInput, PropertyNameInvalid,
// PropertyNameTooLong, PropertyValueTooLarge, TooManyProperties, EntityTooLarge; and 413 RequestBodyTooLarge.
// Not on those pages: KeyValueTooLarge and CommandsInBatchActOnDifferentPartitions are names in Microsoft's clients.
// InvalidInput for $top and for a filter is our choice: the pages say 400 or nothing.
// Keys that a filter compares with are not checked: no page says that they may not be of any form.

const ROWS_MAX = 1000;
const COMPARISONS_MAX = 15;
const KEY_BYTES_MAX = 1024;
const PROPERTIES_MAX = 252;
const NAME_CHARACTERS_MAX = 255;
const VALUE_BYTES_MAX = 64 * 1024;
const ENTITY_BYTES_MAX = 1024 * 1024;
const OPERATIONS_MAX = 100;
const BODY_BYTES_MAX = 4 * 1024 * 1024;

const FORBIDDEN_IN_KEYS = /[/\\#?\u0000-\u001f\u007f-\u009f]/;
const PROPERTY_NAME = /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}\p{Cf}]*$/u;
const SYSTEM_PROPERTIES = new Set(["PartitionKey", "RowKey", "Timestamp"]);
const NUMBER_BYTES = { "Edm.Guid": 16, "Edm.Int64": 8, "Edm.DateTime": 8, "Edm.Double": 8 };
const ENTITY_ADDRESS = /\(PartitionKey='((?:[^']|'')*)',RowKey='((?:[^']|'')*)'\)$/;
const OPERATION = /\r?\n\r?\n([A-Z]+) (\S+) HTTP\/1\.1\r?\n([^]*?\r?\n)??\r?\n([^]*)$/;

class Refusal extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
    this.operation = null;
  }
}

function refuseIf(exceeded, code, message, status = 400) {
  if (exceeded) throw new Refusal(status, code, message);
}

/** Throw a Refusal if the service would not take this request. */
function check(method, url, body) {
  const [path, query] = split(url);
  if (path.endsWith("/$batch")) return checkTransaction(body);
  const keys = keysIn(path);
  if (keys) checkKeys(keys);
  if (isQuery(method, path)) checkQuery(query);
  if (body.length && !isAboutTables(path)) checkBody(body.toString("utf8"), keys);
}

function isQuery(method, path) {
  return method === "GET" && keysIn(path) === null && path.split("/").filter(Boolean).length === 2;
}

function isAboutTables(path) {
  return /\/Tables(\(|$)/.test(path);
}

function split(url) {
  const mark = url.indexOf("?");
  return mark < 0 ? [decodeURIComponent(url), ""] : [decodeURIComponent(url.slice(0, mark)), url.slice(mark + 1)];
}

function keysIn(path) {
  const found = ENTITY_ADDRESS.exec(path);
  return found && { PartitionKey: unquoted(found[1]), RowKey: unquoted(found[2]) };
}

function unquoted(key) {
  return key.replaceAll("''", "'");
}

function checkQuery(query) {
  const parameters = new URLSearchParams(query);
  const top = parameters.get("$top");
  refuseIf(top !== null && !(/^\d+$/.test(top) && top >= 1 && top <= ROWS_MAX), "InvalidInput", `$top=${top}`);
  const filter = (parameters.get("$filter") ?? "").replace(/'(?:[^']|'')*'/g, "''");
  const comparisons = filter.match(/\b(eq|ne|gt|ge|lt|le)\b/g)?.length ?? 0;
  refuseIf(comparisons > COMPARISONS_MAX, "InvalidInput", `${comparisons} comparisons in a filter`);
}

function checkKeys(keys) {
  for (const name of ["PartitionKey", "RowKey"]) {
    const key = keys[name];
    if (typeof key !== "string") continue;
    refuseIf(FORBIDDEN_IN_KEYS.test(key), "OutOfRangeInput", `the '${name}' parameter of value '${key}'`);
    refuseIf(2 * key.length > KEY_BYTES_MAX, "KeyValueTooLarge", `${name} of ${2 * key.length} bytes`);
  }
}

/** Check an entity that is written; its keys are in its address or in itself. Gives its keys. */
function checkBody(text, keysOfAddress) {
  let entity;
  try {
    entity = JSON.parse(text);
  } catch {
    return keysOfAddress; // The emulator says what it is.
  }
  const keys = keysOfAddress ?? entity;
  checkKeys(keys);
  checkEntity({ ...entity, PartitionKey: keys.PartitionKey ?? "", RowKey: keys.RowKey ?? "" });
  return keys;
}

function checkEntity(entity) {
  const own = Object.keys(entity).filter((name) => !SYSTEM_PROPERTIES.has(name) && !name.includes("odata."));
  refuseIf(own.length > PROPERTIES_MAX, "TooManyProperties", `${own.length} properties`);
  let bytes = 4 + 2 * (entity.PartitionKey.length + entity.RowKey.length);
  for (const name of own) {
    refuseIf(name.length > NAME_CHARACTERS_MAX, "PropertyNameTooLong", name.slice(0, 50));
    refuseIf(!PROPERTY_NAME.test(name), "PropertyNameInvalid", name);
    const value = valueBytes(entity[name], entity[`${name}@odata.type`]);
    refuseIf(value > VALUE_BYTES_MAX, "PropertyValueTooLarge", `${name} of ${value} bytes`);
    const isVariable = typeof entity[name] === "string" && !NUMBER_BYTES[entity[`${name}@odata.type`]];
    bytes += 8 + 2 * name.length + value + (isVariable ? 4 : 0);
  }
  refuseIf(bytes > ENTITY_BYTES_MAX, "EntityTooLarge", `an entity of ${bytes} bytes`);
}

function valueBytes(value, type) {
  if (NUMBER_BYTES[type]) return NUMBER_BYTES[type];
  if (type === "Edm.Binary") return Buffer.from(String(value), "base64").length;
  if (typeof value === "string") return 2 * value.length;
  if (typeof value === "boolean") return 1;
  return Number.isInteger(value) ? 4 : 8;
}

function checkTransaction(body) {
  refuseIf(body.length > BODY_BYTES_MAX, "RequestBodyTooLarge", `a body of ${body.length} bytes`, 413);
  const seen = new Set();
  let partition = null;
  operationsIn(body.toString("utf8")).forEach(([url, content], place) => {
    try {
      refuseIf(place >= OPERATIONS_MAX, "InvalidInput", "over 100 changes in a change set");
      const address = keysIn(split(url)[0]);
      if (address) checkKeys(address);
      const keys = (content ? checkBody(content, address) : address) ?? {};
      partition ??= keys.PartitionKey;
      refuseIf(keys.PartitionKey !== partition, "CommandsInBatchActOnDifferentPartitions", "two partitions");
      refuseIf(seen.has(keys.RowKey), "InvalidDuplicateRow", `RowKey '${keys.RowKey}' is in the batch already`);
      seen.add(keys.RowKey);
    } catch (error) {
      error.operation = place;
      throw error;
    }
  });
}

/** The address and content of each operation. */
function operationsIn(text) {
  const boundary = /boundary="?(changeset_[^"\s;]+)/.exec(text)?.[1];
  if (!boundary) return [];
  const parts = text.split(`--${boundary}`).slice(1, -1);
  return parts.map((part) => OPERATION.exec(part)).map((found) => (found ? [found[2], found[4].trim()] : ["", ""]));
}

module.exports = { BODY_BYTES_MAX, Refusal, check, isAboutTables, isQuery, split };
