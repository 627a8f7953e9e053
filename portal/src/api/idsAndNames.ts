/** The API's own forms of ids and names, so that a form can say what is wrong before anything is sent. */

export const NAME_MAX = 128;

/** 8-4-4-4-12 hexadecimal digits, any case. */
export function isGuid(text: string): boolean {
  return /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(text);
}

export function isAppId(text: string): boolean {
  return /^[\w.~-]{1,128}$/.test(text) && isNoDots(text);
}

export function isUserId(text: string): boolean {
  return /^[\w.~@|:+=-]{1,128}$/.test(text) && isNoDots(text);
}

export function isClientAppId(text: string): boolean {
  return /^[\x21-\x7e]{1,256}$/.test(text);
}

/** What is wrong with a name, if anything. It is trimmed when it is stored, and counted in code points. */
export function nameFault(text: string): 'missing' | 'tooLong' | undefined {
  const { length } = Array.from(text.trim());
  return length === 0 ? 'missing' : length > NAME_MAX ? 'tooLong' : undefined;
}

export function isName(text: string): boolean {
  return nameFault(text) === undefined;
}

function isNoDots(text: string): boolean {
  return text !== '.' && text !== '..';
}
