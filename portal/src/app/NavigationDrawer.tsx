/** The navigation where there is no room for a column. Its code comes when it is first opened. */
import { Button, DrawerBody, DrawerHeader, DrawerHeaderTitle, OverlayDrawer } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { Navigation } from './Navigation';

export function NavigationDrawer({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation(['shell', 'common']);
  return (
    <OverlayDrawer
      open={isOpen}
      size="small"
      onOpenChange={(_event, { open }) => {
        if (!open) onClose();
      }}
    >
      <DrawerHeader>
        <DrawerHeaderTitle
          action={
            <Button appearance="subtle" icon={<DismissRegular />} aria-label={t('closeNavigation')} onClick={onClose} />
          }
        >
          {t('common:product')}
        </DrawerHeaderTitle>
      </DrawerHeader>
      <DrawerBody>
        <Navigation onChosen={onClose} />
      </DrawerBody>
    </OverlayDrawer>
  );
}
