// Who agreed to what, on which grounds, and how many said nothing?
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { consentReportQuery } from '@/api/privacyQueries'
import type { ConsentReport as Report } from '@/api/privacyTypes'
import { EmptyState, ErrorState, Figure, FigureRow, RelativeTime, Skeleton } from '@/kit'
import { countExact, countShort } from '@/kit/number'
import { ConsentCard } from './ConsentCard'
import { consentCsv } from './consentWords'
import { PrivacyFrame } from './PrivacyFrame'
import classes from './privacy.module.css'

export function ConsentReport() {
  const report = useQuery(consentReportQuery)
  return (
    <PrivacyFrame
      title="Consent"
      lead="What your customers allow as things stand now, by purpose and channel, with the evidence for it."
      action={
        report.data &&
        report.data.items.length > 0 && (
          <Button variant="default" onClick={() => download(report.data)}>
            Download as CSV
          </Button>
        )
      }
    >
      {report.isPending && <Skeleton height={56} lines={4} />}
      {report.isError && (
        <ErrorState
          what="The consents could not be read"
          error={report.error}
          onRetry={() => void report.refetch()}
        />
      )}
      {report.data && <Found report={report.data} />}
    </PrivacyFrame>
  )
}

function Found({ report }: { report: Report }) {
  if (report.items.length === 0) {
    return (
      <EmptyState icon="check" title="Consents will be counted here">
        No event has said anything of consent yet. Send “Consent Given” and “Consent Withdrawn” with
        a purpose and a channel.
      </EmptyState>
    )
  }
  return (
    <>
      <Totals report={report} />
      <ul className={classes.cards}>
        {report.items.map((line) => (
          <ConsentCard
            key={`${line.purpose} ${line.channel}`}
            line={line}
            n_customers={report.n_customers}
          />
        ))}
      </ul>
      <p className="muted small">
        As of <RelativeTime at={report.at} />. A customer counts once for each purpose and channel,
        by the answer that stands.
      </p>
    </>
  )
}

function Totals({ report }: { report: Report }) {
  const { n_customers, n_silent, n_suspended, at } = report
  const figures: [label: string, n: number, definition: string][] = [
    ['Customers', n_customers, 'Everybody of whom anything is known, suspended ones included.'],
    ['Said nothing', n_silent, 'Customers who answered for no purpose and no channel at all.'],
    [
      'Suspended',
      n_suspended,
      'Customers with whom nothing is done at present, whatever they agreed to.',
    ],
  ]
  return (
    <FigureRow>
      {figures.map(([label, n, definition]) => (
        <Figure
          key={label}
          label={label}
          value={countShort(n)}
          exact={countExact(n)}
          explain={{ definition, window: 'as things stand now', freshness: at }}
        />
      ))}
    </FigureRow>
  )
}

function download(report: Report) {
  const url = URL.createObjectURL(new Blob([consentCsv(report)], { type: 'text/csv' }))
  const link = document.createElement('a')
  link.href = url
  link.download = `consent-${report.at.slice(0, 10)}.csv`
  link.click()
  URL.revokeObjectURL(url)
}
