/** The client and the service's state, for everything below. */
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Api } from './client';
import type { Service, ServiceState } from './service';

export const ApiContext = createContext<{ api: Api; service: Service } | null>(null);

function useContent(): { api: Api; service: Service } {
  const content = useContext(ApiContext);
  if (content === null) throw new Error('useApi needs an ApiContext above it');
  return content;
}

export function useApi(): Api {
  return useContent().api;
}

export function useServiceState(): ServiceState {
  const { service } = useContent();
  return useSyncExternalStore(service.subscribe, service.state);
}
