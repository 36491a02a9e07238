// Which line connects which program?
import type { SqlServer } from './types'

export interface Way {
  key: string
  name: string
  code: string
}

/** The lines for the server as it is, with the address that the page was opened by. */
export function ways(server: SqlServer, host: string, email: string): Way[] {
  const { port, is_tls } = server
  const mode = is_tls ? 'require' : 'disable'
  const user = encodeURIComponent(email)
  const address = `${host}:${port}`
  return [
    {
      key: 'psql',
      name: 'psql',
      code: `psql "host=${host} port=${port} dbname=rapport user=${email} sslmode=${mode}"`,
    },
    {
      key: 'jdbc',
      name: 'JDBC',
      code: `jdbc:postgresql://${address}/rapport?user=${user}&sslmode=${mode}`,
    },
    {
      key: 'psycopg',
      name: 'psycopg',
      code: `import psycopg

with psycopg.connect(
    "host=${host} port=${port} dbname=rapport user=${email} sslmode=${mode}",
    password=input("Password: "),
) as rapport:
    for row in rapport.execute("SELECT name, count(*) FROM events GROUP BY name"):
        print(row)`,
    },
    {
      key: 'pandas',
      name: 'pandas',
      code: `import getpass
import pandas as pd
import sqlalchemy as sa

rapport = sa.create_engine(sa.URL.create(
    "postgresql+psycopg", username="${email}", password=getpass.getpass(),
    host="${host}", port=${port}, database="rapport", query={"sslmode": "${mode}"},
))
customers = pd.read_sql("SELECT * FROM customers", rapport)`,
    },
  ]
}

/** The same over HTTP, which is always on. */
export function httpWay(origin: string): string {
  return `curl ${origin}/api/sql \\
  -H "authorization: Bearer $RAPPORT_TOKEN" -H "content-type: application/json" \\
  -d '{"query": "SELECT name, count(*) AS n FROM events GROUP BY name", "format": "csv"}'`
}
