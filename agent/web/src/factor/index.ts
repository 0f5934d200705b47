// The second factor in the page: a file of its own, which a page loads when it asks its visitor for a code.

export { prompt } from "./prompt.ts";
export { answer } from "./grecaptcha.ts";
export { send, verify } from "./service.ts";
