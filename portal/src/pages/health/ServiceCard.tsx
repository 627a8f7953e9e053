/** Whether the API and its storage answer. Asked again every few seconds. */
import { useTranslation } from 'react-i18next';
import { ApiError, AwayError, UNAVAILABLE } from '../../api/errors';
import { useHealth } from '../../api/health';
import { ErrorNote } from '../../components/ErrorNote';
import { Fact, Facts } from '../../components/Facts';
import { LoadingRows } from '../../components/LoadingRows';
import { Card } from './Card';
import { Condition } from './Condition';

export function ServiceCard() {
  const { t } = useTranslation('health');
  const { data, error, isPending, refetch } = useHealth();
  const isAway = error instanceof AwayError;
  const isWithoutStorage = error instanceof ApiError && error.status === UNAVAILABLE;
  return (
    <Card id="health-service" title={t('service.title')}>
      {isPending ? (
        <LoadingRows rows={3} />
      ) : error !== null && !isAway && !isWithoutStorage ? (
        <ErrorNote error={error} onRetry={() => void refetch()} />
      ) : (
        <Facts>
          <Fact name={t('service.api')}>
            <Condition isWell={!isAway}>{isAway ? t('silent') : t('answers')}</Condition>
          </Fact>
          <Fact name={t('service.storage')}>
            {isAway ? (
              t('unknown')
            ) : (
              <Condition isWell={!isWithoutStorage}>{isWithoutStorage ? t('silent') : t('answers')}</Condition>
            )}
          </Fact>
          {data !== undefined && <Fact name={t('service.version')}>{data.version}</Fact>}
        </Facts>
      )}
    </Card>
  );
}
