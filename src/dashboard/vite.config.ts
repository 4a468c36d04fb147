import { defineConfig } from "vite";

/** The page at `/`. `base` is relative to nothing: the daemon serves it at its root, /assets beside it. */
export default defineConfig({
  root: import.meta.dirname,
  build: {
    outDir: "../../dist/dashboard",
    emptyOutDir: true,
    target: "es2022",
    // data: URLs would need a place in the Content-Security-Policy of scripts and fonts.
    assetsInlineLimit: 0,
    // The polyfill would be an inline script in old browsers' stead; those of the target preload by themselves.
    modulePreload: { polyfill: false },
  },
  server: {
    // "npx vite src/dashboard" beside a running daemon. Host and Origin must be the daemon's own.
    proxy: {
      "/api": {
        target: "http://127.0.0.1:7380",
        changeOrigin: true,
        ws: true,
        headers: { origin: "http://127.0.0.1:7380" },
      },
    },
  },
});
