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

export function SearchField({ label, onChange, ...others }: SearchFieldProps) {
  const { t } = useTranslation('common');
  return (
    <SearchBox
      {...others}
      aria-label={label}
      placeholder={label}
      dismiss={{ 'aria-label': t('clear') }}
      onKeyDown={(event) => {
        // Enter searches; it does not submit a form around it.
        if (event.key === 'Enter') event.preventDefault();
      }}
      onChange={(_event, { value }) => {
        onChange(value);
      }}
    />
  );
}
