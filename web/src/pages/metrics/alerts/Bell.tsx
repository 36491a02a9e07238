// Did an alert tell something that I have not seen?
import { Drawer } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { firingsQuery, seeFirings, unseenQuery } from '@/api/alertQueries'
import { Icon } from '@/kit'
import classes from './Bell.module.css'
import { FiringList } from './FiringList'

const SHOWN_MAX = 99

interface BellProps {
  onOpen: () => void
}

export function Bell({ onOpen }: BellProps) {
  const unseen = useQuery(unseenQuery).data?.n_unseen
  if (unseen === undefined) return null
  const shown = unseen > SHOWN_MAX ? `${SHOWN_MAX}+` : String(unseen)
  return (
    <button type="button" className={classes.bell} onClick={onOpen}>
      <Icon name="bell" size={18} />
      <span className="visually-hidden">Alerts</span>
      {unseen > 0 && (
        <span className={classes.count}>
          {shown}
          <span className="visually-hidden"> new</span>
        </span>
      )}
    </button>
  )
}

export function FiringsDrawer({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size={440}
      title="What alerts told"
      closeButtonProps={{ 'aria-label': 'Close the list' }}
    >
      {opened && <Seen onFollow={onClose} />}
    </Drawer>
  )
}

/** Whoever opens the list has seen what is in it; it stays marked as new until it is closed. */
function Seen({ onFollow }: { onFollow: () => void }) {
  const client = useQueryClient()
  const latest = useQuery(unseenQuery).data
  const through = latest && latest.n_unseen > 0 ? latest.firings[0]?.id : undefined
  const { mutate } = useMutation({
    mutationFn: seeFirings,
    onSuccess: () => client.invalidateQueries({ queryKey: unseenQuery.queryKey }),
  })
  useEffect(() => {
    if (through) mutate(through)
  }, [through, mutate])
  useEffect(
    () => () => void client.invalidateQueries({ queryKey: firingsQuery().queryKey }),
    [client],
  )
  return <FiringList onFollow={onFollow} />
}
