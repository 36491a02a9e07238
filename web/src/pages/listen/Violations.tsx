// What arrived that the plan does not know or expects otherwise?
import { Link } from '@tanstack/react-router'
import type { PlanViolation } from '@/api/types'
import { Icon, RelativeTime } from '@/kit'
import { countExact } from '@/kit/number'
import classes from './listen.module.css'

interface ViolationsProps {
  violations: PlanViolation[]
  sourceId: string
}

export function Violations({ violations, sourceId }: ViolationsProps) {
  if (violations.length === 0) {
    return (
      <p className={classes.waiting}>
        <Icon name="circle-check" className={classes.good} />
        Everything that came agrees with the plan.
      </p>
    )
  }
  return (
    <div className={classes.tableBox} tabIndex={0} role="region" aria-label="Deviations">
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Event</th>
            <th scope="col">What is wrong</th>
            <th scope="col" data-align="end">
              Times
            </th>
            <th scope="col" data-align="end" data-wide>
              Last
            </th>
          </tr>
        </thead>
        <tbody>
          {violations.map((violation) => (
            <tr key={`${violation.event} ${violation.property} ${violation.reason}`}>
              <td>
                <Link to="/listen/debugger" search={{ source: sourceId, text: violation.event }}>
                  {violation.event}
                </Link>
                {violation.property && (
                  <>
                    {' '}
                    <code>{violation.property}</code>
                  </>
                )}
              </td>
              <td className={classes.wrap}>{violation.message}</td>
              <td data-align="end">{countExact(violation.n)}</td>
              <td data-align="end" data-wide>
                <RelativeTime at={violation.last_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
