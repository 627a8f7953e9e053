/** A field to choose one of several, where those that cannot be chosen stand too, each with the reason. */
import { Dropdown, Field, makeStyles, Option, Text, tokens } from '@fluentui/react-components';

export interface Alternative {
  id: string;
  name: string;
  /** What there is to know of it, or why it cannot be chosen. */
  note: string;
  isOffered: boolean;
}

const useStyles = makeStyles({
  field: { flexGrow: 1, minWidth: 0, maxWidth: '480px', '@media (max-width: 480px)': { flexBasis: '100%' } },
  control: { minWidth: 0 },
  option: { display: 'flex', flexDirection: 'column', minWidth: 0, overflowWrap: 'anywhere' },
  list: { maxHeight: '320px' },
  note: { color: tokens.colorNeutralForeground3 },
  closed: { color: tokens.colorNeutralForegroundDisabled },
});

interface ChoiceProps {
  label: string;
  placeholder: string;
  alternatives: readonly Alternative[];
  chosenId: string;
  fault: string | undefined;
  onChoose: (id: string) => void;
}

export function Choice({ label, placeholder, alternatives, chosenId, fault, onChoose }: ChoiceProps) {
  const styles = useStyles();
  return (
    <Field className={styles.field} label={label} required {...(fault && { validationMessage: fault })}>
      <Dropdown
        className={styles.control}
        placeholder={placeholder}
        listbox={{ className: styles.list }}
        value={alternatives.find(({ id }) => id === chosenId)?.name ?? ''}
        selectedOptions={chosenId === '' ? [] : [chosenId]}
        onOptionSelect={(_event, { optionValue }) => {
          if (optionValue !== undefined) onChoose(optionValue);
        }}
      >
        {alternatives.map(({ id, name, note, isOffered }) => (
          <Option key={id} value={id} text={name} disabled={!isOffered && id !== chosenId}>
            <span className={styles.option}>
              {name}
              <Text size={200} className={isOffered ? styles.note : styles.closed}>
                {note}
              </Text>
            </span>
          </Option>
        ))}
      </Dropdown>
    </Field>
  );
}
