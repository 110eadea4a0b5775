SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger",
  deepLinking: true,
  validatorUrl: null,
  // It thinks that the page is its own; one page has one main part.
  onComplete: () => document.querySelector("#swagger main")?.setAttribute("role", "presentation"),
});
