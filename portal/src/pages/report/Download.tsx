/** All rows as a file: asked for with the token, so it cannot be a link. */
import { Button, Spinner } from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons';
import type { UseMutationResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ClaimFilter } from '../../api/claims';

interface DownloadProps {
  file: UseMutationResult<Blob, Error, ClaimFilter>;
  filter: ClaimFilter;
  /** The file's name. */
  name: string;
}

export function Download({ file, filter, name }: DownloadProps) {
  const { t } = useTranslation('report');
  return (
    <Button
      disabledFocusable={file.isPending}
      icon={file.isPending ? <Spinner size="tiny" /> : <ArrowDownloadRegular />}
      onClick={() => {
        file.mutate(filter, {
          onSuccess: (content) => {
            save(content, name);
          },
        });
      }}
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
