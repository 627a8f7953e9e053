/**
 * The policy's products in assigning order. The checked ones go up and down by buttons; one goes by Alt and an arrow key
 * on its check box, or by dragging. The last one stays: a policy without products is one that is turned off.
 */
import { Button, makeStyles, MessageBar, MessageBarActions, MessageBarBody, tokens } from '@fluentui/react-components';
import { ArrowDownRegular, ArrowUpRegular, SubtractCircleRegular } from '@fluentui/react-icons';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Product } from '../../../../api/products';
import { type Draft, moved, placed } from './draft';
import { ProductRow } from './ProductRow';

const useStyles = makeStyles({
  tools: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  list: {
    listStyleType: 'none',
    margin: 0,
    padding: 0,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
  },
  announcement: {
    position: 'absolute',
    width: '1px',
    height: '1px',
    overflow: 'hidden',
    clipPath: 'inset(50%)',
    whiteSpace: 'nowrap',
  },
});

interface ProductListProps {
  draft: Draft;
  products: readonly Product[];
  isReadOnly: boolean;
  /** The way to another product. */
  add: ReactNode;
  onEdit: (draft: Draft) => void;
}

export function ProductList({ draft, products, isReadOnly, add, onEdit }: ProductListProps) {
  const styles = useStyles();
  const { t } = useTranslation('policyPane');
  const [checked, setChecked] = useState<ReadonlySet<string>>(new Set());
  const [dragged, setDragged] = useState<string>();
  const [announcement, setAnnouncement] = useState('');
  const [isLastAsked, setLastAsked] = useState(false);

  const { skuIds } = draft;
  const chosen = new Set(skuIds.filter((skuId) => checked.has(skuId)));
  const nameOf = (skuId: string): string => products.find((product) => product.skuId === skuId)?.displayName ?? skuId;

  function reorder(next: readonly string[], about: ReadonlySet<string>): void {
    if (next.every((skuId, place) => skuId === skuIds[place])) return;
    onEdit({ ...draft, skuIds: next });
    const places = next.flatMap((skuId, place) =>
      about.has(skuId) ? [t('products.movedTo', { name: nameOf(skuId), place: place + 1, count: next.length })] : [],
    );
    setAnnouncement(places.join(' '));
  }

  function remove(): void {
    const left = skuIds.filter((skuId) => !chosen.has(skuId));
    setLastAsked(left.length === 0);
    if (left.length === 0) return;
    onEdit({ ...draft, skuIds: left });
    setChecked(new Set());
  }

  const canMove = (step: -1 | 1): boolean => moved(skuIds, chosen, step).some((skuId, at) => skuId !== skuIds[at]);
  return (
    <>
      {!isReadOnly && (
        <div role="group" aria-label={t('products.tools')} className={styles.tools}>
          {([-1, 1] as const).map((step) => (
            <Button
              key={step}
              icon={step === -1 ? <ArrowUpRegular /> : <ArrowDownRegular />}
              disabledFocusable={!canMove(step)}
              onClick={() => {
                reorder(moved(skuIds, chosen, step), chosen);
              }}
            >
              {step === -1 ? t('products.up') : t('products.down')}
            </Button>
          ))}
          <Button icon={<SubtractCircleRegular />} disabledFocusable={chosen.size === 0} onClick={remove}>
            {t('products.remove')}
          </Button>
        </div>
      )}
      <ol className={styles.list} aria-labelledby="policy-products">
        {skuIds.map((skuId, place) => (
          <ProductRow
            key={skuId}
            name={nameOf(skuId)}
            place={place}
            availableLicenses={products.find((product) => product.skuId === skuId)?.availableLicenses ?? 0}
            isReadOnly={isReadOnly}
            isChecked={checked.has(skuId)}
            isDragged={dragged === skuId}
            dropsFrom={dragged === undefined || dragged === skuId ? undefined : skuIds.indexOf(dragged)}
            onCheck={(isChecked) => {
              setLastAsked(false);
              setChecked(new Set(isChecked ? [...chosen, skuId] : [...chosen].filter((each) => each !== skuId)));
            }}
            onMove={(step) => {
              const one = new Set([skuId]);
              reorder(moved(skuIds, one, step), one);
            }}
            onDrag={(isBegun) => {
              setDragged(isBegun ? skuId : undefined);
            }}
            onDrop={() => {
              if (dragged !== undefined) reorder(placed(skuIds, dragged, skuId), new Set([dragged]));
              setDragged(undefined);
            }}
          />
        ))}
      </ol>
      <div role="status" className={styles.announcement}>
        {announcement}
      </div>
      {isLastAsked && (
        <MessageBar intent="warning" layout="multiline" role="alert">
          <MessageBarBody>{t('products.last')}</MessageBarBody>
          {draft.enabled && (
            <MessageBarActions>
              <Button
                onClick={() => {
                  setLastAsked(false);
                  onEdit({ ...draft, enabled: false });
                }}
              >
                {t('products.turnOff')}
              </Button>
            </MessageBarActions>
          )}
        </MessageBar>
      )}
      {!isReadOnly && <div>{add}</div>}
    </>
  );
}
