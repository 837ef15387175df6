"use strict";

// The system's own fonts, so that none is fetched; no search index, which would need a worker.
Redoc.init(
  "/openapi.json",
  {
    disableSearch: true,
    hideDownloadButton: false,
    theme: {
      typography: {
        fontFamily: "system-ui, sans-serif",
        headings: { fontFamily: "system-ui, sans-serif" },
        code: { fontFamily: "ui-monospace, monospace", wrap: true },
      },
    },
  },
  document.getElementById("api"),
);
