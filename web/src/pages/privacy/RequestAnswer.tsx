// By what is this request answered? The one act that it asks for, with what it will do.
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { PrivacyRequest, RequestKind } from '@/api/privacyTypes'
import { whyNot, type Right } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { Section } from '@/kit'
import { EraseDialog } from './customer/EraseDialog'
import { ExportDialog } from './customer/ExportDialog'
import { SuspendDialog } from './customer/SuspendDialog'
import classes from './privacy.module.css'
import { whoAsks } from './requestWords'

const acts: Partial<Record<RequestKind, { right: Right; words: string }>> = {
  access: { right: 'export_customers', words: 'Export what is known…' },
  erasure: { right: 'erase_customers', words: 'Erase this customer…' },
  restriction: { right: 'handle_privacy', words: 'Suspend this customer…' },
}

export function RequestAnswer({ request }: { request: PrivacyRequest }) {
  const { customer_id, kind } = request
  const act = acts[kind]
  if (!customer_id) {
    return <p className="muted">Choose the customer first; then the request can be carried out.</p>
  }
  return (
    <Section title="Carry it out">
      {act ? (
        <Act request={request} customerId={customer_id} {...act} />
      ) : (
        <p className="muted">
          {kind === 'objection'
            ? 'Withdraw their consent where it was given, or suspend them on '
            : 'What is wrong is corrected where it comes from: see the sources of each trait on '}
          <Link to="/know/customers/$id" params={{ id: customer_id }}>
            their page
          </Link>
          . Then close the request below.
        </p>
      )}
    </Section>
  )
}

interface ActProps {
  request: PrivacyRequest
  customerId: string
  right: Right
  words: string
}

function Act({ request, customerId, right, words }: ActProps) {
  const [opened, setOpened] = useState(false)
  const may = useMay(right)
  const dialog = {
    opened,
    onClose: () => setOpened(false),
    customerId,
    name: whoAsks(request),
    requestId: request.id,
  }
  return (
    <div className={classes.row}>
      <Button
        variant="default"
        disabled={!may}
        title={may ? undefined : whyNot(right)}
        onClick={() => setOpened(true)}
      >
        {words}
      </Button>
      {request.kind === 'access' && <ExportDialog {...dialog} />}
      {request.kind === 'erasure' && <EraseDialog {...dialog} />}
      {request.kind === 'restriction' && <SuspendDialog {...dialog} />}
    </div>
  )
}
