// How far is this erasure, what proves it, and can they come back?
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { isNotFound } from '@/api/client'
import { certificatePath, erasureQuery } from '@/api/privacyQueries'
import type { Erasure } from '@/api/privacyTypes'
import { EmptyState, ErrorState, Notice, RelativeTime, Section, Skeleton, Status } from '@/kit'
import { ErasureSteps } from './ErasureSteps'
import { erasureSentence, erasureStates, whyErased } from './erasureWords'
import { PrivacyFrame } from './PrivacyFrame'
import classes from './privacy.module.css'
import { Tombstones } from './Tombstones'

export function ErasurePage() {
  const { id } = useParams({ from: '/shell/privacy/erasures/$id' })
  return (
    <PrivacyFrame title={`Erasure ${id}`} lead="One customer, deleted everywhere.">
      <Found id={id} />
    </PrivacyFrame>
  )
}

function Found({ id }: { id: string }) {
  const erasure = useQuery(erasureQuery(id))
  if (erasure.isPending) return <Skeleton height={24} lines={8} />
  if (erasure.isError) {
    return isNotFound(erasure.error) ? (
      <EmptyState icon="search" title="There is no such erasure">
        The link may be cut off. <Link to="/privacy/erasures">All erasures</Link>
      </EmptyState>
    ) : (
      <ErrorState
        what="The erasure could not be read"
        error={erasure.error}
        onRetry={() => void erasure.refetch()}
      />
    )
  }
  return <Facts erasure={erasure.data} />
}

function Facts({ erasure }: { erasure: Erasure }) {
  const state = erasureStates[erasure.state]
  return (
    <>
      <div className={classes.form}>
        <Status tone={state.tone}>{state.words}</Status>
        <p className={classes.sentence} role="status">
          {erasureSentence(erasure)}
        </p>
        {erasure.trouble && <Notice tone="bad">{erasure.trouble}</Notice>}
        {erasure.state === 'done' && <CertificateLinks id={erasure.id} />}
      </div>
      <Section title="How far it is">
        <ErasureSteps erasure={erasure} />
      </Section>
      <Section title="Who ordered it">
        <dl className={classes.facts}>
          <div>
            <dt>Ordered</dt>
            <dd>
              <RelativeTime at={erasure.ordered_at} /> by <bdi>{erasure.ordered_by}</bdi>
            </dd>
          </div>
          <div>
            <dt>Why</dt>
            <dd>{whyErased(erasure.reason)}</dd>
          </div>
          {erasure.request_id && (
            <div>
              <dt>Request</dt>
              <dd>
                <Link to="/privacy" search={{ open: erasure.request_id }}>
                  {erasure.request_id}
                </Link>
              </dd>
            </div>
          )}
          {erasure.carried_out_at && (
            <div>
              <dt>Seen by nobody since</dt>
              <dd>
                <RelativeTime at={erasure.carried_out_at} />
              </dd>
            </div>
          )}
          {erasure.finished_at && (
            <div>
              <dt>Nothing left on the disk since</dt>
              <dd>
                <RelativeTime at={erasure.finished_at} />
              </dd>
            </div>
          )}
        </dl>
      </Section>
      <Section title="Can they come back?">
        <Tombstones erasure={erasure} />
      </Section>
    </>
  )
}

function CertificateLinks({ id }: { id: string }) {
  return (
    <div className={classes.row}>
      <Button
        renderRoot={(props) => (
          <Link to="/privacy/erasures/$id/certificate" params={{ id }} {...props} />
        )}
      >
        See the certificate
      </Button>
      <Button component="a" variant="default" href={certificatePath(id, 'json')} download>
        Download it as data
      </Button>
    </div>
  )
}
