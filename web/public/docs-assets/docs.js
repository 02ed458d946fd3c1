// Starts Swagger UI on our own document; a file of its own because the page's policy allows no inline script.
window.addEventListener('DOMContentLoaded', () => {
  window.SwaggerUIBundle({
    url: '/openapi.json',
    dom_id: '#swagger-ui',
    deepLinking: true,
    // The default asks a foreign server to judge the document.
    validatorUrl: null,
    tryItOutEnabled: true,
  });
});
