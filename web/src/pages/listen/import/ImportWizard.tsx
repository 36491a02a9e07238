// How do I bring a file in? Choose it, say what its columns mean, let it run.
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { Notice, Page, PageHeader } from '@/kit'
import { ChooseFile } from './ChooseFile'
import classes from './import.module.css'
import { MapColumns } from './MapColumns'
import { RunImport } from './RunImport'
import { Steps, type Step } from './Steps'

export function ImportWizard() {
  const mayImport = useMay('run_imports')
  const search = useSearch({ from: '/shell/listen/imports/new' })
  const step = stepOf(search)
  return (
    <Page>
      <PageHeader
        above={
          <Link to="/listen/imports" className={classes.back}>
            Imports
          </Link>
        }
        title="Bring in a file"
        lead="Orders, contacts or events from another system become customers and their history. Nothing is imported before you have seen what it will become."
      />
      {mayImport ? (
        <>
          <Steps at={step} upload={search.upload} isUnderWay={search.import !== undefined} />
          <StepBody step={step} />
        </>
      ) : (
        <Notice tone="info">{whyNot('run_imports')}</Notice>
      )}
    </Page>
  )
}

function stepOf({ upload, step, import: running }: ReturnType<typeof useWizardSearch>): Step {
  if (running) return 'run'
  if (!upload) return 'file'
  return step === 'run' ? 'run' : 'columns'
}

function useWizardSearch() {
  return useSearch({ from: '/shell/listen/imports/new' })
}

function StepBody({ step }: { step: Step }) {
  const { upload, import: running } = useWizardSearch()
  const navigate = useNavigate()
  const go = (search: { upload?: string; step?: string; import?: string }) =>
    void navigate({ to: '/listen/imports/new', search })
  if (step === 'run') {
    return (
      <RunImport
        uploadId={upload}
        importId={running}
        onBack={() => go({ upload })}
        onRuns={(id) => go({ upload, import: id })}
      />
    )
  }
  if (step === 'columns' && upload) {
    return (
      <MapColumns
        key={upload}
        uploadId={upload}
        onBack={() => go({})}
        onReady={() => go({ upload, step: 'run' })}
      />
    )
  }
  return <ChooseFile onThere={(id) => go({ upload: id })} />
}
