// Builds the style sheets, scripts and icon sprite into parcours/web/static/build.
// `node build.mjs` once; `--watch` keeps building while you edit.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "parcours", "web", "static", "build");
const watching = process.argv.includes("--watch");

const options = {
  absWorkingDir: here,
  entryPoints: {
    parcours: "frame/main.ts",
    board: "board/main.ts",
    still: "still/main.ts",
    desk: "desk/main.ts",
    style: "styles/style.css",
  },
  outdir: target,
  bundle: true,
  minify: !watching,
  sourcemap: false,
  format: "esm",
  target: ["chrome123", "firefox128", "safari17.5"],
  external: ["/static/*"],
  logLevel: "warning",
};

/** What shops put on their pages: one classic script, understood by older browsers too. */
const widget = {
  ...options,
  entryPoints: { widget: "widget/main.ts" },
  format: "iife",
  target: ["chrome109", "firefox115", "safari15.6"],
};

/** The chat itself, which that script loads when it is needed. */
const chat = {
  ...options,
  entryPoints: { "widget-chat": "widget/chat/main.ts" },
  target: ["chrome109", "firefox115", "safari16.4"],
};

/** One <symbol> an icon; pages draw them with <use href="…/icons.svg#name">. */
async function buildIcons() {
  const folder = join(here, "icons");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".svg")).sort();
  const symbols = await Promise.all(
    names.map(async (name) => {
      const drawing = (await readFile(join(folder, name), "utf8")).replace(/^<svg[^>]*>|<\/svg>\s*$/g, "");
      return `<symbol id="${name.slice(0, -4)}" viewBox="0 0 16 16">${drawing.replace(/\n\s*/g, "")}</symbol>`;
    }),
  );
  await writeFile(join(target, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

await mkdir(target, { recursive: true });
await buildIcons();
if (watching) {
  for (const one of [options, widget, chat]) await (await esbuild.context(one)).watch();
} else {
  await Promise.all([options, widget, chat].map((one) => esbuild.build(one)));
}
