/** Stacked columns, a day each: Fluent's chart, loaded on its own when there is something to draw. */
import { DataVizPalette, getColorFromToken, VerticalStackedBarChart } from '@fluentui/react-charts';
import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/format';
import { CHART_PIXELS } from './chartHeight';
import type { Daily, Day, Series } from './daily';

const COLORS = [
  DataVizPalette.color1,
  DataVizPalette.color3,
  DataVizPalette.color7,
  DataVizPalette.color9,
  DataVizPalette.color6,
  DataVizPalette.color8,
  DataVizPalette.color2,
  DataVizPalette.color10,
] as const;

const colorOf = (series: Series) => getColorFromToken(COLORS[series.place % COLORS.length] ?? COLORS[0]);

const useStyles = makeStyles({
  legend: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalXL}`,
    listStyleType: 'none',
    margin: 0,
    padding: 0,
  },
  key: { display: 'inline-flex', alignItems: 'center', gap: tokens.spacingHorizontalS },
  color: { flexShrink: 0, width: '12px', height: '12px', borderRadius: tokens.borderRadiusSmall },
  number: { fontVariantNumeric: 'tabular-nums', fontWeight: tokens.fontWeightSemibold },
  chart: { width: '100%', height: `${CHART_PIXELS.toString()}px`, minWidth: 0, overflow: 'hidden' },
  callout: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS, minWidth: '160px' },
  line: { display: 'flex', justifyContent: 'space-between', gap: tokens.spacingHorizontalL },
});

export function DailyChart({ daily }: { daily: Daily }) {
  const styles = useStyles();
  const { t } = useTranslation('report');
  const { day, shortDay, number } = useFormat();
  const [place, width] = useWidth();
  const nameOf = (series: Series) => series.name ?? t('rest');
  const days = new Map(daily.days.map((each) => [each.date, each]));
  const first = daily.days.at(0)?.date;
  const last = daily.days.at(-1)?.date;

  return (
    <>
      <ul className={styles.legend} aria-label={t('legend')}>
        {daily.series.map((series) => (
          <li key={series.key} className={styles.key}>
            <span className={styles.color} style={{ backgroundColor: colorOf(series) }} aria-hidden="true" />
            <Text>{nameOf(series)}</Text>
            <Text className={styles.number}>{number(series.claims)}</Text>
          </li>
        ))}
      </ul>
      <div ref={place} className={styles.chart}>
        {width > 0 && (
          <VerticalStackedBarChart
            width={width}
            height={CHART_PIXELS}
            margins={{ top: 16, right: 24, bottom: 32, left: 44 }}
            barWidth="auto"
            maxBarWidth={40}
            xAxisInnerPadding={0.25}
            barCornerRadius={width / daily.days.length > ROUNDED_FROM_PIXELS ? 2 : 0}
            yAxisTickFormat={(claims: number) => (Number.isInteger(claims) ? number(claims) : '')}
            yAxisTickCount={TICKS}
            yMaxValue={roundTop(daily)}
            hideLegend
            hideLabels
            svgProps={{
              'aria-label': t('chart', {
                from: first === undefined ? '' : day(first),
                to: last === undefined ? '' : day(last),
              }),
            }}
            data={daily.days.map((each) => ({
              // A text rather than a date: Fluent rounds an axis of dates to whole weeks, but not the columns on it.
              xAxisPoint: shortDay(each.date),
              chartData: daily.series.map((series, index) => ({
                legend: nameOf(series),
                // Noughts too: they hold the place of a day without claims.
                data: each.parts[index] ?? 0,
                color: colorOf(series),
                xAxisCalloutData: each.date,
                callOutAccessibilityData: {
                  ariaLabel: t('part', {
                    day: day(each.date),
                    product: nameOf(series),
                    claims: number(each.parts[index] ?? 0),
                  }),
                },
              })),
            }))}
            onRenderCalloutPerDataPoint={(point) => {
              const pointed = days.get(point?.xAxisCalloutData ?? '');
              return pointed === undefined ? null : <DayCallout pointed={pointed} daily={daily} nameOf={nameOf} />;
            }}
          />
        )}
      </div>
    </>
  );
}

/** Narrower columns look better with corners. */
const ROUNDED_FROM_PIXELS = 12;
const TICKS = 4;
const ROUND = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10] as const;

/** Where the axis ends: above the highest column, and so that each of its lines stands at a round, whole number. */
function roundTop(daily: Daily): number {
  const step = Math.max(1, ...daily.days.map(({ claims }) => claims / TICKS));
  const magnitude = 10 ** Math.floor(Math.log10(step));
  const factor = ROUND.find((each) => each * magnitude >= step && Number.isInteger(each * magnitude)) ?? 10;
  return factor * magnitude * TICKS;
}

/** What is shown beside a column: the whole day, whichever part of it is pointed at. */
function DayCallout({ pointed, daily, nameOf }: { pointed: Day; daily: Daily; nameOf: (series: Series) => string }) {
  const styles = useStyles();
  const { t } = useTranslation('report');
  const { day, number } = useFormat();
  return (
    <div className={styles.callout}>
      <Text weight="semibold">{day(pointed.date)}</Text>
      {daily.series.map((series, index) =>
        pointed.parts[index] === 0 ? null : (
          <div key={series.key} className={styles.line}>
            <span className={styles.key}>
              <span className={styles.color} style={{ backgroundColor: colorOf(series) }} />
              <Text>{nameOf(series)}</Text>
            </span>
            <Text className={styles.number}>{number(pointed.parts[index] ?? 0)}</Text>
          </div>
        ),
      )}
      <div className={styles.line}>
        <Text>{t('total')}</Text>
        <Text className={styles.number}>{number(pointed.claims)}</Text>
      </div>
    </div>
  );
}

/** How wide an element is, now and when it changes: the chart itself looks only once. */
function useWidth(): [React.RefObject<HTMLDivElement | null>, number] {
  const element = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setWidth(Math.floor(entry.contentRect.width));
    });
    observer.observe(element.current);
    return () => {
      observer.disconnect();
    };
  }, []);
  return [element, width];
}
