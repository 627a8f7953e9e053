/** One page of the wizard: what it asks, why the API refused it if it did, and its fields. */
import { makeStyles, Text, tokens, typographyStyles } from '@fluentui/react-components';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorNote } from '../../../../components/ErrorNote';
import { appOf, productOf } from './draft';
import { NamePage } from './NamePage';
import type { PageProps } from './page';
import { ProductsPage } from './ProductsPage';
import { ReviewPage } from './ReviewPage';
import { ServicesPage } from './ServicesPage';
import { isFaulty, placeOf, type Step } from './steps';

const useStyles = makeStyles({
  body: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXXL, minWidth: 0 },
  words: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS },
  // The focus comes here by itself only; no key leads here, so it needs no ring.
  title: { ...typographyStyles.subtitle1, outline: 'none' },
  text: { color: tokens.colorNeutralForeground2 },
});

interface PageBodyProps extends Omit<PageProps, 'isChecked'> {
  step: Step;
  /** How often one wanted to go on from here although something was wrong. */
  attempts: number;
  refusal: Error | undefined;
  /** It was come to from another page; the wizard's own title has the focus when it opens. */
  takesFocus: boolean;
  onGo: (step: Step) => void;
}

export function PageBody({ step, attempts, refusal, takesFocus, onGo, ...given }: PageBodyProps) {
  const styles = useStyles();
  const { t } = useTranslation('wizard');
  const body = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (takesFocus) heading.current?.focus();
    // Once, when the page comes: what happens on it moves no focus.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  useEffect(() => {
    if (attempts > 0) body.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempts]);
  const page = { ...given, isChecked: attempts > 0 };
  const { draft, catalog } = page;
  const product = productOf(draft.skuIds[placeOf(step) ?? -1] ?? '', catalog);
  const app = appOf(draft, catalog);
  const kind = product === undefined ? (step as 'name' | 'products' | 'review') : 'services';

  return (
    <div ref={body} className={styles.body}>
      <div className={styles.words}>
        <h2 ref={heading} tabIndex={-1} className={styles.title}>
          {t(`${kind}.title`)}
        </h2>
        <Text className={styles.text}>
          {t(`${kind}.text`, { product: product?.displayName ?? '', app: app?.name ?? '' })}
        </Text>
      </div>
      {/* A fault that the page itself can show stands at its field. */}
      {refusal !== undefined && !isFaulty(step, draft, catalog) && <ErrorNote error={refusal} />}
      {kind === 'name' && <NamePage {...page} />}
      {kind === 'products' && <ProductsPage {...page} />}
      {product !== undefined && app !== undefined && <ServicesPage {...page} product={product} app={app} />}
      {kind === 'review' && <ReviewPage {...page} onGo={onGo} />}
    </div>
  );
}
