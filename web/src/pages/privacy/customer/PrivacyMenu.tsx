// What does this customer have a right to: a copy, a pause, to be erased?
import { Button, Menu } from '@mantine/core'
import { useState } from 'react'
import type { Customer } from '@/api/types'
import { whyNot, type Right } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { Icon } from '@/kit'
import { nameOf } from '../../know/naming'
import { EraseDialog } from './EraseDialog'
import { ExportDialog } from './ExportDialog'
import { SuspendDialog } from './SuspendDialog'

type Act = 'export' | 'suspend' | 'erase'

export function PrivacyMenu({ customer }: { customer: Customer }) {
  const [act, setAct] = useState<Act | null>(null)
  const dialog = (of: Act) => ({
    opened: act === of,
    onClose: () => setAct(null),
    customerId: customer.id,
    name: nameOf(customer),
  })
  return (
    <>
      <Menu position="bottom-end" width={280}>
        <Menu.Target>
          <Button variant="default" rightSection={<Icon name="chevron-down" size={14} />}>
            Privacy
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Item right="export_customers" onClick={() => setAct('export')}>
            Export what is known…
          </Item>
          {customer.suspension === null && (
            <Item right="handle_privacy" onClick={() => setAct('suspend')}>
              Suspend…
            </Item>
          )}
          <Item right="erase_customers" onClick={() => setAct('erase')}>
            Erase…
          </Item>
        </Menu.Dropdown>
      </Menu>
      <ExportDialog {...dialog('export')} />
      <SuspendDialog {...dialog('suspend')} />
      <EraseDialog {...dialog('erase')} />
    </>
  )
}

interface ItemProps {
  right: Right
  onClick: () => void
  children: string
}

function Item({ right, onClick, children }: ItemProps) {
  const may = useMay(right)
  return (
    <Menu.Item disabled={!may} title={may ? undefined : whyNot(right)} onClick={onClick}>
      {children}
    </Menu.Item>
  )
}
