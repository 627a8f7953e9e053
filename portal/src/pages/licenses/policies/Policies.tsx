/** The organisation's auto-claim policies: what gives whom a license, whether it does, and how many are left. */
import { makeStyles, tokens } from '@fluentui/react-components';
import { lazy, Suspense, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { useMe } from '../../../api/me';
import { usePolicies } from '../../../api/policies';
import { useSettings } from '../../../api/settings';
import { SettingNote, type SettingResult } from '../../../components/SettingNote';
import { Waiting } from '../../../components/Waiting';
import { loadTexts } from '../../../i18n';
import { NoPolicies } from './NoPolicies';
import { PolicyList } from './PolicyList';
import { SettingOff } from './SettingOff';

const PolicyPane = lazy(async () => {
  const [{ PolicyPane: Pane }] = await Promise.all([import('./pane/PolicyPane'), loadTexts('policyPane')]);
  return { default: Pane };
});

const useStyles = makeStyles({ result: { marginBottom: tokens.spacingVerticalL } });

export function Policies() {
  const styles = useStyles();
  const { policyId } = useParams();
  const navigate = useNavigate();
  const settings = useSettings();
  const policies = usePolicies();
  const me = useMe();
  const [result, setResult] = useState<SettingResult>();

  if (settings.data === undefined || policies.data === undefined || me.data === undefined) {
    return <Waiting queries={[settings, policies, me]} rows={6} />;
  }
  const isSettingOn = settings.data.autoClaimEnabled;
  const mayManage = me.data.rights.includes('manage');

  return (
    <>
      <SettingNote result={result} settings={settings.data} className={styles.result} />
      <SettingOff
        settings={settings.data}
        mayManage={mayManage}
        hasPolicies={policies.data.length > 0}
        onDone={setResult}
      />
      {policies.data.length > 0 ? (
        <PolicyList policies={policies.data} isSettingOn={isSettingOn} mayManage={mayManage} shown={policyId} />
      ) : (
        isSettingOn && <NoPolicies mayManage={mayManage} />
      )}
      {policyId !== undefined && (
        <Suspense>
          <PolicyPane
            // Another policy is another pane: what was begun in one does not go into the next.
            key={policyId}
            policyId={policyId}
            onClose={() => void navigate('/licenses/policies')}
          />
        </Suspense>
      )}
    </>
  );
}
