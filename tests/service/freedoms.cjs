// What a page of the service may be, and Azurite's never is: cut short at any row, empty with a continuation, or one
// page too many behind the last row ("Query timeout and pagination": a page ends at 1,000 rows, after 5 seconds, or
// where a partition's server does).
//
// Chance comes from a seed and from the number of queries since it was set, so a test that asks the same questions in
// the same order gets the same pages. The seed 0 is the harshest: every page has one row and a page behind the last.

const EMPTY_IN_A_ROW_MAX = 3;
const EMPTY_CHANCE = 0.15;
const CUT_CHANCE = 0.35;
const BEHIND_CHANCE = 0.1;
const ROWS_MAX = 1000;
// Marks in NextPartitionKey, before the emulator's own, which is base64 and has no full stop.
const AGAIN = "again.";
const BEHIND = "behind.";

class Freedoms {
  constructor(seed) {
    this.set(seed, true);
  }

  set(seed, cut) {
    this._state = seed >>> 0;
    this._isHarsh = seed === 0;
    this._cut = cut;
  }

  /** What becomes of a query: an empty page, or another query for the emulator, perhaps with a page behind the last. */
  of(url) {
    const mark = url.indexOf("?");
    const parameters = new Map(
      (mark < 0 ? [] : url.slice(mark + 1).split("&")).map((each) => each.split("=").map(decodeURIComponent)),
    );
    let partition = parameters.get("NextPartitionKey") ?? null;
    if (partition?.startsWith(BEHIND)) return { empty: {} };
    let emptySoFar = 0;
    if (partition?.startsWith(AGAIN)) {
      const [, count, real] = partition.split(".");
      emptySoFar = Number(count);
      partition = real || null;
      if (partition) parameters.set("NextPartitionKey", partition);
      else parameters.delete("NextPartitionKey");
    }
    if (!this._cut) return { url: joined(url, parameters) };
    if (this._random() < EMPTY_CHANCE && emptySoFar < EMPTY_IN_A_ROW_MAX) {
      const rest = { NextPartitionKey: `${AGAIN}${emptySoFar + 1}.${partition ?? ""}` };
      if (parameters.has("NextRowKey")) rest.NextRowKey = parameters.get("NextRowKey");
      return { empty: rest };
    }
    if (this._isHarsh) {
      parameters.set("$top", "1");
      return { url: joined(url, parameters), behind: `${BEHIND}0` };
    }
    const top = Number(parameters.get("$top") ?? ROWS_MAX);
    // Short pages are as likely as long ones, also where a page may have a thousand rows.
    if (this._random() < CUT_CHANCE) parameters.set("$top", String(Math.ceil(top ** this._random())));
    return { url: joined(url, parameters), behind: this._random() < BEHIND_CHANCE ? `${BEHIND}0` : null };
  }

  /** A number from 0 to 1 (the generator known as mulberry32). */
  _random() {
    this._state = (this._state + 0x6d2b79f5) >>> 0;
    let mixed = this._state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}

function joined(url, parameters) {
  const query = [...parameters].map((each) => each.map(encodeURIComponent).join("=")).join("&");
  return url.split("?")[0] + (query ? `?${query}` : "");
}

module.exports = { Freedoms };
