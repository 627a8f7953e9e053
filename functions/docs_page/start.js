// Starts Swagger UI. A file of its own, because the page's Content-Security-Policy allows no inline script.
"use strict";

// This file is served from .../docs/start.js, the document stands beside the page.
const openApiUrl = new URL("../openapi.json", document.currentScript.src).href;

SwaggerUIBundle({
  url: openApiUrl,
  dom_id: "#page",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  // Enumerations that may grow are extensions.
  showExtensions: true,
  // Keeps a pasted token in this browser's local storage, so that it survives a reload.
  persistAuthorization: true,
  // The validator is a service on the internet.
  validatorUrl: null,
});
