/** A product at its place in the assigning order, with what is left of it. */
import { Badge, Checkbox, makeStyles, mergeClasses, Text, tokens, useId } from '@fluentui/react-components';
import { ReOrderDotsVerticalRegular } from '@fluentui/react-icons';
import { type DragEvent, type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../../i18n/format';

const useStyles = makeStyles({
  row: {
    position: 'relative',
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM} ${tokens.spacingVerticalS} ${tokens.spacingHorizontalXS}`,
    ':not(:first-child)': { borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
  },
  movable: { cursor: 'grab', ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover } },
  quiet: { paddingLeft: tokens.spacingHorizontalM },
  dragged: { opacity: 0.5 },
  // Where it would be put.
  above: { boxShadow: `inset 0 2px 0 ${tokens.colorCompoundBrandStroke}` },
  below: { boxShadow: `inset 0 -2px 0 ${tokens.colorCompoundBrandStroke}` },
  handle: { flexShrink: 0, fontSize: '20px', color: tokens.colorNeutralForeground3 },
  words: {
    flexGrow: 1,
    minWidth: 0,
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: `0 ${tokens.spacingHorizontalM}`,
  },
  name: { flexBasis: '220px', flexGrow: 1, minWidth: 0, overflowWrap: 'anywhere' },
  // As dark unchecked as checked: it is a name here, not a choice.
  label: { color: tokens.colorNeutralForeground1 },
  numbers: {
    display: 'flex',
    alignItems: 'center',
    flexWrap: 'wrap',
    gap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalS}`,
    color: tokens.colorNeutralForeground2,
    fontVariantNumeric: 'tabular-nums',
  },
  none: { color: tokens.colorStatusDangerForeground3 },
});

interface ProductRowProps {
  name: string;
  /** 0 is the primary product. */
  place: number;
  availableLicenses: number;
  isReadOnly: boolean;
  isChecked: boolean;
  isDragged: boolean;
  /** The place of the product that is being dragged, if it is another one. */
  dropsFrom: number | undefined;
  onCheck: (isChecked: boolean) => void;
  onMove: (step: -1 | 1) => void;
  onDrag: (isBegun: boolean) => void;
  onDrop: () => void;
}

export function ProductRow(props: ProductRowProps) {
  const { name, place, availableLicenses, isReadOnly, isChecked, isDragged, dropsFrom } = props;
  const styles = useStyles();
  const { t } = useTranslation('policyPane');
  const { number } = useFormat();
  const numbersId = useId('numbers');
  const [isOver, setOver] = useState(false);
  const isTarget = isOver && dropsFrom !== undefined;

  function move(event: KeyboardEvent): void {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    props.onMove(event.key === 'ArrowUp' ? -1 : 1);
  }

  const dragging = !isReadOnly && {
    draggable: true,
    onKeyDown: move,
    onDragStart: (event: DragEvent) => {
      // Firefox drags nothing that carries nothing.
      event.dataTransfer.setData('text/plain', name);
      event.dataTransfer.effectAllowed = 'move';
      props.onDrag(true);
    },
    onDragEnd: () => {
      props.onDrag(false);
    },
    onDragOver: (event: DragEvent) => {
      // Without this, nothing may be dropped here; and files and texts from elsewhere may not.
      if (dropsFrom === undefined) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => {
      setOver(false);
    },
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      props.onDrop();
    },
  };

  return (
    <li
      className={mergeClasses(
        styles.row,
        isReadOnly ? styles.quiet : styles.movable,
        isDragged && styles.dragged,
        isTarget && (dropsFrom > place ? styles.above : styles.below),
      )}
      {...dragging}
    >
      {!isReadOnly && <ReOrderDotsVerticalRegular className={styles.handle} aria-hidden="true" />}
      <div className={styles.words}>
        {isReadOnly ? (
          <Text className={styles.name}>{name}</Text>
        ) : (
          <Checkbox
            className={styles.name}
            label={<span className={styles.label}>{name}</span>}
            checked={isChecked}
            aria-describedby={numbersId}
            onChange={(_event, { checked }) => {
              props.onCheck(checked === true);
            }}
          />
        )}
        <span id={numbersId} className={styles.numbers}>
          <Badge appearance="tint" color={place === 0 ? 'brand' : 'informative'}>
            {place === 0 ? t('products.primary') : t('products.backup', { place })}
          </Badge>
          <Text size={200} className={mergeClasses(availableLicenses === 0 && styles.none)}>
            {t('products.available', { count: availableLicenses, number: number(availableLicenses) })}
          </Text>
        </span>
      </div>
    </li>
  );
}
