// What surrounds every page once somebody is signed in?
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { useState } from 'react'
import { Frame, type LinkLook } from '@/kit/frame/Frame'
import { useShortcuts, type Shortcut } from '@/kit/keys'
import { ShortcutsOverlay } from '@/kit/ShortcutsOverlay'
import { Bell, FiringsDrawer } from '@/pages/metrics/alerts/Bell'
import { AccountMenu } from './AccountMenu'
import { FindAnything } from './FindAnything'
import { stagesFor } from './nav'
import { useAskSoon } from './useAskSoon'
import { useUser } from './useSession'

export function Shell() {
  const user = useUser()
  const path = useRouterState({ select: (state) => state.location.pathname })
  const [finding, setFinding] = useState(false)
  const [keysShown, setKeysShown] = useState(false)
  const [told, setTold] = useState(false)
  const shortcuts = usePageShortcuts(
    () => setFinding(true),
    () => setKeysShown(true),
  )
  useShortcuts(shortcuts)
  useAskSoon(path)

  if (!user) return null
  const stages = stagesFor(user.role)
  return (
    <Frame
      stages={stages}
      path={path}
      link={navLink}
      onFind={() => setFinding(true)}
      beside={<Bell onOpen={() => setTold(true)} />}
      account={<AccountMenu user={user} onKeys={() => setKeysShown(true)} />}
    >
      <Outlet />
      <FindAnything opened={finding} onClose={() => setFinding(false)} stages={stages} />
      <FiringsDrawer opened={told} onClose={() => setTold(false)} />
      <ShortcutsOverlay
        opened={keysShown}
        onClose={() => setKeysShown(false)}
        shortcuts={shortcuts}
      />
    </Frame>
  )
}

function navLink(to: string, { className, current, children }: LinkLook) {
  return (
    <Link
      key={to}
      to={to}
      className={className}
      activeProps={{}}
      aria-current={current ? 'page' : undefined}
    >
      {children}
    </Link>
  )
}

function usePageShortcuts(onFind: () => void, onKeys: () => void): Shortcut[] {
  const navigate = useNavigate()
  const go = (keys: string, does: string, to: string): Shortcut => ({
    keys,
    does,
    run: () => void navigate({ to }),
  })
  return [
    { keys: 'ctrl k', does: 'Find a customer, a page or an action', run: onFind },
    { keys: '/', does: 'Search on this page', run: focusPageSearch },
    go('g h', 'Go to Home', '/'),
    go('g s', 'Go to Sources', '/listen/sources'),
    go('g d', 'Go to the Debugger', '/listen/debugger'),
    go('g i', 'Go to Imports', '/listen/imports'),
    go('g c', 'Go to Customers', '/know/customers'),
    go('g r', 'Go to the pairs to review', '/know/duplicates/review'),
    go('g a', 'Go to Accounts', '/know/accounts'),
    go('g n', 'Go to Insights', '/ask/insights'),
    go('g b', 'Go to Boards', '/ask/boards'),
    go('g m', 'Go to Metrics', '/ask/metrics'),
    go('g p', 'Go to privacy requests', '/privacy'),
    { keys: '?', does: 'Show these keys', run: onKeys },
  ]
}

function focusPageSearch() {
  document.querySelector<HTMLInputElement>('main [data-page-search]')?.focus()
}
