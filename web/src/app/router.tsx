// Which address shows which page? Pages load when they are opened.
import type { QueryClient } from '@tanstack/react-query'
import { createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { decideRoutes } from './decideRoutes'
import { Crashed } from './Fallbacks'
import { IS_DECIDE_READY } from './ready'
import { root, shell } from './roots'
import { parseSearch, stringifySearch, textParams } from './search'

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: textParams('next'),
  component: lazyRouteComponent(() => import('@/pages/auth/SignIn'), 'SignIn'),
})

const invite = createRoute({
  getParentRoute: () => root,
  path: '/invite/$token',
  component: lazyRouteComponent(() => import('@/pages/auth/AcceptInvite'), 'AcceptInvite'),
})

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  component: lazyRouteComponent(() => import('@/pages/home/Home'), 'Home'),
})

const sources = createRoute({
  getParentRoute: () => shell,
  path: '/listen/sources',
  validateSearch: textParams('new'),
  component: lazyRouteComponent(() => import('@/pages/listen/Sources'), 'Sources'),
})

const source = createRoute({
  getParentRoute: () => shell,
  path: '/listen/sources/$id',
  validateSearch: textParams('tab', 'with'),
  component: lazyRouteComponent(() => import('@/pages/listen/SourcePage'), 'SourcePage'),
})

const debug = createRoute({
  getParentRoute: () => shell,
  path: '/listen/debugger',
  validateSearch: textParams('source', 'kind', 'status', 'text', 'open'),
  component: lazyRouteComponent(() => import('@/pages/listen/Debugger'), 'Debugger'),
})

const imports = createRoute({
  getParentRoute: () => shell,
  path: '/listen/imports',
  component: lazyRouteComponent(() => import('@/pages/listen/Imports'), 'Imports'),
})

const importOpen = createRoute({
  getParentRoute: () => imports,
  path: '$id',
})

const importWizard = createRoute({
  getParentRoute: () => shell,
  path: '/listen/imports/new',
  validateSearch: textParams('upload', 'step', 'import'),
  component: lazyRouteComponent(() => import('@/pages/listen/import/ImportWizard'), 'ImportWizard'),
})

const customers = createRoute({
  getParentRoute: () => shell,
  path: '/know/customers',
  validateSearch: textParams(
    'q',
    'known',
    'country',
    'has_orders',
    'seen_since',
    'sort',
    'order',
    'columns',
  ),
  component: lazyRouteComponent(() => import('@/pages/know/Customers'), 'Customers'),
})

const customer = createRoute({
  getParentRoute: () => shell,
  path: '/know/customers/$id',
  validateSearch: textParams('kind', 'name', 'text', 'since', 'until', 'merge'),
  component: lazyRouteComponent(() => import('@/pages/know/CustomerPage'), 'CustomerPage'),
})

const duplicates = createRoute({
  getParentRoute: () => shell,
  path: '/know/duplicates',
  validateSearch: textParams('tab'),
  component: lazyRouteComponent(() => import('@/pages/know/review/Duplicates'), 'Duplicates'),
})

const review = createRoute({
  getParentRoute: () => shell,
  path: '/know/duplicates/review',
  validateSearch: textParams('state', 'order', 'run', 'pair', 'numbers'),
  component: lazyRouteComponent(() => import('@/pages/know/review/Review'), 'Review'),
})

const accounts = createRoute({
  getParentRoute: () => shell,
  path: '/know/accounts',
  validateSearch: textParams('q'),
  component: lazyRouteComponent(() => import('@/pages/know/Accounts'), 'Accounts'),
})

const account = createRoute({
  getParentRoute: () => shell,
  path: '/know/accounts/$id',
  component: lazyRouteComponent(() => import('@/pages/know/AccountPage'), 'AccountPage'),
})

const privacy = createRoute({
  getParentRoute: () => shell,
  path: '/privacy',
  validateSearch: textParams('show', 'kind', 'open', 'new'),
  component: lazyRouteComponent(() => import('@/pages/privacy/Requests'), 'Requests'),
})

const erasures = createRoute({
  getParentRoute: () => shell,
  path: '/privacy/erasures',
  component: lazyRouteComponent(() => import('@/pages/privacy/Erasures'), 'Erasures'),
})

const erasure = createRoute({
  getParentRoute: () => shell,
  path: '/privacy/erasures/$id',
  component: lazyRouteComponent(() => import('@/pages/privacy/ErasurePage'), 'ErasurePage'),
})

const certificate = createRoute({
  getParentRoute: () => shell,
  path: '/privacy/erasures/$id/certificate',
  component: lazyRouteComponent(() => import('@/pages/privacy/CertificatePage'), 'CertificatePage'),
})

const suspended = createRoute({
  getParentRoute: () => shell,
  path: '/privacy/suspended',
  component: lazyRouteComponent(() => import('@/pages/privacy/Suspended'), 'Suspended'),
})

