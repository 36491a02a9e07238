// Which customer is it who asks?
import { useState } from 'react'
import type { PrivacyRequest } from '@/api/privacyTypes'
import { CustomerPicker } from '../know/decisions/CustomerPicker'
import classes from './privacy.module.css'
import { useChangeRequest } from './useChangeRequest'

export function RequestWho({ request }: { request: PrivacyRequest }) {
  const [choosing, setChoosing] = useState(request.customer_id === null)
  const change = useChangeRequest(request.id)
  if (!choosing) {
    return (
      <div>
        <button type="button" className={classes.quiet} onClick={() => setChoosing(true)}>
          It is somebody else
        </button>
      </div>
    )
  }
  return (
    <CustomerPicker
      label="Which customer is it?"
      hint="Ask for enough to be sure that it is they who ask."
      except={request.customer_id ?? ''}
      onPick={(row) => {
        change.mutate({ customer_id: row.id })
        setChoosing(false)
      }}
    />
  )
}
