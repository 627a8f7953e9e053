/**
 * The texts, in English and Dutch: a file for each page and language, loaded with the page.
 *
 * The language is the one that the switch was set to on this browser, or else the first of the browser's that there is.
 */
import i18next, { type BackendModule } from 'i18next';
import { initReactI18next } from 'react-i18next';

export const LANGUAGES = ['en', 'nl'] as const;
export type Language = (typeof LANGUAGES)[number];

const KEPT = 'autoclaim.language';
const texts = import.meta.glob<Record<string, unknown>>('./*/*.json', { import: 'default' });

const files: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read: (language, namespace, done) => {
    const load = texts[`./${language}/${namespace}.json`];
    if (load === undefined) {
      done(new Error(`there is no ${language}/${namespace}.json`), null);
      return;
    }
    load().then(
      (loaded) => {
        done(null, loaded);
      },
      (error: unknown) => {
        done(error as Error, null);
      },
    );
  },
};

function isLanguage(text: string | null | undefined): text is Language {
  return LANGUAGES.some((language) => language === text);
}

function firstLanguage(): Language {
  const kept = localStorage.getItem(KEPT);
  if (isLanguage(kept)) return kept;
  return navigator.languages.map((tag) => tag.split('-')[0]).find(isLanguage) ?? 'en';
}

/** Afterwards what every page says can be said. A page's own texts come with it: see app/routes.tsx. */
export async function startTexts(): Promise<void> {
  i18next.on('languageChanged', (language) => {
    document.documentElement.lang = language;
  });
  await i18next
    .use(files)
    .use(initReactI18next)
    .init({
      lng: firstLanguage(),
      fallbackLng: false,
      ns: ['common', 'shell', 'errors'],
      defaultNS: 'common',
      // React escapes.
      interpolation: { escapeValue: false },
      returnNull: false,
    });
}

/** Changes the language, here and on this browser's next visit. */
export async function changeLanguage(language: Language): Promise<void> {
  localStorage.setItem(KEPT, language);
  await i18next.changeLanguage(language);
}

/** Afterwards these texts are there, so that a page shows at once what it says. */
export function loadTexts(...namespaces: string[]): Promise<void> {
  return i18next.loadNamespaces(namespaces);
}
