import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { en, type Text } from './en';
import { ptBR } from './pt-BR';

export const LANGUAGES = { en: 'English', 'pt-BR': 'Português' } as const;
export type Language = keyof typeof LANGUAGES;

const TEXTS: Record<Language, Text> = { en, 'pt-BR': ptBR };
const KEY = 'stepstream.language';

/** What was chosen before, otherwise what the browser asks for, otherwise English. */
export function preferred(stored: string | null, asked: readonly string[]): Language {
  if (stored === 'en' || stored === 'pt-BR') {
    return stored;
  }
  const known = asked.map((one) => one.slice(0, 2).toLowerCase()).find((one) => one === 'en' || one === 'pt');
  return known === 'pt' ? 'pt-BR' : 'en';
}

interface Locale {
  language: Language;
  choose: (language: Language) => void;
}

const Current = createContext<Locale>({ language: 'en', choose: () => {} });

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(() => preferred(localStorage.getItem(KEY), navigator.languages));
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const current = useMemo(
    () => ({
      language,
      choose: (chosen: Language) => {
        localStorage.setItem(KEY, chosen);
        setLanguage(chosen);
      },
    }),
    [language]);
  return <Current.Provider value={current}>{children}</Current.Provider>;
}

export const useText = (): Text => TEXTS[useContext(Current).language];
/** For dates and numbers. */
export const useLocale = (): Language => useContext(Current).language;
export const useLanguage = (): Locale => useContext(Current);
