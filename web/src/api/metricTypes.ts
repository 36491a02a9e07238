// Which words do metrics have? Short names for the schemas.
import type { components } from './schema'

type Schemas = components['schemas']

export type Metric = Schemas['Metric']
export type MetricAnswer = Schemas['MetricAnswer']
export type MetricChange = Schemas['MetricChange']
export type MetricDefinition = Schemas['MetricDefinition']
export type MetricGood = Schemas['MetricGood']
export type MetricUnit = Schemas['MetricUnit']
export type MetricVersion = Schemas['MetricVersion']
export type UsualMetric = Schemas['UsualMetric']

/** What can be written of a metric. */
export type MetricDraft = Required<Omit<MetricChange, 'revision'>>

/** Over which time a metric is asked, by whoever's clock. */
export type MetricFrame = Schemas['MetricQuestion']
