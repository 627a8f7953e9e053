/** Numbers, dates and lists in the reader's language, with the conventions of the reader's country. */
import { useTranslation } from 'react-i18next';

export interface Format {
  number: (value: number) => string;
  /** A day without a time, as the API writes it: `2026-03-01`. Days are UTC's, wherever the reader is. */
  day: (date: string) => string;
  /** The same, short enough for a chart's axis. */
  shortDay: (date: string) => string;
  /** A moment, on the reader's own clock. */
  moment: (instant: string) => string;
  list: (items: readonly string[]) => string;
}

/** The browser's own tag of a language, which names a country too; or the bare language. */
function localeOf(language: string): string {
  return navigator.languages.find((tag) => tag.split('-')[0] === language) ?? language;
}

export function formatOf(language: string): Format {
  const locale = localeOf(language);
  const numbers = new Intl.NumberFormat(locale);
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const shortDays = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const moments = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });
  return {
    number: (value) => numbers.format(value),
    day: (date) => days.format(new Date(date)),
    shortDay: (date) => shortDays.format(new Date(date)),
    moment: (instant) => moments.format(new Date(instant)),
    list: (items) => lists.format(items),
  };
}

/** By language. To make one takes the browser some milliseconds, and a list has one in every row. */
const formats = new Map<string, Format>();

export function useFormat(): Format {
  const { language } = useTranslation().i18n;
  const format = formats.get(language) ?? formatOf(language);
  formats.set(language, format);
  return format;
}
