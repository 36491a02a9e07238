// Which event says so?
import type { Evidence } from '@/api/types'
import { RelativeTime } from '@/kit'

export function EvidenceLine({ evidence }: { evidence: Evidence }) {
  return (
    <>
      <RelativeTime at={evidence.at} />
      {evidence.source && `, ${evidence.source.name}`}
      {evidence.message_id && (
        <>
          , message <code>{evidence.message_id}</code>
        </>
      )}
    </>
  )
}
