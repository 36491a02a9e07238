// What proves that a customer was erased? A page to read, to print and to send.
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { certificatePath, certificateQuery } from '@/api/privacyQueries'
import type { Certificate } from '@/api/privacyTypes'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { ErrorState, Icon, Notice, Page, PageHeader, Skeleton } from '@/kit'
import { bytes, countExact, counted } from '@/kit/number'
import { absolute } from '@/kit/time'
import classes from './certificate.module.css'
import { whyErased } from './erasureWords'

export function CertificatePage() {
  const { id } = useParams({ from: '/shell/privacy/erasures/$id/certificate' })
  const may = useMay('handle_privacy')
  return (
    <Page width="reading">
      <PageHeader
        title="Certificate of erasure"
        above={
          <Link to="/privacy/erasures/$id" params={{ id }} className={classes.back}>
            Erasure {id}
          </Link>
        }
        action={
          <Button
            className={classes.screenOnly}
            leftSection={<Icon name="scroll-text" size={14} />}
            onClick={() => window.print()}
          >
            Print
          </Button>
        }
      />
      {may ? <Found id={id} /> : <Notice tone="info">{whyNot('handle_privacy')}</Notice>}
    </Page>
  )
}

function Found({ id }: { id: string }) {
  const certificate = useQuery(certificateQuery(id))
  if (certificate.isPending) return <Skeleton height={24} lines={10} />
  if (certificate.isError) {
    return (
      <ErrorState
        what="There is no certificate yet"
        error={certificate.error}
        onRetry={() => void certificate.refetch()}
      />
    )
  }
  return <Text certificate={certificate.data} />
}

function Text({ certificate }: { certificate: Certificate }) {
  const { verified, customer_id, installation } = certificate
  const at = (text: string) => absolute(new Date(text))
  return (
    <article className={classes.certificate}>
      <p className={classes.sentence}>
        Customer {customer_id} of this installation ({installation}) was erased. On{' '}
        {at(verified.at)} {counted(verified.n_files, 'file')} ({bytes(verified.n_bytes)}) of the
        data directory were searched for {counted(verified.n_needles, 'mark')} of theirs:{' '}
        {verified.n_found === 0 ? 'nothing was found.' : `${countExact(verified.n_found)} found.`}
      </p>
      <dl className={classes.facts}>
        <Fact term="Ordered">
          {at(certificate.ordered_at)}, by {certificate.ordered_by}
        </Fact>
        <Fact term="Why">{whyErased(certificate.reason)}</Fact>
        <Fact term="Seen by nobody since">{at(certificate.carried_out_at)}</Fact>
        <Fact term="Nothing left on the disk since">{at(certificate.finished_at)}</Fact>
        <Fact term="May not come back under">
          {counted(certificate.tombstones, 'identifier')}, kept as fingerprints only
        </Fact>
      </dl>
      <Places title="What was erased">
        {certificate.erased.map(({ place, words, n }) => (
          <li key={place}>
            <span>{words}</span>
            <span className={classes.n}>{countExact(n)}</span>
          </li>
        ))}
      </Places>
      <Places title="What is kept">
        {certificate.kept.map(({ place, words }) => (
          <li key={place}>{words}</li>
        ))}
      </Places>
      <Places title="What was not searched">
        {verified.not_covered.map((words) => (
          <li key={words}>{words}</li>
        ))}
      </Places>
      <Files certificate={certificate} />
      <p className={classes.digest}>
        SHA-256 of this certificate as data: <code>{certificate.digest}</code>
      </p>
      <p className={classes.screenOnly}>
        <a href={certificatePath(certificate.erasure_id, 'json')} download data-inline-link>
          Download it as data
        </a>{' '}
        or{' '}
        <a href={certificatePath(certificate.erasure_id, 'html')} download data-inline-link>
          as a page
        </a>
        .
      </p>
    </article>
  )
}

function Fact({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Places({ title, children }: { title: string; children: React.ReactNode[] }) {
  if (children.length === 0) return null
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <ul className={classes.places}>{children}</ul>
    </section>
  )
}

function Files({ certificate }: { certificate: Certificate }) {
  const { files, n_files } = certificate.verified
  return (
    <details className={classes.files}>
      <summary>The {counted(n_files, 'file')} that were searched</summary>
      <ul>
        {files.map(({ path, how, n_files: n, bytes: n_bytes }) => (
          <li key={path}>
            <code>{path}</code>
            <span className="muted small">
              {counted(n, 'file')}, {bytes(n_bytes)}, {how}
            </span>
          </li>
        ))}
      </ul>
    </details>
  )
}
