import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { StartFailed } from './app/StartFailed';
import { readConfiguration } from './configuration';
import { startTexts } from './i18n';
import './main.css';
import { makeSignIn } from './signIn/signIn';

const element = document.getElementById('root');
if (element === null) throw new Error('index.html has no #root');
const root = createRoot(element);

async function start() {
  const configured = readConfiguration().then(async (configuration) => ({
    configuration,
    signIn: await makeSignIn(configuration.signIn),
  }));
  const [started] = await Promise.allSettled([configured, startTexts()]);
  return started.status === 'fulfilled' ? <App {...started.value} /> : <StartFailed reason={String(started.reason)} />;
}

void start().then((page) => {
  root.render(<StrictMode>{page}</StrictMode>);
});
