// What else may be done with a metric?
import { Button, Menu } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { archiveMetric, metricQuery, metricsQuery, putMetric } from '@/api/metricQueries'
import type { Metric } from '@/api/metricTypes'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { answerOf } from './draft'
import { described, Icon, useToast } from '@/kit'

export function MetricMenu({ metric }: { metric: Metric }) {
  const mayChange = useMay('change_boards')
  const client = useQueryClient()
  const toast = useToast()
  const anew = () => client.invalidateQueries({ queryKey: metricsQuery.queryKey })
  const failed = (error: unknown) =>
    toast.failed(`Nothing was changed. ${described(error).message}`)
  const back = () =>
    client
      .fetchQuery({ ...metricQuery(metric.key), staleTime: 0 })
      .then((latest) => putMetric(metric.key, answerOf(latest)))
      .then(anew, failed)
  const archive = useMutation({
    mutationFn: () => archiveMetric(metric.key),
    onSuccess: () => {
      toast.done(`“${metric.name}” is out of use; boards that show it go on`, () => void back())
      return anew()
    },
    onError: failed,
  })
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Button variant="default" px={9} aria-label="What else to do with this metric">
          <Icon name="ellipsis" />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<Icon name="ban" size={14} />}
          disabled={!mayChange || archive.isPending}
          title={mayChange ? undefined : whyNot('change_boards')}
          onClick={() => archive.mutate()}
        >
          Take it out of use
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
