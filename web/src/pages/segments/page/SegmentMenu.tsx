// What else may be done with a segment?
import { Menu, Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { archiveSegment, restoreSegment } from '@/api/segmentQueries'
import type { Segment } from '@/api/segmentTypes'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { described, Icon, useToast } from '@/kit'

export function SegmentMenu({ segment }: { segment: Segment }) {
  const { key, name, revision, is_archived } = segment
  const mayChange = useMay('change_segments')
  const client = useQueryClient()
  const toast = useToast()
  const anew = () => client.invalidateQueries({ queryKey: ['segments'] })
  const failed = (error: unknown) =>
    toast.failed(`Nothing was changed. ${described(error).message}`)
  const back = useMutation({
    mutationFn: () => restoreSegment(key),
    onSuccess: anew,
    onError: failed,
  })
  const archive = useMutation({
    mutationFn: () => archiveSegment(key, revision),
    onSuccess: () => {
      toast.done(`“${name}” is out of use`, () => back.mutate())
      return anew()
    },
    onError: failed,
  })
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Button variant="default" px={9} aria-label="What else to do with this segment">
          <Icon name="ellipsis" />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<Icon name={is_archived ? 'undo-2' : 'ban'} size={14} />}
          disabled={!mayChange}
          title={mayChange ? undefined : whyNot('change_segments')}
          onClick={() => (is_archived ? back.mutate() : archive.mutate())}
        >
          {is_archived ? 'Use it again' : 'Take it out of use'}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
