// Do pairs wait for a person's answer? As a line among the things that need attention.
import { useQuery } from '@tanstack/react-query'
import { countExact } from '@/kit/number'
import { linkageQuery } from './queries'

interface Waiting {
  severity: 'info'
  message: string
  link: string
}

/** Null while nothing waits, or while nobody can tell. */
export function useReviewWaiting(): Waiting | null {
  const n_open = useQuery(linkageQuery).data?.review.n_open ?? 0
  if (n_open === 0) return null
  const pairs = n_open === 1 ? '1 pair of customers' : `${countExact(n_open)} pairs of customers`
  return {
    severity: 'info',
    message: `${pairs} may be one person${n_open === 1 ? '' : ' each'}; a look at them decides.`,
    link: '/know/duplicates/review',
  }
}
