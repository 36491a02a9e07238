// Is this customer the same person as another one? Choose, look at the effect, merge.
import { Button, Modal } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { Customer } from '@/api/types'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { Icon, useNarrow } from '@/kit'
import { askToMerge } from './ask'
import { CustomerPicker } from './CustomerPicker'
import { PreviewForm } from './PreviewForm'

/** In the address, before anybody has been chosen: ?merge=choose, then ?merge=c_0022. */
const CHOOSE = 'choose'

export function MergeWith({ customer }: { customer: Customer }) {
  const search = useSearch({ from: '/shell/know/customers/$id' })
  const navigate = useNavigate()
  const mayMerge = useMay('change_identity')
  const set = (merge: string | undefined) =>
    void navigate({
      to: '/know/customers/$id',
      params: { id: customer.id },
      search: { ...search, merge },
      replace: true,
      resetScroll: false,
    })
  return (
    <>
      <Button
        variant="default"
        leftSection={<Icon name="git-merge" size={14} />}
        disabled={!mayMerge}
        title={mayMerge ? undefined : whyNot('change_identity')}
        onClick={() => set(CHOOSE)}
      >
        Merge with…
      </Button>
      <MergeDialog customer={customer} step={mayMerge ? search.merge : undefined} set={set} />
    </>
  )
}

interface MergeDialogProps {
  customer: Customer
  /** `choose`, or whom to merge with; undefined while the dialog is closed. */
  step: string | undefined
  set: (step: string | undefined) => void
}

function MergeDialog({ customer, step, set }: MergeDialogProps) {
  const narrow = useNarrow()
  // The last step stays to be seen while the dialog goes away.
  const [last, setLast] = useState(step)
  if (step && step !== last) setLast(step)
  const close = () => set(undefined)
  return (
    <Modal
      opened={step !== undefined}
      onClose={close}
      title="Merge with another customer"
      size={840}
      fullScreen={narrow}
      closeButtonProps={{ 'aria-label': 'Close without merging' }}
    >
      {last === CHOOSE || last === undefined ? (
        <CustomerPicker except={customer.id} onPick={(row) => set(row.id)} />
      ) : (
        <Chosen key={last} ids={[customer.id, last]} onDone={close} onBack={() => set(CHOOSE)} />
      )}
    </Modal>
  )
}

interface ChosenProps {
  ids: [string, string]
  onDone: () => void
  onBack: () => void
}

function Chosen({ ids, onDone, onBack }: ChosenProps) {
  const [ask] = useState(() => askToMerge(ids))
  return (
    <PreviewForm
      ask={ask}
      page={ids[0]}
      onDone={onDone}
      leave={{ words: 'Choose another customer', run: onBack }}
    />
  )
}
