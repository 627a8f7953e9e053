/** What everything stands in: theme, texts, the API's client, and who is signed in. */
import { QueryClientProvider } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { RouterProvider } from 'react-router';
import { createApi } from '../api/client';
import { ApiContext } from '../api/context';
import { createQueryClient } from '../api/queries';
import { watchService } from '../api/service';
import type { Configuration } from '../configuration';
import { type SignIn, SignInContext, useAccount } from '../signIn/signIn';
import { createRouter } from './routes';
import { SignedOut } from './SignedOut';
import { Themed } from './Themed';

export function App({ configuration, signIn }: { configuration: Configuration; signIn: SignIn }) {
  return (
    <Themed>
      <SignInContext value={signIn}>
        <Session key={configuration.api} base={configuration.api} signIn={signIn} />
      </SignInContext>
    </Themed>
  );
}

/** One person's visit: what one has read is not there for the next who signs in. */
function Session({ base, signIn }: { base: string; signIn: SignIn }) {
  const account = useAccount();
  return account === null ? <SignedOut /> : <SignedIn key={account.name} base={base} signIn={signIn} />;
}

function SignedIn({ base, signIn }: { base: string; signIn: SignIn }) {
  const [router] = useState(createRouter);
  const [queries] = useState(createQueryClient);
  const content = useMemo(() => {
    const service = watchService(base, () => void queries.invalidateQueries());
    return { api: createApi(base, signIn, service), service };
  }, [base, queries, signIn]);
  return (
    <QueryClientProvider client={queries}>
      <ApiContext value={content}>
        <RouterProvider router={router} />
      </ApiContext>
    </QueryClientProvider>
  );
}
