// Which pages are there, in the order of the loop? Only stages with finished pages.
import type { Role } from '@/api/types'
import type { NavStage } from '@/kit/frame/Frame'
import { IS_DECIDE_READY } from './ready'
import { may } from './rights'

export function stagesFor(role: Role): NavStage[] {
  const debuggerPage = may(role, 'view_events')
    ? [{ to: '/listen/debugger', label: 'Debugger' }]
    : []
  const adminPages = may(role, 'manage_users')
    ? [
        { to: '/settings/users', label: 'Users' },
        { to: '/settings/tokens', label: 'API tokens' },
        { to: '/settings/audit', label: 'Audit log' },
      ]
    : []
  const privacyPage = may(role, 'handle_privacy') ? [{ to: '/privacy', label: 'Privacy' }] : []
  const sqlPage = may(role, 'ask_sql') ? [{ to: '/ask/sql', label: 'SQL' }] : []
  return [
    { key: 'home', label: 'Home', icon: 'house', to: '/', pages: [] },
    {
      key: 'listen',
      label: 'Listen',
      icon: 'ear',
      to: '/listen/sources',
      pages: [
        { to: '/listen/sources', label: 'Sources' },
        ...debuggerPage,
        { to: '/listen/imports', label: 'Imports' },
      ],
    },
    {
      key: 'know',
      label: 'Know',
      icon: 'users',
      to: '/know/customers',
      pages: [
        { to: '/know/customers', label: 'Customers' },
        { to: '/know/duplicates', label: 'Duplicates' },
        { to: '/know/accounts', label: 'Accounts' },
        { to: '/know/influence', label: 'Influence' },
        ...privacyPage,
      ],
    },
    {
      key: 'ask',
      label: 'Ask',
      icon: 'chart-line',
      to: '/ask/insights',
      pages: [
        { to: '/ask/insights', label: 'Insights' },
        { to: '/ask/boards', label: 'Boards' },
        { to: '/ask/metrics', label: 'Metrics' },
        ...sqlPage,
      ],
    },
    ...(IS_DECIDE_READY ? [decide] : []),
    {
      key: 'settings',
      label: 'Settings',
      icon: 'settings',
      to: '/settings/you',
      pages: [
        { to: '/settings/you', label: 'You' },
        { to: '/settings/traits', label: 'Traits' },
        { to: '/settings/identity', label: 'Identity' },
        { to: '/settings/accounts', label: 'Accounts' },
        ...adminPages,
        { to: '/settings/about', label: 'About' },
      ],
    },
  ]
}

const decide: NavStage = {
  key: 'decide',
  label: 'Decide',
  icon: 'compass',
  to: '/decide/segments',
  pages: [{ to: '/decide/segments', label: 'Segments' }],
}
