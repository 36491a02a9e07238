// Who is in this segment, how did its size go, and what does it say exactly?
import { Button } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import type { Segment } from '@/api/segmentTypes'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { Icon, Notice, Page, PageHeader, RelativeTime, Section } from '@/kit'
import { percent } from '@/kit/chart/words'
import { State } from '../list/SegmentLine'
import { SegmentLoaded } from '../SegmentLoaded'
import { SegmentsLink } from '../SegmentsLink'
import { Meaning } from './Meaning'
import { Members } from './Members'
import { SegmentMenu } from './SegmentMenu'
import { SizeOverTime } from './SizeOverTime'
import { Versions } from './Versions'
import classes from './page.module.css'

export function SegmentPage() {
  const { key } = useParams({ from: '/shell/decide/segments/$key' })
  return <SegmentLoaded segmentKey={key}>{(segment) => <View segment={segment} />}</SegmentLoaded>
}

function View({ segment }: { segment: Segment }) {
  const mayChange = useMay('change_segments')
  const { key, name, note, state, is_archived, owner, changed_at, version } = segment
  const isShown = !is_archived && !segment.is_withheld
  return (
    <Page>
      <PageHeader
        title={name}
        lead={note || undefined}
        above={<SegmentsLink />}
        action={
          <>
            {mayChange && segment.definition ? (
              <Button
                component={Link}
                to={`/decide/segments/${key}/edit`}
                leftSection={<Icon name="pencil" size={14} />}
              >
                {is_archived ? 'Use it again…' : 'Edit the segment'}
              </Button>
            ) : (
              <Button disabled title={mayChange ? undefined : whyNot('change_segments')}>
                Edit the segment
              </Button>
            )}
            <SegmentMenu segment={segment} />
          </>
        }
      />
      {is_archived && (
        <Notice tone="info">This segment is out of use: nobody is in it, nobody is counted.</Notice>
      )}
      <Turning segment={segment} />
      <p className={classes.words}>
        {segment.words}.{' '}
        {isShown && (
          <span className="muted">That is {percent(segment.share)} of all customers.</span>
        )}
      </p>
      {isShown && <SizeOverTime segment={segment} />}
      <Section title="What it means" aside={<State state={state} />}>
        <Meaning segment={segment} />
      </Section>
      {isShown && (
        <Section title="Who is in it">
          <Members segmentKey={key} />
        </Section>
      )}
      <Section
        title="Versions"
        aside={
          <>
            Version {version}, kept by <bdi>{owner}</bdi>, changed <RelativeTime at={changed_at} />
          </>
        }
      >
        <Versions segmentKey={key} />
      </Section>
    </Page>
  )
}

/** A new version is on its way: what serves meanwhile, and how far it is. */
function Turning({ segment: { state, version } }: { segment: Segment }) {
  if (state.is === 'live') return null
  if (state.is === 'failed') {
    return (
      <Notice tone="bad">
        Version {state.version} could not be counted: {state.words} Version {version} goes on.
      </Notice>
    )
  }
  return (
    <Notice tone="info">
      <span role="status">
        {state.is === 'waiting'
          ? `Version ${state.version} waits its turn.`
          : `Version ${state.version} is being counted: ${percent(state.n_done / Math.max(1, state.n_total))} done.`}{' '}
        {state.version === version
          ? 'Nobody is in it before that.'
          : `Version ${version} goes on until then.`}
      </span>
    </Notice>
  )
}
