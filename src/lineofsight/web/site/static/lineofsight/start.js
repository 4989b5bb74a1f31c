// Tells the styles that scripts run, before anything is drawn. An inline script would break the content policy.
document.body.className += " js-enabled" + ("noModule" in HTMLScriptElement.prototype ? " govuk-frontend-supported" : "");
