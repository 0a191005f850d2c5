// A Bluesky PDS and a PLC directory for tests, reachable from this machine only.
// node server.mjs FOLDER prints {"url": ...} when both answer, and ends when its standard input does.
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'

// Both servers listen on every interface unless told otherwise, and take no host.
const anywhere = net.Server.prototype.listen
net.Server.prototype.listen = function (port, ...rest) {
  const hostless = typeof port === 'number' && typeof rest[0] !== 'string'
  return anywhere.call(this, port, ...(hostless ? ['127.0.0.1', ...rest] : rest))
}

const freePort = () => new Promise((found) => {
  const server = net.createServer().listen(0, () => {
    const { port } = server.address()
    server.close(() => found(port))
  })
})

const { PDS } = await import('@atproto/pds')
const { default: { Database, PlcServer } } = await import('@did-plc/server')

const folder = process.argv[2]
for (const name of ['blobs', 'aside']) mkdirSync(join(folder, name), { recursive: true })

const plcPort = await freePort()
const plc = PlcServer.create({ db: Database.mock(), port: plcPort })
await plc.start()

const port = await freePort()
const pds = await PDS.fromEnv({
  port,
  hostname: 'localhost',
  devMode: true,
  inviteRequired: false,
  didPlcUrl: `http://localhost:${plcPort}`, // by name: the PDS asks no address that is a number
  enableDidDocWithSession: true,
  dataDirectory: folder,
  blobstoreDiskLocation: join(folder, 'blobs'),
  blobstoreDiskTmpLocation: join(folder, 'aside'),
  jwtSecret: randomBytes(16).toString('hex'),
  adminPassword: 'admin',
  plcRotationKeyK256PrivateKeyHex: randomBytes(32).toString('hex'),
  serviceHandleDomains: ['.test'],
  rateLimitsEnabled: false,
})
await pds.start()
console.log(JSON.stringify({ url: `http://localhost:${port}` }))

process.stdin.resume().on('end', () => process.exit(0))