const consentReport = createRoute({
  getParentRoute: () => shell,
  path: '/privacy/consent',
  component: lazyRouteComponent(() => import('@/pages/privacy/ConsentReport'), 'ConsentReport'),
})

const retention = createRoute({
  getParentRoute: () => shell,
  path: '/privacy/retention',
  component: lazyRouteComponent(() => import('@/pages/privacy/Retention'), 'Retention'),
})

const influence = createRoute({
  getParentRoute: () => shell,
  path: '/know/influence',
  validateSearch: textParams('days'),
  component: lazyRouteComponent(() => import('@/pages/know/relations/Influencers'), 'Influencers'),
})

const freeMail = createRoute({
  getParentRoute: () => shell,
  path: '/settings/accounts',
  component: lazyRouteComponent(() => import('@/pages/settings/FreeMail'), 'FreeMail'),
})

const users = createRoute({
  getParentRoute: () => shell,
  path: '/settings/users',
  component: lazyRouteComponent(() => import('@/pages/settings/Users'), 'Users'),
})

const tokens = createRoute({
  getParentRoute: () => shell,
  path: '/settings/tokens',
  component: lazyRouteComponent(() => import('@/pages/settings/Tokens'), 'Tokens'),
})

const audit = createRoute({
  getParentRoute: () => shell,
  path: '/settings/audit',
  component: lazyRouteComponent(() => import('@/pages/settings/Audit'), 'Audit'),
})

const traits = createRoute({
  getParentRoute: () => shell,
  path: '/settings/traits',
  component: lazyRouteComponent(() => import('@/pages/settings/Traits'), 'Traits'),
})

const identity = createRoute({
  getParentRoute: () => shell,
  path: '/settings/identity',
  component: lazyRouteComponent(() => import('@/pages/settings/Identity'), 'Identity'),
})

const about = createRoute({
  getParentRoute: () => shell,
  path: '/settings/about',
  component: lazyRouteComponent(() => import('@/pages/settings/About'), 'About'),
})

const you = createRoute({
  getParentRoute: () => shell,
  path: '/settings/you',
  component: lazyRouteComponent(() => import('@/pages/settings/You'), 'You'),
})

const insights = createRoute({
  getParentRoute: () => shell,
  path: '/ask/insights',
  validateSearch: textParams('ask', 'q', 'kept', 'look', 'board'),
  beforeLoad: ({ context, search, cause }) => {
    import('@/pages/ask/ahead')
      .then(({ askAhead }) => cause === 'enter' && askAhead(context.queryClient, search))
      // The page asks, then, and says what is wrong.
      .catch(() => null)
  },
  component: lazyRouteComponent(() => import('@/pages/ask/Insights'), 'Insights'),
})

const sql = createRoute({
  getParentRoute: () => shell,
  path: '/ask/sql',
  validateSearch: textParams('query', 'saved'),
  component: lazyRouteComponent(() => import('@/pages/sql/SqlPage'), 'SqlPage'),
})

const boards = createRoute({
  getParentRoute: () => shell,
  path: '/ask/boards',
  validateSearch: textParams('new'),
  component: lazyRouteComponent(() => import('@/pages/boards/Boards'), 'Boards'),
})

const board = createRoute({
  getParentRoute: () => shell,
  path: '/ask/boards/$id',
  validateSearch: textParams('edit', 'add', 'period'),
  component: lazyRouteComponent(() => import('@/pages/boards/BoardPage'), 'BoardPage'),
})

const shared = createRoute({
  getParentRoute: () => root,
  path: '/shared/$token',
  component: lazyRouteComponent(() => import('@/pages/boards/SharedBoard'), 'SharedBoard'),
})

const metrics = createRoute({
  getParentRoute: () => shell,
  path: '/ask/metrics',
  validateSearch: textParams('new'),
  component: lazyRouteComponent(() => import('@/pages/metrics/Metrics'), 'Metrics'),
})

const metric = createRoute({
  getParentRoute: () => shell,
  path: '/ask/metrics/$key',
  validateSearch: textParams('edit', 'period', 'version'),
  component: lazyRouteComponent(() => import('@/pages/metrics/MetricPage'), 'MetricPage'),
})

const routeTree = root.addChildren([
  signIn,
  invite,
  shared,
  shell.addChildren([
    ...[home, sources, source, debug, imports.addChildren([importOpen]), importWizard],
    ...[customers, customer, duplicates, review, accounts, account, influence],
    ...[privacy, erasures, erasure, certificate, suspended, consentReport, retention],
    ...[users, tokens, audit, traits, identity, freeMail, about, you],
    ...[insights, sql],
    ...[boards, board, metrics, metric],
    ...(IS_DECIDE_READY ? decideRoutes() : []),
  ]),
])

export function newRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    defaultPendingMs: 100,
    defaultErrorComponent: Crashed,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof newRouter>
  }
}
