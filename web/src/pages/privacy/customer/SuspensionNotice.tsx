// Why is nothing done with this customer, and how does it go on?
import { Button } from '@mantine/core'
import type { Customer } from '@/api/types'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { Notice, RelativeTime } from '@/kit'
import { nameOf } from '../../know/naming'
import { useResume } from './useSuspend'

export function SuspensionNotice({ customer }: { customer: Customer }) {
  const may = useMay('handle_privacy')
  const resume = useResume(customer.id)
  const { suspension } = customer
  if (!suspension) return null
  return (
    <Notice tone="warn">
      <p>
        <strong>
          <bdi>{nameOf(customer)}</bdi> is suspended
        </strong>{' '}
        since <RelativeTime at={suspension.since} />, by <bdi>{suspension.by}</bdi>
        {suspension.reason && (
          <>
            : <bdi>{suspension.reason}</bdi>
          </>
        )}
      </p>
      <p>
        What is known is kept, and nothing is done with it: no messages, and they are left out of
        lists.
      </p>
      <Button
        variant="default"
        mt="sm"
        disabled={!may}
        title={may ? undefined : whyNot('handle_privacy')}
        loading={resume.isPending}
        onClick={() => resume.mutate()}
      >
        Resume
      </Button>
    </Notice>
  )
}
