/** A field to search or filter by, with a cross that empties it. */
import { SearchBox } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';

interface SearchFieldProps {
  /** What is searched; stands in the field while it is empty. */
  label: string;
  value: string;
  onChange: (value: string) => void;
  className?: string;
  size?: 'medium' | 'large';
  maxLength?: number;
}

export function SearchField({ label, value, onChange, ...others }: SearchFieldProps) {
  const { t } = useTranslation('common');
  return (
    <SearchBox
      {...others}
      value={value}
      aria-label={label}
      placeholder={label}
      dismiss={{ 'aria-label': t('clear') }}
      onKeyDown={(event) => {
        // Enter searches, it does not submit a form around it; Escape empties, it does not close a dialog around it.
        const isEmptied = event.key === 'Escape' && value !== '';
        if (event.key === 'Enter' || isEmptied) event.preventDefault();
        if (isEmptied) onChange('');
      }}
      onChange={(_event, { value }) => {
        onChange(value);
      }}
    />
  );
}
