// What does the engine say about records that may be one person? Short names for its schemas.
import type { components } from '@/api/schema'

type Schemas = components['schemas']

export type Linkage = Schemas['LinkageStatus']
export type Model = Schemas['LinkageModel']
export type ModelField = Schemas['LinkageModelField']
export type LinkageSettings = Schemas['LinkageSettings']
export type LinkageField = Schemas['LinkageField']
export type FieldKind = Schemas['LinkageKind']
export type Run = Schemas['LinkageRun']
export type RunState = Schemas['LinkageRunState']
export type RunPhase = Schemas['LinkageRunPhase']

// ── Pairs ──────────────────────────────────────────────────────────────────────────────────
export type Side = Schemas['PairSide']
export type Verdict = Schemas['Verdict']
export type VerdictResult = Schemas['VerdictResult']
export type PairOrder = Schemas['PairOrder']
/** How often this level is seen among pairs of one person and among strangers, where told. */
export type FieldEvidence = Schemas['PairField'] & { m?: number | null; u?: number | null }
export type PairEvidence = Schemas['PairEvidence'] & { fields: FieldEvidence[] }

/** A pair of which a side may be gone: nobody is asked about it. */
export type FoundPair = Schemas['LinkagePair']
/** A pair about which somebody can be asked. */
export type Pair = FoundPair & { a: Side; b: Side }

export const isWhole = (pair: FoundPair): pair is Pair => pair.a !== null && pair.b !== null

// ── Before an import ───────────────────────────────────────────────────────────────────────
export type FoundInImport = Schemas['Duplicates']
export type FoundRow = Schemas['DuplicateRow']

// ── Thresholds ─────────────────────────────────────────────────────────────────────────────
export type Spread = Schemas['LinkageSpread']
export type SpreadBin = Schemas['LinkageBin']
