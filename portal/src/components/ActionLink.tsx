/** A link to another page that looks like a button: it has an address, so it can be opened in a tab of its own. */
import { Button, type ButtonProps } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';
import { useHref, useLinkClickHandler } from 'react-router';

interface ActionLinkProps {
  to: string;
  children: ReactNode;
  appearance?: NonNullable<ButtonProps['appearance']>;
  size?: NonNullable<ButtonProps['size']>;
  icon?: ReactElement;
}

export function ActionLink({ to, children, ...looks }: ActionLinkProps) {
  const href = useHref(to);
  const follow = useLinkClickHandler(to);
  return (
    <Button as="a" href={href} onClick={follow} {...looks}>
      {children}
    </Button>
  );
}
