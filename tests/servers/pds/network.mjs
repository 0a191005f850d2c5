// A whole Bluesky for tests, reachable from this machine only: PLC directory, PDS, and the AppView that counts.
// DB_POSTGRES_URL=... node network.mjs FOLDER prints {"url": ...} of the PDS, and ends when its standard input does.
import { mkdirSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'

// All these servers listen on every interface unless told otherwise.
const anywhere = net.Server.prototype.listen
net.Server.prototype.listen = function (where, ...rest) {
  if (typeof where === 'number' && typeof rest[0] !== 'string') rest.unshift('127.0.0.1')
  else if (where && typeof where === 'object' && 'port' in where) where = { host: '127.0.0.1', ...where }
  return anywhere.call(this, where, ...rest)
}

const freePort = () => new Promise((found) => {
  const server = net.createServer().listen(0, () => {
    const { port } = server.address()
    server.close(() => found(port))
  })
})

const { TestBsky, TestBsync, TestPds, TestPlc, mockNetworkUtilities } = await import('@atproto/dev-env')

const folder = process.argv[2]
mkdirSync(join(folder, 'blobs'), { recursive: true })
const database = process.env.DB_POSTGRES_URL
const apiKey = 'for-tests'
const pdsPort = await freePort()

const plc = await TestPlc.create({ port: await freePort() })
const bsync = await TestBsync.create({
  apiKeys: [apiKey], dbUrl: database, dbSchema: 'bsync', port: await freePort(),
})
const appview = await TestBsky.create({
  port: await freePort(), plcUrl: plc.url, pdsPort, bsyncApiKey: apiKey, bsyncUrl: bsync.url,
  repoProvider: `ws://localhost:${pdsPort}`, dbPostgresSchema: 'appview', dbPostgresUrl: database,
})
bsync.ctx.dataplaneClients = [appview.ctx.dataplane]
const pds = await TestPds.create({
  port: pdsPort, didPlcUrl: plc.url, dataDirectory: folder, blobstoreDiskLocation: join(folder, 'blobs'),
  bskyAppViewUrl: appview.url, bskyAppViewDid: appview.ctx.cfg.serverDid,
  modServiceUrl: undefined, modServiceDid: undefined, enableDidDocWithSession: true,
})
mockNetworkUtilities(pds, appview) // so that .test handles belong to this PDS
console.log(JSON.stringify({ url: pds.url }))

process.stdin.resume().on('end', () => process.exit(0))
