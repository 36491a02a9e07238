// Is the segment of an address there, and can it be read?
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { isNotFound } from '@/api/client'
import { segmentQuery } from '@/api/segmentQueries'
import type { Segment } from '@/api/segmentTypes'
import { EmptyState, ErrorState, Page, PageHeader, Skeleton } from '@/kit'

interface SegmentLoadedProps {
  segmentKey: string
  children: (segment: Segment) => ReactNode
}

export function SegmentLoaded({ segmentKey, children }: SegmentLoadedProps) {
  const segment = useQuery(segmentQuery(segmentKey))
  if (segment.data) return children(segment.data)
  if (segment.isError) {
    return (
      <Page>
        {isNotFound(segment.error) ? (
          <EmptyState
            asPage
            icon="users"
            title="There is no such segment"
            action={
              <Button component={Link} to="/decide/segments" variant="default">
                All segments
              </Button>
            }
          >
            The address may not be whole.
          </EmptyState>
        ) : (
          <ErrorState
            asPage
            what="The segment could not be read"
            error={segment.error}
            onRetry={() => void segment.refetch()}
          />
        )}
      </Page>
    )
  }
  return (
    <Page>
      <PageHeader title="Segment" lead={<Skeleton height={20} width={320} />} />
      <Skeleton height={360} />
    </Page>
  )
}
