// Which customer is it who asks?
import { useState } from 'react'
import type { PrivacyRequest } from '@/api/privacyTypes'
import { QuietButton } from '@/kit'
import { CustomerPicker } from '../know/decisions/CustomerPicker'
import { useChangeRequest } from './useChangeRequest'

export function RequestWho({ request }: { request: PrivacyRequest }) {
  const [choosing, setChoosing] = useState(request.customer_id === null)
  const change = useChangeRequest(request.id)
  if (!choosing) {
    return (
      <div>
        <QuietButton onClick={() => setChoosing(true)}>It is somebody else</QuietButton>
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
