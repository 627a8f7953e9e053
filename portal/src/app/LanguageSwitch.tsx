/** The switch between the two languages: names the other one, in itself. More of them would want a menu. */
import { Button } from '@fluentui/react-components';
import { LocalLanguageRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { changeLanguage, LANGUAGES, type Language } from '../i18n';

const NAMES: Record<Language, string> = { en: 'English', nl: 'Nederlands' };

export function LanguageSwitch() {
  const { i18n } = useTranslation();
  const other = LANGUAGES.find((language) => language !== i18n.language) ?? 'en';
  return (
    <Button appearance="subtle" icon={<LocalLanguageRegular />} lang={other} onClick={() => void changeLanguage(other)}>
      {NAMES[other]}
    </Button>
  );
}
