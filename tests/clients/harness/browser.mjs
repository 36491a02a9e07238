// How do the libraries for browsers get a browser, and a page to live on?
import { createServer } from 'node:http'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const executablePath = process.env.RAPPORT_CHROMIUM ?? '/usr/bin/chromium'
const args =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'.split(
    ' ',
  )
const dist = fileURLToPath(new URL('../dist/', import.meta.url))

/** Why the browser libraries cannot run here; null if they can. */
export function whyNoBrowser() {
  return existsSync(executablePath) ? null : `${executablePath} is not installed`
}

/** A fresh browser and a site of its own, whose pages carry the library `name`. */
export async function openSite(name) {
  const script = await readFile(`${dist}${name}.js`)
  const site = await serveSite(script)
  const profile = await mkdtemp(join(tmpdir(), 'rapport-browser-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args,
    headless: true,
    locale: 'en-GB',
  })
  return {
    url: site.url,
    /** A page of the site, and what was written to its console. */
    open: (path) => openPage(context, site.url + path),
    stop: async () => {
      await context.close()
      await site.stop()
      await rm(profile, { recursive: true, force: true })
    },
  }
}

async function openPage(context, url) {
  const page = await context.newPage()
  const complaints = []
  page.on('console', (said) => {
    if (['warning', 'error'].includes(said.type())) {
      complaints.push(`${said.type()}: ${said.text()}`)
    }
  })
  page.on('pageerror', (error) => complaints.push(`error: ${error}`))
  await page.goto(url)
  return { page, complaints }
}

async function serveSite(script) {
  const server = createServer((request, answer) => {
    const path = request.url.split('?')[0]
    if (path === '/library.js') {
      return answer.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
    }
    if (path === '/favicon.ico') {
      return answer.writeHead(204).end()
    }
    return answer.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html(path))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  }
  return { url: `http://127.0.0.1:${server.address().port}`, stop }
}

function html(path) {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>The shop at ${path}</title><script src="/library.js"></script></head>
<body><h1>Lamps</h1><button id="buy">Buy</button></body>
</html>`
}
