// When did events come in over the last seven days?
import type { HourCount } from '@/api/types'
import { BarChart, type Bar, useNarrow } from '@/kit'
import { countExact, counted } from '@/kit/number'
import { clock } from '@/kit/time'

const dayTick = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric' })
const hourName = new Intl.DateTimeFormat('en-GB', { weekday: 'long' })

/** Hours that the name of a day takes up on the axis. */
const LABEL_HOURS = { narrow: 24, wide: 12 }

export function EventsChart({ hours }: { hours: HourCount[] }) {
  const room = useNarrow() ? LABEL_HOURS.narrow : LABEL_HOURS.wide
  const bars = hours.map((hour, i): Bar => ({
    label: `${hourName.format(new Date(hour.hour))}, ${clock(new Date(hour.hour))}`,
    value: hour.accepted,
    bad: hour.refused,
    incomplete: i === hours.length - 1,
  }))
  return (
    <BarChart
      title="Events per hour"
      bars={bars}
      summary={summaryOf(hours)}
      describe={describe}
      ticks={midnights(hours, room)}
    />
  )
}

function describe(bar: Bar): string {
  const refused = bar.bad ? `, ${countExact(bar.bad)} refused` : ''
  const running = bar.incomplete ? ' so far' : ''
  return `${bar.label}: ${counted(bar.value, 'event')}${refused}${running}`
}

function summaryOf(hours: HourCount[]): string {
  const accepted = hours.reduce((sum, hour) => sum + hour.accepted, 0)
  const refused = hours.reduce((sum, hour) => sum + hour.refused, 0)
  const busiest = hours.reduce((best, hour) => (hour.accepted > best.accepted ? hour : best), {
    hour: '',
    accepted: 0,
    refused: 0,
  })
  if (accepted + refused === 0) return 'No events in the last 7 days'
  const at = new Date(busiest.hour)
  const when = `${hourName.format(at)} ${clock(at)}`
  return `Busiest hour ${when} with ${countExact(busiest.accepted)}; ${refused === 0 ? 'none' : countExact(refused)} refused in 7 days`
}

/** A tick where a day of the viewer begins, unless its name would stand beyond the end. */
function midnights(hours: HourCount[], room: number) {
  return hours.flatMap((hour, at) => {
    const moment = new Date(hour.hour)
    return moment.getHours() === 0 && at <= hours.length - room
      ? [{ at, label: dayTick.format(moment) }]
      : []
  })
}
