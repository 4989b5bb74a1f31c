// GOV.UK Frontend's own behaviour: focus on an error summary, one press of a button at a time, and so on.
// Every page works without it.
import { initAll } from "../govuk-frontend-6.6.0/govuk-frontend.min.js";

initAll();
