// Which words do alerts and what they tell have? Short names for the schemas.
import type { components } from './schema'

type Schemas = components['schemas']

export type Alert = Schemas['Alert']
export type AlertSensitivity = Schemas['AlertSensitivity']
export type AlertTest = Schemas['AlertTest']
export type AlertWhen = Schemas['AlertWhen']
export type Firing = Schemas['Firing']

/** What can be written of an alert. */
export type AlertDraft = Required<Omit<Schemas['AlertChange'], 'version'>>
export type AlertChange = Schemas['AlertChange']

/** By which spans an alert looks. */
export type AlertGrain = Extract<Schemas['Grain'], 'hour' | 'day' | 'week'>
