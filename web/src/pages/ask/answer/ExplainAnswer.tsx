// What does this answer mean, and what does it rest on?
import { Link } from '@tanstack/react-router'
import type { Told } from '@/api/insightQueries'
import { ExplainDrawer } from '@/kit/ExplainDrawer'
import { summaryOf } from '@/kit/chart'
import { counted } from '@/kit/number'
import { useMay } from '@/app/useSession'
import { insightWords } from '../insightWords'

interface ExplainAnswerProps {
  last: Told
  opened: boolean
  onClose: () => void
}

export function ExplainAnswer({ last, opened, onClose }: ExplainAnswerProps) {
  const { asked, told } = last
  const { explained } = told.answer
  const zone = explained.clock.time_zone
  const formula = asked.insight === 'trend' ? asked.question.formula : null
  return (
    <ExplainDrawer
      opened={opened}
      onClose={onClose}
      label={`${insightWords[asked.insight].name}: what it means`}
      value={summaryOf(asked, told)}
      isSentence
      explanation={{
        definition: explained.words,
        formula: formula ?? undefined,
        n: `${counted(explained.n_events, 'event')} of ${counted(explained.n_customers, 'customer')}`,
        window: `${moment(explained.from, zone)} until before ${moment(explained.until, zone)}`,
        zone,
        freshness: explained.answered_at,
        through: explained.through,
        version: 'Asked here as it stands; only metrics have versions.',
        leftOut:
          explained.left_out.length > 0 ? explained.left_out.join(' ') : 'Nothing was left out.',
        sql: explained.sql ?? undefined,
        sqlAside: <AboutSql sql={explained.sql} />,
      }}
    />
  )
}

/** The way to the SQL page, or why there is no SQL. */
function AboutSql({ sql }: { sql: string | null }) {
  const mayAsk = useMay('ask_sql')
  if (sql === null) {
    return (
      <p className="muted small">
        This question takes more than a few joins in SQL, so it is not written as one. The numbers
        can be exported as CSV.
      </p>
    )
  }
  if (!mayAsk) return null
  return (
    <Link to="/ask/sql" search={{ query: sql }}>
      Open in SQL
    </Link>
  )
}

function moment(at: string, zone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: zone,
  }).format(new Date(at))
}
