// Where is a segment built: its name, its definition, its size beside, and what saving does?
import { Button, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import type { SegmentDraft } from '@/api/segmentTypes'
import { described, Notice, Page, PageHeader } from '@/kit'
import { LeaveDialog } from '@/pages/boards/LeaveDialog'
import type { DraftSearch } from './address'
import { DefinitionBuilder, faces, type Face } from './DefinitionBuilder'
import { tooMuch } from './draft'
import { effectWords, SizeBeside } from './SizeBeside'
import { usePreview, type Sized } from './usePreview'
import { SegmentsLink } from '../SegmentsLink'
import classes from './builder.module.css'

interface WorkplaceProps {
  title: string
  draft: SegmentDraft
  onDraft: (change: Partial<SegmentDraft>, isTyped?: boolean) => void
  search: DraftSearch & { face?: string }
  onFace: (face: Face) => void
  /** Why the definition is not what the address says. */
  trouble: 'unreadable' | 'elsewhere' | null
  /** The saved segment that is changed. */
  saved?: { key: string; version: number }
  save: {
    words: string
    run: () => void
    isRunning: boolean
    /** Why there is nothing to save. */
    idle?: string
    error: unknown
    /** Takes the place of the error where somebody else was faster. */
    stale?: ReactNode
  }
  onLeave: () => void
  isChanged: () => boolean
}

export function Workplace(props: WorkplaceProps) {
  const { title, draft, onDraft, search, onFace, trouble, saved, save, onLeave } = props
  const sized = usePreview(draft.definition, saved?.key)
  const missing = missingIn(draft) ?? save.idle
  const preview = sized.preview
  return (
    <Page>
      <PageHeader
        title={title}
        above={<SegmentsLink />}
        lead={leadOf(sized)}
        action={
          <>
            <Button variant="default" onClick={onLeave}>
              {saved ? 'Back to the segment' : 'Back to the segments'}
            </Button>
            <Button
              loading={save.isRunning}
              disabled={missing !== undefined}
              title={missing}
              onClick={save.run}
            >
              {save.words}
            </Button>
          </>
        }
      />
      {trouble && <Trouble trouble={trouble} />}
      {search.kept && !trouble && (
        <Notice tone="info">
          This definition is too long for a link. It is kept in this tab only until it is saved.
        </Notice>
      )}
      {save.stale ??
        (save.error !== null && (
          <Notice tone="bad">Nothing was saved. {described(save.error).message}</Notice>
        ))}
      <div className={classes.head}>
        <TextInput
          label="Name"
          value={draft.name}
          maxLength={100}
          onChange={(event) => onDraft({ name: event.currentTarget.value })}
        />
        <TextInput
          label="Note"
          placeholder="What it is for"
          value={draft.note}
          onChange={(event) => onDraft({ note: event.currentTarget.value })}
        />
      </div>
      <div className={classes.workplace}>
        <DefinitionBuilder
          value={draft.definition}
          onChange={(definition, isTyped) => onDraft({ definition }, isTyped)}
          face={faces.find((one) => one === search.face) ?? 'sentence'}
          onFace={onFace}
          parts={preview?.parts}
          isOld={sized.isOld}
          ownKey={saved?.key}
        />
        <SizeBeside sized={sized} against={saved && `version ${saved.version}`} />
      </div>
      <LeaveDialog what="this segment" when={props.isChanged} />
    </Page>
  )
}

function leadOf({ preview, isOld }: Sized): string {
  if (preview?.is_exact && !isOld) return effectWords(preview)
  return 'Change any underlined word; the size follows.'
}

function missingIn({ name, definition }: SegmentDraft): string | undefined {
  if (name.trim() === '') return 'A segment needs a name.'
  return tooMuch(definition.who) ?? undefined
}

function Trouble({ trouble }: { trouble: 'unreadable' | 'elsewhere' }) {
  return (
    <Notice tone="warn">
      {trouble === 'elsewhere'
        ? 'The definition of this link was too long for it and is kept in the tab where it was built.'
        : 'The definition in this link could not be read, perhaps because the link was cut off.'}
    </Notice>
  )
}
