// Which parts does the privacy centre have, and who may be here?
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { Notice, Page, PageHeader } from '@/kit'
import classes from './privacy.module.css'

const parts = [
  { to: '/privacy', label: 'Requests' },
  { to: '/privacy/erasures', label: 'Erasures' },
  { to: '/privacy/suspended', label: 'Suspended' },
  { to: '/privacy/consent', label: 'Consent' },
  { to: '/privacy/retention', label: 'Retention' },
] as const

interface PrivacyFrameProps {
  title: string
  lead: string
  action?: ReactNode
  children: ReactNode
}

export function PrivacyFrame({ title, lead, action, children }: PrivacyFrameProps) {
  const mayHandle = useMay('handle_privacy')
  return (
    <Page>
      <PageHeader
        title={title}
        lead={lead}
        action={mayHandle && action}
        above={
          <nav aria-label="Privacy" className={classes.parts}>
            {parts.map(({ to, label }) => (
              <Link
                key={to}
                to={to}
                activeOptions={{ exact: to === '/privacy', includeSearch: false }}
                activeProps={{ 'aria-current': 'page' }}
              >
                {label}
              </Link>
            ))}
          </nav>
        }
      />
      {mayHandle ? children : <Notice tone="info">{whyNot('handle_privacy')}</Notice>}
    </Page>
  )
}
