/** Draws public/icons/*.png from accord.svg with the browser of the tests: `npm run icons` after a change of the mark. */
import { readFile, writeFile } from 'node:fs/promises'
import { chromium } from '@playwright/test'

const folder = new URL('../public/icons/', import.meta.url)
const mark = await readFile(new URL('accord.svg', folder), 'utf8')
const square = mark.replace(' rx="6"', '')
const targets = [
  ['accord-180.png', 180, square], ['accord-192.png', 192, mark], ['accord-512.png', 512, mark], ['accord-maskable-512.png', 512, square],
]
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
for (const [name, size, svg] of targets) {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`)
  await writeFile(new URL(name, folder), await page.screenshot({ omitBackground: true }))
}
await browser.close()
