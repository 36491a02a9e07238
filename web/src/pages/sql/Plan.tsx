// How would the engine go about this query, before it does?
import { useQuery } from '@tanstack/react-query'
import { CodeBlock, described, Notice, Skeleton } from '@/kit'
import { planQuery } from './queries'
import classes from './sql.module.css'

export function Plan({ query }: { query: string }) {
  const plan = useQuery(planQuery(query))
  if (plan.isPending) return <Skeleton height={18} lines={6} />
  if (plan.isError) {
    const { message, hint } = described(plan.error)
    return (
      <Notice tone="bad">
        There is no plan: {message}
        {hint && <p className={classes.hint}>{hint}</p>}
      </Notice>
    )
  }
  return (
    <div className={classes.plan}>
      <p className={classes.quiet}>
        Read from below: each line feeds the one above it. EXPLAIN ANALYZE before the query runs it
        and tells how much was read.
      </p>
      <CodeBlock label="plan" code={plan.data.text} />
    </div>
  )
}
