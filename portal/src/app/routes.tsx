/** Which address shows which page. A page's code and texts are loaded when it is first opened. */
import type { ComponentType } from 'react';
import { createBrowserRouter, redirect, type RouteObject } from 'react-router';
import { loadTexts } from '../i18n';
import { NotFound } from './NotFound';
import { PageFault } from './PageFault';
import { Shell } from './Shell';

/** A route's page, together with its texts. */
function page(load: () => Promise<ComponentType>, ...texts: string[]) {
  return async () => {
    const [Component] = await Promise.all([load(), loadTexts(...texts)]);
    return { Component };
  };
}

const pages: RouteObject[] = [
  { index: true, loader: () => redirect('/licenses/policies') },
  {
    path: 'licenses',
    lazy: page(async () => (await import('../pages/licenses/Licenses')).Licenses, 'licenses'),
    children: [
      { index: true, loader: () => redirect('/licenses/policies') },
      {
        path: 'products',
        lazy: page(async () => (await import('../pages/licenses/products/Products')).Products, 'products'),
      },
      {
        // One page with or without the pane, so that the list stays as it is behind it.
        path: 'policies/:policyId?',
        lazy: page(async () => (await import('../pages/licenses/policies/Policies')).Policies, 'policies', 'settings'),
      },
      { path: 'apps', lazy: page(async () => (await import('../pages/licenses/apps/Apps')).Apps, 'apps') },
    ],
  },
  {
    path: 'licenses/policies/new',
    lazy: page(async () => (await import('../pages/licenses/policies/wizard/Wizard')).Wizard, 'wizard', 'settings'),
  },
  { path: 'report', lazy: page(async () => (await import('../pages/report/Report')).Report, 'report') },
  { path: 'users', lazy: page(async () => (await import('../pages/users/Users')).Users, 'users') },
  { path: 'users/:userId', lazy: page(async () => (await import('../pages/users/UserPage')).UserPage, 'users') },
  { path: 'audit', lazy: page(async () => (await import('../pages/audit/Audit')).Audit, 'audit') },
  { path: 'settings', lazy: page(async () => (await import('../pages/settings/Settings')).Settings, 'settings') },
  { path: 'health', lazy: page(async () => (await import('../pages/health/Health')).Health, 'health') },
  { path: '*', Component: NotFound },
];

export function createRouter() {
  return createBrowserRouter([
    {
      path: '/',
      Component: Shell,
      // Without a page there is nothing to show while its code comes, and that is short.
      HydrateFallback: () => null,
      errorElement: <PageFault />,
      children: [{ errorElement: <PageFault />, children: pages }],
    },
  ]);
}
