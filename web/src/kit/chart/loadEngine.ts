// Is the code that draws charts there? It is large, and loaded when a chart is near.
type Engine = typeof import('./engine')

let engine: Engine | null = null

export async function loadEngine(): Promise<Engine> {
  engine ??= await import('./engine')
  return engine
}

/** For when a chart is near: whoever draws it tells what keeps the code away. */
export const fetchEngine = () => void loadEngine().catch(() => null)

/** Null until it was loaded. */
export const loadedEngine = () => engine
