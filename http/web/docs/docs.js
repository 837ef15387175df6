"use strict";

// Nothing leaves the machine: no validator's badge, no settings from the page's address.
window.ui = SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  queryConfigEnabled: false,
  validatorUrl: null,
  displayRequestDuration: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  syntaxHighlight: { activated: true, theme: "tomorrow-night" },
});

// What Swagger UI leaves without a name, or out of the keyboard's reach.
const mended = [
  ["#servers", "aria-label", "Server"],
  ["textarea.body-param__text", "aria-label", "Request body"],
  [".microlight, .body-param__example, .responses-inner .table-container", "tabindex", "0"],
];

new MutationObserver(() => {
  for (const [selector, name, value] of mended)
    for (const found of document.querySelectorAll(`:is(${selector}):not([${name}])`)) found.setAttribute(name, value);
}).observe(document.getElementById("api"), { childList: true, subtree: true });
