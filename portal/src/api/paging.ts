/** Lists, page by page. A page may be short or empty and still have a next one; the link to it is opaque. */

export interface Page<T> {
  value: T[];
  nextLink?: string;
}

/** Where a page begins, as the API's lists take it. Filters are sent again with it: a link is bound to them. */
export interface Continuation {
  top?: number;
  continuation?: string;
}

export const FIRST_PAGE: Continuation = {};

/** Pages of one list that are read at once, for lists that are shown whole: 300 products, 200 policies and apps. */
export const PAGES_MAX = 20;
export const PAGE_ITEMS = 1000;

/** Where the next page begins, or undefined after the last one. */
export function continuationOf(page: { nextLink?: string }): Continuation | undefined {
  if (page.nextLink === undefined) return undefined;
  // Only what is ours of the link: it names the API's public host, which need not be how this page reaches it.
  const query = new URL(page.nextLink, window.location.origin).searchParams;
  const top = query.get('top');
  return { continuation: query.get('continuation') ?? '', ...(top !== null && { top: Number(top) }) };
}

/** All items of a list, which must have at most PAGES_MAX pages: more is an error rather than half a list. */
export async function allItems<T>(read: (continuation: Continuation) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let continuation: Continuation | undefined = { top: PAGE_ITEMS };
  for (let count = 0; count < PAGES_MAX && continuation !== undefined; count += 1) {
    const page: Page<T> = await read(continuation);
    items.push(...page.value);
    continuation = continuationOf(page);
  }
  if (continuation !== undefined) throw new Error(`a list has more than ${PAGES_MAX.toString()} pages`);
  return items;
}
