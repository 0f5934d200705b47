import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./built.mjs";

const { words } = await load("factor/catalogue");
const { messages } = await load("widget/catalogue");
const { digitsOf } = await load("factor/digits");
const { errorOf } = await load("factor/errors");
const { send, verify } = await load("factor/service");
const { answer } = await load("factor/grecaptcha");
const { createGrecaptcha } = await load("grecaptcha");

const TOKEN = "t".repeat(120);
const VERDICT = "v".repeat(120);
const BROWSER_ERROR = "touchstone-browser-error-".padEnd(128, "-");
const LANGUAGES = "en de fr es it pt nl pl ja ar tr ru uk cs sv zh zh-Hant ko".split(" ");
const json = (body, status = 200) => new Response(JSON.stringify(body), { status });

/** A site whose verifier answers so; `posted` collects what it is sent. */
function site(response, token = TOKEN) {
  const posted = [];
  globalThis.fetch = async (url, init) => {
    posted.push({ url, ...init, said: JSON.parse(init.body) });
    if (response instanceof Error) throw response;
    return response;
  };
  const actions = [];
  const execute = async (action) => {
    actions.push(action);
    if (token instanceof Error) throw token;
    return token;
  };
  return { posted, actions, base: "https://v.example/pre", key: "k/1", hl: "en", client: { execute } };
}

test("every language of the widgets says everything, and fills in where it must", () => {
  const names = Object.keys(words("en").say);
  const places = { sent: /\{n\}[^]*\{to\}|\{to\}[^]*\{n\}/, digits: /\{n\}/, mismatch: /\{n\}/, wait: /\{n\}/ };
  for (const tag of LANGUAGES) {
    const { lang, say } = words(tag);
    assert.equal(lang, tag);
    assert.equal(messages(tag).lang, tag);
    for (const name of names) {
      assert.ok(say[name]?.trim(), `${tag} ${name}`);
      assert.match(say[name], places[name] ?? /^[^{}]*$/, `${tag} ${name}`);
    }
    assert.equal(new Set(Object.values(say)).size, names.length, tag);
  }
});

test("digits are found in whatever a keyboard or a mail puts around and in place of them", () => {
  for (const [typed, digits] of [
    ["123456", "123456"],
    [" 123 456\n", "123456"],
    ["123-456", "123456"],
    ["１２３４５６", "123456"],
    ["٠١٢٣٤٥٦٧٨٩", "0123456789"],
    ["۰۱۲۳۴۵۶۷۸۹", "0123456789"],
    ["code: 12", "12"],
    ["", ""],
  ]) {
    assert.equal(digitsOf(typed), digits, typed);
  }
});

test("every result has one of the contract's names", () => {
  for (const [result, name] of [
    ["PIN_MISMATCH", "2FA_PIN_MISMATCH"],
    ["INVALID_PIN", "2FA_INVALID_PIN"],
    ["ATTEMPTS_EXHAUSTED", "2FA_ATTEMPTS_EXHAUSTED"],
    ["CHALLENGE_EXPIRED", "2FA_CHALLENGE_EXPIRED"],
    ["INVALID_REQUEST_TOKEN", "2FA_INVALID_REQUEST_TOKEN"],
    ["RECIPIENT_NOT_ALLOWED", "2FA_UNKNOWN"],
    ["UNREACHABLE", "2FA_UNKNOWN"],
    ["anything", "2FA_UNKNOWN"],
  ]) {
    assert.equal(errorOf(result), name);
  }
});

test("a request carries a token of its own, and is a plain post without credentials", async () => {
  const here = site(json({ result: "SENT", channel: "phone", hint: "+49•••12", digits: 6, expiresInSeconds: 1, attemptsLeft: 2, resendInSeconds: 3 }));
  assert.deepEqual(await send(here, "request"), {
    ...{ result: "SENT", channel: "phone", hint: "+49•••12", digits: 6, expiresInSeconds: 1, attemptsLeft: 2, resendInSeconds: 3 },
  });
  const [{ url, method, credentials, headers, said }] = here.posted;
  assert.equal(url, "https://v.example/pre/recaptcha/agent/factor/send?k=k%2F1");
  assert.deepEqual([method, credentials, headers], ["POST", "omit", undefined]);
  assert.deepEqual(said, { requestToken: "request", token: TOKEN });
  assert.deepEqual(here.actions, ["two_factor"]);
});

