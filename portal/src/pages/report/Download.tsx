/** All rows as a file: asked for with the token, so it cannot be a link. */
import { Button, Spinner } from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { type ClaimFilter, useClaimedLicensesFile } from '../../api/claims';

/** The file of these rows, which `start` asks for and saves under this name. */
export function useDownload(filter: ClaimFilter, name: string) {
  const { mutate, ...file } = useClaimedLicensesFile();
  return {
    ...file,
    start: () => {
      mutate(filter, {
        onSuccess: (content) => {
          save(content, name);
        },
      });
    },
  };
}

export function Download({ download }: { download: ReturnType<typeof useDownload> }) {
  const { t } = useTranslation('report');
  return (
    <Button
      disabledFocusable={download.isPending}
      icon={download.isPending ? <Spinner size="tiny" /> : <ArrowDownloadRegular />}
      onClick={download.start}
    >
      {t('download')}
    </Button>
  );
}

/** What a file of this report is called: the policy, the period, and the last day of it. */
export function fileName(period: number, to: string, policyName: string | undefined): string {
  const policy = (policyName ?? '')
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, NAME_CHARACTERS_MAX);
  const days = `${period.toString()}-days`;
  return `${['autoclaim', policy, days, to].filter((part) => part !== '').join('-')}.csv`;
}

const NAME_CHARACTERS_MAX = 60;
/** The browser has read the file by then. */
const RELEASE_MILLISECONDS = 60_000;

function save(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, RELEASE_MILLISECONDS);
}
