// Which things does the privacy centre speak of? Short names for the generated schemas.
import type { components } from './schema'

type Schemas = components['schemas']

export type RequestKind = Schemas['RequestKind']
export type RequestStatus = Schemas['RequestStatus']
export type PrivacyRequest = Schemas['PrivacyRequest']
export type RequestSummary = Schemas['PrivacyRequestSummary']
export type NewRequest = Schemas['NewPrivacyRequest']
export type RequestPatch = Schemas['PrivacyRequestChange']

export type Suspension = Schemas['Suspension']

export type ErasurePreview = Schemas['ErasurePreview']
export type ErasureReason = Schemas['EraseReason']
export type ErasureState = Schemas['ErasureState']
export type ErasureStep = Schemas['ErasureStep']
export type Erasure = Schemas['Erasure']
export type NewErasure = Schemas['NewErasure']
export type TombstoneCheck = Schemas['TombstoneCheck']
export type Certificate = Schemas['Certificate']

export type RetentionKind = Schemas['EventKind']
export type RetentionRule = Schemas['RetentionRule']
export type RetentionRules = Schemas['RetentionRules']
export type RetentionPreview = Schemas['RetentionPreview']

export type ConsentLine = Schemas['ConsentStanding']
export type ConsentReport = Schemas['ConsentReport']
