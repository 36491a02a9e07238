// What is this source expected to send, and what does not agree with it?
import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { planQuery, sourceQuery } from '@/api/queries'
import type { Plan, PlanMode, PlanState, Source } from '@/api/types'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { EmptyState, ErrorState, Notice, RelativeTime, Section, Skeleton, useToast } from '@/kit'
import { counted } from '@/kit/number'
import classes from './listen.module.css'
import { PlanEvents } from './PlanEvents'
import { planModes } from './sourceWords'
import { Violations } from './Violations'

export function SourcePlan({ source }: { source: Source }) {
  const plan = useQuery(planQuery(source.id))
  if (plan.isPending) return <Skeleton height={28} lines={5} />
  if (plan.isError) {
    return (
      <ErrorState
        what="The tracking plan could not be read"
        error={plan.error}
        onRetry={() => void plan.refetch()}
      />
    )
  }
  return <PlanPanel source={source} state={plan.data} />
}

function PlanPanel({ source, state }: { source: Source; state: PlanState }) {
  const mayChange = useMay('change_plans')
  const change = usePlanChanges(source.id)
  const observed = state.observed.events.length

  if (!state.pinned && observed === 0) {
    return (
      <EmptyState icon="list" title="The plan writes itself">
        As events arrive, Rapport notes their names, properties and types. Then you can pin what it
        saw, and from then on see whatever does not agree. Nothing has arrived yet.
      </EmptyState>
    )
  }
  return (
    <div className={classes.panel}>
      {!mayChange && <Notice tone="info">{whyNot('change_plans')}</Notice>}
      {state.pinned ? (
        <Pinned state={state} plan={state.pinned} mayChange={mayChange} change={change} />
      ) : (
        <Notice
          tone="info"
          action={
            <Button
              disabled={!mayChange}
              loading={change.pin.isPending}
              onClick={() => change.pin.mutate()}
            >
              Pin what was observed
            </Button>
          }
        >
          Nothing is expected yet: whatever comes is taken. So far {counted(observed, 'event name')}{' '}
          {observed === 1 ? 'was' : 'were'} observed.
        </Notice>
      )}
      {state.pinned && (
        <Section title="What does not agree" aside={counted(state.violations.length, 'deviation')}>
          <Violations violations={state.violations} sourceId={source.id} />
        </Section>
      )}
      <Section title={state.pinned ? 'The pinned plan' : 'Observed so far'}>
        <PlanEvents plan={state.pinned ?? state.observed} />
      </Section>
    </div>
  )
}

interface PinnedProps {
  state: PlanState
  plan: Plan
  mayChange: boolean
  change: ReturnType<typeof usePlanChanges>
}

function Pinned({ state, plan, mayChange, change }: PinnedProps) {
  return (
    <Section
      title="An event that does not agree with the plan"
      aside={
        <>
          Pinned{state.pinned_by && ` by ${state.pinned_by}`}{' '}
          {state.pinned_at && <RelativeTime at={state.pinned_at} />}
        </>
      }
    >
      <fieldset disabled={!mayChange}>
        <legend className="visually-hidden">What happens to it</legend>
        <div className={classes.modes}>
          {planModes.map((mode) => (
            <label key={mode.value} className={classes.kind}>
              <input
                type="radio"
                name="mode"
                checked={state.mode === mode.value}
                onChange={() => change.put.mutate({ plan, mode: mode.value })}
              />
              <span>
                {mode.label}
                <span className={classes.kindHint}>{mode.hint}</span>
              </span>
            </label>
          ))}
        </div>
        <div className={classes.buttons}>
          <Button
            variant="default"
            loading={change.pin.isPending}
            onClick={() => change.pin.mutate()}
          >
            Pin anew what is observed now
          </Button>
          <Button
            variant="default"
            onClick={() => change.unpin(plan, state.mode)}
            loading={change.put.isPending}
          >
            Unpin
          </Button>
        </div>
      </fieldset>
    </Section>
  )
}

function usePlanChanges(id: string) {
  const client = useQueryClient()
  const toast = useToast()
  const path = { id }
  const taken = (state: PlanState) => {
    client.setQueryData(planQuery(id).queryKey, state)
    void client.invalidateQueries({ queryKey: sourceQuery(id).queryKey, exact: true })
  }
  const onError = (error: Error) => toast.failed(`Nothing was changed. ${error.message}`)

  const pin = useMutation({
    mutationFn: () => answer(api.POST('/api/sources/{id}/plan/pin', { params: { path } })),
    onSuccess: (state) => {
      taken(state)
      toast.done('The plan is pinned; deviations are listed from now on')
    },
    onError,
  })
  const put = useMutation({
    mutationFn: (body: { plan: Plan | null; mode: PlanMode }) =>
      answer(api.PUT('/api/sources/{id}/plan', { params: { path }, body })),
    onSuccess: taken,
    onError,
  })
  const unpin = (plan: Plan, mode: PlanMode) =>
    put.mutate(
      { plan: null, mode },
      {
        onSuccess: () =>
          toast.done('The plan is unpinned: everything is taken', () => put.mutate({ plan, mode })),
      },
    )
  return { pin, put, unpin }
}