test("what the verifier says is believed within bounds", async () => {
  const odd = { result: "SENT", channel: 7, hint: "x".repeat(5_000), digits: 1e9, expiresInSeconds: "no", attemptsLeft: -1, resendInSeconds: null };
  const usual = { channel: "email", hint: "x".repeat(200), digits: 6, expiresInSeconds: 900, attemptsLeft: 5, resendInSeconds: 0 };
  assert.deepEqual(await send(site(json(odd)), "r"), { result: "SENT", ...usual });
  assert.deepEqual(await verify(site(json({ result: "PIN_MISMATCH", attemptsLeft: {} })), "r", "1"), { result: "PIN_MISMATCH", attemptsLeft: 0 });
  assert.deepEqual(await verify(site(json({ result: "INTERNAL", verdictToken: 5 })), "r", "1"), { result: "INTERNAL" });
  for (const body of [{ result: "VERIFIED" }, { result: "VERIFIED", verdictToken: 1 }, { result: 1 }, {}, null, []]) {
    assert.deepEqual(await verify(site(json(body)), "r", "1"), { result: "UNREACHABLE" }, JSON.stringify(body));
  }
});

test("nothing rejects, whatever is down", async () => {
  for (const [response, token] of [
    [Error("no network")],
    [json({ error: { code: 503 } }, 503)],
    [new Response("<html>")],
    [json({ result: "SENT" }), Error("the visitor closed the question")],
  ]) {
    assert.deepEqual(await send(site(response, token), "r"), { result: "UNREACHABLE" });
  }
});

test("without a token nothing is asked: the verifier would take the request for a forged one", async () => {
  const here = site(json({ result: "SENT" }), BROWSER_ERROR);
  assert.deepEqual(await send(here, "r"), { result: "UNREACHABLE" });
  assert.deepEqual(here.posted, []);
});

test("a mistake of the developer's is named in the console", async (t) => {
  const error = t.mock.method(console, "error", () => {});
  const here = site(json({ error: { code: 400, message: "missing field `pin`" } }, 400));
  assert.deepEqual(await verify(here, "r", "1"), { result: "INTERNAL" });
  assert.deepEqual(error.mock.calls[0].arguments, ["touchstone:", "missing field `pin`"]);
});

test("a handle's answers say what came of it, and nothing is verified by asking for a code", async () => {
  const plain = async (response) => [response.isSuccess(), response.getVerdictToken(), response.getError()];
  const ask = async (body, ...rest) => {
    const { base, key, hl, client, posted } = site(json(body));
    const said = await plain(await answer(base, key, hl, client, "request", ...rest));
    return [posted[0].url.split("/").at(-1), ...said];
  };
  assert.deepEqual(await ask({ result: "SENT" }), ["send?k=k%2F1", true, "", null]);
  assert.deepEqual(await ask({ result: "BYPASSED", verdictToken: VERDICT }), ["send?k=k%2F1", false, VERDICT, "2FA_UNKNOWN"]);
  assert.deepEqual(await ask({ result: "VERIFIED", verdictToken: VERDICT }, "1"), ["verify?k=k%2F1", true, VERDICT, null]);
  assert.deepEqual(await ask({ result: "INVALID_PIN", attemptsLeft: 2 }, ""), ["verify?k=k%2F1", false, "", "2FA_INVALID_PIN"]);
});

test("grecaptcha hands calls on with the key's client, and a handle survives a file that does not load", async () => {
  const page = {};
  const calls = [];
  let result = "answered";
  const factor = async (...call) => {
    calls.push(call);
    if (result instanceof Error) throw result;
    return result;
  };
  createGrecaptcha(page, (key) => `client of ${key}`, undefined, factor).define();
  const { challengeAccount, eap } = page.grecaptcha.enterprise;
  const options = { "account-token": "r", container: "here" };
  assert.equal(await challengeAccount("k", options), "answered");
  const { challengeAccount: sendCode, verifyAccount } = eap.initTwoFactorVerificationHandle("k", "r");
  await sendCode();
  await verifyAccount(undefined);
  await verifyAccount(123);
  assert.deepEqual(calls, [
    ["k", "client of k", options],
    ["k", "client of k", "r"],
    ["k", "client of k", "r", "undefined"],
    ["k", "client of k", "r", "123"],
  ]);
  result = Error("no file");
  await assert.rejects(challengeAccount("k", options), result);
  for (const response of [await sendCode(), await verifyAccount("1")]) {
    assert.deepEqual([response.isSuccess(), response.getVerdictToken(), response.getError()], [false, "", "2FA_UNKNOWN"]);
  }
});
